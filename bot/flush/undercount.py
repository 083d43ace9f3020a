"""Observed liquidations and what they leave out, kept apart venue by venue. Domain notes, section 2.4.

A venue that tells every liquidation counts as told; one that shows only some by how many seconds held one; where that
says nothing (every second was full, the feed was down, only totals are known, none are told) a share of the fall of
its own open interest is taken for forced. Nothing is ever estimated below what was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.flush.at_onset import AtOnset
from bot.flush.coverage import blind_spans, venue_states
from bot.flush.episode import Episode, Forced, Member, Telling, VenueTold
from bot.flush.forced import ForcedShares
from bot.flush.member import Base, Figures
from bot.market.board import Board
from bot.market.history import HOUR_MS
from bot.market.occupancy import LIMITS
from bot.market.told import JUST_NOW_MS, NOTHING, Amounts

LEAST_FALL = 0.015
"""A smaller fall says nothing about how many positions were closed."""
CAP_TIMES = 1.5
"""More than so many times the fall of open interest in dollars is not taken for liquidated."""
LEAST_BEYOND = 1.1
"""An estimate that adds less than a tenth to what was observed says nothing."""

Range = tuple[float, float]


class Fall(NamedTuple):
    """How far a venue's open interest fell, in dollars, and whether that speaks of closed positions."""

    usd: float
    speaks: bool

    def forced(self, shares: Forced) -> Range | None:
        """What of it is taken for forced, at least and at most."""
        return (shares.low * self.usd, shares.high * self.usd) if self.speaks else None


def cover(figures: Figures, episode: Episode, bases: Mapping[tuple[str, str], Base], shares: ForcedShares) -> None:
    """Bring up to date what was heard of an episode: venues, gaps, what each told, the estimate of the whole."""
    board, now_ms = figures.board, figures.now_ms
    since_ms = min(member.onset_ms for member in episode.members.values()) - HOUR_MS
    episode.venues = venue_states(board, episode.coin, now_ms)
    episode.gaps = blind_spans(board, since_ms, now_ms, episode.members)
    lost = {gap.venue for gap in episode.gaps}
    lost |= {feed.rpartition(" ")[0] for feed, state in episode.venues.items() if _is_lost_total(board, feed, state)}
    episode.forced = shares.range()
    parts = [(member, bases[episode.id, coin].at_onset) for coin, member in episode.members.items()]
    kinds = ways_of_telling(board)
    told = (weigh(board, member, at_onset, kinds, lost, episode.forced) for member, at_onset in parts)
    episode.told = by_venue(row for rows in told for row in rows)
    episode.estimate_usd = estimate(episode.told, episode.observed_usd or 0.0)
    if episode.state == "ended" and episode.end_reason != "retracted":
        pairs = [pair for member, at_onset in parts for pair in against_falls(board, member, at_onset, kinds, lost)]
        if pairs:
            shares.learn(episode.id, sum(usd for usd, _ in pairs) / sum(fall_usd for _, fall_usd in pairs))


def ways_of_telling(board: Board) -> dict[str, Telling]:
    """How each venue that is listened to tells its liquidations."""
    heard = {venue for venue, _ in board.heard.feeds.keys() | board.feeds.keys()}
    return {venue: _way_of_telling(board, venue) for venue in board.venues if venue in heard}


def weigh(
    board: Board, member: Member, at_onset: AtOnset, kinds: Mapping[str, Telling], lost: set[str], forced: Forced
) -> list[VenueTold]:
    """One coin's liquidations by venue; `kinds` as from `ways_of_telling`, `lost` are venues not heard throughout."""
    rows = []
    for venue, tells, amounts, fall in _venues(board, member, at_onset, kinds, lost):
        saturated = amounts is not None and amounts.full > 0
        open_ended = amounts is None or saturated or venue in lost or tells == "totals"
        low_usd, high_usd = fused(amounts, fall, forced if open_ended else None) or (None, None)
        seen_usd = None if amounts is None else amounts.usd
        rows.append(VenueTold(venue, tells, seen_usd, low_usd, high_usd, saturated, venue in lost, (member.coin,)))
    return rows


def telling_of(board: Board, coin: str, kinds: Mapping[str, Telling]) -> dict[str, Telling]:
    """Those venues that list a coin; one within a sum that tells nothing beside it is told of with the sum alone."""
    row, told = board.coins[coin], board.told.get(coin, {})
    sums = {part for venue in told if "+" in venue for part in venue.split("+")}
    listed = ((board.mark.at_ms[row] > 0) | (board.open_interest.at_ms[row] > 0)).tolist()
    return {
        venue: kinds[venue]
        for venue, column in board.venues.items()
        if venue in kinds and (listed[column] or venue in told) and (kinds[venue] != "silent" or venue not in sums)
    }


def fused(amounts: Amounts | None, fall: Fall | None, forced: Forced | None) -> Range | None:
    """At least and at most what was liquidated at a venue; None where nothing is known of it.

    By what was told, and with `forced` at least what the fall of open interest says; at most one and a half times that
    fall where it is large enough to speak, and never below what was seen.
    """
    implied = fall.forced(forced) if fall is not None and forced is not None else None
    if amounts is None:
        return implied
    low_usd, high_usd = amounts.low_usd, amounts.high_usd
    if implied is not None:
        low_usd, high_usd = max(low_usd, implied[0]), max(high_usd, implied[1])
    if fall is not None and fall.speaks:
        low_usd, high_usd = (min(usd, CAP_TIMES * fall.usd) for usd in (low_usd, high_usd))
    return max(low_usd, amounts.usd), max(high_usd, amounts.usd)


