from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import cast, get_args

import pytest
from msgspec.structs import replace

from bot.aftermath.boxes import BoxState
from bot.aftermath.checks import CHECKPOINTS
from bot.aftermath.findings import find
from bot.aftermath.funding import FundingCheck, FundingVerdict
from bot.aftermath.held import HeldLevel, HeldState
from bot.aftermath.invalidation import Box, Invalidation
from bot.aftermath.missing import What
from bot.aftermath.propped import Propped
from bot.aftermath.rebuild import Qualifier, Rebuild, RebuildVerdict
from bot.aftermath.recovery import Recovery, RecoveryVerdict
from bot.aftermath.reload import Reload
from bot.aftermath.support import Support
from bot.aftermath.verdict import Reading, Verdict
from bot.alerts import followup_rows as said
from bot.alerts import followups
from bot.alerts.followup_boxes import boxes_phrase, tripped_phrase
from bot.alerts.followups import posted_steps
from bot.chat.wording import Wording
from bot.flush.episode import Before, Episode
from bot.market.facts import Side
from bot.market.history import HOUR_MS, Past
from bot.message import Message, Phrase, decode, encode
from tests.aftermath.slots import NAN, at, before, episode, history_of, ramp, settled

LANGUAGES = ("en", "es")
SIDES: tuple[Side, Side] = ("long", "short")
ROOT = Path(__file__).parents[2]

OI_ROW = (
    "OI: 60 % of what was closed is back (50,000 BTC → 45,000 BTC → 48,000 BTC on Binance) · "
    "price took back 10 % of its fall: positions are being reopened into weakness"
)
LEVELS_ROW = (
    "Levels: 95,000 (round number), 91,000 (flush low) lost on a 1 h close, no two back above · "
    "price 91,000, 10 % of the fall taken back (100,000 → 90,000) · −9.9 % from the 24 h high before the flush"
)
BOXES_ROW = (
    "Would rule out a reset: OI back without a new price high (60 % back, best 4 h close 90,750 of 100,798): armed · "
    "funding held up: clear · "
    "BTC 95,000 lost on the 1 h close at 01:00 UTC, 12 h to regain it: armed"
)
BOXES_UNKNOWN = (
    "Would rule out a reset: OI back without a new price high: cannot be judged · "
    "funding held up: cannot be judged · best support lost: cannot be judged"
)
NO_VOLUMES = "spot or perp (volumes of both not known for long enough)"
ASIDE = "basis, liquidations, the board, order books, exchanges"
NOTHING_KNOWN = (
    "Not assessed: open interest (no venue without a gap told it often enough), "
    "price (none known), funding (not known both before and now), "
    f"{NO_VOLUMES}, {ASIDE}"
)


def flush(state: Before | None = None) -> Episode:
    """A fall from 100,000 to 90,000 in an hour, of which half of the positions and a tenth of the price come back."""
    levels = ((95_000.0, 77.0, ("level-round-number", "level-day-open")), (91_000.0, 60.0, ("level-flush-low",)))
    known = before(
        open_interest={"binance": 50_000.0, "okx": 20_000.0},
        funding_8h={"binance": 3.5e-5},
        high_6h=100_000.0,
        high_24h=101_000.0,
        atr_1h=800.0,
        levels=levels,
    )
    return episode((90_000.0, at(1)), state or known, ended_ms=at(2), anchor_ms=at(1))


def past(hours: float) -> Past:
    """The market behind `flush` as known `hours` after onset; OKX is silent since half an hour before."""
    closes = ramp([(-30, 100_000.0), (0, 100_000.0), (1, 90_000.0), (5, 91_000.0), (80, 91_000.0)])
    interest = ramp([(-30, 50_000.0), (0, 50_000.0), (1, 45_000.0), (2, 45_000.0), (5, 48_000.0), (80, 48_000.0)])
    silent = [20_000.0 if number <= 29.5 * 12 else NAN for number in range(len(closes))]
    facts = [settled(at(hours), 1.9e-5) for hours in (2, 10)]
    history = history_of(at(-30), closes, interest={"binance": interest, "okx": silent}, facts=facts)
    return history.until(at(hours))


