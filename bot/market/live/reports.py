"""What the log is told of the venues: one line when one gets worse, one when it is better, each oddity once."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.market.venues.venue import Refused

log = logging.getLogger(__name__)

SETTLED_MS = 60_000
"""A venue is said to be back once it was well for so long: one that comes and goes is down."""
SOME, ALL = 1, 2
"""How bad it is: some feeds of a venue are lost, or all."""
MOST_SAID, MOST_REMEMBERED = 3, 500
# The same reason names another number each time.
_NUMBERS = re.compile(r"\d[\d.e+-]*")


@dataclass
class Trouble:
    """A venue that was said to be worse, since when, and since when it has been better again."""

    grade: int
    since_ms: int
    better_ms: int | None = None


class Reports:
    """Lines that were said, and what need not be said again."""

    def __init__(self) -> None:
        self.refusals: Counter[str] = Counter()
        """How many rows and frames of each call and stream could not be read."""
        self._said: set[tuple[str, str]] = set()
        self._troubles: dict[str, Trouble] = {}

    def refused(self, source: str, rows: Sequence[Refused]) -> None:
        """Rows or frames that could not be read; each reason of a source is said once."""
        self.refusals[source] += len(rows)
        for row in rows[:MOST_SAID]:
            about = _NUMBERS.sub("#", row.reason.partition(";")[0])
            self.once(source, f"{row.place}: {row.reason}" if row.place else row.reason, about)

    def once(self, source: str, what: str, about: str = "") -> None:
        """A line, unless the same was said of the source before."""
        key = source, about or what
        if key not in self._said and len(self._said) < MOST_REMEMBERED:
            self._said.add(key)
            log.warning("%s: %s", source, what)

    def worse(self, venue: str, grade: int, since_ms: int, what: str) -> None:
        """A feed of the venue was lost: one line for the first one, and one more when all are."""
        trouble = self._troubles.get(venue)
        if trouble is None or grade > trouble.grade:
            self._troubles[venue] = Trouble(grade, trouble.since_ms if trouble is not None else since_ms)
            log.warning("%s: %s", venue, what)

    def troubled(self) -> list[str]:
        """Venues that were said to be worse."""
        return list(self._troubles)

    def settle(self, venue: str, grade: int, without: Sequence[str], now_ms: int) -> None:
        """One line for a venue that has been better for a minute; `without` are the feeds that are still lost."""
        trouble = self._troubles[venue]
        if grade >= trouble.grade:
            trouble.better_ms = None
            return
        trouble.better_ms = trouble.better_ms or now_ms
        if now_ms - trouble.better_ms < SETTLED_MS:
            return
        still = f", without {' and '.join(without)}" if without else ""
        log.info("%s is back after %d s%s", venue, (trouble.better_ms - trouble.since_ms) // 1000, still)
        del self._troubles[venue]
        if grade:
            self._troubles[venue] = Trouble(grade, trouble.since_ms)
