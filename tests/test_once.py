"""One question at the command line is asked in a channel that hears alerts, and it tells one story of them."""

from __future__ import annotations

from pathlib import Path

from bot.chat.wording import Wording
from bot.once import ask
from bot.replay import open_source

RECORDING = Path(__file__).parent / "data" / "small.jsonl.gz"
PEAK_MS = 1_772_690_400_000  # 5 March 2026, 06:00 UTC


async def answered(line: str) -> list[str]:
    """The rows of an answer as of the peak."""
    told = await ask(open_source(str(RECORDING)), line, PEAK_MS, "en", admin=True)
    return [row.text for row in Wording("en", strict=True).words(told).rows]


async def test_what_was_posted_there_has_arrived() -> None:
    """The card that a flush says was posted is the channel's last post, and nothing waits."""
    assert any(line.startswith("Posted here: ") for line in await answered("/flush"))
    *_, sent, waits = await answered("/alerts status")
    assert sent.startswith("Last post arrived at 05:")
    assert waits == "Nothing waits."
