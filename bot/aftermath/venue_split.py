"""On which venues were positions closed? Domain notes M11, by what each was observed to tell, so a floor of each."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.aftermath.missing import Missing
from bot.flush.episode import Episode, VenueTold
from bot.flush.kind import DISLOCATED_SHARE

SplitVerdict = Literal["DISLOCATED", "CONCENTRATED", "SPREAD", "ONE_TOLD"]


class VenueShare(msgspec.Struct, frozen=True):
    """One venue's observed liquidations in US dollars and their share of what all venues told."""

    venue: str
    usd: float
    share: float


class VenueSplit(msgspec.Struct, frozen=True):
    """Observed liquidations of a flush, all coins, by venue, the largest first.

    `untold` are venues that list its coins and tell none, by themselves or in a sum, `partial` those that tell some
    only, of some of its coins only, or were lost for a time: shares leave out the former and make the latter too small.
    """

    verdict: SplitVerdict
    shares: tuple[VenueShare, ...]
    untold: tuple[str, ...]
    partial: tuple[str, ...]


def check(episode: Episode) -> VenueSplit | Missing:
    """DISLOCATED where one venue's price stood apart too, CONCENTRATED from 90 % on one of several that tell."""
    known = [(told.venue, told.observed_usd) for told in episode.told if told.observed_usd is not None]
    total = sum(usd for _, usd in known)
    if total <= 0:
        return Missing("venues", tuple(told.venue for told in episode.told))
    shares = [VenueShare(venue, usd, usd / total) for venue, usd in known]
    shares.sort(key=lambda entry: (-entry.usd, entry.venue))
    heard = {part for venue, _ in known for part in venue.split("+")}
    return VenueSplit(
        verdict=_verdict(episode, shares),
        shares=tuple(shares),
        untold=tuple(told.venue for told in episode.told if told.observed_usd is None and told.venue not in heard),
        partial=tuple(dict.fromkeys(told.venue for told in episode.told if _is_partial(told, heard))),
    )


def _verdict(episode: Episode, shares: list[VenueShare]) -> SplitVerdict:
    """With one venue telling, or a sum of several, its share says nothing."""
    if episode.dislocated is not None:
        return "DISLOCATED"
    if len(shares) == 1:
        return "ONE_TOLD"
    return "CONCENTRATED" if shares[0].share >= DISLOCATED_SHARE else "SPREAD"


def _is_partial(told: VenueTold, heard: set[str]) -> bool:
    """By how it tells, or because it is heard of other coins of the flush alone."""
    if told.observed_usd is None:
        return told.venue in heard
    return told.tells in ("throttled", "largest") or told.lost
