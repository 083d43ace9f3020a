"""Gate: `api.gateio.ws` and `fx-ws.gateio.ws`, swaps in USDT.

Shapes by the venue's API guide v4. Sizes are contracts, times of calls are seconds. Every closure is told since
2026-08-20, together for a contract and second, sooner when there are 20; a positive size is a long.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.fakes.exchanges import contracts
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.view import View, text
from tests.fakes.exchanges.wire import ALL, Call, Closure, Frame, Json, Listener, NotFoundError, Speech, Wire

ROOT = "/api/v4/futures/usdt/"
PATH = "/v4/ws/usdt"
CHANNEL = "futures.public_liquidates"
FOREVER_S = 4_000_000_000
SLOT_MS = 300_000
SPANS_S = {"1m": 60, "5m": 300, "1h": 3600}


def answer(view: View, call: Call) -> Json:
    """The rows of a call, without an envelope."""
    rows = {
        "contracts": _contracts,
        "tickers": _tickers,
        "contract_stats": _statistics,
        "candlesticks": _candles,
        "funding_rate": _payments,
    }.get(call.path.removeprefix(ROOT))
    if rows is None:
        raise NotFoundError(call.path)
    return rows(view, call)


def _asked(view: View, call: Call) -> Contract:
    contract = view.find(call.query.get("contract"))
    if contract is None:
        raise NotFoundError("CONTRACT_NOT_FOUND")
    return contract


def _contracts(view: View, _call: Call) -> Json:
    rows = [_contract(view, contract) for contract in view.listed()]
    return [*rows, rows[0] | {"name": "TSLAX_USDT", "contract_type": "stocks"}] if rows else []


def _contract(view: View, contract: Contract) -> Json:
    mark, index = view.mark(contract), view.index(contract)
    interest, told = view.interest(contract), view.funding(contract)
    return {
        "name": contract.symbol,
        "type": "direct",
        "quanto_multiplier": text(contract.coins),
        "mark_price": "" if mark is None else text(mark),
        "index_price": "" if index is None else text(index),
        "position_size": "" if interest is None else interest[0],
        "funding_rate": "" if told is None else text(told.rate),
        "funding_rate_indicative": "" if told is None else text(told.rate),
        "funding_rate_limit": "" if told is None or told.cap is None else text(told.cap),
        "funding_interval": round(3600 * (told.interval_h if told is not None else 8)),
        "funding_next_apply": "" if told is None or told.next_t is None else told.next_t // 1000,
        "create_time": 1600300800,
        "status": "trading",
        "in_delisting": False,
        "is_pre_market": False,
        "contract_type": "",
    }


def _tickers(view: View, _call: Call) -> Json:
    rows = [(contract.symbol, view.mark(contract), view.turnover_usd(contract)) for contract in view.listed()]
    return [
        {"contract": symbol, "last": text(mark), "volume_24h_base": text(usd / mark), "volume_24h_quote": text(usd)}
        for symbol, mark, usd in rows
        if mark and usd is not None
    ]


def _statistics(view: View, call: Call) -> Json:
    """Rows by the start of their five minutes; open interest is that of the end."""
    contract = _asked(view, call)
    first_ms = call.number("from", 0) * 1000
    closed = view.world.closed.get(view.place(contract), {})
    interest = {row.t - SLOT_MS: row for row in view.interest_past(contract, 0, FOREVER_S * 1000)}
    rows = []
    for start_ms in sorted(closed.keys() | interest.keys()):
        if start_ms < first_ms:
            continue
        sides, open_row = closed.get(start_ms, {"long": 0.0, "short": 0.0}), interest.get(start_ms)
        row = {"time": start_ms // 1000, "long_liq_usd": sides["long"], "short_liq_usd": text(sides["short"])}
        if open_row is not None:
            size = contract.units(open_row.coins, 1.0)
            row |= {"open_interest": text(size), "open_interest_usd": text(open_row.usd)}
        rows.append(row)
    return rows[: call.number("limit", 30)]


def _candles(view: View, call: Call) -> Json:
    contract, span_s = _asked(view, call), SPANS_S[call.query["interval"]]
    first_ms, last_ms = call.number("from", 0) * 1000, call.number("to", FOREVER_S) * 1000
    rows = []
    for bar in view.bars(contract, span_s, first_ms, last_ms):
        prices = zip("ohlc", (bar.open, bar.high, bar.low, bar.close), strict=True)
        quoted = {name: text(contract.quoted(price)) for name, price in prices}
        size, usd = contract.units(bar.volume, bar.close), text(bar.volume * bar.close)
        rows.append({"t": bar.t // 1000 - span_s, "v": size, "sum": usd} | quoted)
    return rows


def _payments(view: View, call: Call) -> Json:
    contract = _asked(view, call)
    first_ms, last_ms = call.number("from", 0) * 1000, call.number("to", FOREVER_S) * 1000 + 999
    paid = [{"t": row.t // 1000, "r": text(row.rate)} for row in view.payments(contract, first_ms, last_ms)]
    return paid[::-1][: call.number("limit", 100)]


def _told(view: View, channel: str, event: str, **more: Json) -> str:
    times = {"time": view.now_ms // 1000, "time_ms": view.now_ms}
    return json.dumps(times | {"channel": channel, "event": event, "error": None, "result": None} | more)


def _hear(view: View, listener: Listener, said: str) -> list[str]:
    asked = json.loads(said)
    if asked["channel"] == "futures.ping":
        return [_told(view, "futures.pong", "")]
    if asked["channel"] != CHANNEL or asked.get("payload") != ["!all"]:
        return [_refuse(said)]
    listener.topics.add(ALL)
    return [_told(view, CHANNEL, "subscribe", payload=["!all"], result={"status": "success"})]


def _refuse(_said: str) -> str:
    error = {"code": 2, "message": "unknown contract"}
    return json.dumps({"time": 1773000000, "channel": CHANNEL, "event": "subscribe", "error": error, "result": None})


def _frames(view: View, closures: Sequence[Closure]) -> Iterator[Frame]:
    by_symbol: dict[str, list[Json]] = defaultdict(list)
    for one in closures:
        size = one.size if one.fact.side == "long" else -one.size
        # The venue writes parts of a contract as text.
        told = int(size) if size == int(size) else text(size)
        place = {"contract": one.contract.symbol, "time": view.happened(one.fact)}
        by_symbol[one.contract.symbol].append(place | {"price": text(one.price), "size": told})
    for rows in by_symbol.values():
        yield ALL, _told(view, CHANNEL, "update", result=rows)


WIRE = Wire(
    name="gate",
    venue="gate",
    hosts=("https://api.gateio.ws", "wss://fx-ws.gateio.ws"),
    contracts=contracts.gate,
    answer=answer,
    failure=lambda said: {"label": "TOO_MANY_REQUESTS", "message": said},
    weight=200,
    span_s=10,
    each_path=True,
    speech=Speech(
        paths=frozenset({PATH}),
        hear=_hear,
        frames=_frames,
        subscribes=lambda said: '"subscribe"' in said,
        refuse=_refuse,
        window_ms=1000,
        most=20,
        idle_s=60,
    ),
)