def followup(step: str = "4h", **late: int) -> Message:
    """The follow-up of `flush` at one step."""
    due = at(1) + CHECKPOINTS[step]
    return build(flush(), step, due, past((due - at(0)) / HOUR_MS), **late)


def build(member: Episode, step: str, due_ms: int, known: Past, *, late_ms: int = 0) -> Message:
    """A follow-up with what is found at a step."""
    return followups.build(member, find(member, step, known), due_ms, known, late_ms=late_ms)


def lines(message: Message, language: str = "en") -> list[str]:
    """Headline and rows in words, narrow spaces as plain ones."""
    words = Wording(language, strict=True).words(message)
    return [text.replace("\u202f", " ") for text in (words.headline, *(row.text for row in words.rows))]


def test_four_hours_in_words() -> None:
    """The whole follow-up as it is read: verdict, the questions, the boxes, and one line for what was not assessed."""
    assert lines(followup()) == [
        "+4 h: reads as reloading, not reset (confidence 0.70)",
        OI_ROW,
        "Funding: was not crowded (+0.0035 %/8h → +0.0019 %/8h; Binance) · settlements since: Binance 1",
        LEVELS_ROW,
        BOXES_ROW,
        f"Not assessed: {NO_VOLUMES}, {ASIDE}, OKX OI (missing since 18 Jan, 23:30 UTC)",
    ]


def test_the_chart_is_titled_with_the_reading() -> None:
    """From +4 h on the picture says by itself what the flush reads as, and before that only its step."""
    english, early, later = Wording("en", strict=True), followup("1h").chart, followup("4h").chart
    assert early is not None
    assert later is not None
    assert english.text(early.title).replace("\u202f", " ") == "BTC +1 h"
    assert english.text(later.title).replace("\u202f", " ") == (
        "BTC +4 h: reads as reloading, not reset (confidence 0.70)"
    )


def test_four_hours_in_spanish() -> None:
    """The same figures in Spanish, with its own separators."""
    spoken = lines(followup(), "es")
    assert spoken[0] == "+4 h: parece una recarga, no una limpieza (confianza 0,70)"
    assert "precio 91.000, recuperado el 10 % de la caída (100.000 → 90.000)" in spoken[3]
    assert spoken[-1].startswith("Sin evaluar: spot o perps (volúmenes conocidos desde hace poco), base, ")


def test_early_steps_say_how_far_open_interest_fell() -> None:
    """At +15 min there is neither pace nor funding, only the fall."""
    spoken = lines(followup("15m"))
    assert spoken[0] == "+15 min: ≥ $83M liquidated so far, not over yet"
    assert spoken[1] == "OI: −10.0 % in coins at its lowest (50,000 BTC → 45,000 BTC on Binance)"
    assert not [text for text in spoken if "Funding" in text or "rebuilt" in text]
    quiet = flush()
    quiet.members["BTC"] = replace(quiet.lead, long_usd=0.0, short_usd=0.0)
    assert lines(build(quiet, "15m", at(1.25), past(1.25)))[0] == "+15 min: no liquidations seen, not over yet"


@pytest.mark.parametrize(("step", "language"), list(product(CHECKPOINTS, LANGUAGES)))
def test_every_step_is_short_and_whole(step: str, language: str) -> None:
    """At every step, late and with a moved anchor: at most eight lines, every key known, and storable as it is."""
    moved = flush()
    moved.anchor_moved = True
    due = at(1) + CHECKPOINTS[step]
    message = build(moved, step, due, past((due - at(0)) / HOUR_MS), late_ms=5 * 60_000)
    spoken = lines(message, language)
    assert 5 <= len(spoken) <= 8
    assert "{" not in "".join(spoken)
    assert decode(encode(message)) == message
    assert message.kind == "followup"


