import io
import math
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread

from bot.chat.chart_frames import Drawing, Theme
from bot.chat.chart_marks import TAG_HEIGHT_POINTS, Panel, ticks_of
from bot.chat.chart_picture import draw
from bot.chat.chart_theme import PALETTES
from bot.chat.charts import drawing_of
from bot.chat.numbers import locale_of
from bot.chat.wording import Wording
from bot.errors import ChartError
from bot.message import ChartLine, ChartRequest, Phrase

SLOT_MS = 300_000
TIMES = tuple(1_768_780_800_000 + place * SLOT_MS for place in range(96))
PRICE = tuple(95_000 - 2_000 / (1 + math.exp(-(place - 48) / 4)) for place in range(96))
LONGS = tuple(4e6 * math.exp(-(((place - 48) / 6) ** 2)) for place in range(96))
SHORTS = tuple(1e6 * math.exp(-(((place - 70) / 6) ** 2)) for place in range(96))
OPEN_INTEREST = tuple(97_000 - 20.0 * place for place in range(96))

REQUEST = ChartRequest(
    title=Phrase("kind-long-flush"),
    alt=Phrase("kind-long-flush"),
    times_ms=TIMES,
    price=PRICE,
    long_usd=LONGS,
    short_usd=SHORTS,
    open_interest=OPEN_INTEREST,
    window_ms=(TIMES[40], TIMES[56]),
    lines=(ChartLine(94_000, Phrase("side-long")),),
)

Pixels = npt.NDArray[np.float64]


def drawing(theme: Theme = "dark", note: str | None = None, **changes: object) -> Drawing:
    """The request of this file with some columns changed, in English."""
    fields = {name: getattr(REQUEST, name) for name in REQUEST.__struct_fields__} | changes
    return drawing_of(ChartRequest(**fields), Wording("en", strict=True), theme, note)


def pixels(png: bytes) -> Pixels:
    """Rows, columns and RGB of a PNG."""
    return np.asarray(imread(io.BytesIO(png), format="png"), dtype=np.float64)[:, :, :3]


def columns_of(picture: Pixels, color: str) -> npt.NDArray[np.bool_]:
    """Which columns of a picture hold a pixel of nearly this colour."""
    return np.asarray((np.abs(picture - to_rgb(color)).max(axis=2) < 0.02).any(axis=0))


