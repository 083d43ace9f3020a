"""Facts in, rows out, in order: the one place where things happen one after the other.

A fact is applied at once. When time has moved on, one detector step runs at the moment that is over, then what is
due by then, in time order; all of it is committed in one transaction. The engine never looks at a clock: a stream
that is read again gives the same rows, and one that was interrupted goes on where its last transaction ended.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec

from bot.aftermath.before import state_before
from bot.alerts import cards
from bot.alerts.day_card import build_day
from bot.alerts.digest_post import Wanted, build_digest, due_digests, load_looked, put_digests, save_looked
from bot.alerts.due import Speaker, do_some_due, due_next
from bot.alerts.lost import close_lost
from bot.alerts.outbox import Letter, put_change, put_day
from bot.flush.day import Day, judge_day
from bot.flush.episode import Episode
from bot.flush.scope import MAJORS
from bot.flush.tracker import Change
from bot.market.board_view import BoardView
from bot.market.facts import Bar, Fact, Funding
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS
from bot.market.view import snapshot
from bot.memory import Kept, Memory, keep, recall
from bot.message import Message, Phrase
from bot.store.database import Database, Store
from bot.store.memory import load_memory, save_memory
from bot.store.progress import CursorRow, load_cursor_of, save_cursor, save_snapshot
from bot.store.steps import begin_steps
from bot.store.upkeep import prune

STEP_MS = 5_000
"""A detector step runs at most this often while a coin is near a flush; slower facts are stepped at their own pace."""
QUIET_STEP_MS = 30_000
"""And this often while none is."""
SHOWN_FLUSHES = 20


class Engine:
    """The market so far and the rows it led to; `origin` marks every message of a replay or simulation.

    With `remembers` the market so far is kept in the store too, for a stream that cannot be read again.
    """

    def __init__(
        self,
        store: Store,
        source: str,
        origin: Callable[[int], Phrase] | None = None,
        *,
        remembers: bool = False,
    ) -> None:
        self.facts = 0
        self._store = store
        self._source, self._origin = source, origin
        self._remembers = remembers
        self._began_ms = self._stepped_ms = 0
        self._take_up(Memory())
        self._writing, self._failed = asyncio.Lock(), False
        self.scores = True  # else nothing is written down of what came after each call
        self._shown: set[str] = set()
        self._kept_slot = self._pruned_day = self._resume_ms = self._looked_ms = 0
        self.next_due_ms: int | None = None
        """When something is due next; `next_followup_ms` when people are to hear of it."""
        self.next_followup_ms: int | None = None
        self.found: tuple[list[Change], Day | None] = ([], None)
        """What the last step came to: changes of episodes, and a derivatives-led day."""
        self.finished_before = False
        """Whether an earlier run came to the end of the source."""
        self.resumed_now = False
        """Whether the last step was the one that an earlier run committed last: its posts may still wait."""
        self.behind = False
        """Whether more was due at the last step than it did: then `catch_up` comes before the next one."""

    @property
    def resuming(self) -> bool:
        """Whether the stream is still where an earlier run has been."""
        return self.board.now_ms <= self._resume_ms

    @property
    def now_ms(self) -> int:
        """The stream's clock: when the newest fact became known."""
        return self.board.now_ms

    @property
    def view(self) -> BoardView:
        """The market as commands may ask of it."""
        return self._view

    @property
    def flushes(self) -> list[str]:
        """Ids of the newest flushes of this stream, newest first."""
        return sorted({id_ for coin in self.memory.extremes.values() for id_ in coin}, reverse=True)[:SHOWN_FLUSHES]

    @property
    def shown_since_ms(self) -> int | None:
        """Begin of the newest leg among open episodes whose card stands somewhere; None when there is none."""
        shown = [entry for id_, entry in self.detector.tracker.open.items() if id_ in self._shown]
        return max((entry.legs[-1].started_ms for entry in shown), default=None)

    async def start(self) -> None:
        """Find out how far an earlier run of this source came; facts up to there are taken in without new rows.

        Raises `StoreError` when the database holds the run of another source.
        """
        cursor = await self._store.run(lambda db: load_cursor_of(db, self._source))
        if cursor is not None:
            self._resume_ms, self.finished_before = cursor.t_ms, cursor.finished
            self._looked_ms = await self._store.run(lambda db: load_looked(db, self._resume_ms))
        if cursor is not None and self._remembers:
            self.facts = cursor.facts
            await self._remember()
        self.next_due_ms, self.next_followup_ms = await self._store.run(due_next)

    def is_over(self, fact: Fact) -> bool:
        """Whether `advance` comes before `fact`: the moment is over and a step due, as at the end of each slot."""
        now_ms = self.board.now_ms
        ends_slot = now_ms > self._stepped_ms and (fact.t - 1) // SLOT_MS > (now_ms - 1) // SLOT_MS
        return fact.t > now_ms and (ends_slot or now_ms - self._stepped_ms >= self._wait_ms)

    def apply(self, fact: Fact) -> None:
        """Take in one fact."""
        self.board.apply(fact)
        self.facts += 1
        if isinstance(fact, Bar | Funding):
            self.history.apply(fact)
        self._stepped_ms = self._stepped_ms or fact.t - QUIET_STEP_MS

    def pass_time(self, now_ms: int) -> bool:
        """No fact came until now: whether a step is due, for what is due by time alone."""
        self.board.now_ms = max(self.board.now_ms, now_ms)
        self._stepped_ms = self._stepped_ms or self.board.now_ms
        return self.board.now_ms - self._stepped_ms >= self._wait_ms

    async def advance(self) -> bool:
        """One step at the moment that is over; whether rows were written."""
        now_ms = self._stepped_ms = self.board.now_ms
        self._began_ms = self._began_ms or now_ms
        changes = self.detector.step(self.board, self.history, now_ms)
        for change in changes:
            self._freeze(change)
        day = judge_day(self.history, self.board, now_ms, self.memory.day)
        if day and any(at_ms > now_ms - DAY_MS for major in MAJORS for at_ms, _, _ in self.memory.extremes_of(major)):
            day = None  # a flush of a major within the day is its own story, however flat the day ends
        self.found = changes, day
        self.resumed_now = now_ms == self._resume_ms
        if now_ms <= self._resume_ms:
            self.behind = self.resumed_now and self._is_due(now_ms)
            return False
        slot_over = self._remembers and now_ms // SLOT_MS > self._kept_slot
        wanted = await self._digests_due(now_ms)
        if not (changes or day or self._is_due(now_ms) or slot_over or wanted):
            return False
        async with self._writing:
            self._failed = True  # until it is written: a memory that is ahead of its rows must not be kept
            kept = self._keep() if self._remembers else None
            due_ms = await self._store.run(lambda db: self._commit(db, now_ms, changes, day, wanted, kept))
            self._failed = False
        self._know_due(due_ms)
        return True

    async def catch_up(self) -> None:
        """More of what was due at the last step and is left, in a transaction of its own."""
        speaker = self._speaker(self._stepped_ms)
        self._know_due(await self._store.run(lambda db: do_some_due(db, speaker)))

    def _is_due(self, now_ms: int) -> bool:
        return self.next_due_ms is not None and self.next_due_ms <= now_ms

    def _know_due(self, due_ms: tuple[int | None, int | None]) -> None:
        self.next_due_ms, self.next_followup_ms = due_ms
        self.behind = self._is_due(self._stepped_ms)

    async def finish(self) -> None:
        """The stream has ended: note it, so that a later start knows."""
        row = CursorRow(max(self.now_ms, self._resume_ms), self.facts, self._source, finished=True)

        def work(db: Database) -> None:
            save_cursor(db, row)
            self._save_view(db)

        await self._store.run(work)

    async def rest(self) -> None:
        """Keep the market as it stands, for a later start; not after a step whose rows could not be written."""
        async with self._writing:
            if self._failed or not self.now_ms:
                return
            kept, row = self._keep(), CursorRow(self.now_ms, self.facts, self._source, finished=False)

            def work(db: Database) -> None:
                save_cursor(db, row)
                save_memory(db, *kept, self.history.oldest_slot)

            await self._store.run(work)

    async def _digests_due(self, now_ms: int) -> list[Wanted]:
        """Digests that came due since the last step; the store is asked once an hour."""
        since_ms, self._looked_ms = self._looked_ms or now_ms, now_ms
        if now_ms // HOUR_MS == since_ms // HOUR_MS:
            return []
        return await self._store.run(lambda db: due_digests(db, since_ms, now_ms))

    @property
    def _wait_ms(self) -> int:
        return QUIET_STEP_MS if self.detector.tracker.quiet else STEP_MS

    def _take_up(self, memory: Memory) -> None:
        self.memory = memory
        self.board, self.history, self.detector = memory.board, memory.history, memory.detector
        self._stepped_ms = self.board.now_ms
        self._view = self._look()

    async def _remember(self) -> None:
        """Take up what an earlier run kept; flushes that cannot be followed any more are closed as such."""
        row = await self._store.run(load_memory)
        if row is not None:
            self._take_up(await asyncio.to_thread(recall, *row))
        if row is None or not self.memory.whole:
            at_ms = self._resume_ms
            lost = await self._store.run(
                lambda db: close_lost(db, at_ms, lambda episode: self._card(episode, now_ms=at_ms))
            )
            self.detector.tracker.count(lost)

    def _keep(self) -> Kept:
        self._kept_slot = self.now_ms // SLOT_MS
        return keep(self.memory, self.now_ms)

    def _freeze(self, change: Change) -> None:
        """Give an opened episode its state before, and keep extremes for the levels of later ones."""
        episode = change.episode
        if change.event in {"watched", "retracted"}:
            for coin in episode.members:
                self.memory.extremes.get(coin, {}).pop(episode.id, None)
            return
        standing = self.detector.tracker.find(episode.id)
        if standing.before is None:
            standing.before = state_before(
                self.history.until(standing.onset_ms), standing.coin, self.memory.extremes_of
            )
        episode.before = standing.before
        self.memory.note_extremes(episode)

    def _commit(
        self,
        db: Database,
        now_ms: int,
        changes: list[Change],
        day: Day | None,
        wanted: list[Wanted],
        kept: Kept | None,
    ) -> tuple[int | None, int | None]:
        speaker = self._speaker(now_ms)
        for change in changes:
            if put_change(db, change, partial(speaker.card, change.episode)):
                self._shown.add(change.episode.id)
        do_some_due(db, speaker)
        put_digests(db, wanted, lambda period: speaker.marked(build_digest(db, self._look(), now_ms, period)), now_ms)
        save_looked(db, now_ms)
        if day is not None:
            letter = Letter(f"day/{now_ms // DAY_MS}", None, "day", speaker.marked(build_day(day)))
            put_day(db, letter, now_ms, day.usd)
        if now_ms // DAY_MS != self._pruned_day:
            self._pruned_day = now_ms // DAY_MS
            if not self._remembers:
                self._save_view(db)
            begin_steps(db, self._began_ms)
            prune(db, self._pruned_day * DAY_MS)  # by whole days, so that an interrupted run prunes the same
        save_cursor(db, CursorRow(now_ms, self.facts, self._source, finished=False))
        if kept is not None:
            save_memory(db, *kept, self.history.oldest_slot)
        return due_next(db)

    def _save_view(self, db: Database) -> None:
        """Keep the market as it stands: what commands answer from while a restarted stream catches up."""
        save_snapshot(db, msgspec.json.encode(snapshot(self.view)).decode())

    def _look(self) -> BoardView:
        """A view; rows that are written beside the answers to commands have one of their own."""
        return BoardView(self.board, self.history, self.memory.extremes_of, lambda: self.memory.day.totals_usd)

    def _speaker(self, now_ms: int) -> Speaker:
        card, marked = partial(self._card, now_ms=now_ms), partial(self._marked, now_ms=now_ms)
        return Speaker(now_ms, self.history.until, card, marked, self.scores)

    def _card(self, episode: Episode, reading: Phrase | None = None, *, now_ms: int) -> Message:
        """The card as of now; that of an ended flush stays as of its end, and only the latest reading is added."""
        at_ms = episode.ended_ms or now_ms
        return self._marked(cards.build(episode, self.history.until(at_ms), at_ms, reading=reading), now_ms)

    def _marked(self, message: Message, now_ms: int) -> Message:
        return message if self._origin is None else msgspec.structs.replace(message, origin=self._origin(now_ms))
