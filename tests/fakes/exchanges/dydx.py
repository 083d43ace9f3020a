"""dYdX v4: `indexer.dydx.trade`, calls and socket.

Shapes by the indexer's guide. Closures stand among the trades of each market, 32 markets to a connection; a
subscription is answered with what was traded before, closures among it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.fakes.exchanges import contracts
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.view import View, from_iso, iso, text
from tests.fakes.exchanges.wire import Call, Closure, Frame, Json, Listener, NotFoundError, Speech, Wire

ROOT = "/v4/"
PATH = "/v4/ws"
MOST_TOPICS = 32
SPANS_S = {"1MIN": 60, "5MINS": 300, "1HOUR": 3600}
CONNECTION = {"connection_id": "7be1c0de-0000-4000-8000-000000000001"}


def answer(view: View, call: Call) -> Json:
    """The indexer's answer; the market stands in the address."""
    place, _, symbol = call.path.removeprefix(ROOT).rpartition("/")
    if call.path == f"{ROOT}perpetualMarkets":
        rows = {contract.symbol: _market(view, contract) for contract in view.listed()}
        return {"markets": rows | {"OLD-USD": {"ticker": "OLD-USD", "status": "FINAL_SETTLEMENT", "oraclePrice": "1"}}}
    contract = view.find(symbol)
    if contract is None or place not in {"candles/perpetualMarkets", "historicalFunding"}:
        raise NotFoundError(call.path)
    return _candles(view, contract, call) if place.startswith("candles") else _payments(view, contract, call)


def _market(view: View, contract: Contract) -> Json:
    mark, interest = view.mark(contract), view.interest(contract)
    told, usd = view.funding(contract), view.turnover_usd(contract)
    return {
        "ticker": contract.symbol,
        "clobPairId": "7",
        "status": "ACTIVE",
        "marketType": "CROSS",
        "oraclePrice": None if mark is None else text(mark),
        "openInterest": None if interest is None else text(interest[0]),
        "nextFundingRate": None if told is None else text(told.rate / told.interval_h),
        "volume24H": None if usd is None else text(usd),
    }


def _candles(view: View, contract: Contract, call: Call) -> Json:
    span_s = SPANS_S[call.query["resolution"]]
    first_ms, last_ms = from_iso(call.query["fromISO"]), from_iso(call.query["toISO"]) - 1
    held = {row.t: row for row in view.interest_past(contract, first_ms, last_ms)}
    rows = []
    for bar in reversed(view.bars(contract, span_s, first_ms, last_ms)[-call.number("limit", 100) :]):
        start_ms = bar.t - span_s * 1000
        row = {name: text(contract.quoted(getattr(bar, name))) for name in ("open", "high", "low", "close")}
        row |= {"startedAt": iso(start_ms), "ticker": contract.symbol, "resolution": call.query["resolution"]}
        row |= {"baseTokenVolume": text(bar.volume / contract.multiplier), "usdVolume": text(bar.volume * bar.close)}
        if start_ms in held:
            row["startingOpenInterest"] = text(held[start_ms].coins / contract.multiplier)
        rows.append(row)
    return {"candles": rows}


def _payments(view: View, contract: Contract, call: Call) -> Json:
    paid = view.payments(contract, 0, from_iso(call.query["effectiveBeforeOrAt"]))
    rows = [
        {"ticker": contract.symbol, "rate": text(row.rate / row.interval_h), "price": "0", "effectiveAt": iso(row.t)}
        for row in reversed(paid)
    ]
    return {"historicalFunding": rows[: call.number("limit", 100)]}


def _greet(_view: View, listener: Listener) -> list[str]:
    return [json.dumps({"type": "connected", "message_id": listener.number()} | CONNECTION)]


def _hear(view: View, listener: Listener, said: str) -> list[str]:
    asked = json.loads(said)
    symbol = asked.get("id", "")
    contract = view.find(symbol)
    if contract is None or asked.get("channel") != "v4_trades":
        return [_failure(f"Invalid subscription id for channel: (v4_trades-{symbol})", listener.number())]
    if len(listener.topics) >= MOST_TOPICS:
        return [_failure("Per-connection subscription limit reached for v4_trades", listener.number())]
    listener.topics.add(symbol)
    # An old closure, as the venue sends it along: who counts it counts what happened before.
    old = {"id": "04b0", "size": "1.25", "price": "1", "side": "SELL", "createdAt": iso(view.now_ms - 86_400_000)}
    contents = {"trades": [old | {"type": "LIQUIDATED"}]}
    names = {"type": "subscribed", "message_id": listener.number(), "channel": "v4_trades", "id": symbol}
    return [json.dumps(names | CONNECTION | {"contents": contents})]


def _failure(said: str, number: int) -> str:
    return json.dumps({"type": "error", "message": said, "message_id": number} | CONNECTION)


def _refuse(said: str) -> str:
    return _failure(f"Invalid subscription id for channel: (v4_trades-{json.loads(said).get('id')})", 1)


def _frames(view: View, closures: Sequence[Closure]) -> Iterator[Frame]:
    by_symbol: dict[str, list[Json]] = defaultdict(list)
    for number, one in enumerate(closures):
        trade = {
            "id": f"03f2a0c1{number:016x}",
            "side": "SELL" if one.fact.side == "long" else "BUY",
            "size": text(one.size),
            "price": text(one.price),
            "createdAt": iso(view.happened(one.fact)),
        }
        by_symbol[one.contract.symbol] += [trade | {"type": "LIMIT"}, trade | {"type": "LIQUIDATED"}]
    for symbol, trades in by_symbol.items():
        names = {"type": "channel_data", "channel": "v4_trades", "version": "2.1.0", "id": symbol, "message_id": 40}
        yield symbol, json.dumps(names | CONNECTION | {"contents": {"trades": trades}})


WIRE = Wire(
    name="dydx",
    venue="dydx",
    hosts=("https://indexer.dydx.trade", "wss://indexer.dydx.trade"),
    contracts=contracts.dydx,
    answer=answer,
    failure=lambda said: {"errors": [{"msg": said}]},
    weight=100,
    span_s=10,
    speech=Speech(
        paths=frozenset({PATH}),
        greet=_greet,
        hear=_hear,
        frames=_frames,
        topic=lambda contract: contract.symbol,
        subscribes=lambda said: '"subscribe"' in said,
        refuse=_refuse,
        pings_s=30,
    ),
)
