"""Why the newest follow-up reads as it does, as /flush why tells it."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from bot.aftermath.invalidation import Invalidation
from bot.aftermath.propped import Propped
from bot.aftermath.reload import Reload
from bot.aftermath.support import Support
from bot.aftermath.verdict import Rule, Verdict
from bot.alerts.followup_rows import rule_phrases
from bot.alerts.reports import Report
from bot.chat.wording import Wording
from bot.market.facts import Side
from bot.message import Phrase
from bot.store.database import Database
from bot.store.episodes import save_episode
from bot.store.reports import keep_report
from bot.store.rows import ReportRow
from tests.commands.chat_room import Room
from tests.commands.flushes import ONSET_MS, episode, member, row_of

FOREIGN: dict[str, dict[Side, set[str]]] = {
    "en": {
        "long": {"shorts", "squeeze", "rise", "broken", "bought", "above"},
        "short": {"longs", "flush", "fall", "lost", "sold", "below", "under"},
    },
    "es": {
        "long": {"cortos", "squeeze", "subida", "superado", "compró", "encima"},
        "short": {"largos", "barrida", "caída", "perdido", "vendió", "debajo"},
    },
}
"""What only the other side would say."""


async def test_the_newest_reading_is_told_with_its_rules_and_inputs(room: Room) -> None:
    """From the report that was kept: rules, what was assessed with its worth, what was not, and the boxes."""
    flush = episode(member())
    verdict = Verdict("RELOADING", 0.7, ("reload-tripped",), ("open_interest", "price"), ("basis",))
    boxes = Invalidation(
        Reload("tripped", ONSET_MS, 1.0, 0.01, 0.2, 93_000.0, 95_284.0), Propped("unknown"), Support("unknown")
    )
    body = msgspec.json.encode(Report(invalidation=boxes, verdict=verdict, confidence=0.7)).decode()

    def keep(db: Database) -> None:
        save_episode(db, row_of(flush))
        keep_report(db, ReportRow(flush.id, "1h", ONSET_MS, ONSET_MS, msgspec.json.encode(Report()).decode()))
        keep_report(db, ReportRow(flush.id, "4h", ONSET_MS + 1, ONSET_MS + 1, body))

    await room.desk.store.run(keep)
    told = await room.text("/flush why")
    reading = "At +4 h it reads as reloading, not reset (confidence 0.70)"
    assert f"{reading}: open interest came back without a new price high" in told
    assert "Assessed, with what each is worth: open interest 0.25, price 0.15" in told
    assert "Not assessed: basis 0.05" in told
    assert [line for line in told if line.startswith("Would rule out a reset: OI back without a new price high")]


async def test_a_box_that_tripped_after_the_reading_is_told(room: Room) -> None:
    """What is still armed at the newest checkpoint may have tripped since: both answers say so, and as of when."""
    flush, hour_ms = episode(member()), 3_600_000
    figures = (1.0, 0.01, 0.2, 93_000.0, 95_284.0)
    armed, reload = Reload("armed", None, *figures), Reload("tripped", ONSET_MS + 7 * hour_ms, *figures)
    first, later = (Invalidation(box, Propped("unknown"), Support("unknown")) for box in (armed, reload))
    verdict = Verdict("INCONCLUSIVE", 0.7, ("reload-tripped",), ("open_interest",), ())
    at_four = Report(invalidation=first, verdict=verdict, confidence=0.7)

    def keep(db: Database) -> None:
        save_episode(db, row_of(flush))
        for step, hours, report in (("4h", 4, at_four), ("reload", 7, Report(invalidation=later))):
            due_ms = ONSET_MS + hours * hour_ms
            keep_report(db, ReportRow(flush.id, step, due_ms, due_ms, msgspec.json.encode(report).decode()))

    await room.desk.store.run(keep)
    tripped = "invalidation: OI back without a new price high (100 % back, best 4 h close 93,000 of 95,284), since "
    for line in ("/after", "/flush why"):
        told = await room.text(line)
        (since,) = (row for row in told if tripped in row)
        assert since.startswith("Since then (")
        assert since.endswith("07:00 UTC")
        assert sum("armed" in row for row in told) == 1
        assert any(row.startswith("As of ") and "04:00 UTC, from what was known then" in row for row in told)
    assert not any(tripped in row for row in await room.text("/after last newest rules"))


async def test_times_of_boxes_have_their_date_on_another_day(room: Room) -> None:
    """A day after the checkpoint a close of its day has its date, as what is said beside it does."""
    flush, hour_ms = episode(member()), 3_600_000
    lost_ms = ONSET_MS + 3 * hour_ms
    support = Support("armed", coin="BTC", price=92_000.0, lost_ms=lost_ms, regain_ms=lost_ms + 12 * hour_ms)
    boxes = Invalidation(Reload("unknown"), Propped("unknown"), support)
    report = Report(invalidation=boxes, verdict=Verdict("INCONCLUSIVE", 0.7, (), ("open_interest",), ()))

    def keep(db: Database) -> None:
        save_episode(db, row_of(flush))
        due_ms = ONSET_MS + 4 * hour_ms
        keep_report(db, ReportRow(flush.id, "4h", due_ms, due_ms, msgspec.json.encode(report).decode()))

    await room.desk.store.run(keep)
    for hours, said in ((5, "03:00"), (29, "19 Jan, 03:00")):
        later = room.seeing(room.desk.view(), ONSET_MS + hours * hour_ms)
        for line in ("/after", "/flush why"):
            (told,) = (row for row in await later.text(line) if row.startswith("Would rule out a reset"))
            assert f"BTC 92,000 lost on the 1 h close at {said} UTC, 12 h to regain it" in told


@pytest.mark.parametrize("rule", get_args(Rule))
def test_a_squeeze_is_explained_with_its_own_words(rule: Rule) -> None:
    """Each rule has words for both sides in every language, and those of one side say nothing of the other."""
    verdict = Verdict("INCONCLUSIVE", 0.7, (rule,), ("open_interest",), ())
    for language, foreign in FOREIGN.items():
        for side, words in foreign.items():
            text = Wording(language, strict=True).text(Phrase("followup-line", {"parts": rule_phrases(verdict, side)}))
            assert not set(text.replace(",", "").split()) & words
