"""Key levels as a ladder around the price."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from bot.chat.chart_frames import Theme
from bot.chat.chart_ladder import LABEL_HEIGHT_POINTS, PRICE_HEIGHT_POINTS, fitting, limits_of, places_of
from bot.chat.chart_picture import draw
from bot.chat.chart_theme import PALETTES
from bot.chat.charts import drawing_of
from bot.chat.wording import Wording
from bot.errors import ChartError
from bot.message import ChartLine, ChartRequest, ChartShade, Phrase

TIMES = tuple(1_768_780_800_000 + place * 3_600_000 for place in range(72))
TITLE = Phrase("kind-long-flush")
HEIGHT_POINTS = 270.0
SIDES = st.lists(st.floats(0.001, 0.4), min_size=0, max_size=3, unique=True)
# Powers of two move no digit of a float, so that equal pictures are equal exactly.
SCALES = st.integers(-20, 20).map(lambda power: 2.0**power)


def request(scale: float = 1.0, *shades: ChartShade, price: float = 92_438.0) -> ChartRequest:
    """Levels two above and one below a price that has fallen for three days."""
    levels = (
        (94_000, 0.7, "level-vwap-since-high"),
        (93_000, 0.4, "level-round-number"),
        (91_000, 0.9, "level-flush-low"),
    )
    lines = tuple(ChartLine(at * scale, Phrase(key), strength) for at, strength, key in levels)
    way = tuple((price + 60.0 * (71 - hour)) * scale for hour in range(72))
    return ChartRequest(TITLE, TITLE, TIMES, way, lines=lines, form="ladder", shades=shades)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_ladder_is_drawn_in_every_theme_and_language(theme: Theme, language: str) -> None:
    """The picture has the usual size, both colours of sides, and ground along its right edge, where words would end."""
    png = draw(drawing_of(request(), Wording(language, strict=True), theme, "simulated"))
    assert len(png) < 200_000
    picture = np.asarray(imread(io.BytesIO(png), format="png"), dtype=np.float64)[:, :, :3]
    assert picture.shape == (750, 1200, 3)
    for color in (PALETTES[theme].longs, PALETTES[theme].shorts, PALETTES[theme].price):
        assert (np.abs(picture - to_rgb(color)).max(axis=2) < 0.02).any()
    assert np.allclose(picture[:, -8:], to_rgb(PALETTES[theme].ground), atol=0.02)


def test_bands_of_a_model_are_shaded_where_they_are() -> None:
    """A band inside the picture changes its rows beside the words that name the model; one outside only those words."""
    english = Wording("en", strict=True)

    def rows(*shades: ChartShade) -> set[int]:
        pictures = [
            imread(io.BytesIO(draw(drawing_of(told, english, "dark", None))))
            for told in (request(), request(1.0, *shades))
        ]
        return set(np.flatnonzero(np.abs(pictures[0] - pictures[1]).max(axis=(1, 2)) > 0.01).tolist())

    outside = rows(ChartShade(50_000.0, "long", 1.0))
    inside = rows(ChartShade(91_500.0, "long", 1.0))
    assert outside
    assert max(outside) < 130
    assert min(inside - outside) > 375


@given(above=SIDES, below=SIDES, scale=SCALES)
def test_scaling_prices_scales_the_ladder_only(above: list[float], below: list[float], scale: float) -> None:
    """Rungs and their words keep their places when every price is multiplied, and the limits multiply with them."""
    levels = sorted((*(64_000 * (1 + part) for part in above), *(64_000 * (1 - part) for part in below)))
    if not levels:
        return
    scaled = [level * scale for level in levels]
    low, high = limits_of(64_000, levels)
    assert limits_of(64_000 * scale, scaled) == pytest.approx((low * scale, high * scale))
    assert (low + high) / 2 == pytest.approx(64_000)
    assert places_of(64_000 * scale, scaled, HEIGHT_POINTS) == pytest.approx(places_of(64_000, levels, HEIGHT_POINTS))


@given(above=SIDES, below=SIDES)
def test_no_words_lie_on_others_or_on_the_price(above: list[float], below: list[float]) -> None:
    """Labels keep their order and their height apart, stay inside, and leave the middle to the price."""
    levels = sorted((*(100 * (1 + part) for part in above), *(100 * (1 - part) for part in below)))
    places = [place * HEIGHT_POINTS for place in places_of(100, levels, HEIGHT_POINTS)] if levels else []
    room = 1e-6
    assert all(later - sooner >= LABEL_HEIGHT_POINTS - room for sooner, later in itertools.pairwise(places))
    half = LABEL_HEIGHT_POINTS / 2 - room
    assert all(half <= place <= HEIGHT_POINTS - half for place in places)
    away = (PRICE_HEIGHT_POINTS + LABEL_HEIGHT_POINTS) / 2 - room
    assert all(abs(place - HEIGHT_POINTS / 2) >= away for place in places)


def test_a_level_with_room_has_its_words_beside_it() -> None:
    """A lonely level on each side is named exactly where it is."""
    low, high = limits_of(100.0, [95.0, 105.0])
    assert places_of(100.0, [95.0, 103.0], HEIGHT_POINTS)[1] == pytest.approx((103.0 - low) / (high - low))


def test_reasons_without_room_are_left_out_from_the_end() -> None:
    """What is written of the reasons is short enough and whole; the first stands however long it is."""
    assert fitting("flush low, round number, week open", 25) == "flush low, round number"
    assert fitting("a very long reason indeed", 5) == "a very long reason indeed"


def test_a_ladder_without_rungs_or_price_is_refused() -> None:
    """Without a price or a level there is nothing to climb."""
    english = Wording("en", strict=True)
    bare = ChartRequest(TITLE, TITLE, TIMES, (None,) * 72, lines=request().lines, form="ladder")
    empty = ChartRequest(TITLE, TITLE, TIMES, request().price, form="ladder")
    for told in (bare, empty):
        with pytest.raises(ChartError):
            draw(drawing_of(told, english, "dark", None))
