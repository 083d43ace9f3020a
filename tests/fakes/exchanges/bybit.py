"""Bybit: `api.bybit.com` (linear, inverse and spot) and `stream.bybit.com`.

Shapes by the venue's v5 guide. Every closure is told, in batches of half a second, on topics that are asked for one by
one; `S` is the side of the position. Open interest is told for both sides and, beside it, for one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, quote

from tests.fakes.exchanges import contracts
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.view import View, text
from tests.fakes.exchanges.wire import (
    Call,
    Closure,
    Frame,
    Json,
    Listener,
    NotFoundError,
    Speech,
    Wire,
    book_of,
)

TOPIC = "allLiquidation."
LINEAR, INVERSE = "/v5/public/linear", "/v5/public/inverse"
FOREVER_MS = 4_000_000_000_000
PAGE, LARGEST_PAGE = 500, 1000
"""Rows of a list of contracts, where nothing else is asked for, and at most."""


def answer(view: View, call: Call) -> Json:
    """The rows of a call, or a book, in the venue's envelope."""
    if call.path == "/v5/market/orderbook":
        return _enveloped(view, _book(view, call))
    rows = {
        "/v5/market/instruments-info": _contracts,
        "/v5/market/tickers": _tickers,
        "/v5/market/kline": _klines,
        "/v5/market/open-interest": _interest_past,
        "/v5/market/funding/history": _payments,
    }.get(call.path)
    if rows is None:
        raise NotFoundError(call.path)
    category = call.query.get("category", "linear")
    told, cursor = rows(view, call), ""
    if rows is _contracts and category != "spot":
        told, cursor = _page(told, call)
    result = {"category": category, "list": told, "nextPageCursor": cursor}
    if "symbol" in call.query:
        result["symbol"] = call.query["symbol"]
    return _enveloped(view, result)


def _enveloped(view: View, result: Json) -> Json:
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": view.now_ms}


def _category(contract: Contract) -> str:
    return "spot" if contract.market == "spot" else "inverse" if contract.dollars else "linear"


def _listed(view: View, call: Call) -> list[Contract]:
    category = call.query.get("category", "linear")
    return [one for one in view.listed("spot" if category == "spot" else "perp") if _category(one) == category]


def _asked(view: View, call: Call) -> Contract:
    for contract in _listed(view, call):
        if contract.symbol == call.query.get("symbol"):
            return contract
    raise NotFoundError("params error: symbol invalid")


