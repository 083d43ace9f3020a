from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # ships no types
import pytest

from bot.aftermath.before import freeze
from bot.aftermath.checks import CHECKPOINTS, Checks, assess
from bot.aftermath.funding import FundingCheck
from bot.aftermath.missing import Hole, Missing
from bot.aftermath.rebuild import Rebuild
from bot.aftermath.recovery import Recovery
from bot.flush.episode import Episode
from bot.market.facts import Bar, Funding
from bot.market.history import SLOT_MS, History
from tests.aftermath.raw import raw_rows
from tests.aftermath.slots import NAN, ONSET_MS, at, before, episode, history_of, ramp, settled

RECORDING = "2025-12_2026-03_btc_eth_sol.jsonl.gz"
VENUES = ("binance", "hyperliquid")


@pytest.mark.parametrize(("step", "due"), [("15m", False), ("1h", False), ("4h", True), ("24h", True), ("72h", True)])
def test_funding_is_due_from_four_hours_on(step: str, due: bool) -> None:
    """Before +4 h there is no settlement to speak of: the check is not due, which is not the same as missing."""
    facts = [settled(at(1), 1e-4)]
    past = history_of(at(-6), ramp([(-6, 100.0), (0, 100.0), (1, 90.0), (80, 95.0)]), facts=facts).until(at(73))
    flush = episode((90.0, at(1)), before(funding_8h={"binance": 1e-4}))
    assert (assess(flush, step, past).funding is not None) is due


def test_without_a_state_before_only_the_price_is_assessed() -> None:
    """An episode whose onset was not seen has its price move, and says that the rest is missing."""
    past = history_of(at(-6), ramp([(-6, 100.0), (0, 100.0), (1, 90.0), (4, 95.0)])).until(at(4))
    checks = assess(episode((90.0, at(1)), None), "4h", past)
    assert isinstance(checks.recovery, Recovery)
    missing = (Missing("open_interest"), Missing("funding"), Missing("levels"))
    assert (checks.rebuild, checks.funding, checks.levels) == missing


def test_what_came_later_changes_nothing() -> None:
    """The +1 h results are the same whether the history ends then or runs on for three hours."""
    path = ramp([(-6, 100.0), (0, 100.0), (1, 90.0), (2, 94.0), (5, 70.0)])
    interest = ramp([(-6, 50.0), (0, 50.0), (1, 45.0), (2, 46.0), (5, 10.0)])
    state = before(open_interest={"okx": 50.0}, high_6h=100.0, levels=((95.0, 60.0, ("level-round-number",)),))
    flush = episode((90.0, at(1)), state)
    known = (6 + 2) * 12 + 1
    whole = history_of(at(-6), path, interest={"okx": interest}).until(at(2))
    cut = history_of(at(-6), path[:known], interest={"okx": interest[:known]}).until(at(2))
    assert assess(flush, "1h", whole) == assess(flush, "1h", cut)


@pytest.fixture(scope="module")
def rows(recordings: Path) -> pd.DataFrame:
    """The raw lines of BTC from 12 to 20 January 2026."""
    return raw_rows(recordings / RECORDING, "BTC", at(-168), at(30))


@pytest.fixture(scope="module")
def january(rows: pd.DataFrame) -> tuple[Episode, History]:
    """The flush of 19 January by hand: known from 00:00 on, its hourly total at 01:00, calm at 02:10."""
    history = filled(rows)
    lows = rows[(rows.kind == "mark") & (rows.t > ONSET_MS) & (rows.t <= at(2.2))].set_index("t").price
    flush = episode((lows.min(), int(lows.idxmin())), None, ended_ms=at(2 + 1 / 6), anchor_ms=at(1))
    flush.before = freeze(history.until(ONSET_MS), "BTC", ONSET_MS)
    return flush, history


