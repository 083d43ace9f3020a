"""What the tests of venues share: fixtures by name, and facts as plain values beside those worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.market.venues.venue import Parsed

FIXTURES = Path(__file__).parent / "fixtures"

RUBBISH = (b"", b"<html><body>403</body></html>", b'{"code":"0","da', b"\xff\xfe", b"17", b"null", b"[" * 20_000)
"""Bodies that cannot be read at all, whatever the venue."""

BAD_NUMBERS: tuple[object, ...] = ("NaN", "Infinity", "1e308", "-3", "0x10", "abc", True, [], {}, -3.0, 1e308)
"""Values that no price can have."""


def name_of(parse: object) -> str:
    """A parser's name for the list of tests; one with its span filled in has none of its own."""
    return str(getattr(parse, "__name__", "parse_candles"))


def sample(name: str) -> bytes:
    """A fixture, as it came: "okx/liquidation_long"."""
    return (FIXTURES / f"{name}.json").read_bytes()


def changed(name: str, change: Callable[[Any], None]) -> bytes:
    """A fixture in which `change` has spoilt something."""
    body = msgspec.json.decode(sample(name))
    change(body)
    return msgspec.json.encode(body)


def facts(parsed: Parsed) -> list[dict[str, Any]]:
    """The facts of an answer as plain values; that none was refused is part of it."""
    assert not parsed.refused
    return [msgspec.to_builtins(fact) for fact in parsed.facts]


def near(**fields: Any) -> Any:
    """A fact worked out by hand; numbers may differ by rounding."""
    return {
        name: pytest.approx(value, rel=1e-12, abs=0) if isinstance(value, float) else value
        for name, value in fields.items()
    }
