"""The log: no secret comes out of it by any way, and everything else comes out as it went in."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.logging import RichHandler

from bot.logs import RedactingFormatter, redact, start_logging
from tests.typed import own_logging

TELEGRAM = "1234567890:AAFakeFakeFakeFake-Fake_FakeFakeFake42"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDe.fake-fake_fakefakefakefakefakefakefake"
WEBHOOK = "Fake-Webhook_Token" * 3 + "42"
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OmZha2VmYWtlZmFrZWZha2U"
ODD = "Not_of_any.known~shape+at:all"
SECRETS = (TELEGRAM, DISCORD, WEBHOOK, INTERACTION, ODD)

LEAKS = {
    "telegram": f"token {TELEGRAM} is in use elsewhere",
    "telegram address": f'HTTP Request: POST https://api.telegram.org/bot{TELEGRAM}/getMe "HTTP/1.1 200 OK"',
    "telegram file": f"https://api.telegram.org/file/bot{TELEGRAM}/photos/file_0.jpg",
    "telegram fake": f"http://127.0.0.1:8080/bot{TELEGRAM}/sendMessage",
    "telegram escaped": f"https://api.telegram.org/bot{TELEGRAM.replace(':', '%3A')}/getMe",
    "telegram glued": f"_{TELEGRAM}_",
    "telegram odd": f"https://api.telegram.org/bot{ODD}/getMe",
    "telegram odd fake": f"http://127.0.0.1:8080/bot{ODD}/getMe",
    "telegram rejected": f"The token `{ODD}` was rejected by the server.",
    "discord": f"logging in with {DISCORD}.",
    "discord glued": f"x{DISCORD}x",
    "webhook": f"https://discord.com/api/v10/webhooks/123456789012345678/{WEBHOOK}/messages/@original?wait=true",
    "callback": f"POST /api/v10/interactions/123456789012345678/{INTERACTION}/callback",
    "interaction": f"<Interaction {INTERACTION}>",
    "json": json.dumps({"op": 2, "d": {"token": ODD, "intents": 1}}),
    "json in json": json.dumps(json.dumps({"op": 2, "d": {"token": ODD, "intents": 1}})),
    "json of another name": json.dumps({"secret_token": ODD}),
    "python": repr({"token": ODD, "seq": 3}),
    "argument": f"Client(token='{DISCORD}')",
    "form": f"secret_token={WEBHOOK}&url=x",
    "header": f"Authorization: Bot {ODD}",
    "header of python": repr({"Authorization": f"Bot {ODD}", "X": "1"}),
    "header as a pair": repr([("authorization", f"Bearer {ODD}")]),
    "header as bytes": repr([(b"Authorization", f"Bot {ODD}".encode())]),
    "header of json": json.dumps({"Authorization": ODD}),
}


def shown(text: str) -> str:
    """A text without the line ends and blanks at which a console may have folded it."""
    return re.sub(r"\s+", "", text)


def leaked(text: str) -> list[str]:
    """The secrets of which a text holds the telling part."""
    return [secret for secret in SECRETS if secret[-12:] in shown(text) or secret[:20] in shown(text)]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a log at DEBUG has written; the process's own logging is put back afterwards."""
    text = io.StringIO()
    with own_logging():
        start_logging("debug", Console(file=text, width=120))
        yield text


def in_arguments(log: logging.Logger, text: str) -> None:
    """The text as an argument, alone and inside others."""
    log.debug("%s", text)
    log.debug("%r and %r", {"inside": [text]}, SimpleNamespace(text=text))
    log.debug("%(text)s", {"text": text})


def in_misfits(log: logging.Logger, text: str) -> None:
    """The text as an argument that its line has no place for."""
    log.debug("%d of them", text)
    log.debug("none", text)  # noqa: PLE1205 -- the misfit is what is tested


def in_a_trace(log: logging.Logger, text: str) -> None:
    """The text in an exception that another one follows."""
    try:
        try:
            raise ValueError(text)
        except ValueError as error:
            raise RuntimeError("it failed") from error
    except RuntimeError:
        log.exception("here is why")


def in_a_group(log: logging.Logger, text: str) -> None:
    """The text in an exception of a group, and in a note."""
    cause = ValueError(text)
    cause.add_note(f"note: {text}")
    log.error("several", exc_info=ExceptionGroup("several", [cause, TypeError("other")]))


def in_a_stack(log: logging.Logger, text: str) -> None:
    """The text beside a stack."""
    log.warning(text, stack_info=True)


@pytest.mark.parametrize("tell", [in_arguments, in_misfits, in_a_trace, in_a_group, in_a_stack])
@pytest.mark.parametrize("name", ["", "bot.app", "discord.gateway", "telegram.ext.ExtBot"])
@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_no_secret_is_logged(
    written: io.StringIO, tell: Callable[[logging.Logger, str], None], name: str, text: str
) -> None:
    """Whichever logger says it and however, a token of any shape does not come out, and the line does."""
    tell(logging.getLogger(name), text)
    assert written.getvalue().strip()
    assert leaked(written.getvalue()) == []


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_every_leak_would_be_seen(text: str) -> None:
    """The texts above do hold a secret, and what stands in its place is left alone the second time."""
    seen = leaked(text.replace("%3A", ":"))
    assert seen
    assert redact(redact(text)) == redact(text)
    assert leaked(redact(text)) == []


