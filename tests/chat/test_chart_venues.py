"""Charts by venue: strips of open interest and the heat map of funding."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from bot.chat.chart_frames import Theme
from bot.chat.chart_heat import color_of, number_of, readable_on
from bot.chat.chart_picture import draw
from bot.chat.chart_theme import PALETTES
from bot.chat.charts import drawing_of
from bot.chat.wording import Wording
from bot.errors import ChartError
from bot.message import ChartForm, ChartRequest, ChartVenue, Name, Phrase

TITLE = Phrase("kind-long-flush")
HOURS = tuple(1_768_780_800_000 + place * 3_600_000 for place in range(72))
WINDOWS = tuple(1_768_780_800_000 + place * 8 * 3_600_000 for place in range(12))
NAMES = ("Binance", "Bybit", "OKX", "Bitget", "Gate", "Hyperliquid", "Deribit", "dYdX")

Pixels = npt.NDArray[np.float64]


def strips(*columns: tuple[float | None, ...]) -> ChartRequest:
    """Open interest of as many venues."""
    venues = tuple(ChartVenue(Name(name), column) for name, column in zip(NAMES, columns, strict=False))
    return ChartRequest(TITLE, TITLE, HOURS, (), form="venues", venues=venues)


def heat(*rows: tuple[float | None, ...]) -> ChartRequest:
    """Funding of as many venues."""
    venues = tuple(ChartVenue(Name(name), row) for name, row in zip(NAMES, rows, strict=False))
    return ChartRequest(TITLE, TITLE, WINDOWS, (), form="heat", venues=venues)


def png_of(request: ChartRequest, theme: Theme = "dark", language: str = "en") -> bytes:
    """The picture."""
    return draw(drawing_of(request, Wording(language, strict=True), theme, "simulated"))


def pixels(png: bytes) -> Pixels:
    """Rows, columns and RGB of a PNG."""
    return np.asarray(imread(io.BytesIO(png), format="png"), dtype=np.float64)[:, :, :3]


def where(picture: Pixels, color: str | tuple[float, float, float]) -> npt.NDArray[np.bool_]:
    """Which pixels have nearly this colour."""
    return np.asarray(np.abs(picture - to_rgb(color)).max(axis=2) < 0.02)


FALLING = tuple(123_456_789.0 - 100_000.0 * place for place in range(72))
RATES = tuple(1e-4 * (place - 4) * 2.5 for place in range(12))


@pytest.mark.parametrize("request_", [strips(*[FALLING] * 8), heat(*[RATES] * 8)], ids=["venues", "heat"])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_eight_venues_fit_in_every_theme_and_language(request_: ChartRequest, theme: Theme, language: str) -> None:
    """The picture has the usual size and ground along both its edges, where words would end."""
    png = png_of(request_, theme, language)
    picture, ground = pixels(png), to_rgb(PALETTES[theme].ground)
    assert len(png) < 250_000
    assert picture.shape == (750, 1200, 3)
    assert np.allclose(picture[:, -8:], ground, atol=0.02)
    assert np.allclose(picture[:, :8], ground, atol=0.02)


def test_a_hole_of_a_venue_is_never_bridged() -> None:
    """Where a venue told nothing its line is interrupted, while that of the other goes on."""
    holed = tuple(None if 30 <= place < 42 else coins for place, coins in enumerate(FALLING))
    color = PALETTES["dark"].open_interest
    line, whole = (np.asarray(where(pixels(png_of(strips(of))), color).any(axis=0)) for of in (holed, FALLING))
    assert whole[60:880].all()
    assert not line[400:510].any()
    assert line[60:350].all()


def test_a_venue_of_which_nothing_is_known_has_no_strip() -> None:
    """An unknown column leaves its room to the others, and the picture is as without it."""
    assert png_of(strips(FALLING, (None,) * 72)) == png_of(strips(FALLING))
    assert png_of(heat(RATES, (None,) * 12)) == png_of(heat(RATES))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_unknown_cells_have_no_colour_of_a_rate(theme: Theme) -> None:
    """A cell that is not known is ground with hatching: neither the colour of zero nor that of rest is there."""
    palette = PALETTES[theme]
    unknown = pixels(png_of(heat((1e-3, *(None,) * 11)), theme))
    for rate in (0.0, 1e-4, -1e-3):
        assert where(unknown, color_of(rate, palette))[130:230, 300:].sum() < 30
    assert where(unknown, color_of(1e-3, palette)).sum() > 3000


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_signs_and_rest_have_their_own_colours(theme: Theme) -> None:
    """Above zero is orange, below is blue, rest is grey, and more is farther from the ground."""
    palette = PALETTES[theme]
    ground = np.array(to_rgb(palette.ground))
    red, _, blue = color_of(5e-4, palette)
    assert red > blue
    red, _, blue = color_of(-5e-4, palette)
    assert blue > red
    rest = color_of(1e-4, palette)
    assert rest == color_of(1.000_04e-4, palette)
    assert max(rest) - min(rest) < 0.12
    away = [float(np.abs(np.array(color_of(rate, palette)) - ground).sum()) for rate in (2e-5, 3e-4, 9e-4, 5e-3)]
    assert away == sorted(away)
    assert len(set(away)) == 4


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("rate", [-0.02, -1e-4, 0.0, 3e-5, 1e-4, 4e-4, 0.02])
def test_numbers_can_be_read_on_their_cells(theme: Theme, rate: float) -> None:
    """The contrast of a number with its cell is at least 4.5, as WCAG 2 asks for small text."""
    color = color_of(rate, PALETTES[theme])
    inks = {"#000000": 0.0, "#ffffff": 1.0}
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color]
    cell = float(np.dot((0.2126, 0.7152, 0.0722), linear))
    dark, light = sorted((cell, inks[readable_on(color)]))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_numbers_are_hundredths_of_a_percent() -> None:
    """0.01 % is 1.0, in the reader's language; from ten on without decimals."""
    assert [number_of(rate, "en") for rate in (1e-4, -5e-5, 1.3e-3)] == ["1.0", "−0.5", "13"]
    assert number_of(1e-4, "es") == "1,0"


@pytest.mark.parametrize("form", ["venues", "heat"])
def test_what_does_not_fit_or_is_unknown_is_refused(form: ChartForm) -> None:
    """No venue, nothing known, and a column that is too short are a `ChartError`."""
    for venues in ((), (ChartVenue(Name("OKX"), (None,) * 12),), (ChartVenue(Name("OKX"), (1.0,) * 11),)):
        with pytest.raises(ChartError):
            png_of(ChartRequest(TITLE, TITLE, WINDOWS, (), form=form, venues=venues))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_letter_of_a_name_reaches_into_its_figures(theme: Theme) -> None:
    """Between a name that goes below its line and the figures under it a line of ground is left, however low a strip.

    Of eight strips the second is Bybit, whose y hangs down, and the sixth is Hyperliquid.
    """
    right = pixels(png_of(strips(*[FALLING] * 8), theme))[:, 905:]
    name = np.any(where(right, PALETTES[theme].text), axis=1)
    figures = np.any(where(right, PALETTES[theme].open_interest), axis=1)
    written = np.abs(right - to_rgb(PALETTES[theme].ground)).max(axis=(1, 2)) > 0.02
    begins = [row for row in np.flatnonzero(figures) if not figures[row - 12 : row].any()]
    assert len(begins) == 8
    for begin in begins:
        above = np.flatnonzero(name[:begin])[-1]
        assert not written[above + 1 : begin].all()
