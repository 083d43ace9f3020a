"""From scores to episodes: who opens one, who joins, when it ends, when it begins again.

A coin is watched from 30. At 45 on two steps 15 seconds apart, or 65 once, it opens an episode, joins the open one
of the same side, or begins a new leg of its own last one. It ends after half an hour in which nothing was above its
level and no new extreme was made. Only coins that are near something are looked at one by one.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

import msgspec
import numpy as np

from bot.flush.episode import EndReason, Episode
from bot.flush.forced import ForcedShares
from bot.flush.kind import ONE_SIDED
from bot.flush.last import Last
from bot.flush.legs import Legs, first_leg
from bot.flush.member import Base, Figures, open_member, update_member
from bot.flush.retraction import forget_price, wrong
from bot.flush.scope import character_of
from bot.flush.severity import GATED_MOST
from bot.flush.undercount import cover
from bot.flush.watch import Watch, watch_from
from bot.flush.whole import sum_up
from bot.market.facts import Side

WATCH_SCORE = 30.0
OPEN_SCORE = 45.0
OPEN_AT_ONCE_SCORE = 65.0
OPEN_AFTER_MS = 15_000
CALM_MS = 30 * 60_000
CALM_SLOW_MS = 65 * 60_000
"""Where prices or liquidations come slowly, half an hour of silence says nothing."""
LONGEST_MS = 6 * 3_600_000
LEG_WITHIN_MS = 12 * 3_600_000
TOLD_EARLY_MS = 60_000
TOLD_LATER_MS = 300_000
EARLY_MS = 15 * 60_000
CHARACTER_MS = 2 * 3_600_000
SIDES: tuple[Side, Side] = ("long", "short")

Event = Literal["opened", "joined", "escalated", "grew", "leg", "ended", "retracted", "watched"]


class Change(msgspec.Struct, frozen=True):
    """What happened to an episode at a step; the episode is a copy that later steps do not touch."""

    event: Event
    episode: Episode
    now_ms: int


class Tracker:
    """Open and recent episodes, and the coins that may open one."""

    def __init__(self) -> None:
        self.open: dict[str, Episode] = {}
        self.recent: dict[str, Episode] = {}
        """Ended less than twelve hours ago: a new leg may reopen them."""
        self._watches: dict[str, Watch] = {}
        self._bases: dict[tuple[str, str], Base] = {}
        self._pressed_ms: dict[tuple[str, str], int] = {}
        self._legs = Legs()
        self.last = Last()
        self.forced = ForcedShares()
        self._stepped_ms = self._passed_ms = 0
        self._told_ms: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def find(self, id_: str) -> Episode:
        """An open episode, or one that ended less than twelve hours ago."""
        return self.open.get(id_) or self.recent[id_]

    def count(self, ids: Iterable[str]) -> None:
        """Give no later episode one of these ids."""
        for id_ in ids:
            day_and_coin, _, number = id_.rpartition("-")
            self._numbers[day_and_coin] = max(self._numbers.get(day_and_coin, 0), int(number))

    @property
    def quiet(self) -> bool:
        """Whether no coin is near anything."""
        return not (self.open or self._watches)

    def flushing(self, coins: dict[str, int]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Coins whose present must not become their usual: watched ones and members of open episodes."""
        flags = np.zeros(len(coins), dtype=np.bool_)
        for coin in () if self.quiet else {*self._watches, *self._joined()}:
            flags[coins[coin]] = True
        return flags

    def _joined(self) -> set[str]:
        """Coins that are members of an open episode and not calm yet."""
        return {m.coin for e in self.open.values() for m in e.members.values() if m.ended_ms is None}

    def step(self, figures: Figures) -> list[Change]:
        """Look at every coin that is near something; changes come in the order in which they happened."""
        changes: list[Change] = []
        self._passed_ms, self._stepped_ms = figures.now_ms - self._stepped_ms, figures.now_ms
        if self.quiet and not self.recent and figures.severity.score.max(initial=0.0) < WATCH_SCORE:
            return changes
        names = list(figures.board.coins)
        near = {names[row] for row in np.flatnonzero((figures.severity.score >= WATCH_SCORE).any(axis=0))}
        joined = self._joined()
        for coin in sorted(near | set(self._watches), key=figures.board.coins.__getitem__):
            if coin not in joined:
                changes += self._consider(figures, coin)
        for episode in wrong(figures, [*self.open.values(), *self.recent.values()]):
            unsaid = any(change.event == "opened" and change.episode.id == episode.id for change in changes)
            changes = [change for change in changes if change.episode.id != episode.id]
            retracted = self._retract(figures, episode)
            changes += [] if unsaid else [retracted]
        for episode in list(self.open.values()):
            changes += self._follow(figures, episode)
        for id_ in [e.id for e in self.recent.values() if figures.now_ms - (e.ended_ms or 0) > LEG_WITHIN_MS]:
            self._forget(id_)
        return changes

    def _consider(self, figures: Figures, coin: str) -> list[Change]:
        """A coin outside any open episode: watch it, let it go, or open."""
        side = self._side_of(figures, coin)
        score = figures.score(coin, side)
        if figures.slow(coin, side) and self.last.within_day(coin, figures.now_ms):
            score = min(score, GATED_MOST)
        watch = self._watches.get(coin)
        changes: list[Change] = []
        if watch is not None and (score < WATCH_SCORE or watch.side != side):
            changes += self._watched(figures, coin, self._watches.pop(coin))
            watch = None
        if score < WATCH_SCORE:
            return changes
        pressing = figures.pressing(coin, side)
        if watch is None and not pressing:
            return changes  # only the last hour's echo
        if watch is None:
            watch = self._watches[coin] = watch_from(figures, coin, side)
        watch.note(figures, coin, score, pressing=pressing)
        if score < OPEN_SCORE:
            watch.hot_ms = None
            return changes
        watch.hot_ms = watch.hot_ms if watch.hot_ms is not None else figures.now_ms
        at_once = score >= OPEN_AT_ONCE_SCORE or figures.priced_slowly(coin)
        ready = at_once or figures.now_ms - watch.hot_ms >= OPEN_AFTER_MS
        pressed = figures.now_ms - watch.pressed_ms < figures.patience_ms(coin, CALM_MS, CALM_SLOW_MS)
        if ready and pressed and not np.isnan(figures.price(coin)):
            del self._watches[coin]
            changes += self._enter(figures, coin, watch)
        return changes

    def _side_of(self, figures: Figures, coin: str) -> Side:
        """The side that is hurt more; a coin without liquidations follows an open episode that has them."""
        row = figures.board.coins[coin]
        if not figures.severity.liquidations_known[row]:
            for episode in self.open.values():
                if episode.observed_usd is not None:
                    return episode.side
        return SIDES[int(figures.severity.score[1, row] > figures.severity.score[0, row])]

    def _enter(self, figures: Figures, coin: str, watch: Watch) -> list[Change]:
        """Join the open episode of this side, reopen the coin's last one, or open a new one.

        Coins that join within seconds of each other are told together, unless the flush reaches further with one.
        """
        episode = next((e for e in self.open.values() if e.side == watch.side), None)
        event: Event = "joined"
        if episode is None:
            episode = next((e for e in self.recent.values() if e.side == watch.side and coin in e.members), None)
            event = "leg"
            if episode is None:
                episode, event = self._new(figures, coin, watch), "opened"
            else:
                self._reopen(figures, episode)
        if coin in episode.members:
            event = "grew" if event == "joined" else event
            base = self._bases[episode.id, coin]
            episode.members[coin].ended_ms = None
            update_member(figures, episode.members[coin], watch.side, base)
        else:
            self._bases[episode.id, coin] = watch.base
            episode.members[coin] = open_member(figures, coin, watch.side, watch.onset_ms, watch.base)
        self._pressed_ms[episode.id, coin] = figures.now_ms
        scope = episode.scope
        sum_up(figures, episode, self._legs)
        recent = figures.now_ms - self._told_ms.get(episode.id, 0) < TOLD_EARLY_MS
        if event in ("joined", "grew") and recent and episode.scope == scope:
            return []
        return [self._tell(figures, episode, event)]

    def _new(self, figures: Figures, coin: str, watch: Watch) -> Episode:
        day = datetime.fromtimestamp(watch.onset_ms / 1000, UTC).strftime("%Y-%m-%d")
        number = self._numbers[f"{day}-{coin}"] = self._numbers.get(f"{day}-{coin}", 0) + 1
        episode = Episode(
            id=f"{day}-{coin}-{number}",
            coin=coin,
            side=watch.side,
            kind=ONE_SIDED[watch.side],
            scope="coin",
            state="active",
            onset_ms=watch.onset_ms,
            peak_ms=figures.now_ms,
            score=0.0,
            peak_score=0.0,
            band="flush",
            confidence=0.0,
            price_only=True,
            members={},
            legs=[first_leg(figures, coin)],
            alerted_ms=figures.now_ms,
            anchor_ms=figures.now_ms,
            follows=self.last.before(coin, watch.side, watch.onset_ms),
        )
        self.open[episode.id] = episode
        return episode

    def _reopen(self, figures: Figures, episode: Episode) -> None:
        del self.recent[episode.id]
        self.open[episode.id] = episode
        episode.state, episode.ended_ms, episode.end_reason = "active", None, None
        self._legs.begin(figures, episode)

    def _follow(self, figures: Figures, episode: Episode) -> list[Change]:
        """Update an open episode; end it when all its coins are calm or it has gone on too long."""
        band, prolonged = episode.band, figures.now_ms - episode.legs[-1].started_ms >= LONGEST_MS
        for coin, member in episode.members.items():
            if member.ended_ms is not None:
                continue
            if update_member(figures, member, episode.side, self._bases[episode.id, coin]):
                self._pressed_ms[episode.id, coin] = figures.now_ms
            elif figures.blind(member):
                self._pressed_ms[episode.id, coin] += self._passed_ms  # what was not seen is not calm
            patience_ms = figures.patience_ms(coin, CALM_MS, CALM_SLOW_MS)
            if prolonged or figures.now_ms - self._pressed_ms[episode.id, coin] >= patience_ms:
                member.ended_ms = figures.now_ms
        sum_up(figures, episode, self._legs)
        if all(member.ended_ms is not None for member in episode.members.values()):
            blind = all(figures.blind(member) for member in episode.members.values())
            self._end(figures, episode, "lost" if blind else "prolonged" if prolonged else "calm")
            self.recent[episode.id] = episode
            self.last.note(episode)
            return [self._tell(figures, episode, "ended")]
        if episode.band != band:
            return [self._tell(figures, episode, "escalated")]
        early = figures.now_ms - episode.legs[-1].started_ms < EARLY_MS
        wait_ms = TOLD_EARLY_MS if early else TOLD_LATER_MS
        if figures.now_ms - self._told_ms[episode.id] >= wait_ms:
            return [self._tell(figures, episode, "grew")]
        return []

    def _end(self, figures: Figures, episode: Episode, reason: EndReason) -> None:
        episode.state, episode.ended_ms, episode.end_reason = "ended", figures.now_ms, reason
        episode.legs[-1].ended_ms = figures.now_ms
        self.open.pop(episode.id, None)

    def _retract(self, figures: Figures, episode: Episode) -> Change:
        """Close an episode that a wrong price opened, and forget that price, which would open the next one."""
        for member in episode.members.values():
            member.ended_ms = figures.now_ms
            forget_price(figures, member)
            self._watches.pop(member.coin, None)
        self._end(figures, episode, "retracted")
        change = self._tell(figures, episode, "retracted")
        self.last.forget(episode.id)
        self.forced.forget(episode.id)
        self._forget(episode.id)
        return change

    def _watched(self, figures: Figures, coin: str, watch: Watch) -> list[Change]:
        """A stretch that stayed below FLUSH, kept so that tuning can look at it; not where its price is lost."""
        if np.isnan(figures.price(coin)):
            return []
        episode = self._new(figures, coin, watch)
        member = episode.members[coin] = open_member(figures, coin, watch.side, watch.onset_ms, watch.base)
        del self.open[episode.id]
        member.components, member.confidence = watch.components, watch.confidence
        episode.price_only = member.price_only = watch.price_only
        episode.peak_score = member.peak_score = watch.peak_score
        episode.confidence, episode.peak_ms = watch.confidence, watch.peak_ms
        episode.state, episode.band, episode.alerted_ms, episode.anchor_ms = "ended", "watch", None, None
        episode.ended_ms, episode.end_reason = figures.now_ms, "calm"
        return [Change("watched", msgspec.convert(msgspec.to_builtins(episode), Episode), figures.now_ms)]

    def _tell(self, figures: Figures, episode: Episode, event: Event) -> Change:
        self._told_ms[episode.id] = figures.now_ms
        cover(figures, episode, self._bases, self.forced)
        character = character_of(figures.history.until(figures.now_ms), episode.coin)
        # That of the hours around the peak; the calm after it would speak of something else.
        if character is not None and figures.now_ms - episode.peak_ms <= CHARACTER_MS:
            episode.character, episode.perp_multiple, episode.spot_multiple = character
        return Change(event, msgspec.convert(msgspec.to_builtins(episode), Episode), figures.now_ms)

    def _forget(self, id_: str) -> None:
        self.recent.pop(id_, None)
        for table in (self._bases, self._pressed_ms):
            for key in [key for key in table if key[0] == id_]:
                del table[key]
        self._told_ms.pop(id_, None)
        self._legs.forget(id_)