def test_lateness_and_a_moved_anchor_are_said_muted() -> None:
    """Posted twelve minutes late and counted from the larger leg: both stand in one muted row."""
    moved = flush()
    moved.anchor_moved = True
    message = build(moved, "4h", at(5), past(5), late_ms=12 * 60_000)
    muted = [row.phrase for row in message.rows if row.tone == "muted"]
    spoken = [Wording("en", strict=True).text(phrase).replace("\u202f", " ") for phrase in muted]
    late = "Posted 12 min late, data as of 19 January 2026, 05:00 UTC."
    assert spoken[0] == f"Times count from the larger leg at 01:00 UTC. · {late}"


def test_what_is_unknown_is_named_and_nothing_else_said() -> None:
    """Of a market that fell silent only the missing inputs are listed, and there is no chart."""
    empty = build(flush(before()), "4h", at(5), history_of(at(-6), [NAN]).until(at(5)))
    assert lines(empty) == [
        "+4 h: reads as inconclusive (0.00 of the inputs known)",
        BOXES_UNKNOWN,
        NOTHING_KNOWN,
    ]
    assert empty.chart is None


def test_chart_covers_the_flush_and_is_thin() -> None:
    """From 6 h before onset to the due time, at most 300 points, the newest kept, OI of whole venues only."""
    for step in CHECKPOINTS:
        chart = followup(step).chart
        assert chart is not None
        assert len(chart.times_ms) == len(chart.price) == len(chart.open_interest) <= 300
        assert chart.times_ms[-1] == at(1) + CHECKPOINTS[step]
        assert at(-6) < chart.times_ms[0] <= at(-5.5)
        assert chart.window_ms == (at(0), min(at(2), chart.times_ms[-1]))
        assert max(value for value in chart.open_interest if value is not None) == 50_000.0
        assert (chart.long_usd, chart.short_usd) == ((), ())
        assert [line.price for line in chart.lines] == [95_000.0, 91_000.0]
        assert Wording("es", strict=True).text(chart.alt)


def test_steps_posted() -> None:
    """A minor flush of one coin is followed at +4 h and +24 h, a market-wide or a severe one at all six steps."""
    minor = flush()
    assert posted_steps(minor) == ("4h", "24h")
    minor.scope = "market"
    assert posted_steps(minor) == tuple(CHECKPOINTS)
    severe = flush()
    severe.band = "severe"
    assert posted_steps(severe) == ("15m", "1h", "4h", "24h", "48h", "72h")


REBUILDS = [
    Rebuild(verdict, qualifier, ("okx",), 100.0, 90.0, at(1), 95.0, fall, -0.05, rebuilt, price, 0.4, (), early)
    for verdict, qualifier, rebuilt, price, fall, early in product(
        get_args(RebuildVerdict),
        (None, *get_args(Qualifier)),
        (None, -0.2, 0.0, 0.5, 1.1),
        (-0.1, 0.9),
        (0.1, -0.1),
        (True, False),
    )
    if early or (rebuilt is None) == (verdict in {"GREW", "FLAT", "LATE_UNWIND"})
]
RECOVERIES = [
    Recovery(verdict, 95.0, at(4), 100.0, 90.0, at(1), share, 89.0, at(2), 0.01, -0.05, None)
    for verdict, share in product(get_args(RecoveryVerdict), (-0.1, 0.5, 1.2))
]
FUNDINGS = [
    FundingCheck(verdict, 1e-4, 2e-4, 1e-4, "NEUTRAL", "WARM", told, ("okx",), ())
    for verdict, told in product(get_args(FundingVerdict), (True, False))
]
BOXES = [
    Invalidation(
        Reload(state, tripped, rebuilt, change, 0.2, close, None if change is None else 99.0),
        Propped(state, tripped, rate, None if rate is None else 1.5e-4, *spot),
        Support(state, tripped, coin, None if coin is None else 95.0, "level-round-number", "LOST", lost, lost),
    )
    for (state, tripped), (rebuilt, change, close), (rate, spot), (coin, lost) in product(
        cast(list[tuple[BoxState, int | None]], [("clear", None), ("armed", None), ("tripped", at(8))]),
        ((None, None, None), (0.5, 0.1, None), (1.2, 0.1, 98.0), (None, 0.02, 98.0)),
        ((None, (None, None)), (2e-4, (None, None)), (2e-4, (0.01, 1.1))),
        ((None, None), ("BTC", None), ("BTC", at(2))),
    )
]
LEVELS = [
    HeldLevel(95.0, 60.0, ("level-round-number",), state, 0.1, 90.0, at(1), at(2)) for state in get_args(HeldState)
]


