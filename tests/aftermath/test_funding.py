from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aftermath.funding import FundingCheck, Settlements, check, state_of
from bot.aftermath.missing import Missing
from bot.alerts.followup_rows import funding_phrase
from bot.chat.wording import Wording
from bot.market.facts import Funding, Side
from bot.market.history import HOUR_MS, SLOT_MS
from tests.aftermath.slots import NAN, at, before, episode, history_of, settled


def funding(rate_before: float, rates: list[tuple[float, float]], due: float = 24, side: Side = "long") -> FundingCheck:
    """Binance settles (hours since onset, rate) after `rate_before`."""
    facts = [settled(at(hours), rate) for hours, rate in rates]
    return checked({"binance": rate_before}, facts, due, side)


def checked(
    rates: dict[str, float],
    facts: list[Funding],
    due: float,
    side: Side = "long",
    interest: dict[str, float] | None = None,
) -> FundingCheck:
    """The check at `due` hours over what venues paid before and since."""
    past = history_of(at(-6), [100.0] * (round(due + 6) * 12 + 1), facts=facts).until(at(due))
    state = before(funding_8h=rates, open_interest=interest or {})
    found = check(episode((90.0, at(1)), state, side=side), state, past, round(due * HOUR_MS))
    assert isinstance(found, FundingCheck)
    return found


@pytest.mark.parametrize(
    ("rate", "state"),
    [(-3e-4, "DEEP_NEG"), (-1e-4, "NEG"), (0.0, "COOL"), (1e-4, "NEUTRAL"), (2e-4, "WARM"), (4e-4, "HOT")],
)
def test_states(rate: float, state: str) -> None:
    """The states of the domain notes around a resting rate of 0.01 %."""
    assert state_of(rate) == state


@pytest.mark.parametrize(
    ("rate_before", "rates", "verdict"),
    [
        (3.5e-5, [(8, 1.9e-5)], "NOT_CROWDED"),
        (1.5e-4, [(8, 1e-5)], "NOT_CROWDED"),
        (1e-4, [(8, 2e-4)], "CROWDED_SINCE"),
        (3.5e-4, [(8, 1e-4)], "COOLED"),
        (3.5e-4, [(16, 3.2e-4)], "STILL_ELEVATED"),
        (3.5e-4, [(8, 1e-4), (16, 3e-4)], "REBOUNDED"),
        (2e-4, [(8, -1e-4), (16, -1e-4)], "FLIPPED"),
        (2e-4, [(20.5, -1e-4)], "COOLED"),
        (1e-4, [(20.5, -1e-4)], "NOT_CROWDED"),
        (1e-4, [(16, -1e-4)], "FLIPPED"),
    ],
)
def test_verdicts(rate_before: float, rates: list[tuple[float, float]], verdict: str) -> None:
    """Crowded begins above 0.015 %; below zero counts as a flip after two settlements or four hours, not before."""
    assert funding(rate_before, rates).verdict == verdict


def test_still_elevated_only_after_a_day() -> None:
    """At +8 h a rate that has not moved is unchanged; a day later it is still elevated."""
    assert funding(3.5e-4, [(8, 3.4e-4)], due=8).verdict == "UNCHANGED"
    assert funding(3.5e-4, [(8, 3.4e-4)], due=24).verdict == "STILL_ELEVATED"


@pytest.mark.parametrize(
    ("rate_before", "rates", "verdict"),
    [
        (1e-4, [(8, 1e-4)], "NOT_CROWDED"),
        (-2e-4, [(8, -1.9e-4)], "STILL_ELEVATED"),
        (-2e-4, [(8, -1e-5)], "COOLED"),
        (-2e-4, [(8, 1e-4), (16, 1e-4)], "FLIPPED"),
        (-2e-4, [(8, -1e-5), (16, -1.8e-4)], "REBOUNDED"),
        (1e-4, [(8, -1e-4)], "CROWDED_SINCE"),
    ],
)
def test_a_squeeze_reads_funding_inverted(rate_before: float, rates: list[tuple[float, float]], verdict: str) -> None:
    """After a squeeze it is negative funding that says crowded, and a rise above zero that is a flip."""
    assert funding(rate_before, rates, side="short").verdict == verdict


def test_settlements_are_counted_with_their_interval() -> None:
    """Two payments of an 8 h venue and three of an hourly one, none of before onset."""
    facts = [settled(at(hours), 1e-4) for hours in (-8, 8, 16)]
    facts += [settled(at(hours), 1e-5, "hyperliquid", 1) for hours in (-1, 1, 2, 3)]
    found = checked({"binance": 1e-4, "hyperliquid": 8e-5}, facts, 16)
    assert found.settlements == (Settlements("binance", 2, 8), Settlements("hyperliquid", 3, 1))


