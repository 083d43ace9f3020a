"""The end of the small recording, from a day and a half before its flush: enough to find it, in less time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.market.facts import Fact
from bot.market.recording import Header, read, write

SMALL = Path(__file__).parent / "data" / "small.jsonl.gz"
FLUSH_MS = 1_772_687_705_000  # when the flush of the recording opens
FROM_MS = FLUSH_MS - 36 * 3_600_000


@cache
def last_day(until_ms: int | None = None) -> list[Fact]:
    """Facts from there on, to the end of the recording or to a moment before it; read once."""
    return [fact for fact in read(SMALL) if fact.t >= FROM_MS and (until_ms is None or fact.t < until_ms)]


def write_last_day(folder: Path, until_ms: int | None = None) -> Path:
    """The same as a recording in a folder."""
    path, facts = folder / "end.jsonl.gz", last_day(until_ms)
    write(path, Header(recording=1, name="end", start_ms=facts[0].t, end_ms=facts[-1].t, simulated=True), facts)
    return path
