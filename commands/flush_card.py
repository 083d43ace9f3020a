"""The essential figures of one flush, as it stands now."""

from __future__ import annotations

from collections.abc import Iterator

from bot.alerts.card_words import coin_names, is_told, told_usd
from bot.alerts.decide import of_watch
from bot.alerts.moments import moment
from bot.alerts.outbox import SILENT
from bot.alerts.score_number import score_number
from bot.alerts.standing import standing_phrase
from bot.alerts.unheard import blind
from bot.alerts.venue_names import venue_name
from bot.flush.episode import Before, Episode, Member
from bot.market.view import CoinView
from bot.message import (
    Button,
    Coins,
    Count,
    Message,
    Moment,
    Name,
    Names,
    Number,
    Percent,
    Phrase,
    Phrases,
    Price,
    Rate,
    Row,
    Span,
    Usd,
    Value,
)
from bot.store.rows import DecisionRow, DueRow
from commands.desk import Desk
from commands.open_interest import missing_of
from commands.phrases import ALIVE, as_of, feed_name, line, muted, next_buttons, say

MOST_NAMES = 3
MOST_GAPS = 4


def card(desk: Desk, episode: Episode, decision: DecisionRow | None, due: list[DueRow], asked: str | None) -> Message:
    """How large, how far, whose positions, what was known before, and what is still due; `asked` is named first."""
    now_ms = desk.now_ms()
    lead, coin = episode.lead, desk.view().coin(episode.coin)
    rows = [
        *_members(episode, asked),
        *_liquidated(episode, lead),
        *(Row(phrase) for phrase in blind(episode.gaps, now_ms)),
        line(_price(episode, now_ms, coin)),
        _open_interest(lead, _ended_ms(episode), now_ms, coin),
        *(_before(episode.before) if episode.before else ()),
        _confidence(episode, now_ms),
        *ranked(episode),
        *posted(episode, decision),
        *_next_step(due, now_ms),
    ]
    why = Button(say("button-why"), f"/flush why {episode.id}")
    return desk.answer(headline_of(episode), rows, buttons=(why, *next_buttons(episode.coin, "levels", "funding")))


def headline_of(episode: Episode) -> Phrase:
    """What it is, how large, and whether it goes on, has ended or was retracted."""
    values: dict[str, Value] = {
        "coin": Name(episode.coin),
        "kind": say(f"kind-{episode.kind.replace('_', '-')}"),
        "band": say(f"band-{episode.band}"),
        "peak": score_number(episode.peak_score),
        "onset": Moment(episode.onset_ms, "both"),
    }
    if episode.ended_ms is None:
        return say("flush-headline-open", **values, score=score_number(episode.score))
    if episode.end_reason == "retracted":
        return say("flush-headline-retracted", **values, ended=moment(episode.ended_ms, episode.onset_ms))
    span = Span(episode.ended_ms - episode.onset_ms)
    return say("flush-headline-ended", **values, ended=moment(episode.ended_ms, episode.onset_ms), span=span)


def named_strongest(episode: Episode) -> Iterator[Phrase]:
    """The strongest coin with its peak, where it is not the one in the headline of the card."""
    member = episode.strongest
    if member.coin != episode.coin:
        yield say("flush-strongest", coin=Name(member.coin), peak=score_number(member.peak_score))


def ranked(episode: Episode) -> Iterator[Row]:
    """How large it was among those before it, once it has ended."""
    standing = standing_phrase(episode)
    if standing is not None:
        yield Row(standing, "muted")


def _members(episode: Episode, asked: str | None) -> Iterator[Row]:
    others = sorted(
        (member for coin, member in episode.members.items() if coin != episode.coin),
        key=lambda member: (member.coin != asked, -member.peak_score, member.coin),
    )
    if not others:
        return
    scope = say(f"flush-scope-{episode.scope}")
    coins = tuple(member.coin for member in others)
    if len(coins) <= MOST_NAMES:
        also = say("flush-members", scope=scope, names=Names(coins))
    else:
        some, more = Name(", ".join(coins[:MOST_NAMES])), Count(len(coins) - MOST_NAMES)
        also = say("flush-members-more", scope=scope, names=some, more=more)
    yield line([also, *named_strongest(episode)])


def _liquidated(episode: Episode, lead: Member) -> Iterator[Row]:
    """Of the coin it is about, then of all together where there are several."""
    if lead.long_usd is not None and lead.short_usd is not None:
        # Single liquidations of the hour before are in it; of hourly totals the first is that of the onset.
        key = "flush-liquidated-totals" if lead.prints is None else "flush-liquidated"
        parts = [say(key, longs=told_usd(lead.long_usd), shorts=told_usd(lead.short_usd))]
        if not lead.long_usd + lead.short_usd:
            parts = [say("flush-liquidated-none")]
        if lead.largest_usd is not None:
            parts.append(say("flush-largest", usd=Usd(lead.largest_usd)))
        if lead.prints is not None:
            parts.append(say("flush-prints", n=Count(lead.prints)))
        yield line(parts)
    elif episode.observed_usd is None:
        yield Row(say("flush-no-liquidations"))
    else:
        yield Row(say("flush-no-liquidations-of", coin=Name(lead.coin)))
    if len(episode.members) > 1 and episode.observed_usd is not None:
        yield line(_together(episode, episode.observed_usd))


