"""Hyperliquid: `api.hyperliquid.xyz`, one address that is told in the body what is asked. No closures are told.

Shapes by the venue's API guide. Names and figures come in two lists of the same order.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.exchanges import contracts
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.view import View, text
from tests.fakes.exchanges.wire import Call, Json, NotFoundError, Wire

SPANS_S = {"1m": 60, "5m": 300, "1h": 3600}
MOST_BARS, MOST_PAYMENTS = 5000, 500
OLD = {"name": "OLD", "szDecimals": 1, "maxLeverage": 3, "isDelisted": True}


def answer(view: View, call: Call) -> Json:
    """What `type` asks for."""
    asked: dict[str, Callable[[View, Json], Json]] = {
        "meta": lambda view, _asked: _meta(view),
        "metaAndAssetCtxs": lambda view, _asked: [_meta(view), [*map(_context, *_with(view)), {}]],
        "candleSnapshot": lambda view, asked: _candles(view, asked["req"]),
        "fundingHistory": _payments,
    }
    kind = call.json.get("type") if isinstance(call.json, dict) else None
    if call.path != "/info" or kind not in asked:
        raise NotFoundError(call.path)
    return asked[kind](view, call.json)


def _with(view: View) -> tuple[list[View], list[Contract]]:
    listed = view.listed()
    return [view] * len(listed), listed


def _meta(view: View) -> Json:
    names = [{"name": c.symbol, "szDecimals": 4, "maxLeverage": 25, "marginTableId": 55} for c in view.listed()]
    return {"universe": [*names, OLD], "marginTables": [], "collateralToken": 0}


def _context(view: View, contract: Contract) -> Json:
    mark, index, interest = view.mark(contract), view.index(contract), view.interest(contract)
    told, usd = view.funding(contract), view.turnover_usd(contract)
    return {
        "funding": None if told is None else text(told.rate / told.interval_h),
        "openInterest": None if interest is None else text(interest[0]),
        "prevDayPx": None if mark is None else text(mark),
        "dayNtlVlm": None if usd is None else text(usd),
        "premium": None,
        "oraclePx": None if index is None else text(index),
        "markPx": None if mark is None else text(mark),
        "midPx": None if mark is None else text(mark),
    }


def _asked(view: View, symbol: str) -> Contract:
    contract = view.find(symbol)
    if contract is None:
        raise NotFoundError(symbol)
    return contract


def _candles(view: View, asked: Json) -> Json:
    contract, span_s = _asked(view, asked["coin"]), SPANS_S[asked["interval"]]
    rows = []
    for bar in view.bars(contract, span_s, asked["startTime"], asked["endTime"])[-MOST_BARS:]:
        prices = (bar.open, bar.close, bar.high, bar.low)
        quoted = dict(zip("ochl", (text(contract.quoted(price)) for price in prices), strict=True))
        names = {"t": bar.t - span_s * 1000, "T": bar.t - 1, "s": contract.symbol, "i": asked["interval"], "n": 42}
        rows.append(names | quoted | {"v": text(bar.volume / contract.multiplier)})
    return rows


def _payments(view: View, asked: Json) -> Json:
    contract = _asked(view, asked["coin"])
    paid = view.payments(contract, asked["startTime"], asked.get("endTime", view.now_ms))[:MOST_PAYMENTS]
    symbol = contract.symbol
    return [{"coin": symbol, "fundingRate": text(f.rate / f.interval_h), "premium": "0", "time": f.t} for f in paid]


def _weigh(call: Call) -> int:
    kind = call.json.get("type") if isinstance(call.json, dict) else None
    return {"candleSnapshot": 30, "fundingHistory": 45}.get(str(kind), 20)


WIRE = Wire(
    name="hyperliquid",
    venue="hyperliquid",
    hosts=("https://api.hyperliquid.xyz",),
    contracts=contracts.hyperliquid,
    answer=answer,
    failure=lambda _said: None,
    weigh=_weigh,
    weight=1200,
    span_s=60,
)
