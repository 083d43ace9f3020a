"""The rows of a card about what was closed: how much since when, of which coins, in which legs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bot.alerts.card_words import Observed, by_size, is_told, join, told_usd
from bot.alerts.moments import moment
from bot.alerts.score_number import score_number
from bot.flush.episode import Episode, Leg, Member
from bot.market.history import DAY_MS, SLOT_MS, Past
from bot.message import Count, Name, Percent, Phrase, Phrases, Row, Span, Usd, Value

MOST_MEMBERS = 5
MOST_OF_BOTH = 0.99
"""100 % of one side would say that there was nothing of the other."""
# Totals that end longer ago than this are said to; a live feed is never so far behind.
BEHIND_MS = 2 * SLOT_MS


def size(episode: Episode, seen: Observed | None, past: Past) -> Row:
    """How much was liquidated since when, whose positions, the largest single print; or why that is not known."""
    if seen is None:
        return Row(_size_unknown(episode, past))
    values: dict[str, Value] = {
        "usd": Usd(seen.usd, at_least=True),
        "since": moment(seen.since_ms, past.now_ms),
        "until": moment(seen.until_ms, seen.since_ms),
        "span": Span(seen.until_ms - seen.since_ms),
    }
    if seen.usd <= 0:
        return Row(Phrase("card-size-none", values))
    ended = episode.ended_ms is not None
    behind = not ended and past.now_ms - seen.until_ms > BEHIND_MS
    key = "card-size-ended" if ended else "card-size-behind" if behind else "card-size"
    side = "long" if seen.long_usd >= seen.short_usd else "short"
    share = max(seen.long_usd, seen.short_usd) / seen.usd
    share = min(share, MOST_OF_BOTH) if share < 1 else share
    values |= {"share": Percent(share, 0), "side": Phrase(f"side-{side}")}
    return Row(join([Phrase(key, values), *_prints(episode)]))


def members(episode: Episode) -> Iterator[Row]:
    """The coins of an episode of several, by what was liquidated of each; at most five."""
    if len(episode.members) < 2:
        return
    ordered = by_size(episode.members.values())
    parts = [_member(member) for member in ordered[:MOST_MEMBERS]]
    if len(ordered) > MOST_MEMBERS:
        parts.append(Phrase("card-members-more", {"n": Count(len(ordered) - MOST_MEMBERS)}))
    key = "card-members" if any(is_told(member) for member in ordered) else "card-members-untold"
    yield Row(Phrase(key, {"parts": Phrases(tuple(parts))}))


def legs(episode: Episode, past: Past) -> Iterator[Row]:
    """The flush before it, if any; the last leg where there are several, and which of them was the largest."""
    if episode.follows is not None:
        yield Row(Phrase("card-follows", {"at": moment(episode.follows.at_ms, past.now_ms)}))
    if len(episode.legs) < 2:
        return
    last = episode.legs[-1]
    known = episode.observed_usd is not None
    largest = max(episode.legs, key=lambda leg: leg.observed_usd if known else leg.peak_score)
    values: dict[str, Value] = {"leg": Count(len(episode.legs)), "at": moment(last.started_ms, past.now_ms)}
    values["size"] = _leg_size(last, known=known)
    if largest is last:
        yield Row(Phrase("card-leg-largest", values))
        return
    other: dict[str, Value] = {
        "largest": Count(episode.legs.index(largest) + 1),
        "largest_at": moment(largest.started_ms, past.now_ms),
        "largest_size": _leg_size(largest, known=known),
    }
    yield Row(Phrase("card-leg-smaller", values | other))


def _size_unknown(episode: Episode, past: Past) -> Phrase:
    """A coin whose totals came within three days waits for the next; of any other no feed tells liquidations."""
    coin = Name(episode.coin)
    ends, seconds = past.column(episode.coin, "liquidation_s", past.as_of_ms - 3 * DAY_MS, past.as_of_ms)
    told = ends[~np.isnan(seconds)]
    if not told.size:
        return Phrase("card-size-no-feed", {"coin": coin})
    return Phrase("card-size-not-yet", {"coin": coin, "until": moment(int(told[-1]), past.now_ms)})


def _prints(episode: Episode) -> Iterator[Phrase]:
    sized = [(member.largest_usd, member.coin) for member in episode.members.values() if member.largest_usd is not None]
    if sized:
        usd, coin = max(sized)
        key = "card-largest" if len(episode.members) == 1 else "card-largest-of"
        yield Phrase(key, {"usd": Usd(usd), "coin": Name(coin)})
    counts = [member.prints for member in episode.members.values() if member.prints is not None]
    if sum(counts) > 0:
        yield Phrase("card-prints", {"n": Count(sum(counts))})


def _member(member: Member) -> Phrase:
    values: dict[str, Value] = {
        "coin": Name(member.coin),
        "move": Percent(member.extreme_price / member.reference_price - 1, signed=True),
    }
    if not is_told(member):
        return Phrase("card-member-untold", values)
    values["usd"] = told_usd((member.long_usd or 0.0) + (member.short_usd or 0.0))
    return Phrase("card-member", values)


def _leg_size(leg: Leg, *, known: bool) -> Phrase:
    if known:
        return Phrase("card-leg-usd", {"usd": Usd(leg.observed_usd, at_least=True)})
    return Phrase("card-leg-score", {"score": score_number(leg.peak_score)})
