"""The detector with one number moved, and recordings with something missing, for `tests.bench.sensitivity`."""

from __future__ import annotations

import heapq
import random
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import numpy as np

from bot.flush import severity
from bot.flush.episode import Band, band_of
from bot.market.facts import Bar, Fact, Funding, Liquidation, LiquidationTotal, Mark, OpenInterest
from bot.market.history import HOUR_MS

Facts = Callable[[], Iterator[Fact]]
Change = Callable[[Facts], Iterator[Fact]]
LATE_MS = 60_000
LOST_SHARE = 0.1
SEED = 7


class Default(NamedTuple):
    """A number of the detector, or several of one purpose; each by its module, its name, and its key in a table."""

    name: str
    places: tuple[str, ...]


def _of(module: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{module}.{name}" for name in names)


DEFAULTS = (
    *(Default(f"weight {letter}", _of("severity", f"WEIGHTS.{letter}")) for letter in "LPO"),
    Default("weights I, V, F", _of("severity", "WEIGHTS.I", "WEIGHTS.V", "WEIGHTS.F")),
    *(Default(f"whole share of {letter}", _of("severity", f"FULL_TIMES.{letter}")) for letter in "LPO"),
    Default("whole shares of I, V, F", _of("severity", "FULL_TIMES.V", "INTENSITY_RANGE", "FUNDING_RANGE")),
    Default("FLUSH from", _of("tracker", "OPEN_SCORE")),
    Default("price alone", _of("severity", "ALONE_TIMES", "ALONE_FLUSH_TIMES")),
    Default("price alone: volume", _of("severity", "ALONE_VOLUME_TIMES")),
    Default("move of a day", _of("severity", "DAY_TIMES")),
    Default("lasting level: sixty days", _of("baseline", "PAST_DAYS")),
    Default("level: once in three days", _of("baseline", "ONCE_MINUTES")),
    Default("level: fourteen days", _of("baseline", "KEEP_SLOTS")),
    Default("level: left out around flushes", _of("baseline", "BEFORE_SLOTS", "AFTER_SLOTS")),
    Default("level: the last hour left out", _of("baseline", "LAG_SLOTS")),
    Default("floor of open interest", _of("baseline", "LEAST_OPEN_INTEREST_FALL")),
    Default("floor of price", _of("baseline", "LEAST_MOVE")),
    Default("floors of liquidations", _of("baseline", "LEAST_LIQUIDATED_USD", "LEAST_LIQUIDATED_SHARE")),
    Default("priors", _of("baseline", "TIMES_UPPER_QUARTER", "LIQUIDATED_SHARE_5M")),
    Default("priors: first week", _of("baseline", "YOUNG_SLOTS")),
    Default("WATCH from", _of("tracker", "WATCH_SCORE")),
    Default("opens at once from", _of("tracker", "OPEN_AT_ONCE_SCORE")),
    Default("calm", _of("tracker", "CALM_MS", "CALM_SLOW_MS")),
    Default("another leg within", _of("tracker", "LEG_WITHIN_MS")),
    Default("longest", _of("tracker", "LONGEST_MS")),
    Default("new extreme", _of("member", "NEW_EXTREME")),
    Default("low confidence", _of("severity", "LOW_CONFIDENCE")),
    Default("two-sided below", _of("kind", "TWO_SIDED_DOMINANCE")),
)


def move(default: Default, factor: float) -> None:
    """Scale a default in this process, wherever the detector has it, and what is computed from it at import."""
    for place in default.places:
        _move(*place.split("."), factor=factor)
    severity.WEIGHT[:, 0] = [severity.WEIGHTS.get(name, 0.0) for name in severity.NAMES]
    severity.LOG_FULL[:, 0] = np.log([severity.FULL_TIMES.get(name, np.e) for name in severity.NAMES])


def _move(module: str, attribute: str, *keys: str, factor: float) -> None:
    before: Any = getattr(import_module(f"bot.flush.{module}"), attribute)
    if attribute == "OPEN_SCORE":
        _put("band_of", band_of, _bands_with(before * factor))
    if isinstance(before, dict):  # the same table everywhere
        before.update({key: _scaled(before[key], factor) for key in keys or before})
    else:
        _put(attribute, before, _scaled(before, factor))


def _put(name: str, before: object, after: object) -> None:
    """Replace a value in each module that has it under this name: `from` copies names."""
    for module in [one for key, one in sys.modules.items() if key.startswith("bot.")]:
        if getattr(module, name, None) is before:
            setattr(module, name, after)


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, tuple):
        return tuple(_scaled(part, factor) for part in value)
    return round(value * factor) if isinstance(value, int) else value * factor


