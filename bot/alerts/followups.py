"""A follow-up as a Message: what became of a flush, 15 minutes to 72 hours after its largest leg."""

from __future__ import annotations

from bot.aftermath.checks import CHECKPOINTS, Checks, assess
from bot.aftermath.missing import Hole, Missing, Slow
from bot.aftermath.rebuild import Rebuild
from bot.alerts.followup_chart import chart
from bot.alerts.followup_rows import (
    funding_phrase,
    interest_phrase,
    interest_reading,
    levels_phrase,
    price_phrase,
    price_reading,
    said_at,
)
from bot.alerts.venue_names import venue_name
from bot.flush.episode import Episode
from bot.market.history import DAY_MS, Past
from bot.message import Message, Moment, Name, Phrase, Phrases, Row, Span, Value


def posted_steps(episode: Episode) -> tuple[str, ...]:
    """The checkpoints that are worth a post: a minor flush of one coin has two, any other all six."""
    minor = episode.band in ("watch", "flush") and episode.scope == "coin"
    return ("4h", "24h") if minor else tuple(CHECKPOINTS)


def build(episode: Episode, step: str, due_ms: int, past: Past, *, late_ms: int = 0) -> Message:
    """The follow-up at `step`, with what `past` knew at `due_ms`; `late_ms` is how long after it this is posted."""
    checks = assess(episode, step, past)
    after = Phrase(f"followup-step-{step}")
    values: dict[str, Value] = {
        "step": after,
        "oi": interest_reading(checks.rebuild),
        "price": price_reading(checks.recovery, episode.side),
    }
    return Message(
        kind="followup",
        headline=Phrase("followup-headline", values),
        rows=(*_rows(checks, episode, due_ms), *_muted(checks, episode, due_ms, late_ms)),
        push=Phrase("followup-push", {**values, "coin": Name(episode.coin)}),
        band=episode.band,
        chart=chart(episode, checks, after, past),
    )


def _rows(checks: Checks, episode: Episode, due_ms: int) -> list[Row]:
    rows: list[Row] = []
    if not isinstance(checks.rebuild, Missing):
        rows.append(Row(interest_phrase(checks.rebuild, episode)))
    if not isinstance(checks.recovery, Missing):
        rows.append(Row(price_phrase(checks.recovery, episode.side, due_ms)))
    if checks.funding is not None and not isinstance(checks.funding, Missing):
        rows.append(Row(funding_phrase(checks.funding, episode.side)))
    if not isinstance(checks.levels, Missing):
        rows.append(Row(levels_phrase(checks.levels, episode.side, due_ms)))
    return rows


def _muted(checks: Checks, episode: Episode, due_ms: int, late_ms: int) -> list[Row]:
    rows: list[Row] = []
    if episode.anchor_moved and episode.anchor_ms is not None:
        rows.append(Row(Phrase("followup-anchor-moved", {"at": said_at(episode.anchor_ms, due_ms)}), "muted"))
    if late_ms > 0:
        values: dict[str, Value] = {"late": Span(late_ms), "at": Moment(due_ms, "both")}
        rows.append(Row(Phrase("followup-late", values), "muted"))
    rows.append(Row(Phrase("followup-not-assessed", {"what": Phrases(_not_assessed(checks, due_ms), "list")}), "muted"))
    return rows


def _not_assessed(checks: Checks, due_ms: int) -> tuple[Phrase, ...]:
    """Order books are in no recording and in no slot of the history, so they always stand here."""
    results = (checks.rebuild, checks.recovery, checks.funding, checks.levels)
    absent = {result.what: result for result in results if isinstance(result, Missing)}
    left_out = checks.rebuild.left_out if isinstance(checks.rebuild, Rebuild) else ()
    return (
        Phrase("followup-missing-books"),
        *(Phrase(f"followup-missing-{what.replace('_', '-')}") for what in absent),
        *(_left_out(venue, due_ms) for venue in left_out),
    )


def _left_out(reason: Hole | Slow, due_ms: int) -> Phrase:
    venue = venue_name(reason.venue)
    if isinstance(reason, Slow):
        return Phrase("followup-missing-slow", {"venue": venue, "every": Span(reason.period_ms)})
    values: dict[str, Value] = {"venue": venue, "from": said_at(reason.from_ms, due_ms)}
    if reason.to_ms is None:
        return Phrase("followup-missing-since", values)
    if reason.from_ms // DAY_MS == reason.to_ms // DAY_MS:
        return Phrase("followup-missing-gap", {**values, "to": Moment(reason.to_ms)})
    days: dict[str, Value] = {"from": Moment(reason.from_ms, "both"), "to": Moment(reason.to_ms, "both")}
    return Phrase("followup-missing-gap-days", {**values, **days})
