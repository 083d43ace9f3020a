"""The command line as it is typed, in this process: a process of its own costs a second or two before it begins."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.config import PREFIX


class Typed(NamedTuple):
    """What a command ended with, and what it wrote to each of its two streams."""

    code: int
    out: str
    err: str


@contextlib.contextmanager
def own_logging() -> Iterator[None]:
    """The process's logging and what it does with uncaught errors are put back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with pytest.MonkeyPatch.context() as patched:
        for place, name in (
            (logging, "raiseExceptions"),
            (sys, "excepthook"),
            (sys, "unraisablehook"),
            (threading, "excepthook"),
        ):
            patched.setattr(place, name, getattr(place, name))
        try:
            yield
        finally:
            logging.captureWarnings(capture=False)
            root.handlers[:], root.level = handlers, level
            for library in ("httpx", "httpcore", "apscheduler"):
                logging.getLogger(library).setLevel(logging.NOTSET)


def typed(folder: Path, *words: str, **settings: str) -> Typed:
    """A command in a folder that is its home as well, with these settings and none else."""
    others = {name: None for name in os.environ if name.startswith(PREFIX)}
    own = {PREFIX + name.upper(): value for name, value in settings.items()}
    with contextlib.chdir(folder), own_logging():
        ended = CliRunner().invoke(app, words, env={"HOME": str(folder)} | others | own)
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return Typed(ended.exit_code, ended.stdout, ended.stderr)
