"""/after: what followed a flush, step by step, as it was told then."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aftermath.checks import Checks
from bot.aftermath.funding import FundingCheck
from bot.aftermath.held import HeldLevel
from bot.aftermath.missing import Missing
from bot.aftermath.rebuild import Rebuild
from bot.aftermath.verdict import Verdict
from bot.alerts.followup_details import detail_rows
from bot.alerts.reports import Report
from bot.market.facts import Side
from bot.message import Names, Phrase, Phrases, Row
from bot.store.database import Database
from bot.store.episodes import save_decision, save_due, save_episode
from bot.store.reports import keep_report
from bot.store.rows import DecisionRow, DueRow, ReportRow
from commands.after_rules import figures_of, rules_of
from tests.commands.chat_room import Room, lines_of
from tests.commands.flushes import ONSET_MS, episode, member, row_of

DAY_MS, HOUR_MS, MINUTE_MS = 86_400_000, 3_600_000, 60_000
VERDICT = Verdict("RELOADING", 0.7, ("reload-tripped",), ("open_interest",), ())
ROW = Row(Phrase("followup-short-basis"))
FLUSH = "2026-01-19-BTC-1"
WORDS = ("detail-venues-rule", "detail-board-rule", "detail-volume-no-takers", "followup-short-basis")


def detail(*parts: Phrase | str) -> Row:
    """A row of a check as it is kept."""
    known = tuple(Phrase(part) if isinstance(part, str) else part for part in parts)
    return Row(Phrase("detail-line", {"parts": Phrases(known)}))


def parts_of(row: Row) -> tuple[Phrase, ...]:
    """What a row is made of."""
    parts = row.phrase.values.get("parts")
    return parts.items if isinstance(parts, Phrases) else ()


INTEREST = Rebuild(
    *("FLAT", None, ("binance",), 97_429.0, 97_429.0, ONSET_MS, 97_429.0, 0.0, 0.0, None, None, None, ()), early=False
)
CHECKS = Checks("24h", INTEREST, Missing("price"), None, Missing("levels"))
EXCHANGES = detail(Phrase("detail-venues-untold", {"venues": Names(("Hyperliquid",))}), "detail-venues-rule")
LATER = Report(details=(*detail_rows(CHECKS, episode(), ONSET_MS + DAY_MS)[:1], EXCHANGES))
ENDED: dict[str, object] = {"ended_ms": ONSET_MS + HOUR_MS, "state": "ended"}
STEPS = (("1h", Report(details=(ROW,))), ("4h", Report(verdict=VERDICT, confidence=0.7, details=(ROW, ROW))))


@pytest.fixture
async def followed(room: Room) -> Room:
    """A room in which one flush has two reports, and a box of it tripped."""
    flush = episode(member())

    def keep(db: Database) -> None:
        save_episode(db, row_of(flush))
        for number, (step, report) in enumerate((*STEPS, ("support", Report()))):
            body, due_ms = msgspec.json.encode(report).decode(), ONSET_MS + number * 3_600_000
            keep_report(db, ReportRow(flush.id, step, due_ms, due_ms, body))

    await room.desk.store.run(keep)
    return room


async def test_the_newest_step_is_told_with_its_reading(followed: Room) -> None:
    """Without a step that of the newest checkpoint, with its rows and as of when; the other step has a button."""
    told = await followed.text("/after")
    assert (
        told[0] == "BTC long flush of 19 January 2026, 00:00 UTC, +4 h: reads as reloading, not reset (confidence 0.70)"
    )
    assert told[1:3] == ["basis", "basis"]
    assert told[3] == "As of 01:00 UTC, from what was known then · 2026-01-19-BTC-1"
    buttons = [button.command for button in (await followed.say("/after")).buttons]
    assert buttons == [f"/after {FLUSH} 4h rules", f"/after {FLUSH} 1h", f"/flush why {FLUSH}"]


async def test_figures_come_first_and_rules_when_asked_for(followed: Room) -> None:
    """The rule of a check stands behind the button alone, with those of checks that have none in their row."""
    body = msgspec.json.encode(LATER).decode()
    row = ReportRow(FLUSH, "24h", ONSET_MS + DAY_MS, ONSET_MS + DAY_MS, body)
    await followed.desk.store.run(lambda db: keep_report(db, row))
    first = await followed.text(f"/after {FLUSH} 24h")
    assert first[1].startswith("OI: hardly moved then (0.0 %); now 0.0 % against before (97,429 BTC → 97,429 BTC on ")
    assert first[2] == "none are told by Hyperliquid"
    rules = await followed.say(f"/after {FLUSH} 24h rules")
    told = lines_of(rules)
    assert told[0] == first[0]
    assert told[1].startswith("Rule for OI: fast is half of what was closed by +4 h")
    assert told[2].startswith("Rule for exchanges: nearly all is 90 %")
    assert told[3] == first[-1]
    assert rules.buttons[0].command == f"/after {FLUSH} 24h"


@pytest.mark.parametrize(
    ("side", "words"),
    [
        (
            "long",
            (("longs crowded above", "cooled", "flipped when below zero"), ("lost on a 15 min", "regained by two")),
        ),
        (
            "short",
            (("shorts crowded below", "they pay", "flipped when above zero"), ("broken on a 15 min", "closes under")),
        ),
    ],
)
async def test_rules_are_told_in_the_words_of_the_side_that_was_hurt(
    followed: Room, side: Side, words: tuple[tuple[str, ...], ...]
) -> None:
    """A level below is lost and regained, one above is broken until two closes are under it; funding too."""
    held = HeldLevel(90_000.0, 70.0, ("level-round",), "LOST", 90.0, 89_000.0, ONSET_MS, None)
    funding = FundingCheck("COOLED", 3e-4, 1e-4, 1e-4, "HOT", "NEUTRAL", told=True, venues=("okx",), settlements=())
    flush = episode(member(), side=side)
    details = detail_rows(Checks("24h", Missing("open_interest"), Missing("price"), funding, (held,)), flush, ONSET_MS)
    row = ReportRow(FLUSH, "24h", DAY_MS, DAY_MS, msgspec.json.encode(Report(details=tuple(details))).decode())
    await followed.desk.store.run(lambda db: save_episode(db, row_of(flush)))
    await followed.desk.store.run(lambda db: keep_report(db, row))
    told = (await followed.text(f"/after {FLUSH} 24h rules"))[1:3]
    assert all(word in line for line, said in zip(told, words, strict=True) for word in said), told


async def test_a_step_without_rules_says_so(followed: Room) -> None:
    """Where nothing was judged by a rule, that is what the answer says."""
    assert (await followed.text(f"/after {FLUSH} 1h rules"))[1] == "No rule judged anything at this step."


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1).map(lambda keys: detail(*keys)), max_size=6))
def test_nothing_is_lost_between_figures_and_rules(rows: list[Row]) -> None:
    """Each part of each kept row stands in one of the two answers, once, in its order."""
    shown = [part.key for row in (*figures_of(rows), *rules_of(rows, "long")) for part in parts_of(row)]
    assert sorted(shown) == sorted(part.key for row in rows for part in parts_of(row))


async def test_a_step_can_be_asked_for(followed: Room) -> None:
    """An early one has no reading; one that is not there is refused with those that are."""
    assert (await followed.text("/after BTC 1h"))[:2] == ["BTC long flush of 19 January 2026, 00:00 UTC, +1 h", "basis"]
    for line in ("/after btc 1h", "/after 1h", "/after 1H", "/after btcusdt 1"):
        assert await followed.text(line) == await followed.text("/after BTC 1h")
    (refused,) = await followed.text("/after 2026-01-19-BTC-1 72h")
    assert refused == "There is no +72 h of 2026-01-19-BTC-1. Looked at were: 1 h, 4 h."


@pytest.mark.parametrize(
    ("changes", "done_ms", "outcome", "words"),
    [
        ({}, None, None, "+24 h of {} is still to come, at 20 Jan, 00:00 UTC. Looked at were: 1 h, 4 h."),
        ({}, 1, "too late", "There is no +24 h of {}. Looked at were: 1 h, 4 h."),
        ({"end_reason": "retracted"}, None, None, "There is no +24 h of {}. Looked at were: 1 h, 4 h."),
    ],
)
async def test_a_step_that_is_to_come_says_when(
    followed: Room, changes: dict[str, object], done_ms: int | None, outcome: str | None, words: str
) -> None:
    """One that is planned names its moment; one that was passed over, or of a retracted flush, never comes."""

    def keep(db: Database) -> None:
        save_episode(db, row_of(episode(member(), **changes)))
        save_due(db, DueRow(FLUSH, "24h", ONSET_MS + DAY_MS, done_ms, outcome))

    await followed.desk.store.run(keep)
    assert await followed.text(f"/after {FLUSH} 24h") == [words.format(FLUSH)]


async def test_what_its_post_said_of_times_is_said_again(followed: Room) -> None:
    """From which larger leg the step counts, and that its post came late; of a step of the first leg neither."""
    moved = episode(member(), anchor_moved=True, anchor_ms=ONSET_MS - 3 * HOUR_MS)

    def keep(db: Database) -> None:
        save_episode(db, row_of(moved))
        due_ms = ONSET_MS + HOUR_MS
        save_due(db, DueRow(moved.id, "4h", due_ms, due_ms + 25 * MINUTE_MS, "posted"))
        body = msgspec.json.encode(STEPS[1][1]).decode()
        db.execute("DELETE FROM reports WHERE step = '4h'")
        keep_report(db, ReportRow(moved.id, "4h", due_ms, due_ms + 25 * MINUTE_MS, body))

    await followed.desk.store.run(keep)
    assert (await followed.text("/after"))[-2] == (
        "Times count from the larger leg at 18 Jan, 21:00 UTC. · "
        "Posted 25 min late, data as of 19 January 2026, 01:00 UTC."
    )
    assert not any("larger leg" in line or "late" in line for line in await followed.text("/after 1h"))


@pytest.mark.parametrize(
    ("changes", "posted", "due", "words"),
    [
        ({}, True, (), "Nothing was looked at yet after {}: follow-ups come 15 minutes to 72 hours after"),
        ({}, True, ((None, None),), "Nothing was looked at yet after {}: the next follow-up is due at 04:00 UTC."),
        ({}, False, (), "Nothing was looked at yet after {}: follow-ups come after a flush that was posted, and no"),
        (ENDED, True, ((1, "too late"),), "Nothing was looked at after {}: no follow-up could be told in time, and"),
        (ENDED, False, ((1, "not posted"),), "Nothing is looked at after {}: it was posted to no channel."),
        (ENDED | {"band": "watch"}, False, (), "Nothing is looked at after {}: it only came to WATCH, and no channel"),
        (ENDED | {"end_reason": "retracted"}, True, (), "Nothing is looked at after {}: it was retracted: later bars"),
    ],
)
async def test_why_nothing_was_told(
    room: Room, changes: dict[str, object], posted: bool, due: tuple[tuple[int | None, str | None], ...], words: str
) -> None:
    """One sentence that says when follow-ups come, or why none ever will."""
    flush = episode(member(), **changes)

    def keep(db: Database) -> None:
        save_episode(db, row_of(flush))
        save_decision(db, DecisionRow(flush.id, "other", "first", posted, 1))
        for done_ms, outcome in due:
            save_due(db, DueRow(flush.id, "4h", ONSET_MS + 4 * HOUR_MS, done_ms, outcome))

    await room.desk.store.run(keep)
    (refused,) = await room.text(f"/after {flush.id}")
    assert refused.startswith(words.format(flush.id))
