"""Recordings through the engine, with nobody to post to: which episodes there were, and what a channel had got."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.decide import Step, step_of
from bot.alerts.preview import preview
from bot.alerts.settings import ChannelSettings, encode_settings
from bot.alerts.steps import DayPost
from bot.backtest.pictures import picture_of
from bot.engine import Engine
from bot.errors import ConfigError
from bot.flush.episode import Episode
from bot.market.facts import Fact
from bot.market.history import DAY_MS, HOUR_MS
from bot.market.same_moment import in_one_order
from bot.message import ChartRequest
from bot.replay import Pace, Source, play
from bot.store.channels import save_channel
from bot.store.database import opened
from bot.store.reports import load_reports
from bot.store.rows import ChannelRow, ReportRow

JOINED_MS = DAY_MS
"""Recordings with no more than this between them are one market: what is usual there is still known after a day."""
Told = Callable[[int], None]


class Post(NamedTuple):
    """A new top-level post; `episode` is the id of the flush of a card."""

    at_ms: int
    kind: Literal["card", "derivatives_day"]
    episode: str | None = None


@dataclass
class Run:
    """What one stretch of market came to; `episodes` and `pictures` are by id, in the order of their first change."""

    start_ms: int
    end_ms: int
    episodes: dict[str, Episode] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    prices: dict[str, dict[int, float]] = field(default_factory=dict)
    """By coin and end of the hour in UTC ms: the price then, where one was known."""
    pictures: dict[str, ChartRequest | None] = field(default_factory=dict)
    """None where no price of the time is known; empty when none were asked for."""
    reports: list[ReportRow] = field(default_factory=list)
    """What was found at the checkpoints of flushes that the channel heard of, by due time."""

    @property
    def coins(self) -> tuple[str, ...]:
        """Those with a price at the end of any hour."""
        return tuple(self.prices)


def in_order(sources: Sequence[Source]) -> list[Source]:
    """Sources by time, those that follow each other within a day as one; `ConfigError` when two overlap."""
    ordered = sorted(map(_with_end, sources), key=lambda source: source.start_ms)
    for earlier, later in pairwise(ordered):
        if later.start_ms < earlier.end_ms:
            raise ConfigError(f"{earlier.name} and {later.name} tell of the same time; backtest them one by one.")
    streams: list[list[Source]] = []
    for source in ordered:
        if streams and source.start_ms - streams[-1][-1].end_ms <= JOINED_MS:
            streams[-1].append(source)
        else:
            streams.append([source])
    return [_joined(parts) for parts in streams]


def _with_end(source: Source) -> Source:
    """A recording that was written as it happened may not say where it ends."""
    if source.end_ms > source.start_ms:
        return source
    return replace(source, end_ms=max((fact.t for fact in source.facts()), default=source.start_ms))


def _joined(parts: list[Source]) -> Source:
    if len(parts) == 1:
        return parts[0]
    name, key = (" + ".join(getattr(part, name) for part in parts) for name in ("name", "key"))

    def facts() -> Iterator[Fact]:
        # Where one file ends and the next begins both may hold the same moment.
        return in_one_order(chain.from_iterable(part.facts() for part in parts))

    return replace(parts[0], name=name, key=key, end_ms=parts[-1].end_ms, facts=facts)


async def play_through(
    source: Source, settings: ChannelSettings, told: Told | None = None, *, pictures: bool = False
) -> Run:
    """Play a source to its end; `told` hears the stream's clock, `pictures` asks for a chart of every episode."""
    async with opened(":memory:") as store:
        channel = ChannelRow("backtest", "none", "backtest", encode_settings(settings), 1, source.start_ms)
        await store.run(lambda db: save_channel(db, channel))
        engine = Engine(store, source.key, source.origin)
        engine.scores = False  # it takes longer than all the rest, and nothing of it is told here
        listener = _Listener(engine, source, pictures=pictures)
        listened = replace(source, facts=lambda: listener.hours(source.facts()))
        await play(listened, engine, listener.hear, Pace(None), told)
        found = await store.run(load_reports)
    run = listener.close(settings)
    run.reports = [row for row in found if row.step in CHECKPOINTS]
    return run


class _Listener:
    """Stands where a sender would: hears after every step that came to something."""

    def __init__(self, engine: Engine, source: Source, *, pictures: bool) -> None:
        self._engine, self._pictures = engine, pictures
        self._run = Run(source.start_ms, source.end_ms)
        self._steps: list[Step | DayPost] = []

    def hours(self, facts: Iterator[Fact]) -> Iterator[Fact]:
        """The facts; between two hours the prices of then are noted."""
        end_ms = 0
        for fact in facts:
            if not end_ms and not self._run.start_ms <= fact.t <= self._run.start_ms + JOINED_MS:
                self._run.start_ms = fact.t  # a part of a recording may have the header of the whole
            if fact.t > end_ms:
                self._note_prices(end_ms)
                end_ms = -(-fact.t // HOUR_MS) * HOUR_MS
            yield fact
        self._note_prices(end_ms)

    async def hear(self, now_ms: int) -> int:
        """Take in what the last step found; nothing is posted."""
        changes, day = self._engine.found
        for change in changes:
            self._run.episodes[change.episode.id] = change.episode
            self._steps.append(step_of(change))
            if self._pictures and change.episode.state == "ended":
                self._draw(change.episode, now_ms)
        if day is not None:
            self._steps.append(DayPost(f"day/{now_ms // DAY_MS}", now_ms, day.usd))
        return 0

    def close(self, settings: ChannelSettings) -> Run:
        """What came of it, and what a channel would have got; flushes that are still open are left as they stand."""
        # A recording that was cut says what it was to hold; what was not heard is neither quiet nor missed.
        self._run.end_ms = max(self._run.start_ms, self._engine.now_ms)
        for episode in self._run.episodes.values():
            if self._pictures and episode.ended_ms is None:
                self._draw(episode, self._engine.now_ms)
        heard = preview(self._steps, settings, 0, self._engine.now_ms).posts
        for entry in reversed(heard):
            if entry.posted_ms is not None:
                is_card = entry.step is not None
                post = Post(entry.posted_ms, "card", entry.id) if is_card else Post(entry.posted_ms, "derivatives_day")
                self._run.posts.append(post)
        return self._run

    def _draw(self, episode: Episode, now_ms: int) -> None:
        self._run.pictures[episode.id] = picture_of(episode, self._engine.history.until(now_ms))

    def _note_prices(self, end_ms: int) -> None:
        board = self._engine.board
        for coin, price in zip(board.coins, board.price(end_ms).tolist(), strict=False):
            if price == price:  # noqa: PLR0124 -- NaN is unknown
                self._run.prices.setdefault(coin, {})[end_ms] = price
