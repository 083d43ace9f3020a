"""Binance: `fapi.binance.com`, `fstream.binance.com`, and the spot data host apart from them.

Shapes and weights by the venue's API guide. Closures of coin-margined contracts come in the same stream with `st` 2;
of a contract the latest in each second is sent; the address without `/market` connects and never tells anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.market.facts import Funding
from tests.fakes.exchanges import contracts
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.view import View, text
from tests.fakes.exchanges.wire import (
    ALL,
    Call,
    Closure,
    Frame,
    Json,
    Listener,
    NotFoundError,
    NothingYetError,
    Speech,
    Wire,
    book_of,
)

NEVER_MS = 4_133_404_800_000
SPANS_S = {"1m": 60, "5m": 300, "1h": 3600}
MARKET, UNROUTED = "/market/ws/!forceOrder@arr", "/ws/!forceOrder@arr"


def answer(view: View, call: Call) -> Json:
    """The futures host."""
    rows = {
        "/fapi/v1/exchangeInfo": _contracts,
        "/fapi/v1/fundingInfo": _terms,
        "/fapi/v1/premiumIndex": _premiums,
        "/fapi/v1/openInterest": _interest,
        "/fapi/v1/ticker/24hr": lambda view, _call: _days(view, view.listed()),
        "/fapi/v1/klines": _klines,
        "/fapi/v1/depth": _book,
        "/futures/data/openInterestHist": _interest_past,
        "/fapi/v1/fundingRate": _payments,
    }.get(call.path)
    if rows is None:
        raise NotFoundError(call.path)
    return rows(view, call)


def answer_spot(view: View, call: Call) -> Json:
    """The spot host."""
    rows = {
        "/api/v3/exchangeInfo": _pairs,
        "/api/v3/ticker/24hr": lambda view, _call: _days(view, view.listed("spot")),
        "/api/v3/klines": _klines,
    }.get(call.path)
    if rows is None:
        raise NotFoundError(call.path)
    return rows(view, call)


def _pairs(view: View, _call: Call) -> Json:
    rows = [(c.symbol, c.ticker, "USDT") for c in view.listed("spot")] + [("ETHBTC", "ETH", "BTC")]
    named = [{"symbol": s, "status": "TRADING", "baseAsset": b, "quoteAsset": q} for s, b, q in rows]
    return {"timezone": "UTC", "serverTime": view.now_ms, "symbols": named}


def _asked(view: View, call: Call) -> Contract:
    contract = view.find(call.query.get("symbol"))
    if contract is None:
        raise NotFoundError("Invalid symbol.")
    return contract


def _contracts(view: View, _call: Call) -> Json:
    rows = [_contract(c.symbol, c.ticker, "PERPETUAL", "COIN") for c in view.listed()]
    # What is no coin's perpetual stands in the same list.
    rows.append(_contract("TSLAUSDT", "TSLA", "TRADIFI_PERPETUAL", "EQUITY"))
    rows.append(_contract("BTCUSDT_261225", "BTC", "CURRENT_QUARTER", "COIN"))
    limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 2400}
    return {"timezone": "UTC", "serverTime": view.now_ms, "rateLimits": [limit], "symbols": rows}


def _contract(symbol: str, ticker: str, kind: str, underlying: str) -> Json:
    return {
        "symbol": symbol,
        "pair": symbol.partition("_")[0],
        "contractType": kind,
        "deliveryDate": NEVER_MS,
        "onboardDate": 1_660_000_000_000,
        "status": "TRADING",
        "baseAsset": ticker,
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "underlyingType": underlying,
    }


def _terms(view: View, _call: Call) -> Json:
    return [row for contract in view.listed() if (row := _term(view, contract))]


def _term(view: View, contract: Contract) -> Json:
    told = view.funding(contract)
    if told is None or (told.interval_h == 8 and told.cap is None):
        return None
    return {
        "symbol": contract.symbol,
        "adjustedFundingRateCap": text(0.02 if told.cap is None else told.cap),
        "adjustedFundingRateFloor": text(-0.02 if told.floor is None else told.floor),
        "fundingIntervalHours": int(told.interval_h),
        "disclaimer": False,
    }


def _book(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    book = book_of(view, contract, call.number("limit", 500))
    bids, asks = ([[text(price), text(size)] for price, size in side] for side in book)
    at_ms = view.book_at(contract)
    return {"lastUpdateId": 1027024, "E": at_ms, "T": at_ms, "bids": bids, "asks": asks}


def _premiums(view: View, _call: Call) -> Json:
    return [_premium(view, contract) for contract in view.listed() if view.mark(contract)]


def _premium(view: View, contract: Contract) -> Json:
    told: Funding | None = view.funding(contract)
    interest = told.interest if told is not None else None
    return {
        "symbol": contract.symbol,
        "markPrice": text(view.mark(contract) or 0),
        "indexPrice": text(view.index(contract) or 0),
        "estimatedSettlePrice": text(view.mark(contract) or 0),
        "lastFundingRate": "" if told is None else text(told.rate),
        "interestRate": "" if interest is None else text(interest),
        "nextFundingTime": (told.next_t if told is not None else None) or 0,
        "time": view.mark_at(contract),
    }


def _interest(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    found = view.interest(contract)
    if found is None:
        raise NothingYetError(contract.symbol)
    return {"symbol": contract.symbol, "openInterest": text(found[0]), "time": view.interest_at(contract)}


def _days(view: View, listed: Sequence[Contract]) -> Json:
    rows = []
    for contract in listed:
        usd, last = view.turnover_usd(contract), view.last(contract)
        if usd is not None and last is not None:
            times = {"openTime": view.now_ms - 86_400_000, "closeTime": view.now_ms}
            amounts = {"lastPrice": text(last), "volume": text(usd / last), "quoteVolume": text(usd)}
            rows.append({"symbol": contract.symbol} | amounts | times)
    return rows


def _klines(view: View, call: Call) -> Json:
    contract, span_s = _asked(view, call), SPANS_S[call.query["interval"]]
    end_ms = call.number("endTime", 0) or None
    found, most = view.bars(contract, span_s, call.number("startTime", 0), end_ms), call.number("limit", 500)
    rows = []
    # With a start the oldest are given, without one the newest.
    for bar in found[:most] if "startTime" in call.query else found[-most:]:
        quoted = [text(contract.quoted(price)) for price in (bar.open, bar.high, bar.low, bar.close)]
        bought = bar.taker_buy if bar.taker_buy is not None else bar.volume / 2
        volumes = [text(amount / contract.multiplier) for amount in (bar.volume, bought)]
        usd, bought_usd = text(bar.volume * bar.close), text(bought * bar.close)
        rows.append([bar.t - span_s * 1000, *quoted, volumes[0], bar.t - 1, usd, 42, volumes[1], bought_usd, "0"])
    return rows


def _interest_past(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    found = view.interest_past(contract, call.number("startTime", 0), call.number("endTime", NEVER_MS))
    return [
        {
            "symbol": contract.symbol,
            "sumOpenInterest": text(row.coins / contract.multiplier),
            "sumOpenInterestValue": text(row.usd),
            "timestamp": row.t,
        }
        for row in found[: call.number("limit", 30)]
    ]


def _payments(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    paid = view.payments(contract, call.number("startTime", 0), call.number("endTime", NEVER_MS))
    return [
        {"symbol": contract.symbol, "fundingTime": row.t, "fundingRate": text(row.rate), "markPrice": ""}
        for row in paid[: call.number("limit", 100)]
    ]


def _failure(said: str) -> Json:
    return {"code": -1003, "msg": said}


def _weigh(call: Call) -> int:
    if call.path == "/fapi/v1/klines":
        return 1 if call.number("limit", 500) < 100 else 5
    if call.path == "/fapi/v1/depth":
        return {500: 10, 1000: 20}.get(call.number("limit", 500), 5)
    return {"/fapi/v1/premiumIndex": 10, "/fapi/v1/ticker/24hr": 40, "/futures/data/openInterestHist": 0}.get(
        call.path, 1
    )


def _weigh_spot(call: Call) -> int:
    return {"/api/v3/exchangeInfo": 20, "/api/v3/ticker/24hr": 80}.get(call.path, 2)


def _greet(_view: View, listener: Listener) -> list[str]:
    if listener.path == MARKET:
        listener.topics.add(ALL)
    return []


def _hear(_view: View, _listener: Listener, said: str) -> list[str]:
    return [json.dumps({"result": None, "id": json.loads(said).get("id")})]


def _frames(view: View, closures: Sequence[Closure]) -> Iterator[Frame]:
    for one in closures:
        size, at_ms = text(one.size), view.happened(one.fact)
        order = {
            "s": one.contract.symbol,
            "S": "SELL" if one.fact.side == "long" else "BUY",
            "o": "LIMIT",
            "f": "IOC",
            "q": size,
            "p": text(one.price * (0.99 if one.fact.side == "long" else 1.01)),
            "ap": text(one.price),
            "X": "FILLED",
            "l": size,
            "z": size,
            "T": at_ms,
            "ps": one.contract.symbol.partition("_")[0],
            "st": 2 if one.contract.dollars else 1,
        }
        yield ALL, json.dumps({"e": "forceOrder", "E": view.now_ms, "o": order})


WIRE = Wire(
    name="binance",
    venue="binance",
    hosts=("https://fapi.binance.com", "wss://fstream.binance.com"),
    contracts=contracts.binance,
    answer=answer,
    failure=_failure,
    weigh=_weigh,
    weight=2400,
    span_s=60,
    used_header="X-MBX-USED-WEIGHT-1M",
    speech=Speech(
        paths=frozenset({MARKET, UNROUTED}),
        greet=_greet,
        hear=_hear,
        frames=_frames,
        subscribes=lambda said: '"SUBSCRIBE"' in said,
        refuse=lambda _said: '{"error":{"code":2,"msg":"Invalid request: unknown stream"},"id":1}',
        window_ms=1000,
        keep="latest",
        pings_s=180,
        lives_s=24 * 3600,
    ),
)
SPOT = Wire(
    name="binance spot",
    venue="binance",
    hosts=("https://data-api.binance.vision",),
    contracts=contracts.binance_spot,
    answer=answer_spot,
    failure=_failure,
    weigh=_weigh_spot,
    weight=6000,
    span_s=60,
    used_header="X-MBX-USED-WEIGHT-1M",
)
