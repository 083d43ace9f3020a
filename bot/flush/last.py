"""When each coin was last flushed, so that a later flush can name the one before, and a slow day is not its echo."""

from __future__ import annotations

import msgspec

from bot.flush.episode import Ended, Episode
from bot.market.facts import Side
from bot.market.history import DAY_MS

LINKED_MS = 3 * DAY_MS


class Last(msgspec.Struct):
    """The last flush of each coin and side that has ended."""

    ended: dict[str, dict[Side, Ended]] = {}

    def note(self, episode: Episode) -> None:
        """An episode has ended."""
        for coin in episode.members:
            self.ended.setdefault(coin, {})[episode.side] = Ended(episode.ended_ms or 0, episode.id)

    def forget(self, id_: str) -> None:
        """An episode was none."""
        for coin, sides in self.ended.items():
            self.ended[coin] = {side: ended for side, ended in sides.items() if ended.episode_id != id_}

    def before(self, coin: str, side: Side, onset_ms: int) -> Ended | None:
        """The flush of this coin and side that ended within 72 hours before."""
        ended = self.ended.get(coin, {}).get(side)
        return ended if ended is not None and onset_ms - ended.at_ms <= LINKED_MS else None

    def within_day(self, coin: str, now_ms: int) -> bool:
        """Whether a flush of this coin, of either side, ended less than 24 hours ago: a day's move is then its echo."""
        return any(now_ms - ended.at_ms < DAY_MS for ended in self.ended.get(coin, {}).values())
