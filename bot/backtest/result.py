"""What a backtest says, as it is written in JSON. Times are UTC ms, spans ms; null is unknown or undefined, never 0."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.aftermath.invalidation import Invalidation
from bot.aftermath.verdict import Reading, Rule
from bot.alerts.reports import read_report
from bot.flush.episode import Band, Component, Episode, Scope
from bot.store.rows import ReportRow

MARKET = "MARKET"


class EpisodeLine(msgspec.Struct, frozen=True):
    """One episode. `coin` is "MARKET" for a market-wide one, `members` are its coins in every case.

    `score`, `band` and `components` are those of the peak, `components` by the letters of docs/detector.md.
    `alerted` is null for a watch, `ended` for a flush that is open at the end. Dollars are liquidations.
    """

    id: str
    coin: str
    scope: Scope
    kind: str
    side: Literal["long", "short", "both"]
    onset: int
    alerted: int | None
    peak: int
    ended: int | None
    score: float
    band: Band
    confidence: float
    character: str | None
    observed_usd: float | None
    estimate_usd_low: float | None
    estimate_usd_high: float | None
    components: dict[str, Component]
    members: list[str]
    retracted: bool


def line_of(episode: Episode) -> EpisodeLine:
    """An episode as a line of the result."""
    strongest = episode.strongest
    low_usd, high_usd = episode.estimate_usd or (None, None)
    return EpisodeLine(
        id=episode.id,
        coin=MARKET if episode.scope == "market" else episode.coin,
        scope=episode.scope,
        kind=episode.kind,
        side="both" if episode.kind == "two_sided" else episode.side,
        onset=episode.onset_ms,
        alerted=episode.alerted_ms,
        peak=episode.peak_ms,
        ended=episode.ended_ms,
        score=round(episode.peak_score, 2),
        band=episode.band,
        confidence=round(episode.confidence, 3),
        character=episode.character,
        observed_usd=episode.observed_usd,
        estimate_usd_low=low_usd,
        estimate_usd_high=high_usd,
        components=strongest.components,
        members=list(episode.members),
        retracted=episode.end_reason == "retracted",
    )


class LabelLine(msgspec.Struct, frozen=True):
    """One label that could be found, and what stands for it; see `bot.backtest.matching`."""

    start: int
    end: int
    kind: str
    market: str
    found: bool
    episode: str | None
    band: Band | None
    coin: str | None
    alerted: int | None
    delay_from_start_ms: int | None
    worst_hour_end: int | None
    delay_from_worst_hour_ms: int | None


class ReportLine(msgspec.Struct, frozen=True):
    """What was found at one checkpoint of a flush that the channel heard of, as it was kept.

    `due` is as of when it speaks, `posted` when the channel had got it. `checks` are the fields of
    `bot.aftermath.checks`, `invalidation` those of `bot.aftermath.invalidation`; it, `verdict` and `confidence` are
    null before +4 h.
    """

    episode: str
    checkpoint: str
    due: int
    posted: int
    checks: msgspec.Raw
    invalidation: Invalidation | None
    verdict: Reading | None
    confidence: float | None
    rules: tuple[Rule, ...]


def report_line_of(row: ReportRow) -> ReportLine:
    """A kept report as a line of the result."""
    report = read_report(row)
    verdict = report.verdict
    return ReportLine(
        episode=row.episode_id,
        checkpoint=row.step,
        due=row.due_ms,
        posted=row.posted_ms,
        checks=report.checks,
        invalidation=report.invalidation,
        verdict=None if verdict is None else verdict.reading,
        confidence=report.confidence,
        rules=() if verdict is None else verdict.rules,
    )


class Spread(msgspec.Struct, frozen=True):
    """Middle and largest of several values; null where there are none."""

    median: float | None
    largest: float | None


class Labels(msgspec.Struct, frozen=True):
    """How the labels fared. Those outside the recordings' time, or about no recorded coin, are counted and left out.

    `recall` is found of judged, minor labels by a WATCH too; `recall_by_alert` takes alerts alone.
    """

    judged: int
    outside_time: int
    coin_not_recorded: int
    found: int
    missed: int
    found_by_alert: int
    found_by_watch: int
    recall: float | None
    recall_by_alert: float | None
    delay_from_start_ms: Spread
    delay_from_worst_hour_ms: Spread
    each: list[LabelLine]


class Outside(msgspec.Struct, frozen=True):
    """Alarms (FLUSH or more) that stand for no label, and those of them that the channel got; rates by week.

    `per_week_by_coin` are those in which a coin took part, by the weeks in which its price was known.
    """

    alarms: int
    posted: int
    per_week: float | None
    per_week_and_coin: float | None
    per_week_by_coin: dict[str, float]
    posted_per_week: float | None
    episodes: list[str]


class QuietHit(msgspec.Struct, frozen=True):
    """An alarm that went on within a quiet window."""

    episode: str
    start: int
    end: int
    why: str


class Quiet(msgspec.Struct, frozen=True):
    """What happened in the quiet windows, as far as they were recorded; `days` is their length together."""

    windows: int
    outside_time: int
    days: float
    hits: list[QuietHit]
    posts: int


class PostLine(msgspec.Struct, frozen=True):
    """A new top-level post of the channel."""

    at: int
    kind: Literal["card", "derivatives_day"]
    episode: str | None


class Posts(msgspec.Struct, frozen=True):
    """What the channel got. `days_with` counts UTC days by their number of posts; a week is any seven days."""

    count: int
    cards: int
    derivatives_days: int
    per_week: float | None
    most_in_a_day: int
    most_in_a_week: int
    days_with: dict[str, int]
    each: list[PostLine]


class Metrics(msgspec.Struct, frozen=True):
    """The measures. `labels` and `outside` are null without labels, `quiet` without windows.

    `coin_weeks` says of each coin for how many weeks its price was known.
    """

    preset: str
    weeks: float
    coin_weeks: dict[str, float]
    alarms: int
    watches: int
    labels: Labels | None
    outside: Outside | None
    quiet: Quiet | None
    posts: Posts


class Result(msgspec.Struct, frozen=True):
    """All of it; `from` and `to` are those of the recordings."""

    start_ms: int = msgspec.field(name="from")
    end_ms: int = msgspec.field(name="to")
    episodes: list[EpisodeLine]
    reports: list[ReportLine]
    metrics: Metrics