def _book(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    book = book_of(view, contract, call.number("limit", 25))
    bids, asks = ([[text(price), text(size)] for price, size in side] for side in book)
    return {"s": contract.symbol, "b": bids, "a": asks, "ts": view.book_at(contract), "u": 230704, "seq": 1432604333}


def _contracts(view: View, call: Call) -> Json:
    if call.query.get("category") == "spot":
        return [_pair(c.symbol, c.ticker, "USDT") for c in _listed(view, call)] + [_pair("ETHBTC", "ETH", "BTC")]
    rows = [_contract(view, contract) for contract in _listed(view, call)]
    return [*rows, rows[0] | {"symbol": "BTCUSDT-26DEC26", "contractType": "LinearFutures"}] if rows else []


def _page(rows: list[Json], call: Call) -> tuple[list[Json], str]:
    """The rows that come after those of a cursor, and the next cursor: an address's text, and encoded like one."""
    most = min(call.number("limit", PAGE), LARGEST_PAGE)
    told = [row["symbol"] for row in rows]
    after = parse_qs(call.query.get("cursor", "")).get("last")
    if "cursor" in call.query and (after is None or after[0] not in told):
        raise NotFoundError("params error: cursor invalid")
    begin = 0 if after is None else told.index(after[0]) + 1
    page = rows[begin : begin + most]
    more = begin + most < len(rows)
    return page, quote(f"first={page[0]['symbol']}&last={page[-1]['symbol']}") if more else ""


def _pair(symbol: str, ticker: str, quote: str) -> Json:
    return {"symbol": symbol, "status": "Trading", "baseCoin": ticker, "quoteCoin": quote}


def _contract(view: View, contract: Contract) -> Json:
    told = view.funding(contract)
    cap = told.cap if told is not None and told.cap is not None else 0.02
    return {
        "symbol": contract.symbol,
        "contractType": "InversePerpetual" if contract.dollars else "LinearPerpetual",
        "status": "Trading",
        "baseCoin": contract.ticker,
        "quoteCoin": contract.quote,
        "settleCoin": contract.ticker if contract.dollars else "USDT",
        "symbolType": "",
        "launchTime": "1660000000000",
        "isPreListing": False,
        "fundingInterval": round((told.interval_h if told is not None else 8) * 60),
        "upperFundingRate": text(cap),
        "lowerFundingRate": text(-cap),
    }


def _tickers(view: View, call: Call) -> Json:
    listed = _listed(view, call)
    if call.query.get("category") == "spot":
        rows = [(c.symbol, view.last(c), view.turnover_usd(c)) for c in listed]
        return [
            {"symbol": symbol, "lastPrice": text(last), "turnover24h": text(usd), "volume24h": text(usd / last)}
            for symbol, last, usd in rows
            if last and usd is not None
        ]
    return [_ticker(view, contract) for contract in listed if view.mark(contract)]


def _ticker(view: View, contract: Contract) -> Json:
    mark, told = view.mark(contract) or 0.0, view.funding(contract)
    usd, interest = view.turnover_usd(contract) or 0.0, view.interest(contract)
    volumes = (usd / mark, usd) if contract.dollars else (usd, usd / mark)
    row = {
        "symbol": contract.symbol,
        "lastPrice": text(mark),
        "markPrice": text(mark),
        "indexPrice": text(view.index(contract) or 0),
        "turnover24h": text(volumes[0]),
        "volume24h": text(volumes[1]),
        "fundingRate": "" if told is None else text(told.rate),
        "nextFundingTime": "0" if told is None or told.next_t is None else str(told.next_t),
        "fundingIntervalHour": "" if told is None else text(told.interval_h).removesuffix(".0"),
        "fundingCap": "" if told is None or told.cap is None else text(told.cap),
        "openInterest": "",
    }
    if interest is not None:
        row |= {"openInterest": text(2 * interest[0]), "singleOpenInterest": text(interest[0])}
    return row


def _klines(view: View, call: Call) -> Json:
    contract, span_s = _asked(view, call), int(call.query["interval"]) * 60
    found = view.bars(contract, span_s, call.number("start", 0), call.number("end", 0) or None)
    rows = []
    for bar in reversed(found[-call.number("limit", 200) :]):
        quoted = [text(contract.quoted(price)) for price in (bar.open, bar.high, bar.low, bar.close)]
        coins, usd = bar.volume / contract.multiplier, bar.volume * bar.close
        volumes = (usd, coins) if contract.dollars else (coins, usd)
        rows.append([str(bar.t - span_s * 1000), *quoted, *map(text, volumes)])
    return rows


def _interest_past(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    found = view.interest_past(contract, call.number("startTime", 0), call.number("endTime", FOREVER_MS))
    rows = []
    for row in reversed(found):
        size = row.usd if contract.dollars else row.coins / contract.multiplier
        amounts = {"openInterest": text(2 * size), "singleOpenInterest": text(size)}
        rows.append(amounts | {"timestamp": str(row.t)})
    return rows[: call.number("limit", 50)]


def _payments(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    paid = view.payments(contract, call.number("startTime", 0), call.number("endTime", FOREVER_MS))
    rows = [
        {"symbol": contract.symbol, "fundingRate": text(row.rate), "fundingRateTimestamp": str(row.t)}
        for row in reversed(paid)
    ]
    return rows[: call.number("limit", 200)]


def _hear(view: View, listener: Listener, said: str) -> list[str]:
    asked = json.loads(said)
    if asked.get("op") == "ping":
        return [_told("ping", "pong", success=True)]
    category = "inverse" if listener.path == INVERSE else "linear"
    known = {TOPIC + one.symbol for one in view.listed() if _category(one) == category}
    wrong = [topic for topic in asked.get("args", ()) if topic not in known]
    if wrong:
        return [_told("subscribe", f"error:handler not found,topic:{wrong[0]}", success=False)]
    listener.topics.update(asked.get("args", ()))
    return [_told("subscribe", "", success=True)]


def _told(op: str, said: str, *, success: bool) -> str:
    return json.dumps({"success": success, "ret_msg": said, "conn_id": "5f0b", "req_id": "", "op": op})


def _frames(view: View, closures: Sequence[Closure]) -> Iterator[Frame]:
    by_symbol: dict[str, list[Json]] = defaultdict(list)
    for one in closures:
        symbol, side = one.contract.symbol, "Buy" if one.fact.side == "long" else "Sell"
        size, price = text(one.size), text(one.price)
        by_symbol[symbol].append({"T": view.happened(one.fact), "s": symbol, "S": side, "v": size, "p": price})
    for symbol, rows in by_symbol.items():
        topic = TOPIC + symbol
        yield topic, json.dumps({"topic": topic, "type": "snapshot", "ts": view.now_ms, "data": rows})


WIRE = Wire(
    name="bybit",
    venue="bybit",
    hosts=("https://api.bybit.com", "wss://stream.bybit.com"),
    contracts=contracts.bybit,
    answer=answer,
    failure=lambda said: {"retCode": 10006, "retMsg": said, "result": {}, "retExtInfo": {}, "time": 1773000000000},
    weight=600,
    span_s=5,
    over_status=403,
    speech=Speech(
        paths=frozenset({LINEAR, INVERSE}),
        hear=_hear,
        frames=_frames,
        topic=lambda contract: TOPIC + contract.symbol,
        subscribes=lambda said: '"subscribe"' in said,
        refuse=lambda _said: _told("subscribe", "error:handler not found", success=False),
        window_ms=500,
        idle_s=600,
    ),
)