def middle(columns: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The columns of the middle third of the time axis."""
    return columns[340:700]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_full_chart_shows_everything_in_its_colours(theme: Theme) -> None:
    """The picture is 1200 by 750 on the ground of the theme, and holds price, both sides and open interest."""
    picture = pixels(draw(drawing(theme)))
    palette = PALETTES[theme]
    assert picture.shape == (750, 1200, 3)
    assert np.allclose(picture[0, 0], to_rgb(palette.ground), atol=0.01)
    for color in (palette.price, palette.longs, palette.shorts, palette.open_interest):
        assert columns_of(picture, color).any()


@pytest.mark.parametrize("height_points", [20.0, 40.0, 80.0, 160.0])
@pytest.mark.parametrize("limits", [(-1.7e6, 0.5e6), (-8.3e7, 2.4e7), (64_000.0, 73_000.0), (0.99, 1.01)])
def test_numbers_beside_a_panel_do_not_touch(height_points: float, limits: tuple[float, float]) -> None:
    """However low a panel is, its numbers stand a line of text apart, inside it."""
    axes = Figure().add_axes((0, 0, 1, 1))
    axes.set_ylim(*limits)
    panel = Panel(axes, drawing(), PALETTES["dark"], locale_of("en"), height_points)
    ticks = ticks_of(panel, 5)
    apart = TAG_HEIGHT_POINTS / height_points * (limits[1] - limits[0])
    assert all(later - sooner >= 0.74 * apart for sooner, later in pairwise(ticks))
    assert all(limits[0] <= tick <= limits[1] for tick in ticks)


def test_a_panel_of_bars_has_a_number_beside_zero() -> None:
    """A panel as low as that of liquidations in a full chart tells how long its bars are."""
    axes = Figure().add_axes((0, 0, 1, 1))
    axes.set_ylim(-1.2e6, 0.36e6)
    ticks = ticks_of(Panel(axes, drawing(), PALETTES["dark"], locale_of("en"), 42.0), 5)
    assert ticks == [-1e6, -5e5, 0.0]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_funding_is_a_thin_panel_with_its_holes(theme: Theme) -> None:
    """Funding has its colour, its hole stays empty, and without it the picture has no such panel."""
    color = PALETTES[theme].funding
    rates = tuple(None if 40 <= place < 50 else 1e-4 - 3e-6 * place for place in range(96))
    with_hole = columns_of(pixels(draw(drawing(theme, funding=rates))), color)
    assert with_hole.any()
    assert not with_hole[480:510].any()
    assert not columns_of(pixels(draw(drawing(theme))), color).any()


def test_longs_hang_below_and_shorts_stand_above() -> None:
    """The side is told by direction too: bars of longs reach lower than any bar of shorts."""
    picture = pixels(draw(drawing(price=(), open_interest=())))[150:]
    palette = PALETTES["dark"]
    rows = {
        color: np.flatnonzero((np.abs(picture - to_rgb(color)).max(axis=2) < 0.02).any(axis=1))
        for color in (palette.longs, palette.shorts)
    }
    assert rows[palette.longs].min() >= rows[palette.shorts].max()


def test_a_hole_stays_a_hole() -> None:
    """Where open interest is unknown its line is interrupted, and only there."""
    holed = tuple(None if 30 <= place < 66 else value for place, value in enumerate(OPEN_INTEREST))
    color = PALETTES["dark"].open_interest
    whole_line = columns_of(pixels(draw(drawing(price=(), long_usd=(), short_usd=()))), color)
    line = columns_of(pixels(draw(drawing(price=(), long_usd=(), short_usd=(), open_interest=holed))), color)
    assert middle(whole_line).all()
    assert not middle(line)[50:-50].any()
    assert line[30:300].all()
    assert line[760:1000].all()


def test_missing_liquidations_do_not_look_calm() -> None:
    """A stretch of unknown liquidations differs from the same stretch with zero dollars."""
    places = range(10, 30)
    unknown = tuple(None if place in places else usd for place, usd in enumerate(LONGS))
    calm = tuple(0.0 if place in places else usd for place, usd in enumerate(LONGS))
    sides = [unknown, calm]
    pictures = [pixels(draw(drawing(long_usd=side, short_usd=side))) for side in sides]
    assert np.abs(pictures[0] - pictures[1])[:, 150:300].max() > 0.05


def test_a_panel_without_data_leaves_its_room_to_the_others() -> None:
    """Without open interest its colour is absent, and the price line spans more rows."""
    palette = PALETTES["dark"]
    full = pixels(draw(drawing()))
    fewer = pixels(draw(drawing(open_interest=(None,) * 96, long_usd=(), short_usd=())))
    assert not columns_of(fewer, palette.open_interest).any()

    def rows_of_price(picture: Pixels) -> int:
        inside = picture[100:, 30:1040]
        return int((np.abs(inside - to_rgb(palette.price)).max(axis=2) < 0.02).any(axis=1).sum())

    assert rows_of_price(fewer) > 1.5 * rows_of_price(full)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_label_of_a_level_hides_the_price(theme: Theme) -> None:
    """Where the price stands on levels all along, its line is seen from one end of the chart to the other."""
    lines = tuple(ChartLine(94_000 + 100 * place, Phrase("level-value-high-weeks")) for place in range(-1, 2))
    still = tuple(94_000 + 150 * math.sin(place / 4) for place in range(96))
    picture = pixels(draw(drawing(theme, price=still, lines=lines, long_usd=(), short_usd=(), open_interest=())))
    bare = pixels(draw(drawing(theme, price=still, lines=(), long_usd=(), short_usd=(), open_interest=())))
    assert columns_of(picture, PALETTES[theme].price)[30:820].all()
    assert (np.abs(picture - bare)[:, 1060:] > 0.3).any()


def test_the_mark_of_origin_stands_in_the_corner() -> None:
    """A note changes the lower left corner and nothing above it."""
    plain, marked = pixels(draw(drawing())), pixels(draw(drawing(note="simulated")))
    changed = np.abs(plain - marked).max(axis=2) > 0.01
    assert changed[700:, :300].any()
    assert not changed[:700].any()


def test_money_in_a_title_is_no_formula() -> None:
    """Two dollar signs in one text are drawn as they stand."""
    drawings = [msgspec.structs.replace(drawing(), title=title) for title in ("$1M of $2M", "1M of 2M")]
    first, second = (pixels(draw(each))[:60] for each in drawings)
    assert columns_of(first, PALETTES["dark"].text).sum() > columns_of(second, PALETTES["dark"].text).sum()


@pytest.mark.parametrize("scale", [1.0, 1.2345e-7, 9.87654e-12, 1e9])
def test_the_last_price_is_never_cut_off(scale: float) -> None:
    """However many digits the tag on the axis has, ground remains to the right of it."""
    picture = pixels(draw(drawing(price=tuple(price * scale for price in PRICE), lines=())))
    palette = PALETTES["dark"]
    assert columns_of(picture[:, 800:], palette.price).any()
    assert not columns_of(picture[:, -8:], palette.price).any()


@pytest.mark.parametrize(
    "changes",
    [
        {"price": (), "long_usd": (), "short_usd": (), "open_interest": ()},
        {"price": (None,) * 96, "long_usd": (None,) * 96, "short_usd": (None,) * 96, "open_interest": (None,) * 96},
        {"price": PRICE[:-1]},
        {"times_ms": tuple(reversed(TIMES))},
        {"times_ms": TIMES[:1], "price": (1.0,), "long_usd": (), "short_usd": (), "open_interest": ()},
        {"times_ms": (), "price": ()},
    ],
    ids=["empty", "unknown", "short column", "backwards", "one moment", "no moment"],
)
def test_what_cannot_be_drawn_is_refused(changes: dict[str, object]) -> None:
    """Nothing known, columns that do not fit and times that do not rise are a `ChartError`."""
    with pytest.raises(ChartError):
        draw(drawing(**changes))  # type: ignore[arg-type]  # columns by name


@pytest.mark.parametrize("value", [0.0, 1e-12, 5e15])
def test_flat_lines_of_any_size_can_be_drawn(value: float) -> None:
    """A price that does not move has no span, and is drawn all the same."""
    assert draw(drawing(price=(value,) * 96, open_interest=(value,) * 96, lines=())).startswith(b"\x89PNG")
