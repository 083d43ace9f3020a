"""What became of our calls, as rows: written as it comes due, once, and read again for cards and /scorecard."""

from __future__ import annotations

from itertools import count

import msgspec
import pytest
from sqlite_utils import Database

from bot.aftermath.outcomes import ALERT, Figures, Outcome, Sample
from bot.alerts.base_rate import base_row
from bot.alerts.due import Speaker, do_due
from bot.alerts.outbox import put_due, put_episode
from bot.alerts.scoring import SCORE, base_of, load_calls
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.chat.wording import Wording
from bot.flush.base_rate import BaseRate
from bot.flush.episode import Episode
from bot.market.history import DAY_MS, HOUR_MS, History
from bot.message import Message
from bot.store.channels import save_channel
from bot.store.episodes import load_due, load_due_of, save_decision, save_episode
from bot.store.outcomes import keep_outcome, load_outcomes
from bot.store.rows import ChannelRow, DecisionRow, OutcomeRow
from tests.aftermath.slots import at, before, episode, history_of, ramp, settled
from tests.commands.flushes import ONSET_MS, row_of
from tests.commands.flushes import episode as flush_of
from tests.store.filled import fresh

HORIZONS = (4, 24, 48, 72)


def market() -> History:
    """A fall of ten percent within an hour that stays, in a market that moved by one percent a day before."""
    closes = ramp([(-100, 100.0), (-50, 101.0), (0, 100.0), (1, 90.0), (160, 90.0)])
    interest = ramp([(-100, 50.0), (0, 50.0), (1, 45.0), (160, 45.0)])
    facts = [settled(at(hour), 1e-4) for hour in range(0, 161, 8)]
    return history_of(at(-100), closes, interest={"okx": interest}, facts=facts)


def flush() -> Episode:
    """The flush in it, alerted of after half an hour."""
    frozen = before(
        at(0),
        open_interest={"okx": 50.0},
        funding_8h={"binance": 1e-4},
        high_6h=100.0,
        high_24h=100.0,
        levels=((95.0, 60.0, ("level-round-number",)),),
    )
    one = episode((90.0, at(1)), frozen, ended_ms=at(2), anchor_ms=at(1))
    one.alerted_ms = at(0.5)
    return one


def posted(one: Episode) -> Database:
    """A database in which its card stands in one channel."""
    db = fresh()
    save_channel(db, ChannelRow("none", "none", "none", encode_settings(DEFAULTS), 1, at(0)))
    save_decision(db, DecisionRow(one.id, "none", "first", True, at(0)))
    put_episode(db, one)
    put_due(db, one)
    return db


def live(db: Database, history: History, hours: list[float]) -> None:
    """Do what is due at each of these hours after onset."""
    for hour in hours:
        speaker = Speaker(at(hour), history.until, lambda _, reading: Message("card", reading), lambda message: message)
        for row in load_due(db, at(hour)):
            do_due(db, row, speaker)


def steps(last: float) -> list[float]:
    """Every half hour."""
    return [number / 2 for number in range(1, round(last * 2) + 1)]


@pytest.fixture(scope="module")
def lived() -> list[OutcomeRow]:
    """The outcomes of a flush that was followed to its end."""
    db = posted(flush())
    live(db, market(), steps(150))
    assert [row.outcome for row in load_due_of(db, flush().id) if row.step == SCORE] == ["written"]
    return load_outcomes(db)


def test_every_call_has_an_outcome_at_each_horizon(lived: list[OutcomeRow]) -> None:
    """The alert and the readings at +4, +24, +48 and +72 h, each 4 to 72 hours later, written when they came due."""
    made = {ALERT: at(0.5), **{f"{hours}h": at(1 + hours) for hours in HORIZONS}}
    assert {(row.call, row.hours): row.made_ms for row in lived} == {
        (name, hours): made_ms for name, made_ms in made.items() for hours in HORIZONS
    }
    assert all(row.done_ms == row.due_ms == row.made_ms + row.hours * HOUR_MS for row in lived)


def test_an_alert_that_was_early(lived: list[OutcomeRow]) -> None:
    """Half of the fall came after it: from 95 to 90, the level at 95 was lost, and less is open than before."""
    found = {row.hours: msgspec.json.decode(row.body, type=Outcome).found for row in lived if row.call == ALERT}
    four = found[4]
    told = (four.change, four.beyond, four.interest, four.interest_least)
    assert told == pytest.approx((90 / 95 - 1, 5 / 95, -0.1, 45 / 47.5 - 1), abs=1e-6)
    assert (four.level, four.box) == ("lost", None)
    assert found[24].box == "support"


def test_a_kill_between_two_horizons_changes_no_row(lived: list[OutcomeRow]) -> None:
    """What was written stays, and what was not yet comes at its time with the same figures."""
    db, history = posted(flush()), market()
    live(db, history, steps(30))
    early = load_outcomes(db)
    assert 0 < len(early) < len(lived)
    live(db, history, steps(150)[60:])
    assert load_outcomes(db) == lived


