"""/scorecard: how our own alerts and readings turned out, every rate beside the same rate at random moments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from bot.aftermath.outcomes import MOMENTS
from bot.aftermath.scorecard import (
    CLEARED,
    FEW,
    JUDGED_H,
    NOT_CLEARED,
    Called,
    Compared,
    Rate,
    Score,
    by_kind,
    score,
)
from bot.aftermath.verdict import Reading
from bot.alerts.scoring import load_calls
from bot.command import Caller, Coin, Typed, command
from bot.flush.episode import Kind
from bot.message import Count, Message, Name, Percent, Phrase, Phrases, Row
from commands.desk import Desk
from commands.phrases import DAY_MS, muted, say

MOST_ROWS = 9
"""Under the headline: ten lines are what a phone shows at once."""
LATEST_H = 72
Days = Annotated[int, Typed("integer", low=7, high=90, unit="d")]


@command("scorecard")
async def scorecard(desk: Desk, caller: Caller, coin: Coin = "", days: Days = 30) -> Message:  # noqa: ARG001 -- every command is handed its caller
    """What became of our alerts and readings of the last days, of one coin or of all."""
    name = desk.coin(coin).coin if coin else None
    since_ms = desk.now_ms() - days * DAY_MS
    calls = await desk.store.run(lambda db: load_calls(db, name, since_ms))
    total = score(calls)
    which = say("scorecard-all") if name is None else say("scorecard-coin", coin=Name(name))
    headline = say(
        "scorecard-headline",
        which=which,
        days=Count(days),
        n=Count(total.alerts),
        retracted=Count(total.retracted),
    )
    return desk.answer(headline, _rows(calls, total) if total.alerts else [muted("scorecard-none")])


def _rows(calls: Iterable[Called], total: Score) -> list[Row]:
    judged = min(counts.found.n for counts in total.further.values())
    moments = Count(MOMENTS)
    last = (
        muted("scorecard-few", least=Count(FEW), n=Count(judged), moments=moments)
        if judged < FEW
        else muted("scorecard-note", moments=moments)
    )
    rows = [
        *_kinds(calls),
        *_false_alarms(total),
        *_rate("lighter", total.lighter[JUDGED_H]),
        *_rate("lost", total.lost[LATEST_H]),
        *_boxes(total),
        *_rate("cleared", _together(total, CLEARED)),
        *_rate("not-cleared", _together(total, NOT_CLEARED)),
    ]
    return [*rows[: MOST_ROWS - 1], last]


def _kinds(calls: Iterable[Called]) -> Iterator[Row]:
    """The coin and kind with the most alerts, and the second, or all the others together; how the price of it went."""
    known = list(calls)
    ordered = sorted(by_kind(known).items(), key=lambda entry: -entry[1].alerts)
    shown = ordered[:1] if len(ordered) > 2 else ordered
    for (coin, kind), counts in shown:
        yield from _kind(_named(coin, kind), counts.further[JUDGED_H])
    if len(shown) < len(ordered):
        named = {key for key, _ in shown}
        rest = score(call for call in known if (call.coin, call.kind) not in named)
        yield from _kind(say("scorecard-others"), rest.further[JUDGED_H])
    (coin, kind), counts = ordered[0]
    yield from _prices(_named(coin, kind), counts)


def _named(coin: str, kind: Kind) -> Phrase:
    return say("scorecard-of-kind", coin=Name(coin), kind=say(f"kind-{kind.replace('_', '-')}"))


def _kind(which: Phrase, counts: Compared) -> Iterator[Row]:
    if _is_comparable(counts):
        yield Row(say("scorecard-kind", which=which, rate=_words(counts)))


def _rate(name: str, counts: Compared) -> Iterator[Row]:
    """Nothing where either side is not known: a rate is never shown without the one at random moments."""
    if _is_comparable(counts):
        yield Row(say(f"scorecard-{name}", rate=_words(counts)))


def _false_alarms(total: Score) -> Iterator[Row]:
    """Alerts of which the price is known and open interest is not are told as not judged."""
    if not _is_comparable(total.false_alarms) and _is_comparable(total.further[JUDGED_H]):
        yield muted("scorecard-false-alarms-unknown")
    yield from _rate("false-alarms", total.false_alarms)


def _is_comparable(counts: Compared) -> bool:
    return counts.found.n > 0 and counts.random.n > 0


def _words(counts: Compared) -> Phrase:
    low, high = counts.found.interval
    found, random = counts.found, counts.random
    return say(
        "scorecard-rate" if found.n >= FEW else "scorecard-rate-few",
        x=Count(found.x),
        n=Count(found.n),
        low=Percent(low, 0),
        high=Percent(high, 0),
        y=Count(random.x),
        m=Count(random.n),
    )


def _prices(which: Phrase, counts: Score) -> Iterator[Row]:
    """Of one kind alone: after squeezes a price moves the other way."""
    parts = tuple(
        say(
            "scorecard-price",
            hours=Count(hours),
            found=Percent(change.found, signed=True),
            random=Percent(change.random, signed=True),
        )
        for hours, change in counts.change.items()
        if change.found is not None and change.random is not None
    )
    if parts:
        n = max(change.n for change in counts.change.values())
        yield Row(say("scorecard-prices", which=which, n=Count(n), parts=Phrases(parts)))


def _boxes(total: Score) -> Iterator[Row]:
    counts = total.boxes
    if not all(map(_is_comparable, counts.values())):
        return
    parts = tuple(
        say(
            "scorecard-box",
            box=say(f"scorecard-box-{name}"),
            x=Count(one.found.x),
            n=Count(one.found.n),
            y=Count(one.random.x),
            m=Count(one.random.n),
        )
        for name, one in counts.items()
        if one.found.x or one.random.x
    )
    yield Row(say("scorecard-boxes", parts=Phrases(parts)))


def _together(total: Score, readings: Iterable[Reading]) -> Compared:
    """Several readings as one."""
    parts = [total.readings[reading] for reading in readings]
    found = Rate(sum(one.found.x for one in parts), sum(one.found.n for one in parts))
    return Compared(found, Rate(sum(one.random.x for one in parts), sum(one.random.n for one in parts)))
