"""A follow-up as a Message: what became of a flush, 15 minutes to 72 hours after its largest leg.

At most eight lines: the headline, four questions, the boxes, what could not be assessed, and when it was due.
"""

from __future__ import annotations

from bot.aftermath.checks import CHECKPOINTS, Checks
from bot.aftermath.findings import Findings
from bot.aftermath.invalidation import Box, Invalidation
from bot.aftermath.missing import Hole, Missing, Slow
from bot.aftermath.rebuild import Rebuild
from bot.aftermath.spot_perp import SpotPerp
from bot.alerts.followup_boxes import boxes_phrase, tripped_phrase
from bot.alerts.followup_chart import chart
from bot.alerts.followup_details import not_assessed
from bot.alerts.followup_rows import (
    funding_phrase,
    interest_phrase,
    levels_phrase,
    price_phrases,
    size_phrase,
    spot_phrase,
    state_phrase,
    verdict_phrase,
)
from bot.alerts.moments import moment
from bot.alerts.venue_names import venue_name
from bot.flush.episode import Episode
from bot.market.history import DAY_MS, Past
from bot.message import Button, Message, Moment, Name, Phrase, Phrases, Row, Span, Value


def posted_steps(episode: Episode) -> tuple[str, ...]:
    """The checkpoints that are worth a post: a minor flush of one coin has two, any other all six."""
    minor = episode.band in ("watch", "flush") and episode.scope == "coin"
    return ("4h", "24h") if minor else tuple(CHECKPOINTS)


def build(episode: Episode, found: Findings, due_ms: int, past: Past, *, late_ms: int = 0) -> Message:
    """The follow-up with what was found as of `due_ms`, where `past` ends; `late_ms` is how long after it it comes."""
    checks, after = found.checks, Phrase(f"followup-step-{found.step}")
    values: dict[str, Value] = {"step": after}
    reading = None if found.verdict is None else verdict_phrase(found.verdict)
    if reading is not None:
        values["reading"] = reading
    else:
        values |= {"size": size_phrase(episode), "state": state_phrase(episode, due_ms)}
    told = "" if reading is not None else "-early"
    rows = _rows(found, episode, due_ms)
    lacking = _not_assessed(checks, due_ms)
    return Message(
        kind="followup",
        headline=Phrase(f"followup-headline{told}", values),
        rows=(*rows, *_muted(lacking, episode, due_ms, late_ms)),
        push=Phrase(f"followup-push{told}", {**values, "coin": Name(episode.coin)}),
        band=episode.band,
        chart=chart(episode, checks, after, past, reading),
        buttons=(
            Button(Phrase("button-details"), f"/after {episode.id} {found.step}"),
            Button(Phrase("button-why"), f"/flush why {episode.id}"),
        ),
    )


def build_tripped(episode: Episode, box: Box, boxes: Invalidation, due_ms: int, *, late_ms: int = 0) -> Message:
    """The short follow-up when a box trips between two checkpoints; its `due_ms` is the look that found it."""
    values: dict[str, Value] = {"what": tripped_phrase(box, boxes, episode.side, due_ms)}
    rows = [Row(boxes_phrase(boxes, episode.side, due_ms))]
    if late_ms > 0:
        rows.append(Row(_late(due_ms, late_ms), "muted"))
    return Message(
        kind="followup",
        headline=Phrase("followup-tripped", values),
        rows=tuple(rows),
        push=Phrase("followup-tripped-push", {**values, "coin": Name(episode.coin)}),
        band=episode.band,
    )


def _rows(found: Findings, episode: Episode, due_ms: int) -> list[Row]:
    checks, side, phrases = found.checks, episode.side, list[Phrase]()
    if not isinstance(checks.rebuild, Missing):
        phrases.append(interest_phrase(checks.rebuild, episode))
    if checks.funding is not None and not isinstance(checks.funding, Missing):
        phrases.append(funding_phrase(checks.funding, side))
    if isinstance(checks.spot_perp, SpotPerp):
        phrases.append(spot_phrase(checks.spot_perp))
    price = [] if isinstance(checks.recovery, Missing) else price_phrases(checks.recovery, side, due_ms)
    levels = () if isinstance(checks.levels, Missing) else checks.levels
    if price or levels:
        phrases.append(levels_phrase(levels, price, episode, due_ms))
    if found.invalidation is not None:
        phrases.append(boxes_phrase(found.invalidation, side, due_ms))
    return [Row(phrase) for phrase in phrases]


def _muted(lacking: tuple[Phrase, ...], episode: Episode, due_ms: int, late_ms: int) -> list[Row]:
    """When it counts from and when it was due, where either has to be said; what was not assessed."""
    anchor_ms = episode.anchor_ms if episode.anchor_moved else None
    first = times_rows(anchor_ms, due_ms, late_ms, due_ms)
    if not lacking:
        return first
    return [*first, Row(Phrase("followup-not-assessed", {"what": Phrases(lacking, "list")}), "muted")]


def times_rows(anchor_ms: int | None, due_ms: int, late_ms: int, now_ms: int) -> list[Row]:
    """One row at most: from which larger leg on the times count, None for the first one, and how late it came."""
    times: list[Phrase] = []
    if anchor_ms is not None:
        times.append(Phrase("followup-anchor-moved", {"at": moment(anchor_ms, now_ms)}))
    if late_ms > 0:
        times.append(_late(due_ms, late_ms))
    return [Row(Phrase("followup-line", {"parts": Phrases(tuple(times))}), "muted")] if times else []


def _late(due_ms: int, late_ms: int) -> Phrase:
    return Phrase("followup-late", {"late": Span(late_ms), "at": Moment(due_ms, "both")})


def _not_assessed(checks: Checks, due_ms: int) -> tuple[Phrase, ...]:
    """With the reason where it leaves a question open, by name alone what only the details would tell more of."""
    left_out = checks.rebuild.left_out if isinstance(checks.rebuild, Rebuild) else ()
    return (*not_assessed(checks, short=True), *(_left_out(venue, due_ms) for venue in left_out))


def _left_out(reason: Hole | Slow, due_ms: int) -> Phrase:
    venue = venue_name(reason.venue)
    if isinstance(reason, Slow):
        return Phrase("followup-missing-slow", {"venue": venue, "every": Span(reason.period_ms)})
    values: dict[str, Value] = {"venue": venue, "from": moment(reason.from_ms, due_ms)}
    if reason.to_ms is None:
        return Phrase("followup-missing-since", values)
    if reason.from_ms // DAY_MS == reason.to_ms // DAY_MS:
        return Phrase("followup-missing-gap", {**values, "to": Moment(reason.to_ms)})
    days: dict[str, Value] = {"from": Moment(reason.from_ms, "short"), "to": Moment(reason.to_ms, "short")}
    return Phrase("followup-missing-gap-days", {**values, **days})
