from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pytest
from msgspec.structs import replace

from bot.aftermath.basis import Basis, BasisVerdict
from bot.aftermath.books import Books, BooksVerdict
from bot.aftermath.checks import CHECKPOINTS, Checks, assess
from bot.aftermath.follow_through import FollowThrough, FollowVerdict, Hour, Trend
from bot.aftermath.held import HeldLevel
from bot.aftermath.high_beta import HighBeta, Lead, Reach, Residual, Stress, Tail
from bot.aftermath.missing import Missing
from bot.aftermath.rebuild import Rebuild
from bot.aftermath.spot_perp import Led, Since, SpotPerp
from bot.aftermath.venue_split import SplitVerdict, VenueShare, VenueSplit
from bot.alerts import followup_details as said
from bot.alerts.followup_rows import levels_phrase
from bot.chat.wording import Wording
from bot.flush.episode import Episode, VenueTold
from bot.market.facts import Side
from bot.market.history import HOUR_MS
from bot.message import Phrase
from tests.aftermath.days import flush_of, hourly, written
from tests.aftermath.slots import ONSET_MS

SIDES: tuple[Side, Side] = ("long", "short")
BASIS = Basis("TIGHTENED", -4.6, 3.0, -3.1, 0.8, -16.0, perp_led=True)
VOLUME = SpotPerp("PERP_LED", 9.04, 6.0, 1.5067, 0.64, 1.38, 3, 312, None, (Since(1, 2.6, 2.5, None),))
FOLLOW = FollowThrough("FADED", "FADING", 8.36e7, 25.0, 5.0, 1, Hour(1e4, 2e4), Hour(2e5, 5e3), True, 0, 4, 4.35e6)
BOARD = HighBeta(
    *("TARGETED", "HIGH_BETA_HIT", -0.0098, -0.016, -0.0229, "tail", 2.35, 4 / 30, 30, 0.008),
    (Residual("PEOPLE", -0.128, 1.26, -0.116),),
    (Stress("WIF", 0.031, 0.004),),
    ("ORDI",),
)
LEVEL = HeldLevel(95.0, 60.0, ("level-round-number",), "UNTESTED", 0.1, 96.0, None, None)
BOOKS = Books("RECOVERING", 6.1e7, 1.0e8, 0.61, 13, 0.08, 0.0041)
SPLIT = VenueSplit("SPREAD", (VenueShare("binance", 6e7, 0.6), VenueShare("okx", 4e7, 0.4)), ("hyperliquid",), ("okx",))


def text(phrase: Phrase, language: str = "en") -> str:
    """A phrase in words, with plain spaces."""
    return Wording(language, strict=True).text(phrase).replace("\u202f", " ").replace("\u00a0", " ")


def test_what_ran_before_the_peak_is_at_least_half() -> None:
    """Half and all of it by the peak are told alike, so that the sentence holds for either."""
    told = text(said.liquidations_phrase(replace(FOLLOW, half_min=0.0), flush_of(ONSET_MS, None)))
    assert "≥ $83.6M while it went on, from its onset, at least half of it by the peak (known to 5 min), faded" in told


@pytest.mark.parametrize(
    ("levels", "of_btc", "of_another"),
    [
        ((LEVEL,), "Levels: 95 (round number) not reached · ", "DOGE levels: 95 (round number) not reached · "),
        ((), "Now: ", "DOGE now: "),
    ],
)
def test_levels_and_price_of_another_coin_than_btc_name_it(
    levels: tuple[HeldLevel, ...], of_btc: str, of_another: str
) -> None:
    """A flush that DOGE opened goes by the name of BTC once it is market-wide; its early figures stay those of DOGE."""
    flush = flush_of(ONSET_MS, None)
    other = replace(flush, coin="DOGE", members={"DOGE": flush.lead})
    price = (Phrase("level-day-open"),)
    assert text(levels_phrase(levels, price, flush, ONSET_MS)) == f"{of_btc}day open"
    assert text(levels_phrase(levels, price, other, ONSET_MS)) == f"{of_another}day open"


