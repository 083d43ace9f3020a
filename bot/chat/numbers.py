"""How a figure is written in a language: by Babel, with what crypto readers expect where plain Babel differs.

Inside a value stands a narrow no-break space, so that no line ends between a figure and its unit, and a real minus
sign. Every function takes a finite number and raises `ValueError` for anything else: unknown is never a figure.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
from functools import cache, lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, format_compact_decimal, format_decimal, parse_pattern

SPACE = "\u202f"
AT_LEAST = f"≥{SPACE}"
MINUS = "\u2212"
PRICE_FIGURES = 5
AMOUNT_FIGURES = 3
COMPACT_COINS = 100_000_000
KEPT_FIGURES = 10_000
GROUPED_FROM = {"es": 10_000}
"""Languages that write four digits in one, 1986,3 but 92.438: CLDR's minimumGroupingDigits, which Babel leaves out."""


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale of a language; English is the international one: 19 January 2026, no comma before "and"."""
    return Locale.parse("en_001" if language == "en" else language.replace("-", "_"))


def usd(value: float, locale: Locale, *, at_least: bool = False, exact: bool = False) -> str:
    """US dollars in three figures: $53.6M; `exact` has them all. `at_least` rounds towards zero: "≥" stays true."""
    rounding = decimal.ROUND_DOWN if at_least else decimal.ROUND_HALF_EVEN
    amount = _finite(value) if exact else _rounded(_finite(value), AMOUNT_FIGURES, rounding)
    return f"{AT_LEAST if at_least else ''}{_sign(amount)}${compact(abs(amount), locale)}"


def price(value: float, locale: Locale) -> str:
    """Five figures, whole units always complete: 92,438 · 2,106.4 · 1.42 · 0.00001234; only zero is "0"."""
    exact = _finite(value)
    amount = _rounded(exact, max(PRICE_FIGURES, exact.adjusted() + 1))
    return f"{_sign(amount)}{_plain(abs(amount), locale)}"


def coins(value: float, coin: str, locale: Locale) -> str:
    """An amount of coins: 97,429 BTC; from a hundred million on in four figures, as 1.234B DOGE."""
    if abs(value) < COMPACT_COINS:
        return f"{price(value, locale)}{SPACE}{coin}"
    amount = _rounded(_finite(value), AMOUNT_FIGURES + 1)
    return f"{_sign(amount)}{compact(abs(amount), locale)}{SPACE}{coin}"


@lru_cache(KEPT_FIGURES)  # rates and shares stand for minutes, and Babel takes longer than all else in a sentence
def fixed(value: float, digits: int, locale: Locale, *, plus: bool = False) -> str:
    """A number with exactly `digits` decimals; `plus` writes + too. What rounds to zero has no sign."""
    amount = round(_finite(value), digits)
    return f"{_sign(amount, plus=plus)}{_decimal(abs(amount), _pattern(digits, digits), locale)}"


def percent(fraction: float, digits: int, locale: Locale, *, plus: bool = False) -> str:
    """A fraction as percent: 0.012 is 1.2 %."""
    return f"{fixed(100 * fraction, digits, locale, plus=plus)}{SPACE}%"


def rate(fraction: float, hours: float, locale: Locale) -> str:
    """A funding rate with its interval: +0.0035 %/8h; four decimals, because exchanges show four."""
    return f"{percent(fraction, 4, locale, plus=True)}/{hours:g}h"


def compact(amount: float | decimal.Decimal, locale: Locale) -> str:
    """A number that is not negative, shortened from a thousand on: 53.6M, 53,6 M; decimals as they are."""
    if amount < 1000:
        return _plain(decimal.Decimal(amount), locale)
    return format_compact_decimal(amount, locale=locale, fraction_digits=6).replace("\xa0", SPACE)


def is_grouped(amount: float | decimal.Decimal, locale: Locale) -> bool:
    """Whether the thousands of a number that is not negative are set apart."""
    return amount >= GROUPED_FROM.get(locale.language, 1000)


def date(ms: int, locale: Locale) -> str:
    """The UTC day: 19 January 2026."""
    return format_date(moment(ms), "long", locale)


def short_date(ms: int, locale: Locale) -> str:
    """The UTC day without its year: 19 Jan."""
    return format_date(moment(ms), "d MMM", locale)


def written(ms: int, form: Literal["time", "date", "both", "short"], locale: Locale) -> str:
    """A moment in one of the forms of `Moment`."""
    match form:
        case "time":
            return clock(ms)
        case "date":
            return date(ms, locale)
        case "both":
            return f"{date(ms, locale)}, {clock(ms)}"
        case "short":
            return f"{short_date(ms, locale)}, {clock(ms)}"


def clock(ms: int) -> str:
    """The UTC time of day on 24 hours: 00:40."""
    return f"{moment(ms):%H:%M}"


def moment(ms: int) -> dt.datetime:
    """A UTC millisecond as aware datetime."""
    return dt.datetime.fromtimestamp(ms / 1000, tz=dt.UTC)


def _finite(value: float) -> decimal.Decimal:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a figure")
    return decimal.Decimal(repr(float(value)))


def _rounded(exact: decimal.Decimal, figures: int, rounding: str = decimal.ROUND_HALF_EVEN) -> decimal.Decimal:
    return decimal.Context(prec=figures, rounding=rounding).create_decimal(exact)


def _plain(amount: decimal.Decimal, locale: Locale) -> str:
    places = max(0, -int(amount.normalize().as_tuple().exponent))
    return _decimal(amount, _pattern(0, places), locale)


def _decimal(amount: decimal.Decimal, pattern: NumberPattern, locale: Locale) -> str:
    return format_decimal(amount, format=pattern, locale=locale, group_separator=is_grouped(amount, locale))


def _sign(amount: decimal.Decimal, *, plus: bool = False) -> str:
    if amount < 0:
        return MINUS
    return "+" if plus and amount > 0 else ""


@cache
def _pattern(least: int, most: int) -> NumberPattern:
    return parse_pattern("#,##0." + "0" * least + "#" * (most - least))
