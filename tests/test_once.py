"""One question at the command line is asked in a channel that hears alerts, and it tells one story of them."""

from __future__ import annotations

from pathlib import Path

from bot.chat.wording import Wording
from bot.once import ask
from bot.replay import open_source

START_MS = 1_772_409_600_000  # 2 March 2026, 00:00 UTC, 47 seconds before its first fact
RECORDING = Path(__file__).parent / "data" / "small.jsonl.gz"
PEAK_MS = 1_772_690_400_000  # 5 March 2026, 06:00 UTC


async def answered(line: str, at_ms: int = PEAK_MS) -> list[str]:
    """The headline and the rows of an answer as of a moment."""
    told = await ask(open_source(str(RECORDING)), line, at_ms, "en", admin=True)
    words = Wording("en", strict=True).words(told)
    return [words.headline.replace("\u202f", " "), *(row.text for row in words.rows)]


async def test_before_the_first_fact_the_clock_stands_at_the_begin() -> None:
    """What is asked of a moment before anything was known counts from there, not from 1970."""
    assert (await answered("/status", START_MS))[0] == "No market data yet · running for 0 s"
    assert (await answered("/alerts mute 1h", START_MS))[0] == "mute: not muted → until 2 March 2026, 01:00 UTC"


async def test_what_was_posted_there_has_arrived() -> None:
    """The card that a flush says was posted is the channel's last post, and nothing waits."""
    assert any(line.startswith("Posted here: ") for line in await answered("/flush"))
    *_, sent, waits = await answered("/alerts status")
    assert sent.startswith("Last post arrived at 05:")
    assert waits == "Nothing waits."
