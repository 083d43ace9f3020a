"""Labels of levels beside the chart, as they are really drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.chat.chart_frames import Line
from bot.chat.chart_layout import DPI, HEIGHT_INCHES, WIDTH_INCHES
from bot.chat.chart_levels import draw_levels
from bot.chat.chart_marks import Panel, tag
from bot.chat.chart_theme import PALETTES
from bot.chat.charts import drawing_of
from bot.chat.numbers import locale_of
from bot.chat.wording import Wording
from bot.message import ChartRequest, Phrase

LAST = 66_796.0
LABELS = ("swing low, lost, regained again", "round number, lost")
BORDER = 0.5
"""Of a pixel, by which frames of texts may share an edge."""


@given(
    below=st.lists(st.tuples(st.floats(1, 3_000), st.sampled_from(LABELS)), max_size=3),
    above=st.lists(st.tuples(st.floats(1, 1_200), st.sampled_from(LABELS)), max_size=3),
)
def test_no_label_lies_under_the_last_price(below: list[tuple[float, str]], above: list[tuple[float, str]]) -> None:
    """However near levels are to the last price, the frame of its tag covers no part of their labels."""
    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES), dpi=DPI)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.6, 0.7, 0.3))
    axes.set_ylim(63_000, 69_000)
    request = ChartRequest(Phrase("kind-long-flush"), Phrase("kind-long-flush"), (0, 300_000), (LAST, LAST))
    drawing = drawing_of(request, Wording("en", strict=True), "dark", None)
    panel = Panel(axes, drawing, PALETTES["dark"], locale_of("en"), 0.3 * HEIGHT_INCHES * 72)
    lines = [Line(LAST - away, label) for away, label in below] + [Line(LAST + away, label) for away, label in above]
    draw_levels(panel, lines, LAST)
    tag(panel, LAST, "66,796", PALETTES["dark"].price)
    canvas.draw()  # type: ignore[no-untyped-call]  # Matplotlib leaves it without types
    *labels, price = axes.texts
    frame = price.get_bbox_patch()
    assert frame is not None
    covered = frame.get_window_extent()
    for label in labels:
        extent = label.get_window_extent()
        assert extent.y1 <= covered.y0 + BORDER or extent.y0 >= covered.y1 - BORDER