def filled(rows: pd.DataFrame) -> History:
    """The history as the engine fills it: once per slot, open interest told in dollars divided by the mark."""
    history, mark = History(), NAN
    for slot, group in rows.groupby((rows.t - 1) // SLOT_MS):
        place = history.enter({"BTC": 0}, dict(zip(VENUES, range(2), strict=True)), (int(slot) + 1) * SLOT_MS)
        close, interest = NAN, np.full((1, 2), np.nan)
        for row in sorted(group.to_dict("records"), key=lambda row: row["kind"] != "mark"):
            fields: dict[str, Any] = {name: value for name, value in row.items() if pd.notna(value) and name != "kind"}
            if row["kind"] == "mark":
                close = mark = row["price"]
            elif row["kind"] == "oi":
                interest[0, VENUES.index(row["venue"])] = fields.get("coins", row["usd"] / mark)
            elif row["kind"] == "bar":
                history.apply(msgspec.convert(fields, Bar, strict=False))
            elif row["kind"] == "funding":
                history.apply(msgspec.convert(fields, Funding, strict=False))
        history.write(place, np.array([[close], [close], [close], [NAN], [NAN]]))
        history.write_open_interest(place, interest)
    return history


def checked(january: tuple[Episode, History], step: str) -> Checks:
    """All checks of 19 January at one step."""
    flush, history = january
    return assess(flush, step, history.until(at(1) + CHECKPOINTS[step]))


@pytest.mark.real
@pytest.mark.parametrize(("step", "due"), [("4h", 5.0), ("24h", 25.0)])
def test_rebuild_of_19_january_matches_pandas(
    rows: pd.DataFrame, january: tuple[Episode, History], step: str, due: float
) -> None:
    """R_OI from the raw Binance rows: 53 % at +4 h, while Hyperliquid is left out for its hole since 23:00."""
    coins = rows[(rows.kind == "oi") & (rows.venue == "binance")].set_index("t").coins
    pre = coins.loc[at(-1) : at(-1 / 6)].median()
    least = coins.loc[at(0) + 1 : at(2 + 1 / 6)].min()
    now = coins.loc[: at(due)].iloc[-1]
    found = checked(january, step).rebuild
    assert isinstance(found, Rebuild)
    assert found.rebuilt == pytest.approx((now - least) / (pre - least), abs=1e-5)
    assert found.fall == pytest.approx(1 - least / pre, abs=1e-6)
    assert found.venues == ("binance",)
    assert found.left_out == (Hole("hyperliquid", at(-1), None if due < 18 else at(18)),)
    if step == "4h":
        assert found.rebuilt == pytest.approx(0.53, abs=0.005)
        assert (found.verdict, found.qualifier) == ("FAST", "RELOADING_INTO_WEAKNESS")


@pytest.mark.real
@pytest.mark.parametrize(("step", "due"), [("15m", 1.25), ("4h", 5.0), ("24h", 25.0)])
def test_recovery_of_19_january_matches_pandas(
    rows: pd.DataFrame, january: tuple[Episode, History], step: str, due: float
) -> None:
    """R_P from the raw marks: the highest of the 6 h before the low, and the low as known at the due time."""
    marks = rows[rows.kind == "mark"].set_index("t").price
    during = marks.loc[at(0) + 1 : min(at(due), at(2.2))]
    low, low_ms = during.min(), int(during.idxmin())
    high = marks.loc[low_ms - 6 * 3_600_000 + 1 : low_ms].max()
    found = checked(january, step).recovery
    assert isinstance(found, Recovery)
    assert (found.extreme, found.extreme_ms, found.before) == (low, low_ms, high)
    assert found.recovered == pytest.approx((marks.loc[at(due)] - low) / (high - low))
    assert found.from_high == pytest.approx(marks.loc[at(due)] / marks.loc[at(-24) + 1 : at(0)].max() - 1)
    assert found.beyond_price is None


@pytest.mark.real
@pytest.mark.parametrize(("step", "due"), [("4h", 5.0), ("24h", 25.0)])
def test_funding_of_19_january_matches_pandas(
    rows: pd.DataFrame, january: tuple[Episode, History], step: str, due: float
) -> None:
    """Binance and Hyperliquid, weighted by the open interest before, last settlement up to each end; not crowded."""
    facts = rows[rows.kind == "funding"].assign(rate_8h=lambda frame: frame.rate * 8 / frame.interval_h)
    interest = rows[rows.kind == "oi"].merge(rows[rows.kind == "mark"][["t", "price"]], on="t", suffixes=("", "_mark"))
    interest = interest.assign(told=interest.coins.fillna(interest.usd / interest.price_mark))
    hour = interest[(interest.t >= at(-1)) & (interest.t <= at(-1 / 6))]
    weights = hour.groupby("venue").told.median()

    def weighted_at(end_ms: int) -> float:
        last = facts[facts.t <= end_ms].groupby("venue").rate_8h.last().loc[list(weights.index)]
        return float((last * weights).sum() / weights.sum())

    found = checked(january, step).funding
    assert isinstance(found, FundingCheck)
    assert found.before_8h == pytest.approx(weighted_at(at(0)), rel=1e-5)
    assert found.now_8h == pytest.approx(weighted_at(at(due)), rel=1e-5)
    assert (found.verdict, found.venues) == ("NOT_CROWDED", VENUES)
    since = facts[(facts.t > at(0)) & (facts.t <= at(due))].groupby("venue").size().to_dict()
    assert {entry.venue: entry.count for entry in found.settlements} == since