def test_warnings_are_redacted(written: io.StringIO) -> None:
    """A warning becomes a line of the log."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)  # again, because the context above has put the usual way back
        warnings.warn(f"{DISCORD} is deprecated", UserWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "deprecated" in written.getvalue()
    assert leaked(written.getvalue()) == []


def test_what_nobody_catches_is_redacted(written: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    """An error that ends the program, a thread or a destructor is written once, redacted, with its trace."""

    def fail() -> None:
        raise RuntimeError(LEAKS["telegram address"])

    class Failing:
        def __del__(self) -> None:
            fail()

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    failing = Failing()
    del failing
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert written.getvalue().count("RuntimeError: ") == 3
    assert written.getvalue().count("Traceback") == 3
    assert leaked(written.getvalue() + "".join(capfd.readouterr())) == []


def test_an_interrupt_is_no_error(written: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends the program without a trace."""
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert (written.getvalue(), *capfd.readouterr()) == ("", "", "")


async def test_what_no_task_catches_is_redacted(written: io.StringIO) -> None:
    """An error in a callback of the loop is written by asyncio, redacted."""

    def fail() -> None:
        raise RuntimeError(LEAKS["header"])

    asyncio.get_running_loop().call_soon(fail)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "RuntimeError" in written.getvalue()
    assert leaked(written.getvalue()) == []


def test_addresses_are_not_logged_by_httpx(written: io.StringIO) -> None:
    """The lines of httpx and httpcore about each request do not appear, warnings of theirs do."""
    for name in ("httpx", "httpcore.connection"):
        logging.getLogger(name).info("request")
        logging.getLogger(name).warning("trouble")
    assert "request" not in written.getvalue()
    assert written.getvalue().count("trouble") == 2


def test_there_is_one_handler(written: io.StringIO) -> None:
    """Starting twice writes each line once, with the level of the second start."""
    start_logging("warning", Console(file=written, width=120))
    logging.getLogger("bot").info("low")
    logging.getLogger("bot").warning("high")
    ours = [handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, RedactingFormatter)]
    assert len(ours) == 1
    assert (written.getvalue().count("low"), written.getvalue().count("high")) == (0, 1)


def test_a_file_has_whole_lines_with_their_moment(written: io.StringIO) -> None:
    """What is not read by a person at a terminal is one event a line, however long, with its time in UTC."""
    written.truncate(0)
    logging.getLogger("bot").warning("binance: %s", "word " * 60)
    (line,) = [line for line in written.getvalue().splitlines() if "binance" in line]
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING binance: (word ){60}", line)
    at = datetime.fromisoformat(line.strip("\0").partition("Z")[0] + "+00:00")
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)


def test_a_terminal_has_colours() -> None:
    """A person at a terminal gets the lines of Rich."""
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        start_logging("info", Console(file=io.StringIO(), force_terminal=True))
        assert any(isinstance(handler, RichHandler) for handler in root.handlers)
    finally:
        root.handlers[:] = before


def test_a_console_that_fails_shows_no_record(written: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    """When a line cannot be written, logging's own complaint does not print the record as it was."""
    written.close()
    logging.getLogger("bot").error("%s", DISCORD)
    assert leaked("".join(capfd.readouterr())) == []


ORDINARY = st.one_of(
    st.text(),
    st.integers(0, 2**64).map(str),
    st.integers(0, 2**63).map(lambda number: f"<#{number}> <@&{number}> /channels/{number}/messages/{number}"),
    st.floats(allow_nan=False).map(lambda price: f"price {price:,.8f} ({price:+.2%})"),
    st.datetimes().map(str),
    st.ip_addresses().map(lambda address: f"http://{address}:8080/bot/status"),
    st.sampled_from(
        [
            "https://fapi.binance.com/fapi/v1/openInterest?symbol=BTCUSDT",
            "https://core.telegram.org/bots/api#sendmessage",
            "https://cdn.discordapp.com/attachments/123456789012345678/123456789012345678/chart.png",
            'File "/home/user/flushwatch/bot/chat/web/server.py", line 12, in _authorization_of_members',
            "POST /api/v10/webhooks/123456789012345678/ and /interactions/123456789012345678/callback",
            "FLUSHWATCH_DISCORD_TOKEN does not hold the token alone: one line, without spaces.",
            "authorization is missing, token is not set; token=None, token: str | None",
            "discord.app_commands.errors.CommandInvokeError in discord.client",
            "2026-02-05T16:00:00.000000+00:00 BTC 1768780800000:1768784400000",
            "message 4f1c0f9a-6b0e-4a39-8f0b-0d6b5d1a2c3e sha256:0123456789abcdef0123456789abcdef",
            "1m:BTC-USDT-SWAP 123456:BTC-USDT-SWAP",
        ]
    ),
)


@given(st.lists(ORDINARY, max_size=8).map(" ".join))
def test_text_without_a_secret_stays_as_it_is(text: str) -> None:
    """Prices, ids, moments, addresses and any other text pass unchanged."""
    assert redact(text) == text


def test_our_own_words_stay_as_they_are(root: Path) -> None:
    """Nothing in the locales and documents is taken for a secret."""
    files = [*root.glob("locales/*/*.ftl"), *root.glob("docs/*.md"), root / "README.md", root / ".env.example"]
    texts = [path.read_text(encoding="utf-8") for path in files]
    assert len(texts) > 10
    assert [redact(text) for text in texts] == texts
