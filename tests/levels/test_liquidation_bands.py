from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.levels.liquidation_bands import (
    BIN,
    LEVERAGE_SHARES,
    LEVERAGES,
    Interest,
    Side,
    estimate,
    inverse_liquidation_price,
    liquidation_price,
)

NAN = float("nan")
Step = tuple[float, float, float, float]  # typical price, half of the range, coins added, share of takers that bought


def interest(steps: list[Step]) -> Interest:
    """Bars that close at their typical price."""
    price, half, added, bought = (np.array(column) for column in zip(*steps, strict=True))
    return Interest(price + half, price - half, price, added, bought)


def slow_bands(steps: list[Step]) -> dict[tuple[Side, int], float]:
    """The model in the words of the domain notes: one bin after the other, dollars by (side, bin)."""
    (first, half, *_), width = steps[0], math.log(1 + BIN)
    first = (first + half + (first - half) + first) / 3
    usd: dict[tuple[Side, int], float] = {}
    before = first
    for middle_price, half, added, bought in steps:
        price = (middle_price + half + (middle_price - half) + middle_price) / 3
        usd = {key: value * 0.5 ** (5 / (5 * 24 * 60)) for key, value in usd.items()}
        if added > 0:
            long_share = 0.5 if math.isnan(bought) else min(max(bought, 0.3), 0.7)
            for leverage, share in ((100, 0.10), (50, 0.15), (25, 0.30), (10, 0.30), (5, 0.15)):
                for side, part in (("long", long_share), ("short", 1 - long_share)):
                    at = liquidation_price(price, leverage, side)  # type: ignore[arg-type]  # one of the two sides
                    key = side, math.floor(math.log(at / first) / width)
                    usd[key] = usd.get(key, 0.0) + added * price * share * part  # type: ignore[index,arg-type]  # as above
        elif added < 0 and price != before:
            hurt = "long" if price < before else "short"
            total = sum(value for (side, _), value in usd.items() if side == hurt)
            left = max(0.0, 1 + added * price / total) if total else 0.0
            usd = {key: value * left if key[0] == hurt else value for key, value in usd.items()}
        middle = {key: first * math.exp((key[1] + 0.5) * width) for key in usd}
        low, high = middle_price - half, middle_price + half
        kept = [key for key in usd if (middle[key] < low if key[0] == "long" else middle[key] > high)]
        usd, before = {key: usd[key] for key in kept if usd[key] > 0}, price
    return usd


STEPS = st.lists(
    st.tuples(
        st.floats(90, 110),
        st.floats(0, 0.4),
        st.one_of(st.integers(-50, 100).map(float), st.just(NAN)),
        st.one_of(st.floats(0, 1), st.just(NAN)),
    ),
    min_size=1,
    max_size=25,
)


@pytest.mark.parametrize(
    ("leverage", "long", "short"),
    [(100, 99.4975, 100.4975), (50, 98.4925, 101.4925), (25, 96.4824, 103.4826), (10, 90.4523, 109.4527)],
)
def test_linear_golden(leverage: float, long: float, short: float) -> None:
    """Entered at 100 with a margin of 0.5 %: the table of the domain notes, section 4.6."""
    assert liquidation_price(100, leverage, "long") == pytest.approx(long, abs=5e-5)
    assert liquidation_price(100, leverage, "short") == pytest.approx(short, abs=1.5e-4)


@pytest.mark.parametrize(("leverage", "long"), [(100, 99.505), (50, 98.529), (25, 96.635), (10, 91.364)])
def test_inverse_golden(leverage: float, long: float) -> None:
    """The same for longs margined in coins."""
    assert inverse_liquidation_price(100, leverage, "long") == pytest.approx(long, abs=5e-4)


@pytest.mark.parametrize("leverage", [2.0, 5.0, 25.0, 100.0])
@pytest.mark.parametrize("side", ["long", "short"])
def test_at_its_price_a_position_has_its_margin_left(leverage: float, side: Side) -> None:
    """Collateral and result come to 0.5 % of the position there: in quote if linear, in coins if inverse."""
    entry, sign = 100.0, 1 if side == "long" else -1
    linear, inverse = liquidation_price(entry, leverage, side), inverse_liquidation_price(entry, leverage, side)
    assert entry / leverage + sign * (linear - entry) == pytest.approx(0.005 * linear)
    assert 1 / (entry * leverage) + sign * (1 / entry - 1 / inverse) == pytest.approx(0.005 / inverse)


