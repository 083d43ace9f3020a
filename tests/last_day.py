"""The end of the small recording, from a day and a half before its flush: enough to find it, in less time."""

from __future__ import annotations

from pathlib import Path

from bot.market.facts import Fact
from bot.market.recording import read

SMALL = Path(__file__).parent / "data" / "small.jsonl.gz"
FLUSH_MS = 1_772_687_705_000  # when the flush of the recording opens
FROM_MS = FLUSH_MS - 36 * 3_600_000


def last_day(until_ms: int | None = None) -> list[Fact]:
    """Facts from there on, to the end of the recording or to a moment before it."""
    return [fact for fact in read(SMALL) if fact.t >= FROM_MS and (until_ms is None or fact.t < until_ms)]
