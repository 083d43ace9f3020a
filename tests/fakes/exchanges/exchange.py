"""One venue of the fake on a port of its own: calls within its limits, its socket, and its faults."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from email.utils import formatdate

from aiohttp import web

from bot.market.facts import Fact, Liquidation
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.faults import PAGE, PAGES, RETRY_AFTER_S, SKEW_MS, STATUS, TO_SOCKETS, Fault, spoilt
from tests.fakes.exchanges.outlet import Outlet
from tests.fakes.exchanges.sockets import Sockets
from tests.fakes.exchanges.view import View
from tests.fakes.exchanges.wire import Call, Closure, NotFoundError, NothingYetError, Wire
from tests.fakes.exchanges.world import World

EVERY_OTHER = 4
"""Each so many-th closure of a coin comes on another of its contracts."""


class Exchange:
    """`calls` is the log of calls, `unknown` the addresses nobody here understands, `told` the closures that went out.

    `told` are those that somebody listened to, whatever a fault then made of their frames.
    """

    def __init__(self, wire: Wire, world: World, bases: Iterable[str]) -> None:
        self.wire = wire
        self.faults: set[Fault] = set()
        self.skew_ms = SKEW_MS
        """How far its clock is ahead under "clock skew"."""
        self.retry_after_s = RETRY_AFTER_S
        self.calls: list[Call] = []
        self.unknown: list[str] = []
        self.told: list[Liquidation] = []
        self.view = View(world, wire.venue, wire.contracts(list(bases)), self._skew)
        self.sockets = Sockets(wire.speech, self.view, self.faults) if wire.speech is not None else None
        self._world = world
        self._used: dict[str, deque[tuple[int, int]]] = {}
        self._seen: dict[str, int] = {}
        self._recovered = asyncio.Event()
        self._outlet = Outlet(wire.speech, world.now_ms, self._send) if wire.speech is not None else None
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/{tail:.*}", self._call)
        # An open connection would need timers, and tests run on a clock that jumps to the next timer.
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=0, shutdown_timeout=1)
        self._site: web.TCPSite | None = None
        self.port = 0

    def _skew(self) -> int:
        return self.skew_ms if "clock skew" in self.faults else 0

    async def start(self) -> None:
        """Listen; `port` is then known."""
        await self._runner.setup()
        await self._listen()

    async def stop(self) -> None:
        """Let go of everybody, and close."""
        self.faults.clear()
        self._recovered.set()
        if self._outlet is not None:
            self._outlet.close()
        if self.sockets is not None:
            self.sockets.abort_all()
        await self._runner.cleanup()

    async def suffer(self, fault: Fault) -> None:
        """Switch a fault on."""
        self.faults.add(fault)
        if self.sockets is not None:
            self.sockets.suffer(fault)
        if fault == "no route" and self._site is not None:
            await self._site.stop()
        if fault in TO_SOCKETS and self.sockets is not None:
            self.sockets.close_all()

    async def recover(self, fault: Fault) -> None:
        """Switch a fault off."""
        self.faults.discard(fault)
        self._recovered.set()
        if fault == "no route":
            if self.sockets is not None:
                self.sockets.abort_all()
            await self._listen()

    def take(self, fact: Fact) -> None:
        """Put a closure on its way; everything else is looked up when it is asked for."""
        if isinstance(fact, Liquidation) and self._outlet is not None and fact.venue == self.wire.venue:
            contract = self._contract(fact.base)
            if contract is not None:
                self._outlet.add(Closure(contract, fact))

    def burst(self, facts: Iterable[Liquidation]) -> None:
        """Send closures at once, past all windows and thinned by nobody, each in a frame of its own."""
        for fact in facts:
            contract = self._contract(fact.base)
            if contract is not None:
                self._send([Closure(contract, fact)])

    async def drained(self) -> None:
        """Wait until everything that was sent is on the wire."""
        if self.sockets is not None:
            await self.sockets.drained()

    def say(self, topic: str, text: str, times: int = 1) -> None:
        """Send a frame as it is, past all windows."""
        if self.sockets is not None:
            self.sockets.tell([(topic, text)] * times)

    def _contract(self, base: str) -> Contract | None:
        """The contract a closure comes on: mostly the leading one, now and then another."""
        found = [one for one in self.view.contracts if one.base == base and one.market == "perp"]
        if not found:
            return None
        count = self._seen[base] = self._seen.get(base, 0) + 1
        return found[0] if count % EVERY_OTHER else found[-1]

    def _send(self, closures: list[Closure]) -> None:
        if self.sockets is None or self.wire.speech is None:
            return
        speech = self.wire.speech
        if not self.faults & {"silent socket", "no route"}:
            self.told += [one.fact for one in closures if self.sockets.heeded(speech.topic(one.contract))]
        self.sockets.tell(speech.frames(self.view, closures))

    async def _listen(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await self._site.start()
        self.port = self.port or self._runner.addresses[0][1]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if "no route" in self.faults:
            return _dropped(request)
        refusal = self._refusal(TO_SOCKETS if "Upgrade" in request.headers else tuple(STATUS))
        speech = self.wire.speech
        if "Upgrade" in request.headers:
            if refusal is not None:
                return refusal
            known = self.sockets is not None and speech is not None and request.path in speech.paths
            return await self.sockets.serve(request) if known and self.sockets else web.Response(status=404)
        body = json.loads(await request.text() or "null")
        call = Call(request.path, dict(request.query), body, self._world.now_ms())
        self.calls.append(call)
        if "hang" in self.faults:
            await self._hang()
            return _dropped(request)
        response = refusal or self._answer(call)
        call.status = response.status
        self._sign(response, call)
        return await _cut(request, response) if "cut body" in self.faults else response

    async def _hang(self) -> None:
        while "hang" in self.faults:
            self._recovered.clear()
            await self._recovered.wait()

    def _refusal(self, among: Iterable[Fault]) -> web.Response | None:
        """The answer of a fault that answers for the venue."""
        for fault in among:
            if fault in self.faults:
                if fault in PAGES:
                    return web.Response(text=PAGE, status=STATUS[fault], content_type="text/html")
                response = self._failed("Service unavailable or too many requests.", STATUS[fault])
                if fault != "451":
                    response.headers["Retry-After"] = str(self.retry_after_s)
                return response
        return None

    def _failed(self, said: str, status: int) -> web.Response:
        return web.json_response(self.wire.failure(said), status=status)

    def _answer(self, call: Call) -> web.Response:
        wait_ms = self._spend(call)
        if wait_ms:
            response = self._failed("access too frequent", self.wire.over_status)
            response.headers["Retry-After"] = str(-(-wait_ms // 1000))
            return response
        try:
            body = self.wire.answer(self.view, call)
        except NothingYetError as error:
            return self._failed(str(error), 400)
        except (NotFoundError, KeyError, ValueError) as error:
            self.unknown.append(f"{call.path} {error}")
            return self._failed(str(error), 404 if call.path in str(error) else 400)
        return web.Response(text=spoilt(json.dumps(body), self.faults), content_type="application/json")

    def _spend(self, call: Call) -> int:
        """Count a call; the milliseconds until there is budget for it, 0 when there is."""
        used = self._used.setdefault(call.path if self.wire.each_path else "", deque())
        weight, span_ms = self.wire.weigh(call), int(self.wire.span_s * 1000)
        while used and used[0][0] <= call.t_ms - span_ms:
            used.popleft()
        if sum(spent for _, spent in used) + weight > self.wire.weight:
            return used[0][0] + span_ms - call.t_ms if used else span_ms
        used.append((call.t_ms, weight))
        return 0

    def _sign(self, response: web.Response, call: Call) -> None:
        """What every answer carries: the venue's time, and what is used of the budget."""
        response.force_close()
        response.headers["Date"] = formatdate(self.view.now_ms / 1000, usegmt=True)
        if self.wire.used_header is not None:
            used = self._used.get(call.path if self.wire.each_path else "", ())
            response.headers[self.wire.used_header] = str(sum(spent for _, spent in used))


async def _cut(request: web.Request, response: web.Response) -> web.StreamResponse:
    """Begin an answer and end the connection in the middle of it."""
    whole = response.body if isinstance(response.body, bytes) else b"{}"
    begun = web.StreamResponse(status=response.status, headers={"Content-Length": str(len(whole) + 1)})
    await begun.prepare(request)
    await begun.write(whole[: len(whole) // 2])
    return _dropped(request)


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    response = web.Response()
    response.force_close()
    return response
