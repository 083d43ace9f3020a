"""Deribit: perpetuals, coin-margined (sizes in dollars) and in USDC (sizes in coins).

Where a coin has both, the coin-margined one leads: it holds most of the open interest. Funding is paid all the time;
the running rate is for eight hours and zero while the premium is small.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.market.facts import Fact, Funding, Index, Mark, Milliseconds, Positive, Turnover
from bot.market.venues.deribit_book import BOOKS
from bot.market.venues.deribit_frames import LIQUIDATIONS, NAME
from bot.market.venues.deribit_past import PAST, Answer, rows_of
from bot.market.venues.reading import Table, Told, ToldTime, gather, moment, number, open_interest, positive, rate
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Poll, Request, Venue

CURRENCIES = ("BTC", "ETH", "USDC")
"""What contracts are settled in; the bulk call wants one of them."""
RUNNING_H = 8.0
"""Hours that `current_funding` is for (contract specification, "Perpetual")."""
COINS = ("", "coin", "crypto", "cryptocurrency")
"""`underlying_type` of coins, where it is told; shares and goods have others."""


class _Contract(msgspec.Struct):
    symbol: str = msgspec.field(name="instrument_name")
    ticker: str = msgspec.field(name="base_currency")
    quote: str = msgspec.field(name="quote_currency")
    period: str = msgspec.field(name="settlement_period")
    margin: str = msgspec.field(name="instrument_type")
    active: bool = msgspec.field(name="is_active", default=True)
    state: str = "open"
    underlying: str | None = msgspec.field(name="underlying_type", default=None)
    listed: ToldTime = msgspec.field(name="creation_timestamp", default=None)


_CONTRACTS = Table("deribit instruments", _Contract, Answer, rows_of)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Perpetuals that trade, by name; dated futures, shares, goods and stablecoins are left out.

    ```
    {"jsonrpc":"2.0","result":[{
      "instrument_name":"ETH-PERPETUAL","kind":"future","settlement_period":"perpetual",
      "base_currency":"ETH","quote_currency":"USD","settlement_currency":"ETH",
      "instrument_type":"reversed",      reversed: sizes are dollars, linear: coins
      "contract_size":1.0,               what sizes are multiples of; they are told in dollars or coins all the same
      "is_active":true,"state":"open",
      "creation_timestamp":1552568454000}]}   UTC ms
    ```
    """
    rows, _ = _CONTRACTS.read(body)
    return {row.symbol: found for row in rows if (found := _instrument(row)) is not None}


def _instrument(row: _Contract) -> Instrument | None:
    found = coin(row.ticker)
    if found is None or row.period != "perpetual" or not row.active or row.state != "open":
        return None
    if (row.underlying or "").lower() not in COINS or row.margin not in ("reversed", "linear"):
        return None
    try:
        listed_ms = moment(row.listed)
    except ValueError:
        return None
    inverse = row.margin == "reversed"
    return Instrument(
        row.symbol,
        found.base,
        row.quote,
        coins_per_unit=0.0 if inverse else found.multiplier,
        usd_per_unit=1.0 if inverse else 0.0,
        multiplier=found.multiplier,
        funding_h=RUNNING_H,
        listed_ms=listed_ms,
    )


class _Summary(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="instrument_name")
    mark: Positive = msgspec.field(name="mark_price")
    at: Milliseconds = msgspec.field(name="creation_timestamp")
    index: Told = msgspec.field(name="estimated_delivery_price", default=None)
    size: Told = msgspec.field(name="open_interest", default=None)
    running: Told = msgspec.field(name="current_funding", default=None)
    traded_usd: Told = msgspec.field(name="volume_usd", default=None)


_SUMMARIES = Table("deribit summaries", _Summary, Answer, rows_of)


def parse_summaries(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Mark, index, open interest (one side), running funding and turnover of all futures of one currency.

    ```
    {"jsonrpc":"2.0","result":[{
      "instrument_name":"ETH-PERPETUAL","base_currency":"ETH","quote_currency":"USD",
      "mark_price":3051.1,                     US dollars a coin
      "estimated_delivery_price":3050.9,       the index, US dollars a coin
      "open_interest":310220410,               dollars (coin-margined) or coins (USDC)
      "current_funding":0.000012,              decimal for 8 h, at this moment
      "funding_8h":0.000031,                   decimal, of the 8 h before
      "volume":91204.2,"volume_usd":278214110.0,   of 24 h: coins, US dollars
      "bid_price":3050.95,"ask_price":3051.0,"mid_price":3050.975,"last":3051.0,"high":3102.5,"low":2988.0,
      "creation_timestamp":1773000000075}]}    UTC ms
    ```
    """
    return gather(_SUMMARIES, body, known, t_ms, _summary)


def _summary(row: _Summary, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    base, at = instrument.base, row.at
    facts: list[Fact] = [Mark(t_ms, NAME, base, positive(instrument.price(row.mark)), at)]
    index, size = number(row.index), number(row.size, 0)
    running, traded_usd = rate(row.running), number(row.traded_usd, 0)
    if index is not None:
        facts.append(Index(t_ms, NAME, base, positive(instrument.price(index)), at))
    if size is not None:
        facts.append(open_interest(NAME, instrument, size, row.mark, t_ms, at))
    if running is not None:
        facts.append(Funding(t_ms, NAME, base, running, RUNNING_H, settled=False, at=at))
    if traded_usd is not None:
        facts.append(Turnover(t_ms, NAME, base, "perp", traded_usd, at))
    return facts


def _summaries(_known: Known, _round: int) -> list[Request]:
    path = "/public/get_book_summary_by_currency"
    return [Request(path, {"currency": currency, "kind": "future"}) for currency in CURRENCIES]


VENUE = Venue(
    name=NAME,
    rest="https://www.deribit.com/api/v2",
    # 50,000 credits, 10,000 more each second, 500 a call: 20 calls a second for who is not signed in (API guide, "Rate
    # limits"). The list of instruments has a limit of its own, one call in 10 s, far above what is asked.
    limits=Limits(weight=20, span_s=1, source="Deribit API guide, rate limits of calls without a key"),
    instruments=(Request("/public/get_instruments", {"currency": "any", "kind": "future"}),),
    parse_instruments=parse_instruments,
    polls=(
        Poll(
            name="summaries",
            feeds=("mark", "index", "oi", "funding", "turnover"),
            every_s=30,
            requests=_summaries,
            parse=parse_summaries,
        ),
        BOOKS,
    ),
    streams=(LIQUIDATIONS,),
    past=PAST,
    coin_margined_first=True,
)
