"""What one venue told of its past, and what of it is missing, as a line for whoever asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import VenueDown, VenueError
from bot.market.facts import Fact
from bot.market.live.past import Asked
from bot.market.live.reports import Reports

# By feed and by market, the words for it.
FEEDS = {
    "bar": "bars",
    "oi": "open interest",
    "funding": "settled funding",
    "liquidations": "totals of liquidations",
}
MARKETS = {"perp": "perpetuals", "spot": "spot"}
DAY_MS = 86_400_000
SHOWN = 3
"""How many failures of a venue are told one by one."""


@dataclass
class Tally:
    """What one exchange told of the kinds `asked` for: how many facts, the first and the last `t`; what is missing."""

    kinds: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    lost: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    reports: Reports = field(default_factory=Reports)

    def count(self, kind: str, facts: Sequence[Fact]) -> None:
        """Facts of one kind that was asked for, oldest first."""
        self.asked.add(kind)
        if facts:
            count, first_ms, last_ms = self.kinds.get(kind, (0, facts[0].t, facts[-1].t))
            self.kinds[kind] = count + len(facts), min(first_ms, facts[0].t), max(last_ms, facts[-1].t)

    def line(self) -> str:
        """What was told and what is missing, in a line."""
        told = sorted(self.kinds.items())
        parts = [f"{kind} {count:,} over {_days(first_ms, last_ms)}" for kind, (count, first_ms, last_ms) in told]
        parts += [f"no {kind}" for kind in sorted(self.asked - self.kinds.keys()) if self.kinds]
        parts += self.missing() + self.failed[:SHOWN]
        if len(self.failed) > SHOWN:
            parts.append(f"{len(self.failed) - SHOWN} more failed")
        if self.reports.refusals.total():
            parts.append(f"rows or pages that could not be read: {self.reports.refusals.total():,}")
        return ", ".join(parts) or "told nothing"

    def missing(self) -> list[str]:
        """Why all of it is missing, or all of one of its markets."""
        whys = set(self.lost.values())
        if len(whys) == 1 and not self.kinds:
            return list(whys)
        return [f"{market} {why}" for market, why in self.lost.items()]


def _days(first_ms: int, last_ms: int) -> str:
    days = max(1, -(-(last_ms - first_ms) // DAY_MS))
    return f"{days} day{'s' if days > 1 else ''}"


def kind_of(one: Asked) -> str:
    """The words for what a history tells."""
    told = FEEDS[one.past.feed]
    return f"spot {told}" if one.venue.market == "spot" else told


def why_missing(error: VenueError) -> str:
    """The words for why a venue is missing."""
    if isinstance(error, VenueDown):
        return f"blocked here ({error})" if error.state == "blocked" else f"did not answer ({error})"
    return str(error)
