"""OKX: `www.okx.com` (swaps and spot pairs) and `ws.okx.com`.

Shapes by the venue's v5 guide. Sizes are contracts; open interest comes in contracts, coins and dollars. Of a contract
one closure a second is told. Some accounts keep one position for both sides: then only the order tells the side.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

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
    Speech,
    Wire,
    book_of,
)

HOUR_MS = 3_600_000
FOREVER_MS = 4_000_000_000_000
PATH = "/ws/v5/public"
SPANS_S = {"1m": 60, "5m": 300, "1H": 3600}
SLOW = ("/public/mark-price", "/public/funding-rate", "-history", "-candles", "/books-full")


def answer(view: View, call: Call) -> Json:
    """The rows of a call in the venue's envelope."""
    rows = {
        "/api/v5/public/instruments": _contracts,
        "/api/v5/public/mark-price": _marks,
        "/api/v5/market/index-tickers": _indices,
        "/api/v5/public/open-interest": _interest,
        "/api/v5/public/funding-rate": _funding,
        "/api/v5/market/tickers": _tickers,
        "/api/v5/market/candles": _candles,
        "/api/v5/market/books-full": _book,
        "/api/v5/market/history-candles": _candles,
        "/api/v5/rubik/stat/contracts/open-interest-history": _interest_past,
        "/api/v5/public/funding-rate-history": _payments,
    }.get(call.path)
    if rows is None:
        raise NotFoundError(call.path)
    return {"code": "0", "msg": "", "data": rows(view, call)}


def _listed(view: View, call: Call) -> list[Contract]:
    return view.listed("spot" if call.query.get("instType") == "SPOT" else "perp")


def _asked(view: View, call: Call) -> Contract:
    contract = view.find(call.query.get("instId"))
    if contract is None:
        raise NotFoundError("Instrument ID does not exist")
    return contract


def _names(contract: Contract) -> dict[str, str]:
    return {"instType": "SPOT" if contract.market == "spot" else "SWAP", "instId": contract.symbol}


def _contracts(view: View, call: Call) -> Json:
    if call.query.get("instType") == "SPOT":
        facts = {"quoteCcy": "USDT", "state": "live", "listTime": "1548133413000"}
        return [_names(c) | {"baseCcy": c.ticker} | facts for c in view.listed("spot")]
    rows = [_contract(contract) for contract in view.listed()]
    return [*rows, rows[0] | {"instId": "XAU-USDT-SWAP", "uly": "XAU-USDT", "instCategory": "4"}] if rows else []


def _contract(contract: Contract) -> Json:
    family = contract.symbol.removesuffix("-SWAP")
    return _names(contract) | {
        "uly": family,
        "instFamily": family,
        "ctType": "inverse" if contract.dollars else "linear",
        "ctVal": text(contract.dollars or contract.coins),
        "ctMult": "1",
        "ctValCcy": "USD" if contract.dollars else contract.ticker,
        "settleCcy": contract.ticker if contract.dollars else "USDT",
        "state": "live",
        "instCategory": "1",
        "listTime": "1611907686000",
    }


def _marks(view: View, _call: Call) -> Json:
    rows = [(contract, view.mark(contract)) for contract in view.listed()]
    return [_names(c) | {"markPx": text(mark), "ts": str(view.mark_at(c))} for c, mark in rows if mark]


def _indices(view: View, call: Call) -> Json:
    quoted = [c for c in view.listed() if c.quote == call.query.get("quoteCcy")]
    rows = [(contract.symbol.removesuffix("-SWAP"), view.index(contract)) for contract in quoted]
    return [{"instId": name, "idxPx": text(index), "ts": str(view.now_ms)} for name, index in rows if index]


def _interest(view: View, _call: Call) -> Json:
    rows = []
    for contract in view.listed():
        found = view.interest(contract)
        if found is not None:
            amounts = {"oi": text(found[0]), "oiCcy": text(found[1]), "oiUsd": text(found[2])}
            rows.append(_names(contract) | amounts | {"ts": str(view.interest_at(contract))})
    return rows


