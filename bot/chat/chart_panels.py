"""The panels of a chart: price with its levels, liquidations of both sides, open interest, funding.

Runs inside the chart worker only. Horizontal positions are UTC milliseconds.
"""

from __future__ import annotations

from babel import Locale
from matplotlib.collections import LineCollection, PolyCollection

from bot.chat import chart_series, numbers
from bot.chat.chart_axes import amount_labels, price_labels, usd_labels
from bot.chat.chart_frames import Drawing
from bot.chat.chart_levels import draw_levels, levels_near
from bot.chat.chart_marks import ROOM, Panel, caption, draw_line, mark_holes, set_range, tag, ticks_of, write_ticks

# Where funding rests: F = P + clamp(I − P, ±0.05 %) with I = 0.01 % per 8 h (domain notes, section 00).
NEUTRAL_8H = 0.0001
SMALLER_SIDE = 0.3  # the least room of one side of liquidations, as part of the other's


def last_price(drawing: Drawing, locale: Locale) -> str:
    """The last known price as written on the axis; empty when none is known."""
    known = [price for price in drawing.price if price is not None]
    return numbers.price(known[-1], locale) if known else ""


def last_open_interest(drawing: Drawing, locale: Locale) -> str:
    """The last known open interest in five figures as written on the axis; empty when none is known."""
    known = [amount for amount in drawing.open_interest if amount is not None]
    return amount_labels([float(f"{known[-1]:.5g}")], locale)[0] if known else ""


def draw_price(panel: Panel) -> None:
    """The price line, the levels near it, and the last price on the axis."""
    points = chart_series.known(panel.drawing.times_ms, panel.drawing.price)
    color = panel.palette.price
    draw_line(panel, points, color)
    prices = [price for _, price in points]
    lines = levels_near(panel.drawing.lines, prices)
    set_range(panel, [*prices, *(line.price for line in lines)])
    covered = draw_levels(panel, lines, prices[-1])
    caption(panel, [(panel.drawing.captions.price, panel.palette.muted)])
    ticks = [tick for tick in ticks_of(panel, 6, prices[-1]) if not any(low <= tick <= high for low, high in covered)]
    write_ticks(panel, ticks, price_labels(ticks, panel.locale))
    tag(panel, prices[-1], last_price(panel.drawing, panel.locale), color)


def draw_open_interest(panel: Panel) -> None:
    """Open interest in coins, and its last value on the axis."""
    points = chart_series.known(panel.drawing.times_ms, panel.drawing.open_interest)
    color = panel.palette.open_interest
    draw_line(panel, points, color)
    amounts = [amount for _, amount in points]
    set_range(panel, amounts)
    caption(panel, [(panel.drawing.captions.open_interest, panel.palette.muted)])
    ticks = ticks_of(panel, 4, amounts[-1])
    write_ticks(panel, ticks, amount_labels(ticks, panel.locale))
    tag(panel, amounts[-1], last_open_interest(panel.drawing, panel.locale), color)


def last_funding(drawing: Drawing, locale: Locale) -> str:
    """The last known funding as written on the axis; empty when none is known."""
    known = [rate for rate in drawing.funding if rate is not None]
    return numbers.percent(known[-1], 3, locale, plus=True) if known else ""


def draw_funding(panel: Panel) -> None:
    """Funding per 8 h, with the rate at which it rests as a line and its last value on the axis."""
    points = chart_series.known(panel.drawing.times_ms, panel.drawing.funding)
    color = panel.palette.funding
    draw_line(panel, points, color)
    rates = [rate for _, rate in points]
    set_range(panel, [*rates, NEUTRAL_8H])
    panel.axes.axhline(NEUTRAL_8H, color=panel.palette.level, linewidth=1.0, dashes=(2, 3), zorder=1.5)
    caption(panel, [(panel.drawing.captions.funding, panel.palette.muted)])
    tag(panel, rates[-1], last_funding(panel.drawing, panel.locale), color)


def draw_liquidations(panel: Panel) -> None:
    """Closed shorts upwards and closed longs downwards, in dollars a bar; a bar stands on the time it sums up."""
    times, palette, captions = panel.drawing.times_ms, panel.palette, panel.drawing.captions
    longs = chart_series.known(times, panel.drawing.long_usd)
    shorts = chart_series.known(times, panel.drawing.short_usd)
    told = [(time, 0.0) for time in sorted({time for time, _ in (*longs, *shorts)})]
    cadence = chart_series.cadence_ms([time for time, _ in told]) or times[1] - times[0]
    for bars, color, sign in ((longs, palette.longs, -1), (shorts, palette.shorts, 1)):
        shapes = [_bar(time, cadence, sign * usd) for time, usd in bars if usd]
        panel.axes.add_collection(PolyCollection(shapes, facecolors=color, linewidths=0), autolim=False)
    parts = chart_series.runs(told, cadence)
    zero = [[(part[0][0] - cadence, 0.0), (part[-1][0], 0.0)] for part in parts]
    panel.axes.add_collection(LineCollection(zero, colors=palette.muted, linewidths=0.8), autolim=False)
    most_long, most_short = (max((usd for _, usd in bars), default=0.0) for bars in (longs, shorts))
    largest = max(most_long, most_short, 1.0)
    low, high = (max(most, SMALLER_SIDE * largest) for most in (most_long, most_short))
    panel.axes.set_ylim(-low * (1 + ROOM), high * (1 + ROOM))
    mark_holes(panel, parts, cadence)
    words = [(f"▼ {captions.longs}", palette.longs), (f"▲ {captions.shorts}", palette.shorts)]
    caption(panel, [*words, (captions.span, palette.muted)])
    ticks = ticks_of(panel, 5)
    write_ticks(panel, ticks, usd_labels(ticks, panel.locale))


def _bar(time: int, cadence: int, height: float) -> list[tuple[float, float]]:
    left, right = time - 0.92 * cadence, time - 0.08 * cadence
    return [(left, 0.0), (left, height), (right, height), (right, 0.0)]
