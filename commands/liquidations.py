"""/liqs: what was liquidated of one coin, what the feeds left out, and how much of the time they were heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from bot.alerts.card_footing import two_figures
from bot.alerts.card_words import told_usd
from bot.alerts.moments import moment
from bot.alerts.unheard import below, blind
from bot.alerts.venue_names import venue_name
from bot.command import Caller, Coin, command
from bot.errors import UserError
from bot.flush.coverage import PERPETUALS, never_whole
from bot.flush.undercount import LEAST_BEYOND
from bot.market.gaps import Gap
from bot.market.history import HOUR_MS
from bot.market.view import CoinView, FeedRow, LiquidationSums, MarketView
from bot.message import Button, Count, Message, Name, Phrase, Row, Span, Usd, Value
from commands.desk import Desk
from commands.phrases import ALIVE, as_of, feed_name, line, muted, next_buttons, say

HOURS = {"1h": 1, "4h": 4, "24h": 24}
ALMOST_MS = 600_000
"""Time of which less than this is missing counts as whole: the running five minutes always are."""
SINGLE, TOTALS = "liquidation", "liquidations"


class Unheard(NamedTuple):
    """Why the sum of one coin is a floor: venues that show only some, that tell none, gaps, totals that stay away."""

    throttled: tuple[str, ...]
    untold: tuple[str, ...]
    gaps: list[Gap]
    silent: list[FeedRow]

    @property
    def any(self) -> bool:
        """Whether anything is known to be missing."""
        return bool(self.throttled or self.untold or self.gaps or self.silent)


@command("liqs")
async def liqs(desk: Desk, caller: Caller, coin: Coin = "BTC", hours: Literal["1h", "4h", "24h"] = "1h") -> Message:  # noqa: ARG001 -- every command is handed its caller
    """Observed liquidations of one coin over 1, 4 or 24 hours, with an estimate of what the feeds left out."""
    view = desk.coin(coin)
    sums = sums_of(view, HOURS[hours])
    if sums is None:
        raise UserError("error-no-liquidations", coin=Name(view.coin), hours=Count(HOURS[hours]))
    missing = unheard_of(desk.view(), view, sums.span_ms)
    rows = [
        *_prints(sums),
        *_estimate(sums),
        *_collected(sums),
        *map(Row, blind(missing.gaps, desk.now_ms())),
        *(_silent(row, desk.now_ms()) for row in missing.silent),
        Row(below(missing.throttled, missing.untold), "muted"),
    ]
    others = [other for other in HOURS if other != hours]
    longer = tuple(Button(say(f"button-liqs-{other}"), f"/liqs {view.coin} {other}") for other in others)
    headline = _headline(view, sums, missing, as_of(view.as_of_ms, desk.now_ms()))
    return desk.answer(headline, rows, buttons=(*longer, *next_buttons(view.coin, "oi")))


def sums_of(coin: CoinView, hours: int) -> LiquidationSums | None:
    """The sums of so many hours; None while nothing is known of them."""
    return next((sums for sums in coin.liquidations if sums.span_ms == hours * HOUR_MS), None)


def sides_of(sums: LiquidationSums, *, floor: bool) -> tuple[Value, Value]:
    """Longs and shorts; of a sum that is a floor, a side of which nothing was told has no figure."""
    longs, shorts = sums.long_usd, sums.short_usd
    return (told_usd(longs), told_usd(shorts)) if floor else (Usd(longs), Usd(shorts))


def is_partial(sums: LiquidationSums) -> bool:
    """Whether feeds were heard in a part of the time alone."""
    return sums.known_ms <= sums.span_ms - ALMOST_MS


def unheard_of(view: MarketView, coin: CoinView, span_ms: int) -> Unheard:
    """What the sum of the last `span_ms` leaves out; venues that do not list the coin leave out nothing."""
    feeds = view.feeds()
    telling = {row.venue for row in feeds if row.feed in PERPETUALS}
    listing = {row.venue for row in coin.funding} | {row.venue for row in coin.open_interest}
    strangers = telling - listing
    heard = [row for row in feeds if row.venue not in strangers]
    since_ms = view.as_of_ms - span_ms
    met = (gap for gap in view.gaps() if gap.feed == SINGLE and gap.lost_ms(since_ms, view.as_of_ms))
    gaps = [gap for gap in met if gap.venue not in strangers]
    silent = [row for row in heard if row.feed == TOTALS and row.state not in ALIVE]
    return Unheard(*never_whole(heard), gaps, silent)


def collected(sums: LiquidationSums) -> Phrase:
    """How much of the time was heard."""
    return say("liqs-collected", known=Span(sums.known_ms), hours=Count(sums.span_ms // HOUR_MS))


def _headline(view: CoinView, sums: LiquidationSums, missing: Unheard, at: Phrase) -> Phrase:
    values: dict[str, Value] = {"coin": Name(view.coin), "hours": Count(sums.span_ms // HOUR_MS), "as_of": at}
    if not sums.usd:
        return say("liqs-headline-none", **values)
    longs, shorts = sides_of(sums, floor=missing.any or is_partial(sums))
    return say("liqs-headline", **values, longs=longs, shorts=shorts)


def _prints(sums: LiquidationSums) -> Iterator[Row]:
    """The largest and how many, or that the feeds told sums alone."""
    if sums.prints is not None and sums.largest_usd is not None:
        largest = say("liqs-largest", usd=Usd(sums.largest_usd))
        yield line([largest, say("flush-prints", n=Count(sums.prints))])
    elif sums.usd:
        yield muted("liqs-no-prints")


def _estimate(sums: LiquidationSums) -> Iterator[Row]:
    """By how often feeds that show only some spoke: at most only where none was at its limit, and it says enough."""
    if sums.low_usd is None or (sums.high_usd or sums.low_usd) <= LEAST_BEYOND * sums.usd:
        return
    low_usd = two_figures(sums.low_usd)
    high_usd = None if sums.high_usd is None else two_figures(sums.high_usd)
    if high_usd is None or high_usd <= low_usd:
        yield Row(say("card-estimate-least", low=Usd(low_usd)))
    elif low_usd <= sums.usd:
        yield Row(say("card-estimate-most", high=Usd(high_usd)))
    else:
        yield Row(say("card-estimate", low=Usd(low_usd), high=Usd(high_usd)))


def _collected(sums: LiquidationSums) -> Iterator[Row]:
    if is_partial(sums):
        yield Row(collected(sums), "muted")


def _silent(row: FeedRow, now_ms: int) -> Row:
    values: dict[str, Value] = {"venue": venue_name(row.venue), "feed": feed_name(row.feed)}
    return muted("flush-gap-since", **values, since=moment(row.last_ms, now_ms))
