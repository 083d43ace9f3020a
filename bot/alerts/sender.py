"""Takes deliveries of one platform out of the outbox when they are due, hands them over at the platform's pace.

A delivery is claimed with a lease, carried out beside others of other chats, and its outcome recorded. One chat gets
one thing at a time, the most severe first. A process that dies in between leaves the lease; what it held is sent again
by the rules of `bot.alerts.delivery`.
"""

import asyncio
import logging
from collections.abc import Callable

from bot.alerts.delivery import Outcome, deliver
from bot.alerts.outbox import Transport
from bot.alerts.pacing import Pacing
from bot.alerts.subscription import move, suspend
from bot.alerts.turns import Turns
from bot.errors import StoreError
from bot.store.claims import Claim, Claimed, Moment, claim_deliveries, count_due, record_outcome, release_leases
from bot.store.database import Database, Store

log = logging.getLogger(__name__)

BATCH = 10
"""Claimed and not yet under way: a quarter of a second of Discord's pace, so that what is worse can soon overtake."""
SETTLE_S = 5.0
"""How long a stop waits for answers of the chats."""
IDLE_S = 5.0
"""How long to rest when nothing is due and nobody calls."""
NOT_ANSWERING = 5
"""Requests without an answer in a row after which the platform is left alone for a while, longer each time."""
TOLD_AFTER = 2
"""After so many of them the log says so, once."""
PAUSE_S, PAUSE_MOST_S = 5.0, 60.0
STEADY_AFTER_S = 45.0
"""When nobody else can be asked whether the platform answers again, this much quiet has to do."""


class Flight:
    """A delivery in hand; `asked` once a request was made for it: from then on it may have arrived."""

    def __init__(self, claimed: Claimed) -> None:
        self.claimed = claimed
        self.chat = chat_of(claimed.delivery.channel_id)
        self.asked = False
        self.task: asyncio.Task[None] | None = None


