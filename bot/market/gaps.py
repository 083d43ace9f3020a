"""When feeds were not heard: what happened then is unknown, and its sums are too low.

A gap begins when the feed was last heard (`Feed.since`) and ends when it comes again. It is kept for a day after that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from bot.market.facts import Feed

DAY_MS = 86_400_000
ALIVE = ("live", "partial")
LOST = ("stale", "blocked")
JOINED_MS = 60_000
"""Two gaps of a feed with less than this between them are one: what comes and goes tells next to nothing."""
MOST = 2_000


class Gap(msgspec.Struct, frozen=True, gc=False):
    """A time in which a venue's feed was not heard; `to_ms` is None while it lasts."""

    venue: str
    feed: str
    from_ms: int
    to_ms: int | None = None

    def lost_ms(self, start_ms: int, end_ms: int) -> int:
        """How much of the time between two moments falls into it."""
        to_ms = end_ms if self.to_ms is None else min(self.to_ms, end_ms)
        return max(0, to_ms - max(self.from_ms, start_ms))


class Gaps(msgspec.Struct):
    """The gaps of all feeds, as plain data; at most `MOST`, of which the oldest go first."""

    kept: list[Gap] = []

    def hear(self, fact: Feed) -> None:
        """Take in what was said of a feed."""
        place = self._last(fact.venue, fact.feed)
        last = None if place is None else self.kept[place]
        if fact.state in LOST:
            if last is None or last.to_ms is not None:
                self._begin(fact, place, last)
        elif place is not None and last is not None and last.to_ms is None:
            self.kept[place] = msgspec.structs.replace(last, to_ms=max(fact.t, last.from_ms))

    def within(self, start_ms: int, end_ms: int, feed: str | None = None) -> list[Gap]:
        """Gaps that reach into the time between two moments, those that last included, oldest first."""
        met = (gap for gap in self.kept if gap.lost_ms(start_ms, end_ms) and feed in (None, gap.feed))
        return sorted(met, key=lambda gap: (gap.from_ms, gap.venue, gap.feed))

    def keep_to(self, venues: Collection[str]) -> None:
        """Forget the gaps of all other venues."""
        self.kept = [gap for gap in self.kept if gap.venue in venues]

    def last(self, venue: str, feed: str) -> Gap | None:
        """The newest gap of a feed, None when none is kept."""
        place = self._last(venue, feed)
        return None if place is None else self.kept[place]

    def _begin(self, fact: Feed, place: int | None, last: Gap | None) -> None:
        if place is not None and last is not None and fact.since - (last.to_ms or 0) < JOINED_MS:
            self.kept[place] = msgspec.structs.replace(last, to_ms=None)
            return
        recent = [gap for gap in self.kept if gap.to_ms is None or gap.to_ms > fact.t - DAY_MS]
        self.kept = [*recent, Gap(fact.venue, fact.feed, fact.since)][-MOST:]

    def _last(self, venue: str, feed: str) -> int | None:
        places = range(len(self.kept) - 1, -1, -1)
        return next((p for p in places if (self.kept[p].venue, self.kept[p].feed) == (venue, feed)), None)


def paused(feeds: Iterable[Feed], latest_ms: int, now_ms: int) -> list[Feed]:
    """That nothing was heard since `latest_ms`, of each of these feeds that was heard until then."""
    return [
        msgspec.structs.replace(feed, t=now_ms, at=None, state="stale", since=min(latest_ms, now_ms))
        for feed in feeds
        if feed.state in ALIVE
    ]
