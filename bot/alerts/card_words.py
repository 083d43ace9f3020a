"""Turns of phrase that the parts of a card share: what kind of flush, which coins, how much was observed since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from bot.flush.episode import Episode, Member
from bot.market.history import HOUR_MS, Past
from bot.message import Count, Name, Names, Number, Phrase, Phrases, Usd, Value


class Observed(msgspec.Struct, frozen=True):
    """Liquidations told of all members in US dollars, a floor: of the time from `since_ms`, known to `until_ms`."""

    long_usd: float
    short_usd: float
    since_ms: int
    until_ms: int

    @property
    def usd(self) -> float:
        """Both sides."""
        return self.long_usd + self.short_usd


def observed(episode: Episode, past: Past) -> Observed | None:
    """What the feeds told of an episode; None when none of its coins has one that told anything.

    A coin's sum takes in up to the hour before its onset (`bot.flush.member`), so the time begins there. Hourly
    totals reach only to the end of the last whole hour.
    """
    known = [member for member in episode.members.values() if is_told(member)]
    if not known:
        return None
    reached = [end for member in known if (end := _known_until(past, member)) is not None]
    ended_ms = episode.ended_ms or past.now_ms
    return Observed(
        long_usd=sum(member.long_usd or 0.0 for member in known),
        short_usd=sum(member.short_usd or 0.0 for member in known),
        since_ms=min(member.onset_ms for member in known) - HOUR_MS,
        until_ms=min(max(reached, default=past.now_ms), ended_ms),
    )


def is_told(member: Member) -> bool:
    """Whether any feed told liquidations of this coin since its onset."""
    return member.long_usd is not None and member.short_usd is not None


def told_usd(usd: float) -> Value:
    """A sum that is a floor; where nothing was told that is said, as "≥ $0" says nothing."""
    return Usd(usd, at_least=True) if usd else Phrase("told-none")


def by_size(members: Iterable[Member]) -> list[Member]:
    """Largest observed liquidations first, then those of which none are known by their score."""
    return sorted(
        members,
        key=lambda m: (not is_told(m), -(m.long_usd or 0.0) - (m.short_usd or 0.0), -m.peak_score, m.coin),
    )


def is_price_only(episode: Episode) -> bool:
    """Whether nothing but prices speaks for it: by the gate, or because neither liquidations nor OI were known."""
    return episode.price_only or not any({"L", "O"} & m.components.keys() for m in episode.members.values())


def labelled(episode: Episode, key: str) -> Phrase:
    """A label of a row; it names the coin the episode is about where there are several."""
    if len(episode.members) == 1:
        return Phrase(f"card-label-{key}")
    return Phrase(f"card-label-{key}-of", {"coin": Name(episode.coin)})


def kind_phrase(episode: Episode) -> Phrase:
    """Long flush, short squeeze or two-sided."""
    return Phrase(f"kind-{episode.kind.replace('_', '-')}")


def coin_names(coins: Sequence[str], most: int) -> Phrase:
    """`most` coins by name, and how many others there are."""
    if len(coins) <= most:
        return Phrase("card-names", {"names": Names(tuple(coins))})
    # One phrase a coin, so that each name is cleaned by itself.
    some = tuple(Phrase("card-name", {"name": Name(coin)}) for coin in coins[: most - 1])
    return Phrase("card-names-more", {"names": Phrases(some, "list"), "n": Count(len(coins) - len(some))})


def times(multiple: float) -> Number:
    """A multiple as it is said: 2.4×, 52×."""
    return Number(multiple, 1 if multiple < 10 else 0)


def join(parts: Iterable[Phrase]) -> Phrase:
    """Several parts as one line with dots between them."""
    return Phrase("card-line", {"parts": Phrases(tuple(parts))})


def _known_until(past: Past, member: Member) -> int | None:
    ends, seconds = past.column(member.coin, "liquidation_s", member.onset_ms - HOUR_MS, past.as_of_ms)
    told = ends[~np.isnan(seconds)]
    return int(told[-1]) if told.size else None