@pytest.mark.parametrize(("language", "side"), list(product(LANGUAGES, SIDES)))
def test_every_result_has_its_words(language: str, side: Side) -> None:
    """Whatever a check can find can be said, in both languages and for both sides."""
    wording = Wording(language, strict=True)
    member = flush()
    member.side = side
    phrases = [said.interest_phrase(entry, member) for entry in REBUILDS]
    phrases += [part for entry in RECOVERIES for part in said.price_phrases(entry, side, at(4))]
    phrases += [said.verdict_phrase(Verdict(name, 0.7, (), (), ())) for name in get_args(Reading)]
    phrases += [boxes_phrase(entry, side, at(9)) for entry in BOXES]
    phrases += [tripped_phrase(name, entry, side, at(9)) for entry in BOXES for name in get_args(Box)]
    phrases += [said.funding_phrase(entry, side) for entry in FUNDINGS]
    phrases.append(said.levels_phrase(LEVELS, (), member, at(4)))
    phrases += [Phrase(f"followup-missing-{what.replace('_', '-')}") for what in get_args(What)]
    assert all(wording.text(phrase) for phrase in phrases)


@pytest.mark.parametrize("name", ["followups.ftl", "levels.ftl"])
def test_both_languages_have_the_same_keys(name: str) -> None:
    """No sentence is missing in Spanish, and none is left over."""
    keys = [
        [line.split(" =")[0] for line in (ROOT / "locales" / language / name).read_text().splitlines() if " = " in line]
        for language in LANGUAGES
    ]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == len(keys[0])


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [
        (0, 2, "OKX OI (gap 00:00–02:00 UTC)"),
        (-0.5, 2, "OKX OI (gap 18 Jan, 23:30 to 19 Jan, 02:00 UTC)"),
    ],
)
def test_a_gap_that_ended_is_named_with_both_ends(start: float, end: float, named: str) -> None:
    """A hole that is over is said from when to when, with dates where the days differ."""
    gap = range(round((30 + start) * 12) + 1, round((30 + end) * 12))
    told = [NAN if number in gap else 1.0 for number in range(35 * 12 + 1)]
    interest = {"binance": [50_000.0] * len(told), "okx": told}
    history = history_of(at(-30), [100_000.0] * len(told), interest=interest)
    assert named in lines(build(flush(), "4h", at(5), history.until(at(5))))[-1]


def test_a_venue_too_slow_for_the_step_is_named_with_its_rhythm() -> None:
    """OKX told open interest every hour: fifteen minutes after the peak the muted line says so."""
    told = [20_000.0 if number % 12 == 0 else NAN for number in range(32 * 12 + 1)]
    interest = {"binance": [50_000.0] * len(told), "okx": told}
    past = history_of(at(-30), [100_000.0] * len(told), interest=interest).until(at(1.25))
    message = build(flush(), "15m", at(1.25), past)
    assert "OKX OI (told every 1 h only)" in lines(message)[-1]
    assert message.chart is not None
    assert message.chart.open_interest[-1] == 50_000.0


def test_open_interest_that_hardly_moved_is_given_no_cause() -> None:
    """Of a fall of 0.0 % only the figures are said, in both languages."""
    flat = Rebuild("FLAT", None, ("okx",), 100.0, 100.0, at(1), 100.0, 0.0, 0.0, None, None, None, (), early=False)
    english, spanish = (
        Wording(name, strict=True).text(said.interest_phrase(flat, flush())).replace("\u202f", " ")
        for name in LANGUAGES
    )
    assert english.startswith("OI: hardly moved then (0.0 %); now")
    assert spanish.startswith("OI: apenas se movió entonces (0,0 %); ahora")
