from __future__ import annotations

from itertools import product
from typing import Any

import msgspec
import pytest

from bot.alerts.day_card import build_day
from bot.chat.wording import Wording
from bot.flush.breadth import Breadth
from bot.flush.coverage import Unheard
from bot.flush.day import Day, Hit
from bot.flush.market_day import DayInputs, score_day
from bot.market.gaps import Gap
from bot.message import Message, decode, encode

DAY = Day(
    at_ms=1_768_766_400_000,
    usd=4.718e8,
    long_usd=3.3e8,
    short_usd=1.418e8,
    days_known=90,
    rank=0.91,
    highest_usd=1.2e9,
    btc_return=0.004,
    eth_return=0.006,
    hit=(Hit("ORDI", 0.071, -0.118), Hit("PEOPLE", 0.052, -0.104), Hit("WIF", 0.04, None)),
    stressed=0,
    hours_covered=24.0,
)


def lines(message: Message, language: str = "en") -> list[str]:
    """Push line, headline and rows in words, narrow spaces as plain ones."""
    words = Wording(language, strict=True).words(message)
    return [text.replace("\u202f", " ") for text in (words.push or "", words.headline, *(r.text for r in words.rows))]


def test_day_in_words() -> None:
    """The whole post as it is read: how much, against which days, in which coins, what could not be seen."""
    assert lines(build_day(DAY)) == [
        "Derivatives-led day · ≥ $471M liquidated in 24 h, BTC +0.4 %, ETH +0.6 %",
        "Derivatives-led day · ≥ $471M liquidated in 24 h while BTC +0.4 %, ETH +0.6 %",
        "70 % long · more than on 91 % of the 90 days known",
        "Most liquidated by share of open interest: ORDI 7.1 % (−11.8 %) · PEOPLE 5.2 % (−10.4 %) · WIF 4.0 %",
        "Consistent with leverage being cleared in single names, not with selling of the majors",
        "Consistent with perp-driven deleveraging; spot volume not available to confirm",
        "Liquidation feeds cover 24 of 24 h · as of 18 January 2026, 20:00 UTC",
        "Totals are below those of aggregators: no other exchanges are heard",
    ]


@pytest.mark.parametrize(
    ("breadth", "long_usd", "said"),
    [
        (Breadth(4, 30), 3.3e8, "leverage-driven, targeted (4 of 30 coins fell unusually far)"),
        (Breadth(4, 30), 1e8, "leverage-driven, targeted (4 of 30 coins rose unusually far)"),
        (Breadth(12, 30), 3.3e8, "leverage-driven, neither targeted nor broad (12 of 30 coins fell unusually far)"),
        (Breadth(21, 30), 3.3e8, "leverage-driven, broad (21 of 30 coins fell unusually far)"),
        (Breadth(0, 0), 3.3e8, "leverage-driven"),
    ],
)
def test_severity_and_character_are_both_in_words(breadth: Breadth, long_usd: float, said: str) -> None:
    """The day of the article is moderate by severity, and what it is by character stands beside that."""
    severity = score_day(DayInputs(4.718e8, 0.02, 0.01, 0.004, 0.7, 0.0))
    part = score_day(DayInputs(4.718e8, price_return=0.004))
    volumes = {"perp_multiple": 2.1, "spot_multiple": 0.9}
    changed = {"breadth": breadth, "long_usd": long_usd, "short_usd": 4.718e8 - long_usd, **volumes}
    day = msgspec.structs.replace(DAY, severity=severity, **changed)
    assert lines(build_day(day))[3] == f"By severity moderate (9 of 100), by character {said}"
    partly = msgspec.structs.replace(DAY, severity=part, **changed)
    assert lines(build_day(partly))[3] == f"By severity moderate (7 of 100 by 45 % of its weights), by character {said}"
    assert "moderado" in lines(build_day(day), "es")[3]


def test_what_a_day_leaves_out() -> None:
    """Gaps of single venues are named though others covered the time, and why the total is a floor stands under it."""
    begin_ms = DAY.at_ms - 6 * 3_600_000
    gaps = (Gap("bybit", "liquidation", begin_ms, begin_ms + 420_000), Gap("gate", "liquidation", begin_ms + 500_000))
    unheard = Unheard(("binance", "bitget", "okx"), ("hyperliquid",), gaps)
    spoken = lines(build_day(msgspec.structs.replace(DAY, hours_covered=21.4, unheard=unheard)))
    assert spoken[-3:] == [
        "Blind to liquidations on Gate since 14:08, Bybit 14:00–14:07 UTC: totals for those times are too low",
        "Liquidations of 24 h: collecting, 21 h of 24 · as of 18 January 2026, 20:00 UTC",
        (
            "Totals are below those of aggregators: Binance, Bitget and OKX show only some liquidations, "
            "none are known of Hyperliquid, no other exchanges are heard"
        ),
    ]


