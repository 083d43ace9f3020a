"""Settings for so many posts a week: a few candidates, from the most to the least, each tried on what was kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import msgspec

from bot.alerts.preview import Preview
from bot.alerts.settings import ChannelSettings

BANDS = (
    ("flush", "flush"),
    ("flush", "severe"),
    ("flush", "extreme"),
    ("flush", "never"),
    ("severe", "severe"),
    ("severe", "extreme"),
    ("severe", "never"),
    ("extreme", "extreme"),
    ("extreme", "never"),
)
"""Of the channel's coins and of all others: others are never told of sooner than one's own."""
LEAST_USD = (1e5, 1e6, 5e6, 2e7, 1e8)


def candidates(settings: ChannelSettings) -> Iterator[ChannelSettings]:
    """The settings as they are, then every pair of bands with every least amount; the rest stays the channel's."""
    yield settings
    for (smallest, others), usd in product(BANDS, LEAST_USD):
        yield msgspec.structs.replace(settings, smallest_band=smallest, others_band=others, smallest_usd=usd)


def quieter(settings: ChannelSettings) -> Iterator[ChannelSettings]:
    """The same without posts of derivatives-led days, for targets that none of `candidates` is within."""
    if settings.derivatives_day != "off":
        yield from candidates(msgspec.structs.replace(settings, derivatives_day="off"))


def choose(tried: list[tuple[ChannelSettings, Preview]], a_week: float) -> tuple[ChannelSettings, Preview]:
    """The candidate with the most posts within `a_week`, else the one with the fewest; the first of equals.

    Of equals what stands is best, then what comes first in `candidates`, then in `quieter`.
    """
    within = [pair for pair in tried if pair[1].a_week <= a_week]
    if within:
        return max(within, key=lambda pair: len(pair[1].posts))
    return min(tried, key=lambda pair: len(pair[1].posts))
