"""Where the ticks of a chart stand and what is written there, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from babel import Locale

from bot.chat import numbers

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
STEPS_MS = (
    *(minutes * MINUTE_MS for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * HOUR_MS for hours in (1, 2, 3, 4, 6, 12)),
    *(days * DAY_MS for days in (1, 2, 3, 7, 14, 30, 60, 120, 365)),
)
MOST_TICKS = 7
COMPACT_FROM = 1_000_000


def time_ticks(start_ms: int, end_ms: int, locale: Locale, most: int = MOST_TICKS) -> list[tuple[int, str]]:
    """Round UTC times within a chart: the hour, or the day where one begins."""
    step = next((step for step in STEPS_MS if (end_ms - start_ms) / step <= most), STEPS_MS[-1])
    first = -(-start_ms // step) * step
    return [(ms, _time_label(ms, locale)) for ms in range(first, end_ms + 1, step)]


def price_labels(prices: Sequence[float], locale: Locale) -> list[str]:
    """Prices with just as many decimals as it takes to tell them apart and to write them exactly."""
    return _exact(prices, lambda price, digits: numbers.fixed(price, digits, locale))


def amount_labels(amounts: Sequence[float], locale: Locale) -> list[str]:
    """Amounts of coins, shortened from a million on."""
    if max(map(abs, amounts), default=0.0) < COMPACT_FROM:
        return price_labels(amounts, locale)
    return [numbers.compact(round(abs(amount), 6), locale) for amount in amounts]


def usd_labels(amounts: Sequence[float], locale: Locale) -> list[str]:
    """Dollars to both sides of zero, without sign: the side is said by the direction."""
    return [numbers.usd(abs(amount), locale) for amount in amounts]


def _time_label(ms: int, locale: Locale) -> str:
    return numbers.short_date(ms, locale) if ms % DAY_MS == 0 else numbers.clock(ms)


def _exact(values: Sequence[float], write: Callable[[float, int], str]) -> list[str]:
    scale = max(map(abs, values), default=0.0)
    digits = next(
        (n for n in range(18) if all(abs(round(value, n) - value) <= 1e-9 * scale for value in values)),
        18,
    )
    return [write(value, digits) for value in values]
