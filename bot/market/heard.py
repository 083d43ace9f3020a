"""When each feed last spoke, how often it does, and so whether it is silent longer than is usual for it."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.market.facts import Feed
from bot.market.view import FeedRow

GAPS = 3
SILENT_LEAST_MS = 15 * 60_000
SLOWEST_MS = 8 * 3_600_000
"""Taken for the gap of a feed that spoke once: the rarest thing that venues send is settled funding."""
DAY_MS = 86_400_000
OFTEN = frozenset({"mark", "oi"})
"""What comes so often that its silence says that of the whole venue."""


def silent(now_ms: int, last_ms: int, gap_ms: int) -> bool:
    """Whether something that comes every `gap_ms` has stayed away for more than three gaps (15 minutes at least)."""
    return now_ms - last_ms > max(GAPS * gap_ms, SILENT_LEAST_MS)


@dataclass(slots=True)
class Rhythm:
    """One venue's facts of one kind; the gap is measured on one coin, because the others come between its facts."""

    base: str
    of_base_ms: int
    gap_ms: int
    since_ms: int
    last_ms: int


class Heard:
    """Every (venue, kind) ever heard."""

    def __init__(self) -> None:
        self.feeds: dict[tuple[str, str], Rhythm] = {}
        self.perp_bars: set[str] = set()
        """Venues that told bars of a perpetual."""

    def hear(self, venue: str, kind: str, base: str, at_ms: int) -> None:
        """Note one fact."""
        rhythm = self.feeds.get((venue, kind))
        if rhythm is None:
            self.feeds[venue, kind] = Rhythm(base, at_ms, SLOWEST_MS, at_ms, at_ms)
            return
        if at_ms <= rhythm.last_ms:
            return
        if silent(at_ms, rhythm.last_ms, rhythm.gap_ms):
            rhythm.since_ms = at_ms
        rhythm.last_ms = at_ms
        if base == rhythm.base:
            rhythm.gap_ms, rhythm.of_base_ms = at_ms - rhythm.of_base_ms, at_ms

    def gone(self, said: Collection[tuple[str, str]], now_ms: int) -> dict[str, int]:
        """Venues of single liquidations that fell silent altogether, and since when: these are unknown from then on.

        Not those whose connection `said` how a feed is, nor those of which neither marks nor open interest ever came.
        """
        told = {venue for venue, _ in said}
        last_ms: dict[str, int] = {}
        ended: dict[str, bool] = {}
        for (venue, kind), rhythm in self.feeds.items():
            if venue not in told:
                last_ms[venue] = max(last_ms.get(venue, 0), rhythm.last_ms)
                if kind in OFTEN:
                    ended[venue] = ended.get(venue, True) and silent(now_ms, rhythm.last_ms, rhythm.gap_ms)
        closed = (venue for venue in last_ms if (venue, "liquidation") in self.feeds and ended.get(venue))
        return {venue: last_ms[venue] for venue in closed if silent(now_ms, last_ms[venue], 0)}

    def rows(self, said: dict[tuple[str, str], Feed], now_ms: int) -> list[FeedRow]:
        """Every feed by venue and kind: its state as the venue's connection `said`, else by its silence.

        Single liquidations are silent for hours in calm markets, so only a day without any counts, or that all of
        their venue is.
        """
        rows, gone = [], self.gone(said, now_ms)
        for venue, kind in sorted(self.feeds.keys() | said.keys()):
            feed, rhythm = said.get((venue, kind)), self.feeds.get((venue, kind))
            perps = kind == "bar" and venue in self.perp_bars
            if feed is not None:
                last_ms = rhythm.last_ms if rhythm is not None else feed.t
                rows.append(FeedRow(venue, kind, feed.state, feed.since, last_ms, perps))
            elif rhythm is not None:
                gap_ms = DAY_MS // GAPS if kind == "liquidation" else rhythm.gap_ms
                stale = silent(now_ms, rhythm.last_ms, gap_ms) or (kind == "liquidation" and venue in gone)
                since_ms = rhythm.last_ms if stale else rhythm.since_ms
                state = "stale" if stale else "live"
                rows.append(FeedRow(venue, kind, state, since_ms, rhythm.last_ms, perps))
        return rows
