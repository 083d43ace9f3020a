import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import numbers

EN, ES = numbers.locale_of("en"), numbers.locale_of("es")
NNBSP = "\u202f"
amounts = st.floats(min_value=1e-15, max_value=1e15)


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (53.57e6, "$53.6M", "$53,6 M"),
        (8.62e9, "$8.62B", "$8620 M"),
        (471e6, "$471M", "$471 M"),
        (999.96e6, "$1B", "$1000 M"),
        (54_321, "$54.3K", "$54,3 mil"),
        (950, "$950", "$950"),
        (-5.2e6, "−$5.2M", "−$5,2 M"),
        (0, "$0", "$0"),
    ],
)
def test_dollars_are_short(value: float, english: str, spanish: str) -> None:
    """Dollars have three figures and the short form that readers of the language expect."""
    assert numbers.usd(value, EN) == english
    assert numbers.usd(value, ES) == spanish.replace(" ", NNBSP)


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [(250_500, "$250.5K", "$250,5 mil"), (1_234_567, "$1.234567M", "$1,234567 M"), (5e9, "$5B", "$5000 M")],
)
def test_what_was_set_keeps_every_figure(value: float, english: str, spanish: str) -> None:
    """An exact amount is shortened and not rounded."""
    assert numbers.usd(value, EN, exact=True) == english
    assert numbers.usd(value, ES, exact=True) == spanish.replace(" ", NNBSP)


@given(st.integers(min_value=1, max_value=10**12))
def test_a_floor_is_never_rounded_up(value: int) -> None:
    """A floor stays true: the figure written is not above the value, and less than one percent below it."""
    written = numbers.usd(value, EN, at_least=True)
    assert written.startswith(f"≥{NNBSP}$")
    scale = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(written[-1], 1)
    shown = float(written.removeprefix(f"≥{NNBSP}$").rstrip("KMBT")) * scale
    assert 0.99 * value < shown * (1 + 1e-12)
    assert shown <= value * (1 + 1e-12)


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (92_438, "92,438", "92.438"),
        (2_106.4, "2,106.4", "2106,4"),
        (9_999.9, "9,999.9", "9999,9"),
        (10_000, "10,000", "10.000"),
        (1.42, "1.42", "1,42"),
        (0.00001234, "0.00001234", "0,00001234"),
        (1_234_567.8, "1,234,568", "1.234.568"),
        (9.999996, "10", "10"),
        (0, "0", "0"),
    ],
)
def test_prices_have_the_digits_their_size_needs(value: float, english: str, spanish: str) -> None:
    """Large prices are whole, small ones keep five figures, nothing trails; Spanish writes four digits in one."""
    assert numbers.price(value, EN) == english
    assert numbers.price(value, ES) == spanish


@given(amounts)
def test_a_price_is_never_written_as_zero(value: float) -> None:
    """What is written reads back as the price to five figures, however small it is."""
    assert math.isclose(float(numbers.price(value, EN).replace(",", "")), value, rel_tol=1e-4)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (numbers.percent(-0.028, 1, EN, plus=True), "−2.8 %"),
        (numbers.percent(0.012, 1, ES, plus=True), "+1,2 %"),
        (numbers.percent(0.98, 0, EN), "98 %"),
        (numbers.percent(-0.0001, 1, EN, plus=True), "0.0 %"),
        (numbers.rate(0.000035, 8, EN), "+0.0035 %/8h"),
        (numbers.rate(0.000009, 1, ES), "+0,0009 %/1h"),
        (numbers.rate(0, 8, EN), "0.0000 %/8h"),
        (numbers.coins(97_429, "BTC", EN), "97,429 BTC"),
        (numbers.coins(0.00123, "BTC", ES), "0,00123 BTC"),
        (numbers.coins(1_234_560_000, "DOGE", EN), "1.235B DOGE"),
        (numbers.fixed(-9.4, 0, EN), "−9"),
        (numbers.fixed(1234.56, 1, ES), "1234,6"),
        (numbers.fixed(9999.96, 1, ES), "10.000,0"),
        (numbers.coins(97_429, "BTC", ES), "97.429 BTC"),
    ],
)
def test_units_and_signs(written: str, expected: str) -> None:
    """A real minus sign, a plus where asked for, none on zero, and a narrow no-break space before the unit."""
    assert written == expected.replace(" ", NNBSP)


@given(st.floats(min_value=-1e6, max_value=1e6), st.integers(min_value=0, max_value=6))
def test_what_rounds_to_zero_has_no_sign(value: float, digits: int) -> None:
    """A sign stands only before a figure other than zero, and never as an ASCII hyphen."""
    written = numbers.fixed(value, digits, EN, plus=True)
    assert "-" not in written
    assert (written[0] in "+−") == any(char in "123456789" for char in written)


def test_days_are_those_of_utc() -> None:
    """A millisecond before midnight UTC belongs to the day that ends."""
    midnight = 1_768_780_800_000
    assert numbers.date(midnight, EN) == "19 January 2026"
    assert numbers.date(midnight - 1, ES) == "18 de enero de 2026"
    assert (numbers.clock(midnight - 1), numbers.clock(midnight)) == ("23:59", "00:00")
    assert numbers.short_date(midnight, EN) == "19 Jan"


@pytest.mark.parametrize("write", [numbers.usd, numbers.price])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_unknown_is_not_a_figure(write: Callable[..., str], value: float) -> None:
    """NaN and infinity are refused, so that neither ever stands in a chat."""
    with pytest.raises(ValueError, match="not a figure"):
        write(value, EN)
