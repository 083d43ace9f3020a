"""From runs, labels and quiet windows to measures."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bot.backtest.labels import Label, Window, read_labels, read_windows
from bot.backtest.matching import Match, fits, is_alarm, match
from bot.backtest.result import (
    LabelLine,
    Labels,
    Metrics,
    Outside,
    PostLine,
    Posts,
    Quiet,
    QuietHit,
    Result,
    Spread,
    line_of,
    report_line_of,
)
from bot.backtest.run import Post, Run
from bot.flush.episode import Episode
from bot.market.history import DAY_MS, HOUR_MS

WEEK_MS = 7 * DAY_MS


class Known(NamedTuple):
    """What is known of the time; None where nobody said anything."""

    labels: Sequence[Label] | None = None
    windows: Sequence[Window] | None = None


def known_from(labels: str | None, windows: str | None) -> Known:
    """What two CSV files say; None for a file that was not named. Raises `ConfigError`."""
    return Known(
        None if labels is None else read_labels(Path(labels).expanduser()),
        None if windows is None else read_windows(Path(windows).expanduser()),
    )


def judge(runs: Sequence[Run], known: Known, preset: str) -> Result:
    """Runs, at least one and in the order of time, held against what is known."""
    episodes = [episode for run in runs for episode in run.episodes.values()]
    alarms = [episode for episode in episodes if is_alarm(episode)]
    matches = None if known.labels is None else _matches(runs, known.labels)
    posts = [post for run in runs for post in run.posts]
    span = _span(runs)
    metrics = Metrics(
        preset=preset,
        weeks=span.weeks,
        coin_weeks=span.by_coin,
        alarms=len(alarms),
        watches=len(episodes) - len(alarms),
        labels=None if matches is None else _labels(matches),
        outside=None if matches is None else _outside(span, alarms, matches, posts),
        quiet=None if known.windows is None else _quiet(runs, known.windows),
        posts=_posts(runs, span.weeks),
    )
    lines = [line_of(episode) for episode in sorted(episodes, key=lambda one: (one.onset_ms, one.id))]
    reports = [report_line_of(row) for run in runs for row in run.reports]
    return Result(runs[0].start_ms, runs[-1].end_ms, lines, reports, metrics)


class Span(NamedTuple):
    """How many weeks of market there were, and of each coin: as long as its price was known."""

    weeks: float
    by_coin: dict[str, float]


def _span(runs: Sequence[Run]) -> Span:
    hours: Counter[str] = Counter()
    for run in runs:
        hours.update({coin: len(prices) for coin, prices in run.prices.items()})
    by_coin = {coin: hours[coin] * HOUR_MS / WEEK_MS for coin in sorted(hours)}
    return Span(sum(run.end_ms - run.start_ms for run in runs) / WEEK_MS, by_coin)


class _Matches(NamedTuple):
    judged: list[Match]
    outside_time: int
    coin_not_recorded: int
    fitting: set[str]
    """Ids of all episodes that could stand for any label: several may tell of one event."""


def _matches(runs: Sequence[Run], labels: Sequence[Label]) -> _Matches:
    judged: list[Match] = []
    outside_time = not_recorded = 0
    fitting: set[str] = set()
    for label in labels:
        run = next((run for run in runs if label.start_ms <= run.end_ms and label.end_ms >= run.start_ms), None)
        coins = label.coins_of(run.coins) if run is not None else ()
        outside_time += run is None
        not_recorded += run is not None and not coins
        if run is not None and coins:
            judged.append(match(label, coins, run))
            fitting |= {one.id for one in run.episodes.values() if fits(one, label, coins, run.end_ms)}
    return _Matches(judged, outside_time, not_recorded, fitting)


def _labels(matches: _Matches) -> Labels:
    judged = matches.judged
    by_alert = sum(one.episode is not None and is_alarm(one.episode) for one in judged)
    found = sum(one.found for one in judged)
    return Labels(
        judged=len(judged),
        outside_time=matches.outside_time,
        coin_not_recorded=matches.coin_not_recorded,
        found=found,
        missed=len(judged) - found,
        found_by_alert=by_alert,
        found_by_watch=found - by_alert,
        recall=_share(found, len(judged)),
        recall_by_alert=_share(by_alert, len(judged)),
        delay_from_start_ms=_spread(one.delay_from_start_ms for one in judged),
        delay_from_worst_hour_ms=_spread(one.delay_from_worst_hour_ms for one in judged),
        each=[_label_line(one) for one in judged],
    )


def _label_line(one: Match) -> LabelLine:
    label, episode = one.label, one.episode
    return LabelLine(
        start=label.start_ms,
        end=label.end_ms,
        kind=label.kind,
        market=label.market,
        found=one.found,
        episode=None if episode is None else episode.id,
        band=None if episode is None else episode.band,
        coin=one.coin,
        alerted=None if episode is None else episode.alerted_ms,
        delay_from_start_ms=one.delay_from_start_ms,
        worst_hour_end=one.worst_hour_end_ms,
        delay_from_worst_hour_ms=one.delay_from_worst_hour_ms,
    )


def _outside(span: Span, alarms: Sequence[Episode], matches: _Matches, posts: Sequence[Post]) -> Outside:
    outside = [episode for episode in alarms if episode.id not in matches.fitting]
    ids = [episode.id for episode in outside]
    posted = len({post.episode for post in posts} & set(ids))
    return Outside(
        alarms=len(ids),
        posted=posted,
        per_week=_share(len(ids), span.weeks),
        per_week_and_coin=_share(len(ids), sum(span.by_coin.values())),
        per_week_by_coin={
            coin: sum(coin in one.members for one in outside) / weeks for coin, weeks in span.by_coin.items() if weeks
        },
        posted_per_week=_share(posted, span.weeks),
        episodes=ids,
    )


def _quiet(runs: Sequence[Run], windows: Sequence[Window]) -> Quiet:
    """Windows as far as they lie within a run, held against the alarms and posts of that run."""
    inside = [(run, window) for run in runs for window in windows if _overlap_ms(run, window) > 0]
    hits = [
        QuietHit(episode.id, window.start_ms, window.end_ms, window.why)
        for run, window in inside
        for episode in run.episodes.values()
        if is_alarm(episode) and episode.onset_ms < window.end_ms and (episode.ended_ms or run.end_ms) > window.start_ms
    ]
    kept = {window for _, window in inside}
    return Quiet(
        windows=len(kept),
        outside_time=len(windows) - len(kept),
        days=sum(_overlap_ms(run, window) for run, window in inside) / DAY_MS,
        hits=hits,
        posts=sum(window.start_ms <= post.at_ms < window.end_ms for run, window in inside for post in run.posts),
    )


def _overlap_ms(run: Run, window: Window) -> int:
    return min(run.end_ms, window.end_ms) - max(run.start_ms, window.start_ms)


def _posts(runs: Sequence[Run], weeks: float) -> Posts:
    posts = [post for run in runs for post in run.posts]
    by_day = Counter(post.at_ms // DAY_MS for post in posts)
    days = {day for run in runs for day in range(run.start_ms // DAY_MS, -(-run.end_ms // DAY_MS))} | by_day.keys()
    with_so_many = Counter(by_day[day] for day in days)
    return Posts(
        count=len(posts),
        cards=sum(post.kind == "card" for post in posts),
        derivatives_days=sum(post.kind == "derivatives_day" for post in posts),
        per_week=_share(len(posts), weeks),
        most_in_a_day=max(by_day.values(), default=0),
        most_in_a_week=_most_within([post.at_ms for post in posts], WEEK_MS),
        days_with={str(count): with_so_many[count] for count in sorted(with_so_many)},
        each=[PostLine(*post) for post in posts],
    )


def _most_within(times_ms: Sequence[int], span_ms: int) -> int:
    """The most of rising times that lie within any stretch of this length."""
    return max(
        (number - bisect_right(times_ms, at_ms - span_ms) for number, at_ms in enumerate(times_ms, 1)), default=0
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _spread(values: Iterable[int | None]) -> Spread:
    known = [value for value in values if value is not None]
    return Spread(median(known), max(known)) if known else Spread(None, None)
