"""Charts as PNG, drawn by one worker process, so that neither Matplotlib's memory nor its time is the program's."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

import msgspec

import bot
from bot.chat import chart_series
from bot.chat.chart_frames import (
    LENGTH_BYTES,
    Answer,
    Captions,
    Drawing,
    Line,
    Mark,
    Picture,
    Ready,
    Refusal,
    Shade,
    Theme,
    Venue,
    pack,
)
from bot.chat.wording import Wording
from bot.errors import ChartError
from bot.message import ChartRequest, Moment, Phrase, Span

START_LIMIT_S = 60.0  # the first start on a machine builds Matplotlib's list of fonts
DRAW_LIMIT_S = 10.0
STOP_LIMIT_S = 2.0
ANSWERS: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
LOST = (ConnectionError, asyncio.IncompleteReadError)


class ChartWorker:
    """Draws one chart after the other in a process of its own, which is started again when it is lost."""

    def __init__(self, draw_limit_s: float = DRAW_LIMIT_S) -> None:
        self._draw_limit_s = draw_limit_s
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Process id of the running worker."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the worker and wait until it can draw; raises `ChartError` when it cannot."""
        async with self._turn:
            try:
                await self._running()
            except LOST as error:
                raise ChartError("the chart worker does not start") from error

    async def stop(self) -> None:
        """Let the worker end; idempotent."""
        async with self._turn:
            process, self._process = self._process, None
            if process is None or process.stdin is None:
                return
            process.stdin.close()
            try:
                async with asyncio.timeout(STOP_LIMIT_S):
                    await process.wait()
            except TimeoutError:
                await _kill(process)

    async def draw(self, request: ChartRequest, wording: Wording, theme: Theme, note: str | None = None) -> bytes:
        """A PNG of the request in a language and theme; `note` is the mark of origin, small in a corner.

        Raises `ChartError` when the request cannot be drawn, takes longer than the limit, or costs two workers.
        """
        frame = pack(drawing_of(request, wording, theme, note))
        async with self._turn:
            try:
                answer = await self._ask(frame)
            except LOST:
                answer = await self._ask_once_more(frame)
        match answer:
            case Picture(png):
                return png
            case Refusal(reason):
                raise ChartError(reason)
            case Ready():
                raise ChartError("the chart worker answered out of turn")

    async def _ask(self, frame: bytes) -> Answer:
        return await self._exchange(await self._running(), frame, self._draw_limit_s)

    async def _ask_once_more(self, frame: bytes) -> Answer:
        try:
            return await self._ask(frame)
        except LOST as error:
            raise ChartError("the chart worker died twice over one chart") from error

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.chat.chart_worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=2**22,
                cwd=Path(bot.__file__).parent.parent,  # where -m finds the program, installed or not
                process_group=0,  # Ctrl-C is for the program, which then lets the worker end
            )
            await self._exchange(self._process, b"", START_LIMIT_S)
        return self._process

    async def _exchange(self, process: asyncio.subprocess.Process, frame: bytes, limit_s: float) -> Answer:
        """Write a frame and read one answer; a worker left with an answer that nobody waits for is ended."""
        try:
            async with asyncio.timeout(limit_s):
                return await _write_and_read(process, frame)
        except TimeoutError as error:
            await self._discard(process)
            raise ChartError(f"no chart within {limit_s:g} s") from error
        except (*LOST, asyncio.CancelledError):
            await self._discard(process)
            raise

    async def _discard(self, process: asyncio.subprocess.Process) -> None:
        self._process = None
        await _kill(process)


def drawing_of(request: ChartRequest, wording: Wording, theme: Theme, note: str | None) -> Drawing:
    """The request with all its texts in the language of `wording`."""
    return Drawing(
        title=wording.text(request.title),
        note=note or "",
        captions=_captions(request, wording),
        language=wording.language,
        theme=theme,
        times_ms=request.times_ms,
        price=request.price,
        long_usd=request.long_usd,
        short_usd=request.short_usd,
        open_interest=request.open_interest,
        window_ms=request.window_ms,
        lines=tuple(Line(line.price, wording.text(line.label), line.strength) for line in request.lines),
        marks=tuple(Mark(mark.at_ms, wording.text(mark.label), mark.tick) for mark in request.marks),
        funding=request.funding,
        form=request.form,
        shades=tuple(Shade(shade.price, shade.side, shade.strength) for shade in request.shades),
        venues=tuple(Venue(venue.name.text, venue.values) for venue in request.venues),
    )


def _captions(request: ChartRequest, wording: Wording) -> Captions:
    """The words around the panels, of every form."""
    told = [
        time
        for time, *sides in zip(request.times_ms, request.long_usd, request.short_usd, strict=False)
        if any(side is not None for side in sides)
    ]
    bar_ms = chart_series.cadence_ms(told)
    return Captions(
        price=wording.text(Phrase("chart-price")),
        longs=wording.text(Phrase("chart-liquidations-long")),
        shorts=wording.text(Phrase("chart-liquidations-short")),
        span=wording.text(Phrase("chart-liquidations-span", {"span": Span(bar_ms)})) if bar_ms else "",
        open_interest=wording.text(Phrase("chart-open-interest")),
        no_data=wording.text(Phrase("chart-no-data")),
        zone=wording.text(Phrase("chart-utc", {"date": Moment(request.times_ms[-1], "date")}))
        if request.times_ms
        else "",
        funding=wording.text(Phrase("chart-funding")),
        model=wording.text(Phrase("chart-model")),
        venues=wording.text(Phrase("chart-venues")),
        heat=wording.text(Phrase("chart-heat")),
    )


async def _write_and_read(process: asyncio.subprocess.Process, frame: bytes) -> Answer:
    if process.stdin is None or process.stdout is None:
        raise ChartError("the chart worker has no pipes")
    process.stdin.write(frame)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES), "big")
    return ANSWERS.decode(await process.stdout.readexactly(length))


async def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
        process.kill()
    await process.wait()
