"""What leaves the program as a log line, a warning or a trace, without the secrets that libraries put there.

httpx logs Telegram's token with every address; traces and DEBUG lines hold the tokens of interactions and webhooks.
They are replaced in the finished text, because no filter sees the text of an exception or the lines of every logger.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.logging import RichHandler

if TYPE_CHECKING:
    from rich.console import Console

_log = logging.getLogger(__name__)

QUOTE = r"\\{0,8}['\"]"  # as JSON, as Python, or as either inside another string
SAYS = rf"(?:{QUOTE}\s*[:,=]|\s*[:=])\s*"  # between a name and its value

# Each: what a secret looks like, and what stands in its place. Shapes: Telegram's is the bot's id, a colon and 35
# characters; Discord's are three parts of base64 with dots, the first the bot's id; tokens of interactions begin with
# the base64 of "interaction:". Lengths are lower than the real ones, so that a token that was cut still counts.
SECRETS = tuple(
    (re.compile(shape, re.ASCII | re.IGNORECASE), instead)
    for shape, instead in (
        (rf"(\bauthorization{SAYS}(?:b?{QUOTE})?+)(?:(?:bot|bearer|basic)\s+)?[^\s'\"\\,;)\]}}<]+", r"\1<secret>"),
        (rf"({QUOTE}(?:\w+_)?token{QUOTE}\s*:\s*{QUOTE})[^'\"\\]+", r"\1<token>"),
        (r"(\b(?:\w+_)?token=['\"]?)[\w.:%-]{20,}", r"\1<token>"),
        (r"(\btoken `)[^`]+", r"\1<token>"),  # as python-telegram-bot says that one was rejected
        (r"(/(?:webhooks|interactions)/\d+/)[\w.=%-]{20,}", r"\1<token>"),
        (r"(?<![\w-])aW50ZXJhY3Rpb246[\w=-]{20,}", "<interaction-token>"),
        (r"(\bapi\.telegram\.org/(?:file/)?bot)[^/\s'\"]+", r"\1<telegram-token>"),
        (r"(/bot)(?:\d+(?::|%3A)[^/\s'\"]+|[^/\s'\"?#]{20,})", r"\1<telegram-token>"),
        (r"(?<!\d)\d{6,12}(?::|%3A)[\w-]{20,}", "<telegram-token>"),
        (r"(?<![\w-])[\w-]{23,}\.[\w-]{6}\.[\w-]{27,}", "<discord-token>"),
    )
)  # fmt: skip


def redact(text: str) -> str:
    """`text` with a word such as `<discord-token>` in place of each secret; text without one stays as it is."""
    for shape, instead in SECRETS:
        text = shape.sub(instead, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats as `logging.Formatter` does, trace included, and redacts what came out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to write; one whose arguments do not fit is still written, instead of failing its caller."""
        try:
            return redact(super().format(record))
        except (TypeError, ValueError, KeyError):
            return redact(f"{record.msg} {record.args!r}")


def start_logging(level: str, console: Console) -> None:
    """Write lines of `level` (a name such as "info") and above to `console`, redacted, and uncaught errors as well.

    Called again it replaces what it set up before. The lines of httpx, httpcore and apscheduler begin at WARNING.
    """
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler.formatter, RedactingFormatter)]:
        root.removeHandler(handler)
    root.addHandler(_handler(console))
    root.setLevel(level.upper())
    for name in ("httpx", "httpcore", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # otherwise a handler that cannot write prints the record as it was
    sys.excepthook = _tell_uncaught
    threading.excepthook = _tell_uncaught_in_thread
    sys.unraisablehook = _tell_unraisable


def _handler(console: Console) -> logging.Handler:
    """Colours and short times for a person; whole lines with the moment in UTC for what reads them later."""
    if console.is_terminal:
        handler: logging.Handler = RichHandler(console=console, show_path=False)
        handler.setFormatter(RedactingFormatter("%(message)s"))
        return handler
    handler = logging.StreamHandler(console.file)
    formatter = RedactingFormatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    return handler


@contextmanager
def only_warnings() -> Iterator[None]:
    """Inside, no logger says less than a WARNING: what is told line by line stays together."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


def _tell_uncaught(kind: type[BaseException], error: BaseException, _: object) -> None:
    # asyncio needs no hook of its own: it logs what no task catches, and `asyncio.run` raises the rest to here
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("Ended by an error", exc_info=error)


def _tell_uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_type is not SystemExit:
        _log.error("A thread was ended by an error", exc_info=told.exc_value)


def _tell_unraisable(told: sys.UnraisableHookArgs) -> None:
    _log.error("An error where none can be raised, in %r", told.object, exc_info=told.exc_value)