def by_venue(rows: Iterable[VenueTold]) -> tuple[VenueTold, ...]:
    """The coins' rows together, one for each venue and way of telling."""
    groups: dict[tuple[str, Telling], list[VenueTold]] = {}
    for row in rows:
        groups.setdefault((row.venue, row.tells), []).append(row)
    return tuple(
        VenueTold(
            venue,
            tells,
            _sum(row.observed_usd for row in group),
            _sum(row.low_usd for row in group),
            _sum(row.high_usd for row in group),
            any(row.saturated for row in group),
            any(row.lost for row in group),
            tuple(sorted({coin for row in group for coin in row.coins})),
        )
        for (venue, tells), group in sorted(groups.items())
    )


def estimate(rows: Iterable[VenueTold], observed_usd: float) -> Range | None:
    """(low, high) in dollars over all venues, never below what was observed; None where it adds next to nothing."""
    told = list(rows)
    low_usd = max(observed_usd, sum(row.low_usd or 0.0 for row in told))
    high_usd = max(low_usd, sum(row.high_usd or 0.0 for row in told))
    return (low_usd, high_usd) if high_usd > LEAST_BEYOND * observed_usd else None


def against_falls(
    board: Board, member: Member, at_onset: AtOnset, kinds: Mapping[str, Telling], lost: set[str]
) -> list[tuple[float, float]]:
    """(liquidated, fall of open interest) in dollars of venues that told every liquidation, where the fall speaks."""
    return [
        (amounts.usd, fall.usd)
        for venue, tells, amounts, fall in _venues(board, member, at_onset, kinds, lost)
        if tells == "complete" and venue not in lost and amounts is not None and fall is not None and fall.speaks
    ]


def _venues(
    board: Board, member: Member, at_onset: AtOnset, kinds: Mapping[str, Telling], lost: set[str]
) -> Iterator[tuple[str, Telling, Amounts | None, Fall | None]]:
    """Each venue of a coin: how it tells, what it told, how far its open interest fell.

    Of a sum that is the fall of those within it that show only some and tell nothing beside it. Nothing from a venue
    that was not all heard is unknown.
    """
    told = board.told.get(member.coin, {})
    for venue, tells in telling_of(board, member.coin, kinds).items():
        falling = [part for part in venue.split("+") if "+" not in venue or (part in LIMITS and part not in told)]
        amounts = _amounts(board, member, at_onset, venue, tells)
        if amounts is not None and amounts.usd <= 0 and venue in lost:
            amounts = None
        yield venue, tells, amounts, _fall(board, member, at_onset, falling)


def _tells_one_by_one(board: Board, venue: str) -> bool:
    return any((venue, "liquidation") in feeds for feeds in (board.heard.feeds, board.feeds))


def _way_of_telling(board: Board, venue: str) -> Telling:
    parts = venue.split("+")
    if len(parts) == 1 and _tells_one_by_one(board, venue):
        return LIMITS.get(venue, "complete")
    if (venue, "liquidations") in board.heard.feeds:
        return "totals" if any(part in LIMITS for part in parts) else "complete"
    return "silent"


def _amounts(board: Board, member: Member, at_onset: AtOnset, venue: str, tells: Telling) -> Amounts | None:
    """What a venue told since the flush began; None where it tells none, or no total of an hour at most came since."""
    told = board.told.get(member.coin, {}).get(venue)
    if tells == "silent" or member.long_usd is None:
        return None
    total_ms = 0 if told is None else told.total_ms
    if total_ms <= member.onset_ms - JUST_NOW_MS and not _tells_one_by_one(board, venue):
        return None
    return NOTHING if told is None else told.amounts.plus(at_onset.told.get(venue, NOTHING), -1)


def _fall(board: Board, member: Member, at_onset: AtOnset, venues: list[str]) -> Fall | None:
    """Of venues that count as they did before; None where none of them told open interest at both ends."""
    counted = [venue for venue in venues if board.last_recount_ms(venue) < member.onset_ms]
    falls = [fall for venue in counted if (fall := at_onset.fall(venue)) is not None]
    if not falls:
        return None
    price = (member.reference_price + member.extreme_price) / 2
    moved = abs(member.extreme_price / member.reference_price - 1) >= at_onset.usual_move
    usd = sum(coins * price for coins, share in falls)
    spoken_usd = sum(coins * price for coins, share in falls if share >= LEAST_FALL)
    return Fall(spoken_usd, speaks=True) if moved and spoken_usd > 0 else Fall(usd, speaks=False)


def _is_lost_total(board: Board, feed: str, state: str) -> bool:
    """Whether totals have stayed away, or a venue without a word of its feeds fell silent; gaps tell of all others."""
    venue, _, kind = feed.rpartition(" ")
    single = (venue, "liquidation") in board.feeds
    return kind == "liquidation" and not single and state.startswith("missing")


def _sum(amounts: Iterable[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
