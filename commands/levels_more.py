"""What /levels says only when asked: how first touches ended, and where a model puts liquidations."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.levels.bars import quarters_of
from bot.levels.liquidation_bands import Band, Side, estimate, interest_of, strongest
from bot.levels.touches import LEAST_TOUCHES, Held, hold_rates, walk
from bot.market.view import CoinView, Slots
from bot.message import ChartShade, Count, Number, Percent, Phrase, Phrases, Price, Row
from commands.phrases import muted, say

SIDES: tuple[tuple[Side, str], ...] = (("short", "levels-model-shorts"), ("long", "levels-model-longs"))


async def model_rows(view: CoinView, slots: Slots | None) -> list[Row]:
    """The strongest bands of shorts above and of longs below, and that they are a model; or that none can be had."""
    bands = estimate(interest_of(slots)) if slots else []
    if not bands or view.price is None:
        return [Row(say("levels-model-unknown"))]
    rows = []
    for side, key in SIDES:
        shown = strongest(bands, side)
        if shown:
            rows.append(Row(say(key, bands=Phrases(tuple(_band(band, view.price) for band in shown), "list"))))
    return [*rows, muted("levels-model-note")]


def shades(view: CoinView, slots: Slots | None) -> tuple[ChartShade, ...]:
    """Every band of the model ahead of the price, for the chart."""
    bands = estimate(interest_of(slots)) if slots else []
    return tuple(ChartShade(band.price, band.side, band.intensity) for band in bands if view.price is not None)


def _band(band: Band, price: float) -> Phrase:
    away = Percent(band.price / price - 1, signed=True)
    return say("levels-model-band", price=Price(band.price), away=away, intensity=Number(band.intensity, 2))


async def touch_rows(view: CoinView, slots: Slots | None) -> list[Row]:
    """How many first touches held, of all levels and of each family touched often enough; or how many are missing.

    Beside it stands what became of places that are no levels: without that, a rate says nothing.
    """
    touches = []
    if slots is not None and view.hours is not None:
        for touch in walk(view.hours, quarters_of(slots), view.as_of_ms, view.flush_extremes):
            touches.append(touch)
            await asyncio.sleep(0)  # every day of the past takes as long as an answer
    rates = hold_rates(touches)
    mirrored = rates.pop("mirrored", Held(0, 0))
    often = [(name, rate) for name, rate in rates.items() if rate.touched >= LEAST_TOUCHES]
    if not often or mirrored.touched < LEAST_TOUCHES:
        touched = min(rates.get("all", mirrored).touched, mirrored.touched)
        return [Row(say("levels-touches-few", touched=Count(touched), least=Count(LEAST_TOUCHES)))]
    parts = tuple(_share(name, rate) for name, rate in often)
    told = say("levels-touches", rates=Phrases(parts, "list"), mirrored=_share("mirrored", mirrored))
    return [Row(told), muted("levels-touches-note")]


def _share(family: str, rate: Held) -> Phrase:
    return say(
        "levels-touches-of", family=say(f"level-family-{family}"), held=Count(rate.held), touched=Count(rate.touched)
    )


MORE: dict[str, Callable[[CoinView, Slots | None], Awaitable[list[Row]]]] = {
    "touches": touch_rows,
    "model": model_rows,
}
