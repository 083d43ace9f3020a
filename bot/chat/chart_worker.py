"""The process that draws: reads drawings from standard input, answers on standard output, ends when input ends.

Started by `bot.chat.charts` as `python -m bot.chat.chart_worker`. When the program dies in any way, the operating
system closes the pipe and this process goes with it.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import BinaryIO

import msgspec

from bot.chat.chart_frames import LENGTH_BYTES, Answer, Drawing, Picture, Ready, Refusal, pack
from bot.chat.chart_picture import draw
from bot.errors import ChartError

_log = logging.getLogger(__name__)


def main() -> None:
    """Draw until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not get between the frames
    try:
        gc.freeze()  # what the imports made stays; looking through it after every chart would cost 60 ms
        _send(answers, Ready())
        while head := sys.stdin.buffer.read(LENGTH_BYTES):
            _send(answers, answer(sys.stdin.buffer.read(int.from_bytes(head, "big"))))
            gc.collect()  # a figure is full of cycles: without this the process grows by a third
    except BrokenPipeError:
        return  # the program went away while we drew for it


def answer(body: bytes) -> Answer:
    """A picture, or why there is none."""
    try:
        return Picture(draw(msgspec.msgpack.decode(body, type=Drawing)))
    except ChartError as error:
        return Refusal(str(error))
    except Exception as error:  # noqa: BLE001 -- one chart that Matplotlib cannot take must not cost the worker
        _log.exception("a chart could not be drawn")
        return Refusal(f"{type(error).__name__}: {error}")


def _send(answers: BinaryIO, value: Answer) -> None:
    answers.write(pack(value))
    answers.flush()


if __name__ == "__main__":
    main()