def _funding(view: View, _call: Call) -> Json:
    rows = []
    for contract in view.listed():
        told = view.funding(contract)
        if told is not None:
            interval_ms = round(told.interval_h * HOUR_MS)
            next_ms = told.next_t or (view.now_ms // interval_ms + 1) * interval_ms
            rows.append(
                _names(contract)
                | {
                    "method": "current_period",
                    "fundingRate": text(told.rate),
                    "nextFundingRate": "",
                    "fundingTime": str(next_ms),
                    "nextFundingTime": str(next_ms + interval_ms),
                    "maxFundingRate": "" if told.cap is None else text(told.cap),
                    "minFundingRate": "" if told.floor is None else text(told.floor),
                    "interestRate": "" if told.interest is None else text(told.interest),
                    "ts": str(view.at(told)),
                }
            )
    return rows


def _tickers(view: View, call: Call) -> Json:
    rows = []
    for contract in _listed(view, call):
        usd, last = view.turnover_usd(contract), view.last(contract)
        if usd is not None and last:
            coins = usd / last * contract.multiplier
            size, in_currency = contract.units(coins, last / contract.multiplier), coins
            if contract.market == "spot":
                size, in_currency = coins, usd
            amounts = {"last": text(last), "vol24h": text(size), "volCcy24h": text(in_currency)}
            rows.append(_names(contract) | amounts | {"ts": str(view.now_ms)})
    return rows


def _book(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    book = book_of(view, contract, call.number("sz", 1))
    bids, asks = ([[text(price), text(size), "3"] for price, size in side] for side in book)
    return [{"asks": asks, "bids": bids, "ts": str(view.book_at(contract))}]


def _candles(view: View, call: Call) -> Json:
    contract, span_s = _asked(view, call), SPANS_S[call.query["bar"]]
    # "before" and "after" name the oldest and the newest, neither of them included.
    first_ms, last_ms = call.number("before", -1) + 1, call.number("after", FOREVER_MS) - 1
    rows = []
    for bar in reversed(view.bars(contract, span_s, first_ms, last_ms)[-call.number("limit", 100) :]):
        quoted = [text(contract.quoted(price)) for price in (bar.open, bar.high, bar.low, bar.close)]
        usd = text(bar.volume * bar.close)
        coins, size = text(bar.volume), text(contract.units(bar.volume, bar.close))
        volumes = [coins, usd, usd] if contract.market == "spot" else [size, coins, usd]
        rows.append([str(bar.t - span_s * 1000), *quoted, *volumes, "1" if bar.t <= view.world.now_ms() else "0"])
    return rows


def _interest_past(view: View, call: Call) -> Json:
    contract, step_s = _asked(view, call), SPANS_S[call.query["period"]]
    first_ms, last_ms = call.number("begin", -1) + 1, call.number("end", FOREVER_MS) - 1
    rows = []
    for row in reversed(view.interest_past(contract, first_ms, last_ms, step_s)):
        size = contract.units(row.coins, row.usd / row.coins if row.coins else 1.0)
        rows.append([str(row.t), text(size), text(row.coins), text(row.usd)])
    return rows[: call.number("limit", 100)]


def _payments(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    paid = view.payments(contract, call.number("before", -1) + 1, call.number("after", FOREVER_MS) - 1)
    rows = []
    for row in reversed(paid):
        rates = {"fundingRate": text(row.rate), "realizedRate": text(row.rate)}
        rows.append(_names(contract) | rates | {"fundingTime": str(row.t)})
    return rows[: call.number("limit", 100)]


def _hear(_view: View, listener: Listener, said: str) -> list[str]:
    if said == "ping":
        return ["pong"]
    channel = json.loads(said)["args"][0]
    if channel != {"channel": "liquidation-orders", "instType": "SWAP"}:
        return [_refuse(said)]
    listener.topics.add(ALL)
    return [json.dumps({"event": "subscribe", "arg": channel, "connId": "a4d3ae55"})]


def _refuse(said: str) -> str:
    return json.dumps({"event": "error", "code": "60012", "msg": f"Invalid request: {said}", "connId": "a4d3ae55"})


def _frames(view: View, closures: Sequence[Closure]) -> Iterator[Frame]:
    for one in closures:
        family, at_ms = one.contract.symbol.removesuffix("-SWAP"), view.happened(one.fact)
        one_sided = at_ms % 2 == 0  # half of the accounts keep one position for both sides
        detail = {
            "posSide": "net" if one_sided else one.fact.side,
            "side": "sell" if one.fact.side == "long" else "buy",
            "sz": text(one.size),
            "bkPx": text(one.price),
            "bkLoss": "0",
            "ccy": "",
            "ts": str(at_ms),
        }
        row = _names(one.contract) | {"instFamily": family, "uly": family, "details": [detail]}
        yield ALL, json.dumps({"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": [row]})


WIRE = Wire(
    name="okx",
    venue="okx",
    hosts=("https://www.okx.com", "wss://ws.okx.com:8443"),
    contracts=contracts.okx,
    answer=answer,
    failure=lambda said: {"code": "50011", "msg": said, "data": []},
    weigh=lambda call: 2 if any(part in call.path for part in SLOW) else 1,
    weight=20,
    span_s=2,
    each_path=True,
    speech=Speech(
        paths=frozenset({PATH}),
        hear=_hear,
        frames=_frames,
        subscribes=lambda said: '"subscribe"' in said,
        refuse=_refuse,
        window_ms=1000,
        keep="latest",
        idle_s=30,
    ),
)
