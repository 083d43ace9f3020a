"""Which coin a person means: one that is known, by the names that exchanges and people give it, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from rapidfuzz import fuzz, process

from bot.errors import UserError
from bot.message import Count, Name, Value

SUGGESTIONS = 3
LEAST_LIKENESS = 60.0
"""In percent. One wrong letter of three is 67; SOL for "model", two letters of eight alike, would be 50."""
LONGEST_NAME = 24

_PAIR = re.compile(r"[-_/:]?(?:USDT|USDC|USD|PERP|SWAP)(?:[-_:]?(?:USDT|PERP|SWAP))?$")
_MULTIPLIER = re.compile(r"^(?:10{3,}|1M(?=[A-Z]{3})|k(?=[A-Z]))")


def find_coin(typed: str, known: Collection[str]) -> str:
    """The known coin that was meant by BTC, btcusdt, 1000PEPE or kPEPE.

    Raises `UserError` with the nearest names when there is none.
    """
    exact = next(_readings(typed[:LONGEST_NAME]))
    if exact in known:  # as most of what is typed, and the others need not be looked at
        return exact
    by_plain = {_without_multiplier(coin): coin for coin in known} | {coin.upper(): coin for coin in known}
    for name in _readings(typed[:LONGEST_NAME]):
        if name and name in by_plain:
            return by_plain[name]
    raise _unknown(typed, known)


def _readings(typed: str) -> Iterator[str]:
    """The name as typed, then without the quote currency, then without the multiplier."""
    name = typed.strip().lstrip("$").upper()
    pairless = _PAIR.sub("", name)
    for reading in (name, pairless):
        yield reading
        yield _without_multiplier(reading)
    yield pairless.removeprefix("K")


def _without_multiplier(coin: str) -> str:
    """1000PEPE, 1MPEPE and kPEPE are PEPE by the thousand or million; a capital K may begin any name."""
    return _MULTIPLIER.sub("", coin).upper()


def _unknown(typed: str, known: Collection[str]) -> UserError:
    near = process.extract(
        typed[:LONGEST_NAME].upper(), sorted(known), scorer=fuzz.ratio, limit=SUGGESTIONS, score_cutoff=LEAST_LIKENESS
    )
    values: dict[str, Value] = {"given": Name(typed[:LONGEST_NAME])}
    if not near:
        return UserError("error-unknown-coin", **values, n=Count(len(known)))
    places = ("first", "second", "third")
    values |= {place: Name(coin) for place, (coin, _, _) in zip(places, near, strict=False)}
    return UserError(f"error-unknown-coin-near-{len(near)}", **values)
