"""/scorecard: every rate with its interval and beside random moments, in at most ten lines."""

from __future__ import annotations

import msgspec
import pytest
from sqlite_utils import Database

from bot.aftermath.outcomes import ALERT, Figures, Outcome, Sample
from bot.aftermath.verdict import Reading, Verdict
from bot.alerts.reports import Report
from bot.store.episodes import save_decision, save_episode
from bot.store.outcomes import keep_outcome
from bot.store.reports import keep_report
from bot.store.rows import DecisionRow, OutcomeRow, ReportRow
from tests.commands.chat_room import Room
from tests.commands.flushes import episode, row_of
from tests.commands.market import DAY_MS, HOUR_MS, NOW_MS

WENT = Figures(-0.02, 0.02, -0.03, -0.02, "lost", "support")
STAYED = Figures(0.01, -0.001, -0.01, -0.001, "held", "none")
STILL = tuple(Sample(place, Figures(0.0, 0.006 if place else 0.0, 0.01, 0.0, "held", "none")) for place in range(4))


def keep(db: Database, number: int, days_ago: float, found: Figures | None, **changes: object) -> None:
    """A posted flush with the same outcome of its alert at every horizon, and of a reading where one is named."""
    reading: Reading | None = changes.pop("reading", None)  # type: ignore[assignment]  # of these tests
    random: tuple[Sample, ...] = changes.pop("random", STILL)  # type: ignore[assignment]  # of these tests
    onset_ms, id_ = NOW_MS - round(days_ago * DAY_MS), f"flush-{number}"
    one = episode(**{"id": id_, "onset_ms": onset_ms, "ended_ms": onset_ms + HOUR_MS, **changes})  # type: ignore[arg-type]  # as above
    save_episode(db, row_of(one))
    save_decision(db, DecisionRow(id_, "web", "first", True, onset_ms))
    if reading is not None:
        report = Report(verdict=Verdict(reading, 1.0, (), (), ()), confidence=1.0)
        keep_report(db, ReportRow(id_, "4h", onset_ms, onset_ms, msgspec.json.encode(report).decode()))
    for call in (ALERT, "4h") if reading else (ALERT,):
        for hours in (4, 24, 48, 72) if found is not None else ():
            body = msgspec.json.encode(Outcome(found or WENT, random)).decode()
            keep_outcome(db, OutcomeRow(id_, call, hours, onset_ms, onset_ms, onset_ms, body))


NOTE = (
    "Further: over 0.5 % beyond the extreme as it was at the alert or reading. "
    "Random: 24 moments an alert, of the 11 days before it, in no flush. "
    "It describes, it does not say what comes."
)


async def test_twelve_alerts(room: Room) -> None:
    """Five of twelve went further, one was retracted: each line by hand, and no more than ten of them."""

    def fill(db: Database) -> None:
        for number in range(12):
            reading = "RESET_CLEAN" if number % 2 else "RELOADING"
            keep(db, number, 5 + number / 2, WENT if number < 5 else STAYED, reading=reading)
        keep(db, 12, 6, None, end_reason="retracted", band="watch")

    await room.desk.store.run(fill)
    lines = await room.text("/scorecard BTC")
    assert lines == [
        "Scorecard of BTC, 30 days · 13 alerts, 1 retracted",
        "BTC long flush, further in 24 h: 5 of 12 (19 %–68 %) · at random moments 36 of 48",
        "Price after BTC long flush, median of 12: "
        + " · ".join(f"{hours} h +1.0 % (random 0.0 %)" for hours in (4, 24, 48, 72)),
        "False alarms: 8 of 13 (36 %–82 %) · at random moments 12 of 48",
        "Less open than before, 24 h after: 12 of 12 (76 %–100 %) · at random moments 0 of 48",
        "Best level lost, 72 h after: 5 of 12 (19 %–68 %) · at random moments 0 of 48",
        "First box to trip in 72 h: support 5 of 12 (at random 0 of 48) · none 7 of 12 (at random 48 of 48)",
        "Readings of a reset, each counted, further in 24 h: 2 of 6, too few (10 %–70 %) · at random moments 18 of 24",
        (
            "Readings of reloading or unwind, each counted, further in 24 h: 3 of 6, too few (19 %–81 %) "
            "· at random moments 18 of 24"
        ),
        NOTE,
    ]
    assert len(await room.text("/scorecard", language="es")) <= 10


async def test_few_alerts_are_shown_and_called_too_few(room: Room) -> None:
    """Two: the counts stand there, and so does that they say nothing, with what "further" and "random" mean."""

    def fill(db: Database) -> None:
        keep(db, 1, 5, WENT)
        keep(db, 2, 6, STAYED)

    await room.desk.store.run(fill)
    lines = await room.text("/scorecard")
    assert lines[1].startswith("BTC long flush, further in 24 h: 1 of 2, too few (9 %–91 %) · at random moments")
    assert lines[-1] == f"Alerts judged at all horizons: 2, fewer than 10: too few to say anything. {NOTE}"


async def test_without_random_moments_no_rate_is_shown(room: Room) -> None:
    """A rate alone would say more than is known."""
    await room.desk.store.run(lambda db: keep(db, 1, 5, WENT, random=()))
    assert len(await room.text("/scorecard")) == 2


async def test_the_days_are_looked_back(room: Room) -> None:
    """What is longer ago is left out until more days are asked for; another coin's is never in it."""
    await room.desk.store.run(lambda db: keep(db, 1, 31, WENT))
    assert await room.text("/scorecard BTC") == [
        "Scorecard of BTC, 30 days · 0 alerts, 0 retracted",
        "No alert of these days was posted: there is nothing to count.",
    ]
    assert (await room.text("/scorecard BTC 32"))[0] == "Scorecard of BTC, 32 days · 1 alert, 0 retracted"
    assert (await room.text("/scorecard ETH 32"))[0] == "Scorecard of ETH, 32 days · 0 alerts, 0 retracted"


@pytest.mark.parametrize("days", [6, 91])
async def test_days_have_limits(room: Room, days: int) -> None:
    """One beyond either end is refused with both."""
    message = await room.say(f"/scorecard BTC {days}")
    assert message.kind == "refusal"
    assert message.headline.key == "error-not-in-range"


async def test_kinds_stand_by_themselves_and_the_rest_together(room: Room) -> None:
    """The kind with the most alerts has its own line, more than two kinds share the second."""

    def fill(db: Database) -> None:
        for number, kind in enumerate(["short_squeeze", "long_flush", "two_sided", "long_flush"]):
            keep(db, number, 5 + number, WENT, kind=kind)

    await room.desk.store.run(fill)
    lines = await room.text("/scorecard")
    assert lines[1].startswith("BTC long flush, further in 24 h: 2 of 2")
    assert lines[2].startswith("the others, further in 24 h: 2 of 2")


async def test_without_open_interest_no_alarm_is_judged(room: Room) -> None:
    """Where the price is known and open interest is not, that is said in place of a rate."""
    unknown = Figures(-0.02, 0.02, None, None, "lost", "support")
    moments = tuple(Sample(place, unknown) for place in range(4))

    def fill(db: Database) -> None:
        for number in range(12):
            keep(db, number, 5 + number / 2, unknown, random=moments)

    await room.desk.store.run(fill)
    lines = await room.text("/scorecard BTC")
    assert [line for line in lines if "alarm" in line] == [
        "False alarms: not judged, since open interest was not known"
    ]