def test_a_short_without_leverage_in_coins_has_no_liquidation_price() -> None:
    """Its collateral is the coin itself, so that no rise ever takes it."""
    assert inverse_liquidation_price(100, 1, "short") == math.inf


def test_one_rise_of_open_interest_golden() -> None:
    """Ten coins opened at 100, nothing known of takers: five bands a side, 25× and 10× strongest, 100× a third."""
    bands = estimate(interest([(100.0, 0.0, 10.0, NAN)]))
    for side, order in (("long", LEVERAGES[::-1]), ("short", LEVERAGES)):
        prices = [band.price for band in bands if band.side == side]
        expected = [liquidation_price(100.0, leverage, side) for leverage in order]  # type: ignore[arg-type]  # as above
        assert prices == pytest.approx(expected, rel=BIN)
    longs = [band.intensity for band in bands if band.side == "long"]
    assert longs == pytest.approx((LEVERAGE_SHARES / 0.3)[::-1])


def test_takers_split_the_sides_within_bounds() -> None:
    """When takers only bought, longs have 0.7 of what was opened and shorts 0.3."""
    bands = estimate(interest([(100.0, 0.0, 10.0, 1.0)]))
    strongest = {side: max(band.intensity for band in bands if band.side == side) for side in ("long", "short")}
    assert strongest == pytest.approx({"long": 1.0, "short": 3 / 7})


def test_what_the_price_reached_is_gone() -> None:
    """A fall to 98 takes the longs at 100× and 50× and leaves those at 25×; shorts stand."""
    bands = estimate(interest([(100.0, 0.0, 10.0, NAN), (98.0, 0.0, 0.0, NAN)]))
    assert [band.price for band in bands if band.side == "long"][-1] == pytest.approx(96.4824, rel=BIN)
    assert len([band for band in bands if band.side == "short"]) == 5


def test_half_is_left_after_five_days() -> None:
    """The same rise again five days later stands beside one that has faded to half."""
    idle = [(100.0, 0.0, 0.0, NAN)] * (5 * 288 - 1)
    bands = estimate(interest([(100.0, 0.0, 10.0, NAN), *idle, (103.0, 0.0, 10.0 * 100 / 103, NAN)]))
    faded, fresh = [band.intensity for band in bands if 89 < band.price < 93.5]
    assert fresh == pytest.approx(2 * faded)


@given(STEPS)
def test_bands_equal_the_slow_way(steps: list[Step]) -> None:
    """The same bands as bin by bin in plain Python, against the strongest."""
    slow = slow_bands(steps)
    most = max(slow.values(), default=0.0)
    expected = {
        (side, round(steps[0][0] * math.exp((number + 0.5) * math.log(1 + BIN)), 6)): usd / most
        for (side, number), usd in slow.items()
    }
    assert {(band.side, round(band.price, 6)): band.intensity for band in estimate(interest(steps))} == pytest.approx(
        expected, abs=1e-9
    )


@given(STEPS, st.sampled_from((0.25, 2.0, 1024.0)))
def test_bands_scale_with_prices_and_lie_beyond_them(steps: list[Step], factor: float) -> None:
    """Another unit of price scales the bands; no band lies within the last bar, and none is stronger than 1."""
    far = estimate(interest([(price * factor, half * factor, *rest) for price, half, *rest in steps]))  # type: ignore[misc]  # the rest is two numbers
    bands = estimate(interest(steps))
    assert [band.side for band in far] == [band.side for band in bands]
    assert [band.price for band in far] == pytest.approx([band.price * factor for band in bands])
    assert [band.intensity for band in far] == pytest.approx([band.intensity for band in bands])
    price, half, *_ = steps[-1]
    assert all(band.price < price - half if band.side == "long" else band.price > price + half for band in bands)
    assert all(0 < band.intensity <= 1 for band in bands)


def test_unknown_prices_are_left_out_and_nothing_known_gives_nothing() -> None:
    """A bar without a price changes nothing but the time that passes, and without any there are no bands."""
    rise = (100.0, 0.0, 10.0, NAN)
    assert estimate(interest([rise, (NAN, NAN, 5.0, NAN)])) == estimate(interest([rise]))
    assert estimate(interest([(NAN, NAN, 5.0, NAN)])) == []
    assert estimate(interest([(100.0, 0.0, -5.0, NAN)])) == []
