"""Which feeds of which venues can be trusted now, since when, and where the gaps are.

A feed is one kind of fact of one venue. It may come in parts: by several calls, or by several connections. It is live
when all of them are, partial when the smaller part is missing or the venue tells less than happens, and else stale or
blocked, since the moment at which it was last heard. Nothing is known before something was heard.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from bot.market.facts import Feed, FeedState
from bot.market.live.reports import ALL, SOME, Reports

HALF = 0.5
MOST_GAPS = 1000
UNKNOWN: Final = "waiting"
State = FeedState | Literal["waiting"]
ALIVE = ("live", "partial")
LOST = ("stale", "blocked")
"""A recount is neither: figures come, and only their step says nothing."""


class Key(NamedTuple):
    """One feed: the venue and the kind of fact."""

    venue: str
    feed: str


class Coverage(NamedTuple):
    """How one feed stands: since when, when it was last heard (None: never), and why it is not live."""

    venue: str
    feed: str
    state: State
    since_ms: int
    heard_ms: int | None
    why: str


class Gap(NamedTuple):
    """A time in which a feed was not heard; `to_ms` is None while it lasts."""

    venue: str
    feed: str
    from_ms: int
    to_ms: int | None


@dataclass
class Part:
    """One call or connection that carries feeds; `weight` is its size beside the other parts of the same feed.

    A part of no weight counts only where no other one has any.
    """

    name: str
    keys: tuple[Key, ...]
    complete: bool = True
    weight: float = 1.0
    state: State = UNKNOWN
    heard_ms: int | None = None
    why: str = ""


class Health:
    """The state of every feed; `tell` is handed a `Feed` fact whenever one changes."""

    def __init__(self, now_ms: Callable[[], int], tell: Callable[[Feed], None]) -> None:
        self._now_ms = now_ms
        self._tell = tell
        self._begun_ms = now_ms()
        self._parts: dict[Key, list[Part]] = defaultdict(list)
        self._states: dict[Key, tuple[State, int]] = {}
        self._open: dict[Key, int] = {}
        self._gaps: deque[Gap] = deque(maxlen=MOST_GAPS)
        self.reports = Reports()
        self._distrusted: dict[Key, str] = {}

    def add(self, part: Part) -> Part:
        """A new call or connection whose state counts from now on."""
        for key in part.keys:
            self._parts[key].append(part)
            self._states.setdefault(key, (UNKNOWN, self._begun_ms))
        return part

    def remove(self, part: Part) -> None:
        """A connection that is not needed any more."""
        for key in part.keys:
            self._parts[key].remove(part)
            self._review(key)

    def heard(self, part: Part, age_s: float = 0.0) -> None:
        """The part was heard so many seconds ago; it may still be far from live."""
        part.heard_ms = self._now_ms() - round(1000 * age_s)

    def live(self, part: Part, *, complete: bool | None = None) -> None:
        """The part was heard and brings what it should; all of it, unless `complete` says otherwise."""
        part.heard_ms = self._now_ms()
        if complete is not None and complete != part.complete:
            part.complete = complete
            part.state = UNKNOWN  # so that the feed is looked at again
        self._set(part, "live", "")

    def lost(self, part: Part, state: Literal["stale", "blocked", "recount"], why: str) -> None:
        """The part brings nothing, or nothing that can be trusted."""
        if state == "recount":
            part.heard_ms = self._now_ms()
        self._set(part, state, why)

    def distrust(self, key: Key, why: str) -> None:
        """What the feed says is wrong, however well it is heard: it counts as stale until `trust`."""
        self._distrusted[key] = why
        self._review(key)

    def trust(self, key: Key) -> None:
        """The feed counts again as it is heard."""
        self._distrusted.pop(key, None)
        self._review(key)

    def coverage(self) -> list[Coverage]:
        """Every feed, by venue and kind."""
        return [self._row(key) for key in sorted(self._parts)]

    def gaps(self, venue: str | None = None, feed: str | None = None) -> list[Gap]:
        """Times in which feeds were not heard, oldest first, those that last included."""
        lasting = [Gap(*key, from_ms, None) for key, from_ms in self._open.items()]
        return [
            gap
            for gap in sorted([*self._gaps, *lasting], key=lambda gap: gap.from_ms)
            if venue in (None, gap.venue) and feed in (None, gap.feed)
        ]

    def settle(self) -> None:
        """Let the log know which venues are better again; called now and then."""
        for venue in self.reports.troubled():
            down = self._down(venue)
            self.reports.settle(venue, self._grade(venue, down), [key.feed for key in down], self._now_ms())

    def _set(self, part: Part, state: State, why: str) -> None:
        part.why = why
        if part.state != state:
            part.state = state
            for key in part.keys:
                self._review(key)

    def _review(self, key: Key) -> None:
        parts = self._parts[key]
        state = _joined(parts)
        before, _ = self._states[key]
        if key in self._distrusted and state in ALIVE:
            state = "stale"
        if state == UNKNOWN or state == before:  # noqa: PLR1714, SIM109 -- a type checker follows only this form
            return
        now_ms = self._now_ms()
        lost_ms = (part.heard_ms or self._begun_ms for part in parts if part.state != "live")
        since_ms = now_ms if state not in LOST else max(lost_ms, default=now_ms)
        if before in LOST and state in LOST:
            since_ms = self._states[key][1]  # one trouble that turned into another began with the first
        self._states[key] = (state, since_ms)
        self._note_gap(key, state, since_ms)
        self._tell(Feed(now_ms, key.venue, key.feed, state, since_ms))
        if state in LOST:
            self._say_down(key, state, since_ms)

    def _note_gap(self, key: Key, state: State, since_ms: int) -> None:
        if state in LOST:
            self._open.setdefault(key, since_ms)
        elif key in self._open:
            self._gaps.append(Gap(*key, self._open.pop(key), since_ms))

    def _say_down(self, key: Key, state: str, since_ms: int) -> None:
        grade = self._grade(key.venue, self._down(key.venue))
        what = "everything" if grade == ALL else key.feed
        self.reports.worse(key.venue, grade, since_ms, f"{what} is {state}: {self._row(key).why or 'not heard'}")

    def _down(self, venue: str) -> list[Key]:
        """Feeds of a venue that are lost; those that nothing was heard of yet are not among them."""
        return [key for key, (state, _) in self._states.items() if key.venue == venue and state in LOST]

    def _grade(self, venue: str, down: list[Key]) -> int:
        alive = any(key.venue == venue and state not in (*LOST, UNKNOWN) for key, (state, _) in self._states.items())
        return 0 if not down else SOME if alive else ALL

    def _row(self, key: Key) -> Coverage:
        state, since_ms = self._states[key]
        parts = self._parts[key]
        heard_ms = max((part.heard_ms for part in parts if part.heard_ms is not None), default=None)
        reasons = (part.why for part in parts if part.state != "live" and part.why)
        why = self._distrusted.get(key) or next(reasons, "")
        return Coverage(*key, state, since_ms, heard_ms, why)


def _joined(parts: Sequence[Part]) -> State:
    """The state of a feed from those of its parts."""
    weights: dict[str, float] = defaultdict(float)
    complete = True
    counted = [part for part in parts if part.weight]
    for part in counted or parts:
        weights[part.state] += part.weight if counted else 1.0
        complete = complete and part.complete
    total = sum(weights.values())
    if not total or weights[UNKNOWN] == total:
        return UNKNOWN
    if weights["live"] == total and complete:
        return "live"
    if weights["live"] + weights[UNKNOWN] > HALF * total and weights["live"]:
        return "partial"
    states: tuple[FeedState, ...] = ("stale", "blocked", "recount")
    return max(states, key=lambda state: weights[state])
