"""/funding: what longs pay shorts, venue by venue or over all coins."""

from __future__ import annotations

from bot.alerts.ranking import large_of
from bot.alerts.venue_names import venue_name
from bot.command import Caller, Coin, command
from bot.errors import UserError
from bot.market.view import CoinView, FundingRow
from bot.message import Count, Message, Name, Names, Percent, Phrase, Phrases, Rate, Row, Span, Value
from commands.desk import Desk
from commands.funding_chart import funding_chart
from commands.phrases import DAY_MS, STALE_MS, as_of, next_buttons, of_large, say

# With F = P + clamp(I − P, ±0.05 %) funding rests at its interest part, 0.01 % per 8 h, not at zero (domain §0.9).
NEUTRAL_8H = 0.0001
HOURS_A_YEAR = 365 * 24
EACH_WAY = 5


@command("funding", draws=True)
async def funding(desk: Desk, caller: Caller, coin: Coin = "") -> Message:  # noqa: ARG001 -- every command is handed its caller
    """Funding of one coin by venue; without a coin the highest and lowest of all."""
    return _of_coin(desk, desk.coin(coin)) if coin else await _of_all(desk)


def _of_coin(desk: Desk, coin: CoinView) -> Message:
    if not coin.funding:
        raise UserError("error-no-funding", coin=Name(coin.coin))
    now_ms = desk.now_ms()
    rows = [_venue_row(row, now_ms) for row in coin.funding]
    if coin.funding_8h is not None and (len(coin.funding) > 1 or coin.funding_rank is not None):
        rows.append(Row(over_venues(coin, coin.funding_8h)))
    headline = say(
        "funding-headline", coin=Name(coin.coin), as_of=as_of(coin.as_of_ms, now_ms), neutral=Rate(NEUTRAL_8H)
    )
    told = desk.view().venue_past(coin.coin)
    chart = None if told is None else funding_chart(coin.coin, told)
    return desk.answer(headline, rows, chart=chart, buttons=next_buttons(coin.coin, "oi", "levels"))


def _venue_row(row: FundingRow, now_ms: int) -> Row:
    own: dict[str, Value] = {
        "rate": Rate(row.rate, row.interval_h),
        "yearly": Percent(row.rate / row.interval_h * HOURS_A_YEAR),
    }
    if row.interval_h == 8:
        parts = [say("funding-rate", **own)]
    else:
        parts = [say("funding-rate-rescaled", **own, rate_8h=Rate(row.rate_8h))]
    if row.at_cap:
        parts.append(say("funding-at-cap"))
    if row.settled:
        parts.append(say("funding-paid", age=Span(now_ms - row.at_ms)))
    elif now_ms - row.at_ms > STALE_MS:
        parts.append(say("answer-age", age=Span(now_ms - row.at_ms)))
    if row.next_ms is not None and row.next_ms > now_ms:
        parts.append(say("funding-next", wait=Span(row.next_ms - now_ms)))
    return Row(say("answer-venue", venue=venue_name(row.venue), parts=Phrases(tuple(parts))))


def over_venues(coin: CoinView, rate_8h: float, *, within: bool = False) -> Phrase:
    """The rate of all venues together, and its rank among those of the days kept; `within` a sentence, not as one.

    Where open interest of some is not known, those are named over which it is weighted.
    """
    ending = "-within" if within else ""
    mean = say(f"funding-weighted{ending}" if coin.funding_by else f"funding-median{ending}", rate=Rate(rate_8h))
    if coin.funding_by and {row.venue for row in coin.funding} - set(coin.funding_by):
        mean = say("funding-weighted-on", rate=mean, venues=Names(tuple(venue_name(v).text for v in coin.funding_by)))
    if coin.funding_rank is None or coin.funding_rank_days is None:
        return mean
    lower = coin.funding_rank < 0.5
    share = 1 - coin.funding_rank if lower else coin.funding_rank
    rank = say(
        "funding-lower-than" if lower else "funding-higher-than",
        share=Percent(share, 0),
        days=Count(round(coin.funding_rank_days)),
    )
    return say("answer-line", parts=Phrases((mean, rank), "list"))


async def _of_all(desk: Desk) -> Message:
    coins, now_ms = await desk.coins(), desk.now_ms()
    known = [coin for coin in coins if coin.funding_8h is not None and _newest_ms(coin) > now_ms - DAY_MS]
    shown = sorted(large_of(known), key=lambda coin: (-(coin.funding_8h or 0.0), coin.coin))
    if not shown:
        raise UserError("error-no-funding-at-all")
    ends = shown if len(shown) <= 2 * EACH_WAY else [*shown[:EACH_WAY], *shown[-EACH_WAY:]]
    rows = [*map(_coin_row, ends), *of_large(shown, known)]
    headline = say("funding-headline-all", as_of=as_of(desk.view().as_of_ms, now_ms), neutral=Rate(NEUTRAL_8H))
    return desk.answer(headline, rows, buttons=next_buttons(ends[0].coin, "funding"))


def _coin_row(coin: CoinView) -> Row:
    rate_8h = coin.funding_8h or 0.0  # only coins with a rate come here
    values: dict[str, Value] = {
        "coin": Name(coin.coin),
        "rate": Rate(rate_8h),
        "yearly": Percent(rate_8h / 8 * HOURS_A_YEAR),
    }
    return Row(say("funding-of-coin", **values))


def _newest_ms(coin: CoinView) -> int:
    """When the newest rate was told; settled ones come every eight hours at most."""
    return max((row.at_ms for row in coin.funding), default=0)
