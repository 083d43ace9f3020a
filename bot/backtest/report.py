"""A result for people: tables that fit into 100 columns. Times are UTC, delays in hours and minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot.backtest.result import EpisodeLine, Labels, Outside, Posts, Quiet, Result, Spread

COLUMNS = 100
"""What the tables need; where nothing says how wide the paper is they take it."""
UNBROKEN = ("alarm", "coin", "band", "score", "alerted", "liquidated", "label", "by")
UNKNOWN = "–"
MOST_NAMES = 12
MINUTE_MS, WEEK_MS = 60_000, 7 * 86_400_000


def tables(result: Result) -> Iterator[RenderableType]:
    """Everything worth reading of a result, in order."""
    metrics = result.metrics
    names = list(metrics.coin_weeks)
    coins = ", ".join(names[:MOST_NAMES]) + (f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "")
    yield Text(
        f"{_moment(result.start_ms)} to {_moment(result.end_ms)}, {_length(metrics.weeks)} of {coins or 'no coin'}; "
        f"preset {metrics.preset}"
    )
    alarms = [line for line in result.episodes if line.band != "watch"]
    if alarms:
        yield _episodes(alarms)
    watches = _count(metrics.watches, "watch", "watches")
    yield Text(f"{_count(metrics.alarms, 'alarm')}, and {watches} that never grew to one (in --format json).\n")
    if metrics.labels is not None:
        yield from _labels(metrics.labels)
    if metrics.outside is not None:
        yield from _outside(metrics.outside, result.episodes)
    if metrics.quiet is not None:
        yield from _quiet(metrics.quiet)
    yield from _posts(metrics.posts, result.start_ms)


def _episodes(lines: Sequence[EpisodeLine]) -> Table:
    heads = ("alarm", "coin", "kind", "band", "score", "alerted", "lasted", "liquidated", "conf.")
    table = _table(heads, numbers=("score", "lasted", "liquidated", "conf."))
    for line in lines:
        table.add_row(
            line.id,
            line.coin,
            _words(line.kind),
            line.band.upper(),
            f"{line.score:.0f}",
            _short(line.alerted),
            UNKNOWN if line.ended is None else _delay(line.ended - line.onset),
            UNKNOWN if line.observed_usd is None else f"≥ ${line.observed_usd // 1e5 / 10:,.1f}M",  # "≥" stays true
            f"{line.confidence:.2f}",
        )
    return table


def _labels(labels: Labels) -> Iterator[RenderableType]:
    table = _table(
        ("label", "kind", "market", "found", "by", "from start", "worst hour"),
        numbers=("from start", "worst hour"),
    )
    for line in labels.each:
        table.add_row(
            _moment(line.start),
            _words(line.kind),
            line.market,
            (line.band or "").upper() if line.found else "MISSED",
            line.episode or UNKNOWN,
            _delay(line.delay_from_start_ms),
            _delay(line.delay_from_worst_hour_ms),
        )
    if labels.each:
        yield table
    recall = UNKNOWN if labels.recall is None else f"{labels.recall:.0%}"
    yield Text(
        f"{labels.found} of {_count(labels.judged, 'label')} found ({recall}): {labels.found_by_alert} by an alert, "
        f"{labels.found_by_watch} by a watch. Left out: {labels.outside_time} outside the recorded time, "
        f"{labels.coin_not_recorded} of coins that were not recorded."
    )
    start, worst = _spread(labels.delay_from_start_ms), _spread(labels.delay_from_worst_hour_ms)
    yield Text(f"Delay, middle and longest: {start} from the start, {worst} from the end of the worst hour.\n")


def _outside(outside: Outside, episodes: Sequence[EpisodeLine]) -> Iterator[RenderableType]:
    by_id = {line.id: line for line in episodes}
    rate, of_coin = _rate(outside.per_week), _rate(outside.per_week_and_coin)
    most = max(outside.per_week_by_coin.items(), key=lambda entry: entry[1], default=None)
    loudest = "" if most is None or not most[1] else f", {_rate(most[1])} of {most[0]}"
    yield Text(
        f"{_count(outside.alarms, 'alarm')} for which there is no label ({rate} a week, {of_coin} a week and coin"
        f"{loudest}), {outside.posted} of them posted. A list of labels is seldom complete, so look at each."
    )
    for id_ in outside.episodes:
        line = by_id[id_]
        yield Text(f"  {id_}  {_words(line.kind)}  {line.band.upper()} {line.score:.0f}  {', '.join(line.members[:6])}")
    yield Text("")


def _quiet(quiet: Quiet) -> Iterator[RenderableType]:
    yield Text(
        f"{_count(len(quiet.hits), 'alarm')} and {_count(quiet.posts, 'post')} in "
        f"{_count(quiet.windows, 'quiet window')}, {quiet.days:.1f} days together. "
        f"Left out: {quiet.outside_time} outside the recorded time."
    )
    for hit in quiet.hits:
        yield Text(f"  {hit.episode}  in {_moment(hit.start)} to {_moment(hit.end)}: {hit.why}")
    yield Text("")


def _posts(posts: Posts, start_ms: int) -> Iterator[RenderableType]:
    days = ", ".join(f"{number} on {_count(count, 'day')}" for number, count in posts.days_with.items())
    yield Text(
        f"{_count(posts.count, 'new post')} in the channel, {_count(posts.cards, 'card')} and "
        f"{_count(posts.derivatives_days, 'derivatives-led day')}: {_rate(posts.per_week)} a week, at most "
        f"{posts.most_in_a_week} in seven days and {posts.most_in_a_day} in a day{f' ({days})' if days else ''}."
    )
    weeks = Counter((post.at - start_ms) // WEEK_MS for post in posts.each)
    if weeks:
        table = _table(("week from", "posts"), numbers=("posts",))
        for week, count in sorted(weeks.items()):
            table.add_row(_moment(start_ms + week * WEEK_MS)[:10], str(count))
        yield table


def _table(heads: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), collapse_padding=True)
    for head in heads:
        table.add_column(head, justify="right" if head in numbers else "left", no_wrap=head in UNBROKEN)
    return table


def _length(weeks: float) -> str:
    """In weeks from one on, below in days or hours: no time is 0.0 weeks."""
    if weeks >= 1:
        return f"{weeks:.1f} weeks"
    return f"{7 * weeks:.1f} days" if weeks >= 1 / 7 else f"{168 * weeks:.1f} hours"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _moment(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M}"


def _short(ms: int | None) -> str:
    return UNKNOWN if ms is None else _moment(ms)[5:]


def _delay(ms: float | None) -> str:
    """Hours and minutes; −0:05 is five minutes before."""
    if ms is None:
        return UNKNOWN
    hours, minutes = divmod(round(abs(ms) / MINUTE_MS), 60)
    return f"{'−' if ms < 0 and hours + minutes else ''}{hours}:{minutes:02}"


def _spread(spread: Spread) -> str:
    return f"{_delay(spread.median)} and {_delay(spread.largest)}"


def _rate(rate: float | None) -> str:
    return UNKNOWN if rate is None else f"{rate:.2f}"
