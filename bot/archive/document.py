"""One flush as a document, as data: sections of phrases without a language and without markup.

Channels are not in it: whoever is given the document learns of the flush, and not of who heard of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.aftermath.checks import CHECKPOINTS
from bot.aftermath.invalidation import Invalidation
from bot.aftermath.verdict import WEIGHTS, Input
from bot.alerts.followup_boxes import boxes_phrase, tripped_phrase
from bot.alerts.followup_rows import rule_phrases, verdict_phrase
from bot.alerts.reports import Report, read_report
from bot.archive.kept import Kept
from bot.archive.sources import source_rows
from bot.flush.episode import Episode
from bot.message import Band, ChartRequest, Message, Moment, Name, Number, Phrase, Phrases, Row, Value, decode
from bot.store.rows import MessageRow, ReportRow

EVERY_DAY = 0
"""As of 1970 every moment is told with its date."""


class Section(NamedTuple):
    """A part of the document; `headline` and `chart` are those of the message that was posted."""

    heading: Phrase
    headline: Phrase | None
    rows: tuple[Row, ...]
    chart: ChartRequest | None = None


class Document(NamedTuple):
    """The whole; `origin` marks a replay or a simulation, `band` colours it."""

    title: Phrase
    about: tuple[Row, ...]
    sections: tuple[Section, ...]
    origin: Phrase | None
    band: Band


def document_of(kept: Kept) -> Document:
    """The card, each follow-up, what would have ruled out a reset, and where the figures come from."""
    episode = kept.episode
    card = None if kept.card is None else decode(kept.card.body)
    return Document(
        title=Phrase("report-title", {"id": Name(episode.id)}),
        about=tuple(_about(episode)),
        sections=(
            _card(kept.card, card),
            *(_step(kept, row) for row in kept.reports),
            *_boxes(kept),
            Section(Phrase("report-sources"), None, tuple(source_rows(episode))),
        ),
        origin=None if card is None else card.origin,
        band=episode.band,
    )


def _about(episode: Episode) -> Iterator[Row]:
    yield Row(Phrase("report-began", {"at": Moment(episode.onset_ms, "both")}))
    if episode.ended_ms is None:
        yield Row(Phrase("report-open"))
    else:
        reason = Phrase(f"report-end-{episode.end_reason or 'calm'}")
        yield Row(Phrase("report-ended", {"at": Moment(episode.ended_ms, "both"), "reason": reason}))
    if episode.anchor_ms is not None:
        yield Row(Phrase("report-anchor", {"at": Moment(episode.anchor_ms, "both")}))


def _card(row: MessageRow | None, card: Message | None) -> Section:
    heading = Phrase("report-card")
    if row is None or card is None:
        return Section(heading, None, (Row(Phrase("report-no-card"), "muted"),))
    times: dict[str, Value] = {"at": Moment(row.created_ms, "both"), "revised": Moment(row.revised_ms, "both")}
    return Section(heading, card.headline, (*card.rows, Row(Phrase("report-card-times", times), "muted")), card.chart)


def _step(kept: Kept, row: ReportRow) -> Section:
    """A checkpoint, or a box that tripped between two: what was posted, and what the reading rests on."""
    report, posted = read_report(row), kept.messages.get(row.step)
    message = None if posted is None else decode(posted.body)
    times: dict[str, Value] = {"due": Moment(row.due_ms, "both"), "posted": Moment(row.posted_ms, "both")}
    if row.step in CHECKPOINTS:
        heading = Phrase("report-step", {"step": Phrase(f"followup-step-{row.step}")})
        unsaid = Phrase("report-on-card-only")
    else:
        heading, unsaid = Phrase("report-tripped"), Phrase("report-in-follow-up")
    said = () if message is None else message.rows
    noted = (Row(unsaid, "muted"),) if message is None else ()
    reading = tuple(_reading(kept.episode, row, report))
    rows = (*said, *noted, *reading, Row(Phrase("report-times", times), "muted"))
    headline = _unposted(kept.episode, row, report) if message is None else message.headline
    return Section(heading, headline, rows, None if message is None else message.chart)


def _unposted(episode: Episode, row: ReportRow, report: Report) -> Phrase | None:
    """What stands at the head of a step that has no message of its own."""
    if report.verdict is not None:
        step = Phrase(f"followup-step-{row.step}")
        return Phrase("followup-headline", {"step": step, "reading": verdict_phrase(report.verdict)})
    if report.invalidation is not None and row.step in report.invalidation.boxes:
        box = next(name for name in report.invalidation.boxes if name == row.step)
        return Phrase("followup-tripped", {"what": tripped_phrase(box, report.invalidation, episode.side, EVERY_DAY)})
    return None


def _reading(episode: Episode, row: ReportRow, report: Report) -> Iterator[Row]:
    if report.verdict is None or row.step not in CHECKPOINTS:
        return
    yield Row(Phrase("report-rules", {"rules": rule_phrases(report.verdict, episode.side)}), "muted")
    for key, names in (("report-assessed", report.verdict.assessed), ("report-lacking", report.verdict.missing)):
        if names:
            yield Row(Phrase(key, {"inputs": Phrases(tuple(_input(name) for name in names), "list")}), "muted")


def _input(name: Input) -> Phrase:
    """With what it is worth."""
    what = Phrase(f"flush-input-{name.replace('_', '-')}")
    return Phrase("flush-input", {"name": what, "weight": Number(WEIGHTS[name], 2)})


def _boxes(kept: Kept) -> Iterator[Section]:
    """The list as of the newest look that is kept, each box in a line of its own, with the moment it tripped."""
    newest = next((found for found in map(_looked, reversed(kept.reports)) if found is not None), None)
    if newest is None:
        return
    due_ms, boxes = newest
    parts = boxes_phrase(boxes, kept.episode.side, EVERY_DAY).values["boxes"]
    told = parts.items if isinstance(parts, Phrases) else ()
    as_of = Row(Phrase("report-boxes-as-of", {"at": Moment(due_ms, "both")}), "muted")
    yield Section(Phrase("report-boxes"), None, (*(Row(phrase) for phrase in told), as_of))


def _looked(row: ReportRow) -> tuple[int, Invalidation] | None:
    boxes = read_report(row).invalidation
    return None if boxes is None else (row.due_ms, boxes)