class Sender:
    """Delivers what is due to one platform; `pacing` knows its limits, `wall_ms` is the time of day in UTC ms."""

    def __init__(
        self, store: Store, transport: Transport, pacing: Pacing | None = None, *, wall_ms: Callable[[], int]
    ) -> None:
        self.transport = transport
        self.turns = Turns(pacing or Pacing())
        self._store = store
        self._wall_ms = wall_ms
        self._flying: dict[str, Flight] = {}
        self._stir = asyncio.Event()
        self._posted = 0
        self._unanswered = 0
        self._unanswered_s = float("-inf")

    async def start(self) -> None:
        """Free what a killed process held."""
        await self._store.run(lambda db: release_leases(db, self.transport.platform))

    async def drain(self, now_ms: int) -> int:
        """Send everything that is due at `now_ms`, however long the chats take; returns how many posts went out."""
        before, platform = self._posted, self.transport.platform
        while True:
            if await self._round(now_ms):
                continue
            at = Moment(now_ms, self._wall_ms())
            if not self._flying and not await self._store.run(lambda db, at=at: count_due(db, platform, at)):  # type: ignore[misc]  # mypy has no type for the default
                return self._posted - before
            await self._rest()

    async def run(self, now_ms: Callable[[], int]) -> None:
        """Send what becomes due, by the clock `now_ms`, until cancelled; what is on its way has a moment to arrive."""
        try:
            while True:
                if not await self._round_or_wait(now_ms()):
                    await self._rest()
        finally:
            await self._settle()

    def wake(self) -> None:
        """Something may be due now."""
        self._stir.set()

    async def _round_or_wait(self, now_ms: int) -> int:
        try:
            return await self._round(now_ms)
        except StoreError as error:
            log.error("Nothing can be claimed for %s: %s", self.transport.platform, error)  # noqa: TRY400 -- the sentence says it all
            return 0

    async def _round(self, now_ms: int) -> int:
        """Claim what may go now and let it go, each when it has its turn; returns how many were claimed."""
        now_s = _now_s()
        self._stir.clear()
        room = BATCH - sum(not flight.asked for flight in self._flying.values())
        if self.turns.pacing.all_held_s > now_s or room <= 0:
            return 0
        room = min(room, 1) if self._unanswered >= NOT_ANSWERING else room
        claim = await self._claim(Moment(now_ms, self._wall_ms()), room, {*self.turns.pacing.waiting(now_s)})
        for entry in claim.taken:
            self._launch(Flight(entry), now_ms)
        return len(claim.taken)

    async def _claim(self, at: Moment, room: int, waiting: set[str]) -> Claim:
        platform, window_ms = self.transport.platform, self.transport.repeatable_for_ms
        blocked = {*self._flying, *waiting}
        claiming = asyncio.ensure_future(
            self._store.run(lambda db: claim_deliveries(db, platform, at, room, blocked, window_ms))
        )
        try:
            claim = await asyncio.shield(claiming)
        except asyncio.CancelledError:
            for entry in (await claiming).taken:
                await self._give_back(entry)
            raise
        self.turns.expect(claim.kept_waiting & waiting)
        return claim

    def _launch(self, flight: Flight, now_ms: int) -> None:
        self._flying[flight.chat] = flight
        flight.task = asyncio.create_task(self._fly(flight, now_ms), name=f"deliver to {flight.chat}")
        flight.task.add_done_callback(lambda flown: self._touch_down(flight, flown))

    async def _fly(self, flight: Flight, now_ms: int) -> None:
        async def turn() -> None:
            await self.turns.take(flight.chat)
            flight.asked = True
            self._stir.set()

        at, claimed = Moment(now_ms, self._wall_ms()), flight.claimed
        try:
            outcome = await deliver(self.transport, claimed, at, turn, steady=self._steady())
        except asyncio.CancelledError:
            if not flight.asked:
                await self._give_back(claimed)
            raise
        self._judge(flight, outcome)
        await self._store.run(lambda db: _keep(db, outcome, now_ms))
        if outcome.row.state == "sent" and claimed.delivery.state != "sent":
            self._posted += 1

    def _judge(self, flight: Flight, outcome: Outcome) -> None:
        """Pause the chat, or the platform when it does not answer anybody."""
        now_s, pacing = _now_s(), self.turns.pacing
        if outcome.hold_s and outcome.everywhere:
            pacing.hold_all(now_s + outcome.hold_s)
        elif outcome.hold_s:
            pacing.hold(flight.chat, now_s + outcome.hold_s)
        if outcome.answered:
            if flight.asked:
                self._hear_again()
            return
        self._unanswered, self._unanswered_s = self._unanswered + 1, now_s
        if self._unanswered == TOLD_AFTER:
            log.warning("%s does not answer (%s); posts wait", self.transport.platform, outcome.row.last_error)
        over = self._unanswered - NOT_ANSWERING
        if over >= 0:
            pacing.hold_all(now_s + min(PAUSE_S * 2 ** min(over, 10), PAUSE_MOST_S))

    def _hear_again(self) -> None:
        if self._unanswered >= TOLD_AFTER:
            log.warning("%s answers again", self.transport.platform)
        self._unanswered = 0

    def _steady(self) -> bool:
        return not self._unanswered or _now_s() - self._unanswered_s > STEADY_AFTER_S

    def _touch_down(self, flight: Flight, flown: asyncio.Task[None]) -> None:
        self._flying.pop(flight.chat, None)
        self._stir.set()
        if not flown.cancelled() and flown.exception() is not None:
            # The outcome could not be kept: the lease ends by itself, and the delivery counts as tried.
            log.error("No outcome was kept of a delivery to %s", flight.chat, exc_info=flown.exception())

    async def _settle(self) -> None:
        """What has not arrived by then is taken up again at the next start, as something that may have arrived."""
        tasks = {flight.task: flight for flight in self._flying.values() if flight.task}
        for task, flight in tasks.items():
            if not flight.asked:
                task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=SETTLE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _rest(self) -> None:
        """Wait for a call, a delivery that ends, or a chat that is ready again."""
        now_s, pacing = _now_s(), self.turns.pacing
        ready_s = [*pacing.waiting(now_s).values(), pacing.all_held_s]
        wait_s = min((at_s - now_s for at_s in ready_s if at_s > now_s), default=IDLE_S)
        try:
            async with asyncio.timeout(min(wait_s, IDLE_S)):
                await self._stir.wait()
        except TimeoutError:
            return

    async def _give_back(self, claimed: Claimed) -> None:
        """Let go of what was claimed and never tried."""
        await self._store.run(lambda db: record_outcome(db, claimed.delivery))


def chat_of(channel: str) -> str:
    """The chat that a channel belongs to, by which it is paced: a topic shares the limits of its group."""
    return channel.partition("/")[0]


def _keep(db: Database, outcome: Outcome, now_ms: int) -> None:
    row, old = outcome.row, chat_of(outcome.row.channel_id)
    if outcome.moved_to is not None:
        move(db, old, outcome.moved_to)
        row = row._replace(channel_id=row.channel_id.replace(old, outcome.moved_to, 1))
    record_outcome(db, row)
    if outcome.lost is not None:
        suspend(db, row.channel_id, outcome.lost.reason, now_ms)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