def test_outcomes_that_come_late_speak_of_their_own_hour(lived: list[OutcomeRow]) -> None:
    """A program that was down for a night writes down the same figures, later."""
    db, history = posted(flush()), market()
    live(db, history, [*steps(26), 40.0, *steps(150)[80:]])
    late = {(row.call, row.hours): row for row in load_outcomes(db)}
    for row in lived:
        if (row.call, row.hours) in late:
            assert late[row.call, row.hours].body == row.body
    assert any(row.done_ms > row.due_ms for row in late.values())


def test_a_retracted_alert_is_counted_and_has_no_outcomes() -> None:
    """It is a false alarm, whatever the price did."""
    one = flush()
    db = posted(one)
    one.end_reason, one.band = "retracted", "watch"
    put_episode(db, one)
    live(db, market(), steps(80))
    assert load_outcomes(db) == []
    (call,) = load_calls(db, "BTC", 0)
    assert call.retracted


def test_a_flush_that_nobody_was_told_of_is_no_call() -> None:
    """Calls are what was posted; of another coin none is told either."""
    db = posted(flush())
    assert [call.call for call in load_calls(db, "BTC", 0)] == [ALERT]
    assert load_calls(db, "ETH", 0) == []
    assert load_calls(db, None, at(0) + 1) == []
    silent = fresh()
    put_episode(silent, flush())
    assert load_calls(silent, None, 0) == []


def judged(db: Database, number: int, coin: str = "BTC", kind: str = "long_flush", *, random: bool = True) -> None:
    """An earlier flush whose alert was judged after a day: every second one went further, of moments every third."""
    onset_ms = ONSET_MS - (number + 2) * DAY_MS
    id_ = f"{coin}-{number}-{kind}"
    one = flush_of(id=id_, coin=coin, kind=kind, onset_ms=onset_ms, ended_ms=onset_ms + HOUR_MS)
    one.members[coin] = msgspec.structs.replace(next(iter(one.members.values())), coin=coin)
    save_episode(db, row_of(one))
    moments = tuple(Sample(place, Figures(beyond=0.01 if place == 0 else 0.0)) for place in range(3))
    found = Outcome(Figures(beyond=0.01 * (number % 2)), moments if random else ())
    body = msgspec.json.encode(found).decode()
    keep_outcome(db, OutcomeRow(id_, ALERT, 24, onset_ms, onset_ms + DAY_MS, onset_ms + DAY_MS, body))


def now() -> Episode:
    """The flush that is alerted of now."""
    return flush_of(alerted_ms=ONSET_MS)


def test_nine_earlier_ones_are_too_few() -> None:
    """The tenth brings the line; those of another kind do not count, nor does the flush itself."""
    db = fresh()
    for number in range(9):
        judged(db, number)
        judged(db, number, kind="short_squeeze")
    own = now()
    own_body = msgspec.json.encode(Outcome(Figures(beyond=1.0), (Sample(1, Figures(beyond=1.0)),))).decode()
    save_episode(db, row_of(own))
    keep_outcome(db, OutcomeRow(own.id, ALERT, 24, ONSET_MS, ONSET_MS, ONSET_MS, own_body))
    assert base_of(db, own) is None
    judged(db, 9)
    assert base_of(db, own) == BaseRate(5, 10, 10, 30, all_coins=False)


def test_all_coins_stand_in_for_a_coin_with_few() -> None:
    """And it says so."""
    db = fresh()
    for number, coin in zip(count(), ["BTC"] * 6 + ["ETH"] * 6, strict=False):
        judged(db, number, coin)
    assert base_of(db, now()) == BaseRate(6, 12, 12, 36, all_coins=True)


def test_without_a_comparison_nothing_is_said() -> None:
    """Twelve earlier ones with no random moment beside them give no line."""
    db = fresh()
    for number in range(12):
        judged(db, number, random=False)
    assert base_of(db, now()) is None


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "After 10 such flushes of BTC: further in 24 h 5 of 10 (24 %–76 %) · at random moments 10 of 30",
        ),
        (
            "es",
            "Tras 10 barridas así de BTC: más allá en 24 h 5 de 10 (24 %–76 %) · en momentos al azar 10 de 30",
        ),
    ],
)
def test_the_line_of_a_card(language: str, expected: str) -> None:
    """In both languages, muted, with interval and comparison."""
    (row,) = base_row(flush_of(base=BaseRate(5, 10, 10, 30, all_coins=False)))
    assert row.tone == "muted"
    assert Wording(language, strict=True).text(row.phrase).replace("\u202f", " ").replace("\xa0", " ") == expected


@pytest.mark.parametrize("base", [None, BaseRate(5, 9, 10, 30, all_coins=True), BaseRate(5, 10, 0, 0, all_coins=True)])
def test_no_line_below_ten_or_without_comparison(base: BaseRate | None) -> None:
    """Whatever an old row holds."""
    assert list(base_row(flush_of(base=base))) == []