def test_each_check_is_a_row_with_its_numbers_and_its_rule() -> None:
    """What is judged, by which numbers, and where the edges are."""
    flush = flush_of(ONSET_MS, None)
    for phrase, *parts in (
        (
            said.basis_phrase(BASIS, "long"),
            "Basis: +3 bp → −3 bp (usually −5 bp), tightened",
            "80 % of its distance from the usual is gone",
            "lowest in the flush −16 bp against its usual",
            "the perp was sold ahead of spot",
        ),
        (
            said.volume_phrase(VOLUME),
            ("Spot or perp: perp 9.0×, spot 6.0× usual, ratio 1.51 (usually 0.64 to 1.38), perp-led"),
            "last 1 h perp 2.6×, spot 2.5×",
            "nobody tells which side spot takers were on, so nothing is said of who bought and who sold",
        ),
        (
            said.liquidations_phrase(FOLLOW, flush),
            (
                "Liquidations of BTC: ≥ $83.6M while it went on, from its onset, "
                "half of it within 25 min of the peak (known to 5 min), faded"
            ),
            "1 aftershock",
            "last hour: longs ≥ $10K, shorts ≥ $20K",
            "fewer than in the hour before",
            "mostly shorts now",
        ),
        (
            said.board_phrase(BOARD),
            "Board: 4 of 30 coins moved unusually far, single names; BTC and ETH −1.0 %, coins from rank 21 on −2.3 %",
            "2.4 times the majors: high beta was hit",
            "furthest beyond their beta to BTC: PEOPLE −11.6 % (beta 1.3)",
            "hidden stress: WIF 3.1 % of its OI liquidated at +0.4 % in 24 h",
            "told volume is over 40 times the OI, so it is not to be relied on: ORDI",
        ),
        (
            said.books_phrase(BOOKS),
            "Order books: $61M within 1 %, 61 % of the usual $100M, recovering",
            "thinnest at the time 8 %",
            "forced was 0.41 % of the last hour's volume",
        ),
        (
            said.venues_phrase(SPLIT, flush),
            "Exchanges: Binance 60 %, OKX 40 % of what was observed, spread",
            "only some are shown by OKX",
            "none are told by Hyperliquid",
        ),
    ):
        *figures, rule = text(phrase).split(" · ")
        assert figures == parts
        assert rule.startswith("Rule for ")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("side", SIDES)
def test_every_result_has_its_words(language: str, side: Side) -> None:
    """No verdict of any check lacks a sentence in a language."""
    flush = flush_of(ONSET_MS, None, side=side)
    flush.dislocated = "okx"
    phrases = [
        said.basis_phrase(Basis(verdict, 0.0, 1.0, 2.0, closed, shot, perp_led=led), side)
        for verdict, closed, shot, led in product(get_args(BasisVerdict), (None, -0.3, 0.5), (None, 1.0), (True, False))
    ]
    phrases += [
        said.volume_phrase(SpotPerp(led, 1.0, 1.0, 1.0, 0.5, 2.0, 1, 72, demand, (Since(1, spot, spot, demand),)))
        for led, demand, spot in product(get_args(Led), (None, 0.1), (None, 2.0))
    ]
    phrases += [
        said.liquidations_phrase(
            FollowThrough(verdict, trend, 1.0, half, 5.0, legs, hour, None, half > 0, 1, 4, 2.0), flush
        )
        for verdict, trend, half, legs, hour in product(
            get_args(FollowVerdict), (None, *get_args(Trend)), (0.0, 5.0), (0, 1, 2), (None, Hour(1.0, 2.0))
        )
    ]
    phrases += [
        said.board_phrase(
            HighBeta(reach, lead, -0.1, None, -0.2, group, 2.0 if lead else None, 0.5, 8, 0.1, (), (), ())
        )
        for reach, lead, group in product(get_args(Reach), (None, *get_args(Lead)), get_args(Tail))
    ]
    phrases += [
        said.books_phrase(Books(verdict, 1.0, 1.0, 1.0, 3, least, forced))
        for verdict, least, forced in product(get_args(BooksVerdict), (None, 0.1), (None, 0.001))
    ]
    phrases += [
        said.venues_phrase(VenueSplit(verdict, SPLIT.shares, (), ()), flush) for verdict in get_args(SplitVerdict)
    ]
    wording = Wording(language, strict=True)
    assert all(wording.text(phrase) for phrase in phrases)


