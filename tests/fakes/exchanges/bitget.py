"""Bitget: `api.bitget.com` and `ws.bitget.com`, perpetuals in USDT.

Shapes by the venue's API guide (v2 for calls, v3 for the socket). Of closures the largest of each second, side and
contract is told, with the side of the position and an amount in USDT.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.fakes.exchanges import contracts
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.view import View, text
from tests.fakes.exchanges.wire import ALL, Call, Closure, Frame, Json, Listener, NotFoundError, Speech, Wire

ROOT = "/api/v2/mix/market/"
PATH = "/v3/ws/public"
FOREVER_MS = 4_000_000_000_000
SPANS_S = {"1m": 60, "5m": 300, "1H": 3600}
CHANNEL = {"instType": "usdt-futures", "topic": "liquidation"}


def answer(view: View, call: Call) -> Json:
    """The rows of a call in the venue's envelope."""
    rows = {
        "contracts": _contracts,
        "tickers": _tickers,
        "current-fund-rate": _funding,
        "history-candles": _candles,
        "history-fund-rate": _payments,
    }.get(call.path.removeprefix(ROOT))
    if rows is None:
        raise NotFoundError(call.path)
    return {"code": "00000", "msg": "success", "requestTime": view.now_ms, "data": rows(view, call)}


def _asked(view: View, call: Call) -> Contract:
    contract = view.find(call.query.get("symbol"))
    if contract is None:
        raise NotFoundError("Parameter symbol error")
    return contract


def _contracts(view: View, _call: Call) -> Json:
    rows = []
    for contract in view.listed():
        told = view.funding(contract)
        rows.append(
            {
                "symbol": contract.symbol,
                "baseCoin": contract.ticker,
                "quoteCoin": "USDT",
                "symbolType": "perpetual",
                "symbolStatus": "normal",
                "isRwa": "NO",
                "fundInterval": text(told.interval_h if told is not None else 8).removesuffix(".0"),
                "sizeMultiplier": "0.01",
                "launchTime": "1632960000000",
                "deliveryTime": "",
                "offTime": "-1",
            }
        )
    return [*rows, rows[0] | {"symbol": "NVDAUSDT", "baseCoin": "NVDA", "isRwa": "YES"}] if rows else []


def _tickers(view: View, _call: Call) -> Json:
    rows = []
    for contract in view.listed():
        mark, index, usd = view.mark(contract), view.index(contract), view.turnover_usd(contract)
        interest, told = view.interest(contract), view.funding(contract)
        if mark is None:
            continue
        rows.append(
            {
                "symbol": contract.symbol,
                "lastPr": text(mark),
                "markPrice": text(mark),
                "indexPrice": "" if index is None else text(index),
                "holdingAmount": "" if interest is None else text(interest[0]),
                "baseVolume": "" if usd is None else text(usd / mark),
                "quoteVolume": "" if usd is None else text(usd),
                "usdtVolume": "" if usd is None else text(usd),
                "fundingRate": "" if told is None else text(told.rate),
                "deliveryTime": None,
                "ts": str(view.mark_at(contract)),
            }
        )
    return rows


def _funding(view: View, _call: Call) -> Json:
    rows = []
    for contract in view.listed():
        told = view.funding(contract)
        if told is not None:
            rows.append(
                {
                    "symbol": contract.symbol,
                    "fundingRate": text(told.rate),
                    "fundingRateInterval": text(told.interval_h).removesuffix(".0"),
                    "nextUpdate": "" if told.next_t is None else str(told.next_t),
                    "minFundingRate": "" if told.floor is None else text(told.floor),
                    "maxFundingRate": "" if told.cap is None else text(told.cap),
                }
            )
    return rows


def _candles(view: View, call: Call) -> Json:
    contract, span_s = _asked(view, call), SPANS_S[call.query["granularity"]]
    found = view.bars(contract, span_s, call.number("startTime", 0), call.number("endTime", FOREVER_MS) - 1)
    rows = []
    for bar in found[-call.number("limit", 100) :]:
        quoted = [text(contract.quoted(price)) for price in (bar.open, bar.high, bar.low, bar.close)]
        volumes = [text(bar.volume / contract.multiplier), text(bar.volume * bar.close)]
        rows.append([str(bar.t - span_s * 1000), *quoted, *volumes])
    return rows


def _payments(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    size, page = call.number("pageSize", 20), call.number("pageNo", 1)
    rows = [
        {"symbol": contract.symbol, "fundingRate": text(row.rate), "fundingTime": str(row.t)}
        for row in reversed(view.payments(contract, 0, FOREVER_MS))
    ]
    return rows[(page - 1) * size : page * size]


def _hear(_view: View, listener: Listener, said: str) -> list[str]:
    if said == "ping":
        return ["pong"]
    channel = json.loads(said)["args"][0]
    if channel != CHANNEL:
        return [_refuse(said)]
    listener.topics.add(ALL)
    return [json.dumps({"event": "subscribe", "arg": channel, "connId": "c1"})]


def _refuse(said: str) -> str:
    channel = json.loads(said)["args"][0]
    wrong = {"code": 30001, "msg": "Channel does not exist", "op": "subscribe"}
    return json.dumps({"event": "error", "arg": channel} | wrong)


def _frames(view: View, closures: Sequence[Closure]) -> Iterator[Frame]:
    rows = [
        {
            "symbol": one.contract.symbol,
            "side": "buy" if one.fact.side == "long" else "sell",
            "price": text(one.price),
            "amount": text(one.fact.usd),
            "ts": str(view.happened(one.fact)),
        }
        for one in closures
    ]
    yield ALL, json.dumps({"action": "snapshot", "arg": CHANNEL, "data": rows, "ts": view.now_ms})


WIRE = Wire(
    name="bitget",
    venue="bitget",
    hosts=("https://api.bitget.com", "wss://ws.bitget.com"),
    contracts=contracts.bitget,
    answer=answer,
    failure=lambda said: {"code": "429", "msg": said, "requestTime": 1773000000000, "data": None},
    weight=20,
    span_s=1,
    each_path=True,
    speech=Speech(
        paths=frozenset({PATH}),
        hear=_hear,
        frames=_frames,
        subscribes=lambda said: '"subscribe"' in said,
        refuse=_refuse,
        window_ms=1000,
        keep="largest",
        idle_s=30,
    ),
)
