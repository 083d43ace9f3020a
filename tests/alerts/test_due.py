"""Due work of a flush: what is said between checkpoints, once and as of its hour, and what is kept of it."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from bot.aftermath.checks import CHECKPOINTS
from bot.aftermath.findings import find
from bot.alerts import due
from bot.alerts.due import Speaker, do_due, do_some_due
from bot.alerts.followups import build
from bot.alerts.outbox import LOOK, put_due, put_episode
from bot.alerts.reports import newest_verdict, read_report
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.chat.wording import Wording, Words
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, History
from bot.message import Message, Phrase, decode
from bot.store.channels import save_channel
from bot.store.deliveries import load_message
from bot.store.episodes import load_due, load_due_of, save_decision
from bot.store.reports import load_reports
from bot.store.rows import ChannelRow, DecisionRow
from tests.aftermath.slots import at, before, episode, history_of, ramp, settled
from tests.store.filled import fresh

EVERY = [*range(1, 75)]


def market(hours: float = 90, *, positions: bool = True, funding: bool = True) -> History:
    """A fall of ten percent; all positions are back from 7 h on, the price is not; the level at 95 stays lost."""
    interest: list[tuple[float, float]] = [(-30, 50.0), (0, 50.0), (1, 45.0), (6, 45.0), (7, 50.0), (90, 50.0)]
    length = round((30 + hours) * 12) + 1
    facts = [settled(at(hour), 1e-4) for hour in range(0, 89, 8) if funding and hour <= hours]
    closes = ramp([(-30, 100.0), (0, 100.0), (1, 90.0), (90, 90.0)])
    told = {"okx": ramp(interest)[:length]} if positions else {}
    return history_of(at(-30), closes[:length], interest=told, facts=facts)


def flush(**known: object) -> Episode:
    """The flush in it, counted from 1 h after its onset."""
    values: dict[str, object] = {
        "open_interest": {"okx": 50.0},
        "funding_8h": {"binance": 1e-4},
        "high_6h": 100.0,
        "high_24h": 100.0,
        "levels": ((95.0, 60.0, ("level-round-number",)),),
    }
    frozen = before(at(0), **(values | known))
    return episode((90.0, at(1)), frozen, ended_ms=at(2), anchor_ms=at(1))


def posted(one: Episode) -> Database:
    """A database in which the card of a flush stands in one channel."""
    db = fresh()
    save_channel(db, ChannelRow("none", "none", "none", encode_settings(DEFAULTS), 1, at(0)))
    save_decision(db, DecisionRow(one.id, "none", "first", True, at(0)))
    put_episode(db, one)
    put_due(db, one)
    return db


def speaker(history: History, now_ms: int) -> Speaker:
    """The stream at a moment; the card is its reading alone."""
    return Speaker(now_ms, history.until, lambda _, reading: Message("card", reading), lambda message: message)


def live(db: Database, history: History, hours: list[float] | list[int]) -> None:
    """Do what is due at each of these hours after onset."""
    for hour in hours:
        for row in load_due(db, at(hour)):
            do_due(db, row, speaker(history, at(hour)))


def said(db: Database, step: str) -> Message:
    """A message of the flush."""
    row = load_message(db, f"{flush().id}/{step}")
    assert row is not None
    return decode(row.body)


def test_a_trip_is_told_at_the_hour_it_happens_and_once() -> None:
    """All positions back trips at 8 h, between two checkpoints: one short follow-up then, none at any later hour."""
    db, history = posted(flush()), market()
    live(db, history, [5, 6, 7])
    assert load_message(db, f"{flush().id}/reload") is None
    live(db, history, [8])
    spoken = Wording("en", strict=True).words(said(db, "reload"))
    assert spoken.headline.replace("\u202f", " ") == (
        "Invalidation: OI back without a new price high (100 % back, best 4 h close 90 of 99.8), since 08:00 UTC"
    )
    assert spoken.push is not None
    assert said(db, "card").headline.key == "followup-tripped"
    live(db, history, EVERY[8:])
    row = load_message(db, f"{flush().id}/reload")
    assert row is not None
    assert (row.created_ms, row.revision) == (at(8), 1)
    assert [report.step for report in load_reports(db) if report.step == "reload"] == ["reload"]


def test_the_look_is_one_row_that_moves_on_until_72_hours() -> None:
    """From +4 h to +72 h one row is due every hour, then it is done."""
    db, history = posted(flush()), market()
    (look,) = [row for row in load_due_of(db, flush().id) if row.step == LOOK]
    assert look.due_ms == at(5)
    live(db, history, [5])
    (look,) = [row for row in load_due_of(db, flush().id) if row.step == LOOK]
    assert (look.due_ms, look.done_ms) == (at(6), None)
    live(db, history, EVERY[5:])
    (look,) = [row for row in load_due_of(db, flush().id) if row.step == LOOK]
    assert (look.due_ms, look.done_ms, look.outcome) == (at(73), at(73), "looked")


def test_a_later_change_of_the_flush_leaves_the_look_where_it_is() -> None:
    """Another change puts due work again; only a moved anchor moves the look."""
    db, history, one = posted(flush()), market(), flush()
    live(db, history, [5, 6])
    put_due(db, one)
    assert [row.due_ms for row in load_due_of(db, one.id) if row.step == LOOK] == [at(7)]
    one.anchor_ms = at(9.5)
    put_due(db, one)
    assert [row.due_ms for row in load_due_of(db, one.id) if row.step == LOOK] == [at(13.5)]


def test_what_a_checkpoint_told_is_not_told_again() -> None:
    """After a pause over the trip, the follow-up of 24 h shows it; a look of the same moment adds nothing to it."""
    db, history = posted(flush()), market()
    live(db, history, [5])
    live(db, history, [25])
    steps = {row.step for row in load_reports(db)}
    assert steps == {"4h", "24h", "reload", "support"}
    live(db, history, EVERY[25:])
    assert {row.step for row in load_reports(db)} == {*steps, "48h", "72h"}


def test_a_report_is_written_once_with_its_follow_up() -> None:
    """Every checkpoint from +15 min on has one report with checks; boxes, verdict and confidence from +4 h on."""
    db, history = posted(flush()), market()
    live(db, history, [1.25, 2, *range(3, 75)])
    reports = {row.step: row for row in load_reports(db) if row.step in CHECKPOINTS}
    assert set(reports) == set(CHECKPOINTS)
    for step, row in reports.items():
        assert (row.due_ms, row.posted_ms) == (at(1) + CHECKPOINTS[step],) * 2
        body = read_report(row)
        assert (body.verdict is None) == (body.invalidation is None) == (step in {"15m", "1h"})
        assert bytes(body.checks).startswith(b'{"step":"' + step.encode())
    newest = newest_verdict(db, flush().id)
    assert newest is not None
    assert newest[0].step == "72h"


def test_the_card_takes_the_newest_reading() -> None:
    """The state on the card is the headline of the newest follow-up, also of one that is on the card only."""
    db, history = posted(flush()), market()
    live(db, history, [1.25, 2, 3, 4, 5])
    assert said(db, "card").headline == said(db, "4h").headline
    live(db, history, EVERY[5:49])
    headline = said(db, "card").headline
    assert headline.values["step"] == Phrase("followup-step-48h")
    assert load_message(db, f"{flush().id}/48h") is None


def test_a_retracted_flush_is_not_looked_at() -> None:
    """Nothing is said of a flush that there was not."""
    one = flush()
    one.end_reason = "retracted"
    db = posted(one)
    live(db, market(), EVERY)
    assert load_reports(db) == []
    assert {row.outcome for row in load_due_of(db, one.id)} == {"retracted"}


@pytest.mark.parametrize("step", ["4h", "24h"])
def test_later_facts_change_no_word(step: str) -> None:
    """A follow-up built when the market has gone on for days says exactly what it said at its moment."""
    due_ms = at(1) + CHECKPOINTS[step]
    hours = (due_ms - at(0)) / HOUR_MS
    one = flush()
    whole, cut = (history.until(due_ms) for history in (market(), market(hours)))
    assert build(one, find(one, step, whole), due_ms, whole) == build(one, find(one, step, cut), due_ms, cut)


@pytest.mark.parametrize(
    ("without", "known", "used"),
    [
        ("positions", {"open_interest": {}}, ["what was closed", "% back", "OI:"]),
        ("funding", {"funding_8h": {}}, ["/8h", "Funding:"]),
        ("levels", {"levels": ()}, ["95", "Levels:"]),
    ],
)
def test_no_sentence_uses_an_input_that_is_missing(without: str, known: dict[str, object], used: list[str]) -> None:
    """Whole it stands in the follow-up; taken away, no line has a figure of it, and it is named as not assessed."""
    absent = {without: False} if without != "levels" else {}
    spoken = [
        "\n".join(text.replace("\u202f", " ") for text in (words.headline, *(row.text for row in words.rows)))
        for one, history in ((flush(), market()), (flush(**known), market(**absent)))
        for words in [said_of(one, history)]
    ]
    names = {"positions": "open interest (", "funding": "funding (not", "levels": "key levels ("}
    for word in used:
        assert word in spoken[0]
        assert word not in spoken[1]
    assert names[without] not in spoken[0]
    assert names[without] in spoken[1]


def said_of(one: Episode, history: History) -> Words:
    """The follow-up of 24 h in English."""
    past = history.until(at(25))
    return Wording("en", strict=True).words(build(one, find(one, "24h", past), at(25), past))


@pytest.mark.parametrize("most", [1, 2, 3])
def test_what_one_step_has_no_time_for_is_done_by_the_next_ones(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Hours late, with more due than a step may do: the oldest first, and in the end the rows of one that did all."""
    history, late = market(), at(6.05)
    whole, bit_by_bit = posted(flush()), posted(flush())
    left_ms, _ = do_some_due(whole, speaker(history, late))
    assert left_ms is not None
    assert left_ms > late
    monkeypatch.setattr(due, "MOST_AT_ONCE", most)
    done = []
    while load_due(bit_by_bit, late):
        oldest = [row.step for row in load_due(bit_by_bit, late)[:most]]  # none is a score yet
        next_ms, _ = do_some_due(bit_by_bit, speaker(history, late))
        done += oldest
        assert (next_ms is not None and next_ms <= late) == bool(load_due(bit_by_bit, late))
    assert len(done) > most
    assert load_due_of(bit_by_bit, flush().id) == load_due_of(whole, flush().id)
    assert load_reports(bit_by_bit) == load_reports(whole)