def episode_of() -> Episode:
    """A flush of an hour of which one venue told."""
    flush = flush_of(ONSET_MS, ONSET_MS + HOUR_MS, legs_ms=(ONSET_MS,))
    flush.told = (VenueTold("bybit", "complete", 9e6, 9e6, 9e6), VenueTold("hyperliquid", "silent", None, None, None))
    return flush


def checked(step: str, columns: dict[str, list[float]]) -> Checks:
    """All checks of that flush at a step."""
    count = 5 * 24
    slots = {name: hourly(values) for name, values in columns.items()} | {"close": np.full(12 * (count + 80), 100.0)}
    past = written(ONSET_MS - count * HOUR_MS, {"BTC": slots}).until(ONSET_MS + CHECKPOINTS[step])
    return assess(episode_of(), step, past)


def test_what_is_missing_stands_last_with_its_reason_and_nothing_is_made_of_it() -> None:
    """A market of which only prices are known: exchanges alone are told, all the rest is named."""
    checks = checked("24h", {})
    rows = said.detail_rows(checks, episode_of(), ONSET_MS + CHECKPOINTS["24h"])
    assert [row.tone for row in rows] == ["normal", "muted"]
    assert text(rows[0].phrase).startswith("Exchanges: Bybit 100 % of what was observed, one tells, which is no split")
    told = text(rows[-1].phrase)
    for words in (
        "basis (no index",
        "spot or perp (",
        "liquidations (none",
        "board (BTC and five",
        "order books (depth",
    ):
        assert words in told
    assert checks.spot_perp == Missing("volume")


def test_what_is_told_is_a_row_and_not_missing() -> None:
    """Volumes and liquidations of each hour give their rows, and are not named as missing."""
    usual = [100.0] * (5 * 24)
    columns = {
        "perp_usd": [*usual, 900.0, *[100.0] * 30],
        "spot_usd": [*usual, 400.0, *[100.0] * 30],
        "long_usd": [*usual, 900.0, *[50.0] * 30],
        "short_usd": [0.0] * (5 * 24 + 31),
        "liquidation_s": [3600.0] * (5 * 24 + 31),
    }
    rows = said.detail_rows(checked("24h", columns), episode_of(), ONSET_MS + CHECKPOINTS["24h"])
    said_rows = [text(row.phrase) for row in rows]
    assert [line.partition(":")[0] for line in said_rows] == [
        *("Spot or perp", "Liquidations of BTC", "Exchanges", "Not assessed")
    ]
    assert "perp 9.0×, spot 4.0× usual" in said_rows[0]
    assert "liquidations (" not in said_rows[-1]


@pytest.mark.parametrize(
    ("step", "market", "liquidations"), [("15m", False, False), ("1h", True, False), ("4h", True, True)]
)
def test_checks_are_due_from_their_step_on(step: str, market: bool, liquidations: bool) -> None:
    """Too early is None, neither missing nor judged: the board from +1 h, liquidations from +4 h, exchanges at once."""
    checks = checked(step, {})
    assert all(
        (found is not None) is market for found in (checks.basis, checks.spot_perp, checks.high_beta, checks.books)
    )
    assert (checks.follow_through is not None) is liquidations
    assert isinstance(checks.venue_split, VenueSplit)


def test_open_interest_before_says_of_when_it_is() -> None:
    """The details say what is compared with, since /flush tells another figure of before: the hour's highest."""
    flat = Rebuild("FLAT", None, ("okx",), 100.0, 100.0, ONSET_MS, 100.0, 0.0, 0.0, None, None, None, (), early=False)
    checks = replace(checked("24h", {}), rebuild=flat)
    row = said.detail_rows(checks, episode_of(), ONSET_MS + CHECKPOINTS["24h"])[0]
    assert text(row.phrase).startswith("OI: ")
    assert text(row.phrase).endswith(" · before: median of the time from 60 to 10 min before the onset")