def test_day_in_spanish() -> None:
    """The same figures in Spanish, with its own separators."""
    spoken = lines(build_day(DAY), "es")
    assert spoken[1] == "Día de derivados · ≥ $471 M liquidados en 24 h con BTC +0,4 %, ETH +0,6 %"
    assert spoken[2] == "70 % largos · más que en el 91 % de los 90 días conocidos"


@pytest.mark.parametrize(
    ("changes", "gone", "said"),
    [
        ({"eth_return": None}, "ETH", "while BTC +0.4 %"),
        ({"hit": ()}, "open interest:", "≥ $471M"),
        ({"hit": ()}, "single names", "≥ $471M"),
        ({"btc_return": -0.012}, "Consistent", "BTC −1.2 %"),
        ({"eth_return": -0.012}, "Consistent", "ETH −1.2 %"),
        ({"days_known": 3, "rank": 0.5}, "days known", "70 % long"),
        ({"highest_usd": 3e8}, "more than on", "1.6× the most of the 90 days known"),
        ({"stressed": 4}, "{", "4 coins with at least 2 % of open interest liquidated while the price moved less"),
        (
            {"perp_multiple": 1.2, "spot_multiple": 12.4},
            "not available",
            "BTC volume of the last full hour: 1.2× usual on perps, 12× on spot",
        ),
        ({"usd": 0.0, "long_usd": 0.0, "short_usd": 0.0}, "% long", "≥ $0"),
    ],
)
def test_only_what_is_known_is_said(changes: dict[str, Any], gone: str, said: str) -> None:
    """Each input stands in its own sentence only, and no reading is made that the figures do not carry."""
    spoken = "\n".join(lines(build_day(msgspec.structs.replace(DAY, **changes))))
    assert gone not in spoken
    assert said in spoken


@pytest.mark.parametrize(("language", "stressed"), list(product(("en", "es"), (0, 1, 5))))
def test_day_can_be_said_and_stored(language: str, stressed: int) -> None:
    """Every key is known in both languages, no band colours it, and it can be stored as it is."""
    message = build_day(msgspec.structs.replace(DAY, stressed=stressed, perp_multiple=1.0, spot_multiple=2.0))
    assert all(lines(message, language))
    assert decode(encode(message)) == message
    assert (message.kind, message.band) == ("derivatives_day", None)
    assert [button.command for button in message.buttons] == ["/flush last", "/status"]


@pytest.mark.parametrize(
    ("language", "low", "consistent"),
    [
        (
            "en",
            "Low confidence (0.45): only liquidations and prices are known; open interest and funding not assessed",
            "Consistent with perp-driven deleveraging; spot volume not available to confirm",
        ),
        (
            "es",
            "Confianza baja (0,45): solo se conocen liquidaciones y precios; OI y funding sin evaluar",
            "Coherente con un desapalancamiento llevado por los perps; no había volumen spot con que confirmarlo",
        ),
    ],
)
def test_with_liquidations_and_prices_alone_the_day_claims_less(language: str, low: str, consistent: str) -> None:
    """The day of the article as the article knew it: consistent with, not called, and with low confidence."""
    severity = score_day(DayInputs(4.718e8, price_return=0.004))
    said = lines(build_day(msgspec.structs.replace(DAY, hit=(), severity=severity)), language)
    assert {low, consistent} <= set(said)
    for word in (
        "leverage-driven",
        "by character",
        "apalancamiento deshecho",
        "por carácter",
        "massive",
        "capitulation",
    ):
        assert word not in " ".join(said).lower()
    whole = score_day(DayInputs(4.718e8, 0.02, 0.01, 0.004, 0.7, 0.0))
    volumes = {"perp_multiple": 2.1, "spot_multiple": 0.9}
    known = lines(build_day(msgspec.structs.replace(DAY, severity=whole, **volumes)), language)
    assert {low, consistent} & set(known) == set()