def _bands_with(flush_from: float) -> Callable[[float], Band | None]:
    """The bands, with another edge between WATCH and FLUSH."""

    def band(score: float) -> Band | None:
        usual = band_of(score)
        if score >= flush_from:
            return "flush" if usual in (None, "watch") else usual
        return "watch" if usual == "flush" else usual

    return band


def without(*kinds: type, venue: str | None = None) -> Change:
    """All facts but these, of one venue or of all."""
    return lambda facts: (
        fact for fact in facts() if not (isinstance(fact, kinds) and venue in (None, getattr(fact, "venue", None)))
    )


def only(*kinds: type, hourly: bool = False) -> Change:
    """These facts alone; hourly: bars of an hour, and what was told at a full hour."""
    return lambda facts: (
        fact for fact in facts() if isinstance(fact, kinds) and not (hourly and (_short(fact) or fact.t % HOUR_MS))
    )


def _short(fact: Fact) -> bool:
    return isinstance(fact, Bar) and fact.span_s * 1000 != HOUR_MS


def _some_lost(facts: Facts) -> Iterator[Fact]:
    chance = random.Random(SEED)
    return (fact for fact in facts() if chance.random() >= LOST_SHARE)


def _late(venue: str) -> Change:
    """Everything of one venue becomes known a minute later."""

    def change(facts: Facts) -> Iterator[Fact]:
        rest = (fact for fact in facts() if getattr(fact, "venue", None) != venue)
        late = (
            msgspec.structs.replace(fact, t=fact.t + LATE_MS)
            for fact in facts()
            if getattr(fact, "venue", None) == venue
        )
        return heapq.merge(rest, late, key=attrgetter("t"))

    return change


def _frozen(facts: Facts) -> Iterator[Fact]:
    """Open interest stays what each venue told first."""
    first: dict[tuple[str, str], OpenInterest] = {}
    for fact in facts():
        if isinstance(fact, OpenInterest):
            told = first.setdefault((fact.venue, fact.base), fact)
            yield msgspec.structs.replace(told, t=fact.t)
        else:
            yield fact


ABLATIONS: dict[str, Change] = {
    "without liquidations": without(Liquidation, LiquidationTotal),
    "without open interest": without(OpenInterest),
    "without liquidations and open interest": without(Liquidation, LiquidationTotal, OpenInterest),
    "without bars": without(Bar),
    "without funding": without(Funding),
    "without bars of Bybit": without(Bar, venue="bybit"),
    "without bars of Binance": without(Bar, venue="binance"),
    "without open interest of Hyperliquid": without(OpenInterest, venue="hyperliquid"),
    "without open interest of Binance": without(OpenInterest, venue="binance"),
    "one fact in ten lost": _some_lost,
    "all of Binance a minute late": _late("binance"),
    "open interest frozen": _frozen,
}
CADENCES: dict[str, Change] = {
    "hourly bars": only(Bar, hourly=True),
    "hourly bars and totals": only(Bar, LiquidationTotal, hourly=True),
    "hourly bars, totals, open interest": only(Bar, LiquidationTotal, OpenInterest, hourly=True),
    "hourly marks, totals, open interest": only(Mark, LiquidationTotal, OpenInterest, hourly=True),
    "hourly marks, bars, totals, open interest": only(Mark, Bar, LiquidationTotal, OpenInterest, hourly=True),
    "marks and open interest by five minutes": only(Mark, OpenInterest),
    "marks by five minutes": only(Mark),
}
