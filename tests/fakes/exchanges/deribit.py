"""Deribit: `www.deribit.com`, calls and socket.

Shapes by the venue's API guide v2. Sizes are dollars on coin-margined contracts and coins on those in USDC. Closures
stand among other trades, marked by who was forced. The socket asks whether somebody listens, if told to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.fakes.exchanges import contracts
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.view import View
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

ROOT = "/api/v2/public/"
PATH = "/ws/api/v2"
TRADES = "trades.future.any.100ms"
FOREVER_MS = 4_000_000_000_000
TEST = '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}'


def answer(view: View, call: Call) -> Json:
    """The result of a call in the venue's envelope."""
    rows = {
        "get_instruments": _contracts,
        "get_book_summary_by_currency": _summaries,
        "get_tradingview_chart_data": _candles,
        "get_funding_rate_history": _payments,
        "get_order_book": _book,
    }.get(call.path.removeprefix(ROOT))
    if rows is None:
        raise NotFoundError(call.path)
    return {"jsonrpc": "2.0", "result": rows(view, call), "usIn": view.now_ms * 1000, "testnet": False}


def _asked(view: View, call: Call) -> Contract:
    contract = view.find(call.query.get("instrument_name"))
    if contract is None:
        raise NotFoundError("instrument not found")
    return contract


def _settled_in(contract: Contract) -> str:
    return contract.ticker if contract.dollars else "USDC"


def _contracts(view: View, _call: Call) -> Json:
    rows = [
        {
            "instrument_name": contract.symbol,
            "kind": "future",
            "settlement_period": "perpetual",
            "base_currency": contract.ticker,
            "quote_currency": contract.quote,
            "settlement_currency": _settled_in(contract),
            "instrument_type": "reversed" if contract.dollars else "linear",
            "contract_size": 1.0,
            "is_active": True,
            "state": "open",
            "creation_timestamp": 1552568454000,
        }
        for contract in view.listed()
    ]
    return [*rows, rows[0] | {"instrument_name": "BTC-25DEC26", "settlement_period": "month"}] if rows else []


def _book(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    book = book_of(view, contract, call.number("depth", 5))
    bids, asks = ([[price, size] for price, size in side] for side in book)
    names = {"instrument_name": contract.symbol, "state": "open", "timestamp": view.book_at(contract)}
    return names | {"bids": bids, "asks": asks, "change_id": 74183904217}


def _summaries(view: View, call: Call) -> Json:
    rows = []
    for contract in view.listed():
        mark, index, interest = view.mark(contract), view.index(contract), view.interest(contract)
        told, usd = view.funding(contract), view.turnover_usd(contract)
        if mark is None or _settled_in(contract) != call.query.get("currency"):
            continue
        row = {
            "instrument_name": contract.symbol,
            "base_currency": contract.ticker,
            "quote_currency": contract.quote,
            "mark_price": mark,
            "last": mark,
            "volume": None if usd is None else usd / mark,
            "volume_usd": usd,
            "open_interest": None if interest is None else interest[0],
            "creation_timestamp": view.mark_at(contract),
        }
        if index is not None:
            row["estimated_delivery_price"] = index
        if told is not None:
            row["current_funding"] = told.rate * 8 / told.interval_h
        rows.append(row)
    return rows


def _candles(view: View, call: Call) -> Json:
    contract, span_s = _asked(view, call), int(call.query["resolution"]) * 60
    bars = view.bars(contract, span_s, call.number("start_timestamp", 0), call.number("end_timestamp", FOREVER_MS))
    prices = {name: [contract.quoted(getattr(bar, name)) for bar in bars] for name in ("open", "high", "low", "close")}
    return prices | {
        "status": "ok" if bars else "no_data",
        "ticks": [bar.t - span_s * 1000 for bar in bars],
        "volume": [bar.volume / contract.multiplier for bar in bars],
        "cost": [bar.volume * bar.close for bar in bars],
    }


def _payments(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    paid = view.payments(contract, call.number("start_timestamp", 0), call.number("end_timestamp", FOREVER_MS))
    return [
        {"timestamp": f.t, "interest_1h": f.rate / f.interval_h, "interest_8h": f.rate * 8 / f.interval_h} for f in paid
    ]


def _hear(_view: View, listener: Listener, said: str) -> list[str]:
    asked = json.loads(said)
    result: Json = {"version": "1.2.26"}
    match asked["method"]:
        case "public/set_heartbeat":
            listener.heartbeat_s = float(asked["params"]["interval"])
            result = "ok"
        case "public/subscribe":
            result = [channel for channel in asked["params"]["channels"] if channel == TRADES]
            if not result:
                return [_refuse(said)]
            listener.topics.update(result)
    return [json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result, "testnet": False})]


def _refuse(said: str) -> str:
    error = {"code": 11050, "message": "bad_request"}
    return json.dumps({"jsonrpc": "2.0", "id": json.loads(said)["id"], "error": error, "testnet": False})


def _frames(view: View, closures: Sequence[Closure]) -> Iterator[Frame]:
    rows = []
    for number, one in enumerate(closures):
        long, by_maker = one.fact.side == "long", view.happened(one.fact) % 2 == 0
        trade = {
            "instrument_name": one.contract.symbol,
            "trade_id": f"{one.contract.ticker}-{number}",
            "timestamp": view.happened(one.fact),
            "price": one.price,
            "amount": one.size,
            # A forced taker who sells closes a long, and so does a forced maker from whom a taker buys.
            "direction": "sell" if long != by_maker else "buy",
        }
        # Most trades close nobody's position by force.
        rows += [trade, trade | {"liquidation": "M" if by_maker else "T"}]
    params = {"channel": TRADES, "data": rows}
    yield TRADES, json.dumps({"jsonrpc": "2.0", "method": "subscription", "params": params})


WIRE = Wire(
    name="deribit",
    venue="deribit",
    hosts=("https://www.deribit.com", "wss://www.deribit.com"),
    contracts=contracts.deribit,
    answer=answer,
    failure=lambda said: {"jsonrpc": "2.0", "error": {"code": 10028, "message": said}, "testnet": False},
    weight=20,
    span_s=1,
    speech=Speech(
        paths=frozenset({PATH}),
        hear=_hear,
        frames=_frames,
        topic=lambda _contract: TRADES,
        subscribes=lambda said: '"public/subscribe"' in said,
        refuse=_refuse,
        window_ms=100,
        heartbeat=TEST,
    ),
)
