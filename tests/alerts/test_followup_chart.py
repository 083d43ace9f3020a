"""What the chart of a follow-up shows beside the price: steps, levels with their state, funding, the reading."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.aftermath.checks import CHECKPOINTS, assess
from bot.aftermath.held import HeldState
from bot.alerts.followup_chart import chart
from bot.chat.wording import Wording
from bot.message import ChartRequest, Number, Phrase
from tests.aftermath.slots import at, before, episode, history_of, ramp

AFTER = Phrase("followup-step-4h")
READING = Phrase("followup-verdict-reset-clean", {"confidence": Number(0.85, 2)})
RATES = [(-30, 1.5e-4), (0, 1.5e-4), (1, -2e-5), (30, -2e-5)]


def request(
    step: str = "4h", reading: Phrase | None = None, *, with_funding: bool = True, late_ms: int = 0
) -> ChartRequest:
    """A fall from 100,000 to 90,000 in an hour that lost 95,000, while funding fell below zero."""
    closes = ramp([(-30, 100_000.0), (0, 100_000.0), (1, 90_000.0), (30, 91_000.0)])
    interest, rates = ramp([(-30, 50_000.0), (30, 45_000.0)]), ramp(RATES) if with_funding else None
    history = history_of(at(-30), closes, interest={"binance": interest}, funding_8h=rates)
    levels = ((95_000.0, 77.0, ("level-round-number",)), (91_500.0, 60.0, ("level-flush-low",)))
    state = before(open_interest={"binance": 50_000.0}, high_6h=100_000.0, atr_1h=800.0, levels=levels)
    member = episode((90_000.0, at(1)), state, ended_ms=at(2), anchor_ms=at(1) + late_ms)
    past = history.until(at(1) + late_ms + CHECKPOINTS[step])
    told = chart(member, assess(member, step, past), AFTER, past, reading)
    assert told is not None
    return told


def test_the_steps_up_to_this_one_are_marked_from_the_anchor() -> None:
    """At +4 h there are ticks at +15 min, +1 h and +4 h after the peak, none of a step that is still to come."""
    marks = request().marks
    assert [mark.at_ms - at(1) for mark in marks] == [CHECKPOINTS[step] for step in ("15m", "1h", "4h")]
    assert all(mark.tick for mark in marks)
    words = [Wording("en", strict=True).text(mark.label) for mark in marks]
    assert [text.replace("\u202f", " ") for text in words] == ["+15 min", "+1 h", "+4 h"]


def test_a_step_between_two_columns_is_marked_at_the_end() -> None:
    """Where the due time lies past the last five minutes that are whole, its tick stands on the last of them."""
    told = request(late_ms=120_000)
    assert told.marks[-1].at_ms == told.times_ms[-1]


def test_each_level_says_what_became_of_it() -> None:
    """A level that no close took back is called lost beside its reason, in both languages."""
    label = request().lines[0].label
    assert Wording("en", strict=True).text(label) == "round number, lost"
    assert Wording("es", strict=True).text(label) == "número redondo, perdido"


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("state", get_args(HeldState))
def test_every_state_has_a_word(state: str, side: str) -> None:
    """No state of a level is left without a word in any language."""
    key = f"followup-chart-level-{state.lower().replace('_', '-')}-{side}"
    for language in ("en", "es"):
        assert Wording(language, strict=True).text(Phrase(key))


def test_funding_stands_in_the_chart_and_in_its_words_where_it_is_known() -> None:
    """Funding is a column as long as the others with its ends in the alt text; unknown it is empty and unsaid."""
    known, unknown = request(), request(with_funding=False)
    assert len(known.funding) == len(known.times_ms)
    assert known.funding[-1] == pytest.approx(-2e-5, rel=1e-3)
    alt = Wording("en", strict=True).text(known.alt).replace("\u202f", " ")
    assert "funding +0.0150 %/8h at first, −0.0020 %/8h at the end" in alt
    assert "95,000 round number, lost" in alt
    assert unknown.funding == ()
    assert "funding" not in Wording("en", strict=True).text(unknown.alt)


def test_the_reading_stands_in_the_title() -> None:
    """With a reading the title says it, without one only the step."""
    english = Wording("en", strict=True)
    assert english.text(request(reading=READING).title).replace("\u202f", " ") == (
        "BTC +4 h: reads as a clean reset (confidence 0.85)"
    )
    assert english.text(request().title).replace("\u202f", " ") == "BTC +4 h"
