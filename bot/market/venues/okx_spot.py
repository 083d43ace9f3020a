"""OKX's spot pairs: what is traded there, beside the swaps of `bot.market.venues.okx`."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.market.facts import Fact, Turnover
from bot.market.venues.answer import Answer, rows_of
from bot.market.venues.okx_past import candles, minutes
from bot.market.venues.reading import Table, ToldAmount, ToldTime, gather, moment
from bot.market.venues.symbols import coin
from bot.market.venues.venue import Instrument, Known, Limits, Parsed, Poll, Request, Venue

NAME = "okx"
_ROWS = rows_of(NAME, "0")
DOLLARS = frozenset({"USDT", "USDC", "USD"})


class _Pair(msgspec.Struct):
    symbol: str = msgspec.field(name="instId")
    base: str = msgspec.field(name="baseCcy")
    quote: str = msgspec.field(name="quoteCcy")
    state: str
    listed: ToldTime = msgspec.field(name="listTime", default=None)


_PAIRS = Table("okx pairs", _Pair, Answer, _ROWS)


def parse_instruments(body: bytes, _t_ms: int) -> dict[str, Instrument]:
    """Pairs against dollars that trade, by `instId`; sizes are coins.

    ```
    {"code":"0","msg":"","data":[{
      "instType":"SPOT","instId":"ETH-USDT","baseCcy":"ETH","quoteCcy":"USDT","state":"live",
      "tickSz":"0.01","lotSz":"0.000001","minSz":"0.001",   USDT a coin, coins, coins
      "listTime":"1548133413000"}]}                         UTC ms
    ```
    """
    rows, _ = _PAIRS.read(body)
    found = {}
    for row in rows:
        name = coin(row.base)
        if name is not None and row.state == "live" and row.quote in DOLLARS:
            found[row.symbol] = Instrument(
                row.symbol, name.base, row.quote, name.multiplier, multiplier=name.multiplier, listed_ms=_listed(row)
            )
    return found


def _listed(row: _Pair) -> int | None:
    try:
        return moment(row.listed)
    except ValueError:
        return None


class _Ticker(msgspec.Struct, gc=False):
    symbol: str = msgspec.field(name="instId")
    usd: ToldAmount = msgspec.field(name="volCcy24h", default=None)
    at: ToldTime = msgspec.field(name="ts", default=None)


_TICKERS = Table("okx spot tickers", _Ticker, Answer, _ROWS)


def parse_turnover(body: bytes, known: Known, t_ms: int, _symbol: str) -> Parsed:
    """Notional of 24 hours.

    ```
    {"code":"0","msg":"","data":[{
      "instType":"SPOT","instId":"ETH-USDT",
      "last":"3126","lastSz":"0.2","askPx":"3126.1","askSz":"3","bidPx":"3126","bidSz":"5",   USDT a coin, coins
      "open24h":"3101","high24h":"3190","low24h":"3050","sodUtc0":"3098","sodUtc8":"3110",
      "vol24h":"96000","volCcy24h":"299904000",   coins, USDT
      "ts":"1773000000280"}]}                     UTC ms
    ```
    """
    return gather(_TICKERS, body, known, t_ms, _turnover)


def _turnover(row: _Ticker, instrument: Instrument, t_ms: int) -> Iterable[Fact]:
    if not isinstance(row.usd, float):
        return ()
    return (Turnover(t_ms, NAME, instrument.base, "spot", row.usd, moment(row.at)),)


_PAIRS_CALL = {"instType": "SPOT"}

VENUE = Venue(
    name=NAME,
    market="spot",
    rest="https://www.okx.com",
    limits=Limits(weight=10, span_s=2, source="OKX API guide: tickers and instruments 20 in 2 s; kept to half of it"),
    instruments=(Request("/api/v5/public/instruments", _PAIRS_CALL),),
    parse_instruments=parse_instruments,
    polls=(
        Poll(
            name="turnover",
            feeds=("turnover",),
            every_s=60,
            requests=lambda _known, _round: [Request("/api/v5/market/tickers", _PAIRS_CALL)],
            parse=parse_turnover,
        ),
        minutes("spot"),
    ),
    past=(candles(300, "spot"), candles(3600, "spot")),
)
