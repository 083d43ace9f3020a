"""The chart of an episode: that of its card, with the moments by which a detector is judged; and one file for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from bot.alerts.card_chart import chart
from bot.chat.charts import ChartWorker
from bot.chat.wording import Wording
from bot.errors import ChartError, ConfigError
from bot.flush.episode import Episode
from bot.market.history import Past
from bot.message import ChartMark, ChartRequest, Phrase


def picture_of(episode: Episode, past: Past) -> ChartRequest | None:
    """Price, liquidations and open interest around an episode; None when no price of the time is known."""
    request = chart(episode, past)
    if request is None:
        return None
    moments = {
        "onset": episode.onset_ms,
        "alert": episode.alerted_ms,
        "peak": episode.peak_ms,
        "end": episode.ended_ms,
    }
    marks = tuple(ChartMark(ms, Phrase(f"chart-mark-{name}")) for name, ms in moments.items() if ms is not None)
    return msgspec.structs.replace(request, marks=marks)


def folder_of(text: str) -> Path:
    """The folder for pictures, made where it is missing; raises `ConfigError`."""
    folder = Path(text).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"--chart {text} cannot be a folder: {error.strerror or error}.") from error
    return folder


async def draw_all(
    pictures: Mapping[str, ChartRequest | None],
    folder: Path,
    wording: Wording,
    told: Callable[[int, int], None] | None = None,
) -> list[str]:
    """One PNG each, named after its episode; the ids of those that could not be drawn. `told` hears how far it is.

    Raises `ConfigError` when the folder cannot be written.
    """
    lost, worker = [], ChartWorker()
    try:
        for number, (id_, request) in enumerate(pictures.items(), start=1):
            try:
                if request is None:
                    raise ChartError("no price is known")
                png = await worker.draw(request, wording, "light")
                (folder / f"{file_name(id_)}.png").write_bytes(png)
            except ChartError:
                lost.append(id_)
            except OSError as error:
                raise ConfigError(f"{folder} cannot be written: {error.strerror or error}.") from error
            if told is not None:
                told(number, len(pictures))
    finally:
        await worker.stop()
    return lost


def file_name(id_: str) -> str:
    """The id of an episode as a file's name; a coin may be called anything."""
    return re.sub(r"[^\w.-]", "_", id_)