def _together(episode: Episode, usd: float) -> Iterator[Phrase]:
    """The sum of all its coins, until when it counts them, and those that are not in it."""
    yield say("flush-observed-all", usd=told_usd(usd))
    if ended_apart(episode):
        yield say("flush-observed-parts")
    untold = sorted(coin for coin, member in episode.members.items() if not is_told(member))
    if untold:
        yield say("flush-observed-without", coins=coin_names(untold, MOST_NAMES))


def ended_apart(episode: Episode) -> bool:
    """Whether the part of some coin ended before the flush did: its figures stand still from then on."""
    return any(member.ended_ms not in (None, episode.ended_ms) for member in episode.members.values())


def _ended_ms(episode: Episode) -> int | None:
    """When the part of the coin it is about ended, after which its figures stand still; None while it goes on."""
    return episode.lead.ended_ms or episode.ended_ms


def _price(episode: Episode, now_ms: int, coin: CoinView | None) -> Iterator[Phrase]:
    """From before to the extreme; then that of the end, once it has ended, and the last one heard, as of when."""
    lead, ended_ms = episode.lead, _ended_ms(episode)
    values: dict[str, Value] = {
        "reference": Price(lead.reference_price),
        "extreme": Price(lead.extreme_price),
        "at": moment(lead.extreme_ms, now_ms),
        "move": Percent(lead.extreme_price / lead.reference_price - 1, signed=True),
    }
    yield say("flush-price-long" if episode.side == "long" else "flush-price-short", **values)
    if ended_ms is not None:
        yield say("flush-price-end", price=Price(lead.price), at=moment(ended_ms, now_ms))
    if coin is not None and coin.price is not None:
        at = as_of(coin.price_at_ms or coin.as_of_ms, now_ms)
        yield say("flush-price-now", price=Price(coin.price), as_of=at)
    elif ended_ms is None and coin is not None and coin.price_at_ms is not None:
        yield say("flush-price-last", price=Price(lead.price), as_of=as_of(coin.price_at_ms, now_ms))
    else:
        yield say("flush-price-unknown")


def _open_interest(lead: Member, ended_ms: int | None, now_ms: int, coin: CoinView | None) -> Row:
    """From the highest of the hour before, which the score is of, to now or to the end of the coin's part."""
    before, now, venues = lead.open_interest_before, lead.open_interest_now, lead.open_interest_venues
    if not before or not venues:
        return Row(say("flush-open-interest-untold"))
    values: dict[str, Value] = {
        "before": Coins(before, lead.coin),
        "venues": Names(tuple(venue_name(venue).text for venue in venues)),
    }
    if now is None and ended_ms is None:
        told = () if coin is None else (row for row in coin.open_interest if row.venue in venues)
        return line([say("flush-open-interest-lost", **values), *missing_of(told, now_ms)])
    if now is None:
        return Row(say("flush-open-interest-end-unknown", **values, at=moment(ended_ms or now_ms, now_ms)))
    values |= {"change": Percent(now / before - 1, signed=True), "now": Coins(now, lead.coin)}
    if ended_ms is None:
        return Row(say("flush-open-interest", **values))
    return Row(say("flush-open-interest-end", **values, at=moment(ended_ms, now_ms)))


def _before(before: Before) -> Iterator[Row]:
    parts = []
    if before.open_interest_of_high is not None:
        parts.append(say("flush-before-high", share=Percent(before.open_interest_of_high, 0)))
    if before.funding_weighted_8h is not None:
        parts.append(say("flush-before-funding", rate=Rate(before.funding_weighted_8h)))
    if parts:
        yield Row(say("flush-before", parts=Phrases(tuple(parts))))


def _confidence(episode: Episode, now_ms: int) -> Row:
    parts = [say("flush-confidence", confidence=Number(episode.confidence))]
    if episode.price_only:
        parts.append(say("flush-price-only"))
    states = sorted((episode.venues or {}).items())
    said = {f"{gap.venue} {gap.feed}" for gap in episode.gaps if gap.to_ms is None}
    missing = [(feed, state) for feed, state in states if state not in ALIVE and feed not in said]
    parts += [_gap(feed, state, now_ms) for feed, state in missing[:MOST_GAPS]]
    return Row(say("answer-line", parts=Phrases(tuple(parts))), "muted")


def _gap(feed: str, state: str, now_ms: int) -> Phrase:
    """A feed that was missing, from an episode's "venue feed" and "missing since <ms>"."""
    venue, _, kind = feed.partition(" ")
    since = state.rpartition(" ")[2]
    if since.isdecimal():
        at = moment(int(since), now_ms)
        return say("flush-gap-since", venue=venue_name(venue), feed=feed_name(kind), since=at)
    return say("flush-gap", venue=venue_name(venue), feed=feed_name(kind))


def posted(episode: Episode, decision: DecisionRow | None) -> Iterator[Row]:
    """Whether this channel heard of it, and the reason by its name."""
    if decision is not None:
        yield muted("flush-posted" if decision.posted else "flush-not-posted", reason=_reason(decision.reason))
    elif episode.band == "watch":
        yield muted("flush-only-watched", reason=_reason(of_watch(episode.peak_score)))
    else:
        yield muted("flush-no-decision")


def _reason(name: str) -> Phrase:
    return say(f"reason-{name.replace('_', '-')}")


def _next_step(due: list[DueRow], now_ms: int) -> Iterator[Row]:
    upcoming = [row for row in due if row.done_ms is None and row.step not in SILENT]
    if upcoming:
        yield muted("flush-next", step=say(f"followup-step-{upcoming[0].step}"), at=moment(upcoming[0].due_ms, now_ms))
