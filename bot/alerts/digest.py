"""The digest: one card on the state of the market, worth reading on a calm day too. At most twelve lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec

from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.market_words import market_phrase
from bot.alerts.moments import moment
from bot.alerts.ranking import Move, ends_of, funding_of, halves_of, interest_moves, large_of, named, resting
from bot.alerts.score_number import score_number
from bot.alerts.steps import DAY, DayPost
from bot.alerts.unheard import below, blind
from bot.flush.coverage import LIQUIDATIONS, never_whole
from bot.flush.episode import Episode
from bot.flush.scope import MAJORS
from bot.levels.around import look
from bot.levels.cluster import Level
from bot.levels.sources import reasons
from bot.market.history import DAY_MS
from bot.market.view import CoinView, MarketView
from bot.message import Count, Moment, Name, Percent, Phrase, Phrases, Price, Row, Usd, Value
from bot.store.database import Database
from bot.store.episodes import load_due, load_episode, load_flushes_since, load_last_flush
from bot.store.rows import EpisodeRow
from bot.store.steps import load_changed_ms, load_events, steps_since

Period = Literal["daily", "weekly"]
DAYS: dict[Period, int] = {"daily": 1, "weekly": 7}
MOST_FLUSHES = MOST_RUNNING = 3
MOST_MOVERS = 3
LAST_CHECKPOINT_MS = 3 * DAY_MS
MOST_GAPS = 2


class Running(NamedTuple):
    """A flush whose follow-ups still come: the next one and when it is due, UTC ms."""

    flush: Episode
    step: str
    due_ms: int


class Flushes(NamedTuple):
    """What the store knows: flushes of the time looked back, the largest first, the last of all, those running."""

    within: list[Episode]
    last: Episode | None
    running: list[Running]
    followed_since_ms: int | None
    days: tuple[DayPost, ...]
    """Derivatives-led days found within the time looked back, the newest last."""
    changed_ms: dict[str, int]
    """As of when the figures of open flushes are, UTC ms by id; without those of which no change is kept."""


def load_flushes(db: Database, now_ms: int, period: Period) -> Flushes:
    """Flushes from FLUSH on, without retracted ones, that were open within the time looked back."""
    since_ms = now_ms - DAYS[period] * DAY_MS
    last = load_last_flush(db)
    told = map(_decode, load_flushes_since(db, since_ms))
    largest = sorted(told, key=lambda flush: (-flush.peak_score, flush.id))
    known = None if last is None or last.band == "watch" else _decode(last)
    days = (DayPost(row.episode_id, row.at_ms, row.observed_usd) for row in load_events(db, DAY, since_ms))
    changed = ((flush.id, load_changed_ms(db, flush.id)) for flush in largest if flush.ended_ms is None)
    changed_ms = {id_: at_ms for id_, at_ms in changed if at_ms is not None}
    return Flushes(largest, known, _running(db, now_ms), steps_since(db), tuple(days), changed_ms)


def _running(db: Database, now_ms: int) -> list[Running]:
    """The next follow-up of each flush, in the order in which they come."""
    running: dict[str, Running] = {}
    for due in load_due(db, now_ms + LAST_CHECKPOINT_MS):
        row = load_episode(db, due.episode_id)
        if row is None or due.step not in CHECKPOINTS:
            continue
        flush = _decode(row)
        if flush.end_reason != "retracted":
            running.setdefault(row.id, Running(flush, due.step, due.due_ms))
    return list(running.values())


def _decode(row: EpisodeRow) -> Episode:
    return msgspec.json.decode(row.body, type=Episode)


def digest_headline(period: Period, at: Phrase) -> Phrase:
    """What it is about, and as of when."""
    return Phrase(f"digest-headline-{period}", {"as_of": at})


def digest_rows(
    view: MarketView, coins: Collection[CoinView], flushes: Flushes, now_ms: int, period: Period
) -> list[Row]:
    """The market, flushes, what still runs, levels of the majors, funding, open interest, and what is missing."""
    day = view.last_day()
    market = None if day is None else market_phrase(day, flushes.followed_since_ms)
    return [
        *([Row(market)] if market is not None else []),
        Row(_largest(flushes, now_ms, period)),
        *_days(flushes.days),
        *_still_followed(flushes.running, now_ms),
        *(row for major in MAJORS for row in _levels(view, coins, major)),
        *_funding(coins, now_ms),
        *_open_interest(coins),
        *_unheard(view, now_ms),
    ]


def _largest(flushes: Flushes, now_ms: int, period: Period) -> Phrase:
    """The largest of the time looked back; on a calm day that there was none, and when the last one began."""
    if flushes.within:
        told = tuple(_as_of(flush, flushes.changed_ms, now_ms) for flush in flushes.within[:MOST_FLUSHES])
        values: dict[str, Value] = {"n": Count(len(flushes.within)), "flushes": Phrases(told)}
        if len(flushes.within) > MOST_FLUSHES:
            return Phrase(f"digest-flushes-{period}-some", {**values, "shown": Count(MOST_FLUSHES)})
        return Phrase(f"digest-flushes-{period}", values)
    if flushes.last is None:
        return Phrase(f"digest-flushes-{period}-none")
    return Phrase(f"digest-flushes-{period}-none-but", {"flush": _flush(flushes.last)})


def _as_of(flush: Episode, changed_ms: Mapping[str, int], now_ms: int) -> Phrase:
    """A flush, and as of when its figures are while it is open: it is kept once in one to five minutes."""
    if flush.id not in changed_ms:
        return _flush(flush)
    at = Phrase("as-of", {"at": moment(changed_ms[flush.id], now_ms)})
    return Phrase("digest-flush-open", {"flush": _flush(flush), "as_of": at})


def _flush(flush: Episode) -> Phrase:
    """What, how severe and by which coin where that is another one, how much, and when it began."""
    band, peak = Phrase(f"band-{flush.band}"), score_number(flush.peak_score)
    of = "" if flush.strongest.coin == flush.coin else "-of"
    score = Phrase(f"digest-score{of}", {"coin": Name(flush.strongest.coin), "peak": peak})
    values: dict[str, Value] = {**_what(flush), "band": band, "score": score, "at": Moment(flush.onset_ms, "both")}
    if not flush.observed_usd:
        return Phrase("digest-flush-untold" if flush.observed_usd is None else "digest-flush-none", values)
    return Phrase("digest-flush", {**values, "usd": Usd(flush.observed_usd, at_least=True)})


def _what(flush: Episode) -> dict[str, Value]:
    return {"coin": Name(flush.coin), "kind": Phrase(f"kind-{flush.kind.replace('_', '-')}")}


def _days(days: tuple[DayPost, ...]) -> Iterator[Row]:
    """The newest derivatives-led day, and how many there were where it is not the only one."""
    if not days:
        return
    last = days[-1]
    values: dict[str, Value] = {"n": Count(len(days)), "at": Moment(last.at_ms, "both")}
    if last.usd is None:
        yield Row(Phrase("digest-days-untold", values))
    else:
        yield Row(Phrase("digest-days", {**values, "usd": Usd(last.usd, at_least=True)}))


def _still_followed(running: list[Running], now_ms: int) -> Iterator[Row]:
    if not running:
        return
    told = tuple(_next(one, now_ms) for one in running[:MOST_RUNNING])
    yield Row(Phrase("digest-running", {"n": Count(len(running)), "flushes": Phrases(told)}))


def _next(one: Running, now_ms: int) -> Phrase:
    at = moment(one.due_ms, now_ms)
    return Phrase("digest-running-one", {**_what(one.flush), "step": Phrase(f"followup-step-{one.step}"), "at": at})


def _levels(view: MarketView, coins: Iterable[CoinView], name: str) -> Iterator[Row]:
    """Price, its move of a day, and the nearest level on each side."""
    coin = next((coin for coin in coins if coin.coin == name), None)
    if coin is None or coin.price is None:
        yield Row(Phrase("digest-no-price", {"coin": Name(name)}), "muted")
        return
    values: dict[str, Value] = {"coin": Name(name), "price": Price(coin.price)}
    day = [move.fraction for move in coin.price_moves if move.span_ms == DAY_MS]
    parts = [Phrase("digest-price-move", {**values, "move": Percent(day[0], signed=True)})] if day else []
    parts = parts or [Phrase("digest-price", values)]
    around = look(coin, view.slots(name))
    if around is not None:
        above, below = around.nearest()
        parts += [_level("digest-above", level, around.price) for level in above[:1]]
        parts += [_level("digest-below", level, around.price) for level in below[:1]]
    yield Row(_line(parts))


def _level(key: str, level: Level, price: float) -> Phrase:
    values: dict[str, Value] = {"price": Price(level.price), "away": Percent(level.price / price - 1, signed=True)}
    first = reasons(level.price, (source.key for source in level.sources))[0]
    return Phrase(key, {**values, "source": Phrase(first)})


def _funding(coins: Collection[CoinView], now_ms: int) -> Iterator[Row]:
    """The highest and the lowest, the furthest first; on a calm day that all rest where funding does."""
    rates = funding_of(large_of([coin for coin in coins if funding_of([coin], now_ms)]), now_ms)
    if not rates:
        yield Row(Phrase("digest-no-funding"), "muted")
        return
    rests = resting(rates)
    if rests is not None:
        yield Row(rests)
        return
    ends = halves_of(rates, MOST_MOVERS)
    yield Row(_both_ways("digest-funding", ends.up, ends.down, rates=True))


def _open_interest(coins: Collection[CoinView]) -> Iterator[Row]:
    moves = interest_moves(large_of([coin for coin in coins if interest_moves([coin], DAY_MS)]), DAY_MS)
    if not moves:
        yield Row(Phrase("digest-no-interest"), "muted")
        return
    ends = ends_of(moves, MOST_MOVERS)
    if not ends.any:
        yield Row(Phrase("digest-interest-still", {"n": Count(len(moves))}))
        return
    yield Row(_both_ways("digest-interest", ends.up, ends.down, rates=False))


def _both_ways(key: str, up: list[Move], down: list[Move], *, rates: bool) -> Phrase:
    parts = [Phrase("digest-up", {"coins": named(up, rates=rates)})] if up else []
    parts += [Phrase("digest-down", {"coins": named(down, rates=rates)})] if down else []
    return Phrase(key, {"parts": Phrases(tuple(parts))})


def _unheard(view: MarketView, now_ms: int) -> Iterator[Row]:
    """When liquidations were not heard in 24 h, and why sums are a floor."""
    gaps = (gap for gap in view.gaps() if gap.feed in LIQUIDATIONS)
    yield from (Row(phrase, "muted") for phrase in blind(gaps, now_ms, MOST_GAPS))
    yield Row(below(*never_whole(view.feeds())), "muted")


def _line(parts: Iterable[Phrase]) -> Phrase:
    return Phrase("answer-line", {"parts": Phrases(tuple(parts))})