def test_hourly_rates_are_rescaled_and_weighted_by_open_interest() -> None:
    """0.001 % an hour is 0.008 % per 8 h; with three times the open interest it counts three times."""
    facts = [settled(at(1), 1e-5, "hyperliquid", 1), settled(at(2), 4e-5)]
    interest = {"hyperliquid": 300.0, "binance": 100.0}
    found = checked({"hyperliquid": 1e-4, "binance": 2e-4}, facts, 4, interest=interest)
    assert found.before_8h == pytest.approx(1.25e-4)
    assert found.now_8h == pytest.approx((3 * 8e-5 + 4e-5) / 4)


def test_only_venues_that_settled_since_are_compared() -> None:
    """At +4 h an 8 h venue has nothing new to say, so both ends are those of the hourly one."""
    found = checked({"binance": 5e-4, "hyperliquid": 1e-4}, [settled(at(1), 1e-5, "hyperliquid", 1)], 4)
    assert found.venues == ("hyperliquid",)
    assert found.before_8h == pytest.approx(1e-4)
    assert found.now_8h == pytest.approx(8e-5)


def test_without_a_settlement_since_it_is_missing() -> None:
    """No payment since onset and no rate told now: missing, with the venues that would have paid."""
    past = history_of(at(-6), [100.0] * 121).until(at(4))
    state = before(funding_8h={"binance": 1e-4})
    assert check(episode((90.0, at(1)), state), state, past, 4 * HOUR_MS) == Missing("funding", ("binance",))


def test_rates_last_told_are_preferred_and_flip_after_four_hours() -> None:
    """Negative for three hours is cooled, for five hours flipped, whatever was settled before."""
    running = [2e-4] * (7 * 12) + [-1e-4] * (6 * 12)
    history = history_of(at(-6), [100.0] * len(running), funding_8h=running, facts=[settled(at(0.5), 5e-4)])
    state = before(funding_8h={"binance": 5e-4})
    flush = episode((90.0, at(1)), state)
    early = check(flush, state, history.until(at(4)), 4 * HOUR_MS)
    later = check(flush, state, history.until(at(5.5)), 4 * HOUR_MS)
    assert isinstance(early, FundingCheck)
    assert isinstance(later, FundingCheck)
    assert (early.told, early.before_8h, early.verdict) == (True, 2e-4, "COOLED")
    assert later.verdict == "FLIPPED"


def test_rates_that_are_all_settled_are_not_called_estimates() -> None:
    """Slots that hold payments only give the rates last told, and the payments since are still counted."""
    told = [3e-4] * (6 * 12 + 24) + [2e-4] * (4 * 12 + 1)
    facts = [settled(at(-6), 3e-4), settled(at(2), 2e-4)]
    past = history_of(at(-6), [100.0] * len(told), funding_8h=told, facts=facts).until(at(6))
    state = before(funding_8h={"binance": 3e-4})
    found = check(episode((90.0, at(1)), state), state, past, 6 * HOUR_MS)
    assert isinstance(found, FundingCheck)
    assert (found.told, found.before_8h, found.now_8h) == (True, 3e-4, 2e-4)
    assert found.settlements == (Settlements("binance", 1, 8),)
    english, spanish = (Wording(name, strict=True).text(funding_phrase(found, "long")) for name in ("en", "es"))
    assert "last told rates" in english
    assert "estimate" not in english
    assert "últimas tasas" in spanish


@given(st.floats(-1e-3, 1.5e-4), st.lists(st.floats(-1e-3, 1e-3), min_size=1, max_size=6))
def test_what_was_not_crowded_never_cools_or_rebounds(rate_before: float, rates: list[float]) -> None:
    """Words that need a crowd before never come without one."""
    found = funding(rate_before, [(4 * number + 4, rate) for number, rate in enumerate(rates)])
    assert found.verdict in ("NOT_CROWDED", "CROWDED_SINCE", "FLIPPED")


@pytest.mark.parametrize(("silent_h", "told"), [(2.5, True), (3.5, False)])
def test_rates_last_told_count_only_while_every_weight_is_known(silent_h: float, told: bool) -> None:
    """After three hours without its open interest a venue's rate leaves the weighted one, so that payments speak."""
    length = (6 + 8) * 12 + 1
    coins = [1.0] * length
    quiet = [NAN if at(1) < at(-6) + slot * SLOT_MS < at(1 + silent_h) else 1.0 for slot in range(length)]
    facts = [settled(at(0.5), 2e-4), settled(at(0.5), 4e-4, "okx")]
    interest = {"binance": coins, "okx": quiet}
    past = history_of(at(-6), [100.0] * length, interest=interest, funding_8h=[1e-4] * length, facts=facts).until(at(8))
    state = before(
        funding_8h={"binance": 1e-4, "okx": 3e-4, "kraken": 9e-4}, open_interest={"binance": 1.0, "okx": 1.0}
    )
    found = check(episode((90.0, at(1)), state), state, past, 8 * HOUR_MS)
    assert isinstance(found, FundingCheck)
    assert (found.told, found.venues) == (told, ("binance", "okx"))
    assert (found.before_8h, found.now_8h) == pytest.approx((1e-4, 1e-4) if told else (2e-4, 3e-4))
