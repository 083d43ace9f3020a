"""Which episode stands for which label, and the measures that follow, on episodes made by hand."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backtest.labels import Label, Window
from bot.backtest.metrics import Known, judge
from bot.backtest.result import Labels, Outside, Quiet, Result
from bot.backtest.run import Post, Run
from bot.flush.episode import Episode
from tests.commands.flushes import episode as flush
from tests.commands.flushes import member

DAY_MS, HOUR_MS, MINUTE_MS = 86_400_000, 3_600_000, 60_000
START_MS = 1_768_176_000_000  # 12 January 2026, 00:00 UTC
DAYS = 14
EVENT_MS = START_MS + 7 * DAY_MS
COINS = ("BTC", "ETH", "SOL")


def episode(name: str, at_ms: int, coin: str = "BTC", *others: str, **changes: Any) -> Episode:
    """A long flush of an hour, told after ten minutes."""
    values: dict[str, Any] = {
        "id": name,
        "coin": coin,
        "scope": "coin",
        "side": "long",
        "kind": "long_flush",
        "band": "flush",
        "state": "ended",
        "onset_ms": at_ms,
        "alerted_ms": at_ms + 10 * MINUTE_MS,
        "ended_ms": at_ms + HOUR_MS,
    }
    return flush(*(member(one) for one in (coin, *others)), **(values | changes))


def run_of(*episodes: Episode, posts: tuple[Post, ...] = (), prices: dict[int, float] | None = None) -> Run:
    """Two weeks of three coins, whose prices stand still but for those of BTC that are given by hour."""
    hours = range(START_MS, START_MS + DAYS * DAY_MS, HOUR_MS)
    still = {coin: dict.fromkeys(hours, 100.0) for coin in COINS}
    still["BTC"] |= prices or {}
    by_id = {one.id: one for one in episodes}
    return Run(START_MS, START_MS + DAYS * DAY_MS, by_id, list(posts), still)


def label(at_ms: int = EVENT_MS, hours: int = 1, kind: str = "long_flush", market: str = "BTC") -> Label:
    """An event that began then."""
    return Label(at_ms, at_ms + hours * HOUR_MS, kind, market)


def judged(run: Run, *labels: Label, windows: tuple[Window, ...] = ()) -> Result:
    """A run held against labels and windows."""
    return judge([run], Known(labels, windows), "normal")


def of_labels(result: Result) -> Labels:
    """The part about labels, which is there."""
    assert result.metrics.labels is not None
    return result.metrics.labels


def of_outside(result: Result) -> Outside:
    """The part about alarms outside labels, which is there."""
    assert result.metrics.outside is not None
    return result.metrics.outside


@pytest.mark.parametrize(
    ("changes", "kind", "market", "found"),
    [
        ({}, "long_flush", "BTC", True),
        ({}, "long_flush", "all", True),
        ({}, "long_flush", "ETH", False),
        ({}, "long_flush", "alts", False),
        ({}, "short_squeeze", "BTC", False),
        ({"side": "short", "kind": "short_squeeze"}, "short_squeeze", "BTC", True),
        ({"side": "short", "kind": "short_squeeze"}, "long_flush", "BTC", False),
        ({"side": "short", "kind": "two_sided"}, "long_flush", "BTC", True),
        ({"side": "short", "kind": "two_sided"}, "short_squeeze", "BTC", False),
        ({"side": "short", "kind": "short_squeeze"}, "two_sided", "BTC", True),
        ({"band": "watch", "alerted_ms": None}, "long_flush", "BTC", False),
        ({"band": "watch", "alerted_ms": None}, "long_flush_minor", "BTC", True),
        ({"onset_ms": EVENT_MS + 2 * HOUR_MS}, "long_flush", "BTC", True),
        ({"onset_ms": EVENT_MS + 2 * HOUR_MS + 1, "ended_ms": None}, "long_flush", "BTC", False),
        ({"onset_ms": EVENT_MS - DAY_MS, "ended_ms": EVENT_MS - HOUR_MS}, "long_flush", "BTC", True),
        ({"onset_ms": EVENT_MS - DAY_MS, "ended_ms": EVENT_MS - HOUR_MS - 1}, "long_flush", "BTC", False),
        ({"onset_ms": EVENT_MS - DAY_MS, "ended_ms": None}, "long_flush", "BTC", True),
    ],
)
def test_an_episode_stands_for_a_label_by_time_side_and_coin(
    changes: dict[str, Any], kind: str, market: str, found: bool
) -> None:
    """Up to an hour apart, of the side that the kind names, about a coin that the market names; minor ones as WATCH."""
    result = judged(run_of(episode("one", EVENT_MS, **changes)), label(kind=kind, market=market))
    assert (of_labels(result).found, of_labels(result).missed) == (int(found), int(not found))


def test_any_member_counts_and_what_counts_is_not_outside() -> None:
    """A label about alts is found by a flush that BTC opened and SOL joined; a second alarm of the hour is no other."""
    run = run_of(episode("wide", EVENT_MS, "BTC", "SOL"), episode("again", EVENT_MS + HOUR_MS, "SOL"))
    result = judged(run, label(market="alts"))
    assert (of_labels(result).each[0].episode, of_labels(result).each[0].coin) == ("wide", "SOL")
    assert of_outside(result).episodes == []


def test_an_alarm_is_taken_before_a_watch() -> None:
    """Of several that fit an alarm stands for the label, and of several alarms the one that was told first."""
    run = run_of(
        episode("watch", EVENT_MS - HOUR_MS, band="watch", alerted_ms=None),
        episode("later", EVENT_MS + HOUR_MS),
        episode("sooner", EVENT_MS),
    )
    assert of_labels(judged(run, label())).each[0].episode == "sooner"


def test_delays_count_from_the_begin_and_from_the_worst_hour() -> None:
    """Hand-computed: the third hour falls most, so an alert ten minutes into it is 2 h 10 min, and 50 min early."""
    prices = {EVENT_MS + HOUR_MS: 99.0, EVENT_MS + 2 * HOUR_MS: 99.5, EVENT_MS + 3 * HOUR_MS: 95.0}
    run = run_of(episode("one", EVENT_MS + 2 * HOUR_MS), prices=prices)
    line = of_labels(judged(run, label(hours=3))).each[0]
    assert line.worst_hour_end == EVENT_MS + 3 * HOUR_MS
    assert (line.delay_from_start_ms, line.delay_from_worst_hour_ms) == (130 * MINUTE_MS, -50 * MINUTE_MS)


def test_what_cannot_be_measured_is_null() -> None:
    """Nothing judged, no price, no time and no file give null, and never 0."""
    run = run_of(episode("one", EVENT_MS))
    run.prices = {"BTC": {}}
    assert of_labels(judged(run, label())).delay_from_worst_hour_ms.median is None
    assert of_outside(judged(run, label())).per_week_and_coin is None
    assert of_labels(judged(run)).recall is None
    point = judge([Run(START_MS, START_MS)], Known((), ()), "normal").metrics
    assert (point.posts.per_week, point.outside.per_week if point.outside else 0) == (None, None)
    bare = judge([run], Known(), "normal").metrics
    assert (bare.labels, bare.outside, bare.quiet) == (None, None, None)


def test_labels_that_cannot_be_judged_are_counted_apart() -> None:
    """Outside the recorded time, or about a coin that was not recorded, a label is neither found nor missed."""
    before, unknown = label(START_MS - DAY_MS), label(market="LUNA")
    labels = of_labels(judged(run_of(), before, unknown, label()))
    assert (labels.judged, labels.outside_time, labels.coin_not_recorded, labels.missed) == (1, 1, 1, 1)


def test_alarms_outside_labels_by_week_and_coin() -> None:
    """Three alarms in two weeks of three coins, of which one has a label and one was posted; watches do not count."""
    run = run_of(
        episode("known", EVENT_MS),
        episode("posted", EVENT_MS - 3 * DAY_MS),
        episode("silent", EVENT_MS - 2 * DAY_MS, "SOL"),
        episode("watch", EVENT_MS - DAY_MS, band="watch", alerted_ms=None),
        posts=(Post(EVENT_MS - 3 * DAY_MS, "card", "posted"), Post(EVENT_MS, "card", "known")),
    )
    outside = of_outside(judged(run, label()))
    assert (outside.alarms, outside.posted, outside.episodes) == (2, 1, ["posted", "silent"])
    assert (outside.per_week, outside.posted_per_week) == (1.0, 0.5)
    assert outside.per_week_and_coin == pytest.approx(1 / 3)
    assert outside.per_week_by_coin == {"BTC": 0.5, "ETH": 0.0, "SOL": 0.5}


def test_hits_in_quiet_windows() -> None:
    """An alarm that reaches into a window is a hit, one that ends where it begins none; posts count by their time."""
    window = Window(EVENT_MS, EVENT_MS + DAY_MS, "calm")
    away = Window(START_MS - DAY_MS, START_MS, "before")
    run = run_of(
        episode("reaches in", EVENT_MS - HOUR_MS + 1),
        episode("ends before", EVENT_MS - HOUR_MS, "ETH"),
        episode("watch", EVENT_MS + HOUR_MS, band="watch", alerted_ms=None),
        posts=(Post(EVENT_MS - 1, "card", "reaches in"), Post(EVENT_MS + HOUR_MS, "derivatives_day")),
    )
    quiet = judged(run, windows=(away, window)).metrics.quiet
    assert isinstance(quiet, Quiet)
    assert [hit.episode for hit in quiet.hits] == ["reaches in"]
    assert (quiet.windows, quiet.outside_time, quiet.days, quiet.posts) == (1, 1, 1.0, 1)


def test_posts_by_day_and_by_week() -> None:
    """A day is a UTC day, a week is any seven days; days without a post are counted too."""
    times = (0, HOUR_MS, 6 * DAY_MS + HOUR_MS, 7 * DAY_MS, 13 * DAY_MS)
    posts = judged(run_of(posts=tuple(Post(START_MS + at_ms, "card", str(at_ms)) for at_ms in times))).metrics.posts
    assert (posts.count, posts.per_week, posts.most_in_a_day, posts.most_in_a_week) == (5, 2.5, 2, 3)
    assert posts.days_with == {"0": 10, "1": 3, "2": 1}


@given(order=st.permutations(range(4)), shift_days=st.integers(2, 5))
def test_the_order_of_labels_is_nothing_and_their_time_everything(order: list[int], shift_days: int) -> None:
    """Labels in any order are judged alike; moved by days they are not found, and then all alarms are outside."""
    # Flushes of different coins, so that a moved label does not meet the next one.
    begins = {coin: START_MS + day * DAY_MS for coin, day in (("BTC", 1), ("ETH", 4), ("SOL", 7), ("DOGE", 9))}
    run = run_of(*(episode(coin, at_ms, coin) for coin, at_ms in begins.items()))
    run.prices["DOGE"] = dict(run.prices["SOL"])
    labels = [label(at_ms, market=coin) for coin, at_ms in begins.items()]
    straight, mixed = judged(run, *labels), judged(run, *(labels[place] for place in order))
    assert of_labels(straight).recall == 1.0
    assert of_outside(mixed) == of_outside(straight)
    assert sorted(map(repr, of_labels(mixed).each)) == sorted(map(repr, of_labels(straight).each))
    moved = judged(
        run,
        *(
            one._replace(start_ms=one.start_ms + shift_days * DAY_MS - 2, end_ms=one.end_ms + shift_days * DAY_MS)
            for one in labels
        ),
    )
    assert (of_labels(moved).found, of_outside(moved).alarms) == (0, 4)


def test_a_result_is_json_as_it_was_asked_for() -> None:
    """The names at the top and of an episode are those of the format; what is unknown is null."""
    wide = episode("wide", EVENT_MS, "BTC", "ETH", scope="market", kind="two_sided", ended_ms=None, estimate_usd=None)
    watch = episode("watch", START_MS, "SOL", band="watch", alerted_ms=None, peak_score=math.pi)
    told = msgspec.json.decode(msgspec.json.encode(judged(run_of(wide, watch), label())))
    assert list(told) == ["from", "to", "episodes", "reports", "metrics"]
    first, second = told["episodes"]
    fields = "id coin scope kind side onset alerted peak ended score band confidence character observed_usd"
    assert set(f"{fields} estimate_usd_low estimate_usd_high components members retracted".split()) == set(first)
    assert (first["id"], first["coin"], first["alerted"], first["band"], first["score"]) == (
        "watch",
        "SOL",
        None,
        "watch",
        3.14,
    )
    assert (second["coin"], second["side"], second["ended"], second["members"]) == (
        "MARKET",
        "both",
        None,
        ["BTC", "ETH"],
    )
    assert second["estimate_usd_low"] is None
    assert set(second["components"]["L"]) == {"value", "baseline", "share", "window_min", "moved", "prior"}
