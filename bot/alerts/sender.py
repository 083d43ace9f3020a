"""Takes deliveries of one platform out of the outbox when they are due, hands them over at the platform's pace.

A delivery is claimed with a lease, carried out beside others of other chats, and its outcome recorded. One chat gets
one thing at a time, the most severe first. A process that dies in between leaves the lease; what it held is sent again
by the rules of `bot.alerts.delivery`.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from bot.alerts.delivery import Outcome, deliver
from bot.alerts.outbox import Transport
from bot.alerts.pacing import Pacing
from bot.alerts.subscription import move, suspend
from bot.store.database import Database, Store
from bot.store.deliveries import Claimed, claim_deliveries, count_due, record_outcome, release_leases

log = logging.getLogger(__name__)

BATCH = 10
"""Claimed at once: a quarter of a second of Discord's pace, so that what is worse can soon overtake."""
LEASE_MS = 60_000
SETTLE_S = 5.0
"""How long a stop waits for answers of the chats."""
IDLE_S = 5.0
"""How long to rest when nothing is due and nobody calls."""


class Sender:
    """Delivers what is due to one platform; `pacing` knows its limits."""

    def __init__(self, store: Store, transport: Transport, pacing: Pacing | None = None) -> None:
        self.transport = transport
        self.pacing = pacing or Pacing()
        self._store = store
        self._flying: dict[str, asyncio.Task[None]] = {}
        self._stir = asyncio.Event()
        self._posted = 0

    async def start(self) -> None:
        """Free what a killed process held."""
        await self._store.run(lambda db: release_leases(db, self.transport.platform))

    async def drain(self, now_ms: int) -> int:
        """Send everything that is due at `now_ms`, however long the chats take; returns how many posts went out."""
        before, platform = self._posted, self.transport.platform
        while True:
            claimed = await self._round(now_ms)
            if claimed:
                continue
            if not self._flying and not await self._store.run(lambda db: count_due(db, platform, now_ms)):
                return self._posted - before
            await self._rest()

    async def run(self, now_ms: Callable[[], int]) -> None:
        """Send what becomes due, by the clock `now_ms`, until cancelled; what is on its way has a moment to arrive."""
        try:
            while True:
                if not await self._round(now_ms()):
                    await self._rest()
        finally:
            await self._settle()

    def wake(self) -> None:
        """Something may be due now."""
        self._stir.set()

    async def turn(self, channel: str) -> None:
        """Wait until one request outside the outbox, such as an answer, may go to a channel; it goes before posts."""
        clock, chat = asyncio.get_running_loop().time, chat_of(channel)
        # The platform's turn is taken only when the chat is ready: a turn far ahead would hold up every other chat.
        while (wait_s := self.pacing.ready_s(chat, clock()) - clock()) > 0:  # noqa: ASYNC110 -- it waits for a time
            await asyncio.sleep(wait_s)
        now_s = clock()
        await asyncio.sleep(self.pacing.take(chat, now_s) - now_s)

    async def _round(self, now_ms: int) -> int:
        """Claim what may go now and let it go, each at its moment; returns how many were claimed."""
        now_s = asyncio.get_running_loop().time()
        self._stir.clear()
        if self.pacing.all_held_s > now_s:
            return 0
        blocked = {*self._flying, *self.pacing.waiting(now_s)}
        platform, window_ms = self.transport.platform, self.transport.repeatable_for_ms
        claimed = await self._store.run(
            lambda db: claim_deliveries(db, platform, now_ms, BATCH, LEASE_MS, blocked, window_ms)
        )
        left = list(claimed)
        try:
            while left:
                await self.turn(left[0].delivery.channel_id)
                if self.pacing.all_held_s > asyncio.get_running_loop().time():
                    break  # the platform refused us meanwhile
                self._launch(left.pop(0), now_ms)
        finally:
            await self._give_back(left)
        return len(claimed)

    def _launch(self, claimed: Claimed, now_ms: int) -> None:
        chat = chat_of(claimed.delivery.channel_id)
        task = asyncio.create_task(self._fly(claimed, now_ms), name=f"deliver to {chat}")
        self._flying[chat] = task
        task.add_done_callback(lambda flown: self._touch_down(chat, flown))

    async def _fly(self, claimed: Claimed, now_ms: int) -> None:
        outcome = await deliver(self.transport, claimed, now_ms)
        until_s = asyncio.get_running_loop().time() + outcome.hold_s
        if outcome.hold_s:
            hold = self.pacing.hold_all if outcome.everywhere else self._hold(claimed)
            hold(until_s)
        await self._store.run(lambda db: _keep(db, outcome, now_ms))
        if outcome.row.state == "sent" and claimed.delivery.state != "sent":
            self._posted += 1

    def _hold(self, claimed: Claimed) -> Callable[[float], None]:
        return lambda until_s: self.pacing.hold(chat_of(claimed.delivery.channel_id), until_s)

    def _touch_down(self, chat: str, flown: asyncio.Task[None]) -> None:
        self._flying.pop(chat, None)
        self._stir.set()
        if not flown.cancelled() and flown.exception() is not None:
            # The outcome could not be kept: the lease ends by itself, and the delivery counts as tried.
            log.error("No outcome was kept of a delivery to %s", chat, exc_info=flown.exception())

    async def _settle(self) -> None:
        """What has not arrived by then is taken up again at the next start, as something that may have arrived."""
        flying = list(self._flying.values())
        if flying:
            _, late = await asyncio.wait(flying, timeout=SETTLE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _rest(self) -> None:
        """Wait for a call, a delivery that ends, or a chat that is ready again."""
        now_s = asyncio.get_running_loop().time()
        ready_s = [*self.pacing.waiting(now_s).values(), self.pacing.all_held_s]
        wait_s = min((at_s - now_s for at_s in ready_s if at_s > now_s), default=IDLE_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stir.wait(), min(wait_s, IDLE_S))

    async def _give_back(self, claimed: list[Claimed]) -> None:
        """Let go of what was claimed and never tried."""

        def work(db: Database) -> None:
            for entry in claimed:
                record_outcome(db, entry.delivery)

        if claimed:
            await self._store.run(work)


def chat_of(channel: str) -> str:
    """The chat that a channel belongs to, by which it is paced: a topic shares the limits of its group."""
    return channel.partition("/")[0]


def _keep(db: Database, outcome: Outcome, now_ms: int) -> None:
    record_outcome(db, outcome.row)
    if outcome.lost is not None:
        suspend(db, outcome.row.channel_id, outcome.lost.reason, now_ms)
    if outcome.moved_to is not None:
        move(db, chat_of(outcome.row.channel_id), outcome.moved_to)
