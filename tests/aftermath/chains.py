"""The full chains of three flushes of the recorded winter as a page, made by the program from the recording.

`python -m tests.aftermath.chains RECORDING docs/january-and-february-2026.md` writes it again, in about a minute.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.followup_rows import verdict_phrase
from bot.alerts.reports import Report, read_report
from bot.archive.document import document_of
from bot.archive.kept import Kept, load_kept
from bot.archive.markdown import markdown, plain
from bot.archive.spoken import spoken
from bot.chat.console import SilentTransport
from bot.chat.wording import Wording
from bot.flush.episode import Episode
from bot.once import Replayed, replay
from bot.replay import Pace, open_source
from bot.store.database import opened

RECORDING = "2025-12_2026-03_btc_eth_sol.jsonl.gz"
FLUSHES = ("2026-01-19-BTC-1", "2026-01-31-BTC-2", "2026-02-05-BTC-1")
COMMAND = "python -m tests.aftermath.chains RECORDING docs/january-and-february-2026.md"
TITLE = "# January and February 2026"
INTRODUCTION = f"""Three flushes of the recorded winter with everything that Flushwatch said about them, from the card
to +72 h. Nobody wrote this page: `{COMMAND}` plays the recording through the bot, from December on as it would
have run, and writes down what was posted, with the [rules](post-mortem.md) and inputs of each reading. A channel with
default settings heard it. Every line was said with what was known at its own time, so a later line may know better."""
MINOR = """A minor flush posts at +4 h and +24 h alone; the readings of its other checkpoints go to the card, and are
kept and shown here all the same."""


async def play_winter(recording: Path, database: Path) -> list[Kept]:
    """The flushes, from the recording played to its end into one channel."""
    source = open_source(str(recording))
    await replay(Replayed(source, database, Pace(None), "en"), SilentTransport())
    async with opened(database) as store:
        return await store.run(lambda db: [load_kept(db, id_) for id_ in FLUSHES])


async def page(found: list[Kept]) -> str:
    """The page as Markdown: the readings at a glance, then each flush in full."""
    wording = Wording("en", strict=True)
    parts = [TITLE, _one_line(INTRODUCTION), _one_line(MINOR), "\n".join(_table(found, wording))]
    parts += [markdown(await spoken(document_of(kept), wording, None), level=2).strip() for kept in found]
    return "\n\n".join(parts) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(found: list[Kept], wording: Wording) -> Iterator[str]:
    yield f"| | {' | '.join(kept.episode.id for kept in found)} |"
    yield "| --- " * (len(found) + 1) + "|"
    yield f"| peak | {' | '.join(_peak(kept.episode) for kept in found)} |"
    for step in CHECKPOINTS:
        yield f"| +{step} | {' | '.join(_cell(kept, step, wording) for kept in found)} |"
    for box in ("reload", "propped", "support"):
        yield f"| {box} tripped | {' | '.join(_tripped(kept, box) for kept in found)} |"


def _peak(episode: Episode) -> str:
    return f"{episode.peak_score:.0f}/100 ({episode.band.upper()}), {episode.scope}"


def _cell(kept: Kept, step: str, wording: Wording) -> str:
    """The reading, and whether it was posted."""
    verdict = reports_of(kept)[step].verdict
    told = "no reading yet" if verdict is None else plain(wording.text(verdict_phrase(verdict)))
    return told if step in kept.messages else f"{told}; on the card only"


def _tripped(kept: Kept, box: str) -> str:
    """After how many hours, counted from where follow-ups count."""
    boxes = reports_of(kept)["72h"].invalidation
    tripped_ms = None if boxes is None else {str(name): at.tripped_ms for name, at in boxes.boxes.items()}[box]
    if tripped_ms is None:
        return "no"
    return f"+{(tripped_ms - (kept.episode.anchor_ms or 0)) / 3_600_000:g} h"


def reports_of(kept: Kept) -> dict[str, Report]:
    """The kept reports by step."""
    return {row.step: read_report(row) for row in kept.reports}


def main(recording: Path, target: Path) -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(play_winter(recording, Path(folder) / "winter.db"))
    target.write_text(asyncio.run(page(found)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
