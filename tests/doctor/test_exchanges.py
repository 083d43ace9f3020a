"""`flushwatch doctor` at the exchanges: what it says of each as it is reached from here, and when that is a failure."""

from __future__ import annotations

import asyncio
import json
import socket
import time

import aiohttp
import pytest

from bot.exchange_checkup import check_up
from bot.market.venues import VENUES
from tests.doctor.practice import EXCHANGES, Practice
from tests.doctor.test_silence import HALF_A_MINUTE_S
from tests.fakes.exchanges import Fault

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

QUARTER_MINUTE_S = 15.0
HOSTS = ("binance", "bybit", "okx", "hyperliquid", "bitget", "gate", "deribit", "dydx", "coinbase")


@pytest.fixture(autouse=True)
def _without_platforms(practice: Practice) -> None:
    practice.set(discord_token="", telegram_token="")


def others(practice: Practice, *names: str) -> set[str]:
    """How the lines of all exchanges but these begin."""
    return {practice.line(name)[0] for name in EXCHANGES if name not in names}


async def test_exchanges_that_are_well(practice: Practice) -> None:
    """Each line tells the contracts, what the plan takes of the limit, and that liquidations are connected."""
    assert await practice.sound()
    assert practice.line("Bybit").startswith("✓ answers in ")
    # Tickers twice, the bars and the order books of three coins: 2 * 4 + 3 + 3 calls a minute.
    assert practice.line("Bybit").endswith(
        "; 5 contracts; Flushwatch takes about 14 of 7,200 calls a minute; liquidations: connected"
    )
    assert practice.line("Deribit").endswith("of 1,200 calls a minute; liquidations: connected")
    assert practice.line("Hyperliquid").endswith("; 3 contracts; Flushwatch takes about 80 of 1,200 calls a minute")
    assert practice.line("liquidations") == "✓ come from Binance, Bybit, Gate, Deribit, dYdX, OKX, Bitget"
    assert practice.line("clock").startswith("✓ ")
    assert practice.exchanges.unknown == []
    for name in HOSTS:
        assert len(practice.exchanges[name].calls) <= 3


async def test_what_others_use_of_an_exchange_is_told(practice: Practice) -> None:
    """Where an exchange says how much is used, that is told; too little for the plan is a failure with what to do."""
    assert await practice.sound()
    assert "; used 1 of 2,400 weight a minute; Flushwatch takes about " in practice.line("Binance")
    rest = practice.exchanges.addresses["https://fapi.binance.com"]
    async with aiohttp.ClientSession() as another:
        for _ in range(236):
            async with another.get(f"{rest}/fapi/v1/premiumIndex") as response:
                assert response.status == 200
    assert not await practice.sound()
    assert practice.line("Binance").startswith("✗ answers in ")
    assert "; used 2,36" in practice.line("Binance")
    assert practice.line("Binance").endswith("look for another program that asks it from this address")


@pytest.mark.parametrize(
    ("fault", "sign", "why", "advice"),
    [
        ("451", "!", "code 451: it refuses this place", "its figures will be missing; run Flushwatch from a place"),
        ("403 page", "!", "code 403: it refuses this place", "or live without it"),
        ("html", "!", "code 200: a page instead of data", "or live without it"),
        ("429", "✗", "code 429: too many calls", "look for another program that asks it"),
        ("418", "✗", "code 418: too many calls", "look for another program that asks it"),
        ("hang", "✗", "no answer within 8 s", "look at this machine's network"),
        ("no route", "✗", "Cannot connect to host", "look at this machine's network"),
        ("half", "✗", "bybit contracts: Input data was truncated", "look for a newer version"),
        ("cut body", "✗", "Response payload is not completed", "try again later"),
        ("subscription refused", "✗", "answers, but not its socket of linear closures: it refuses", "newer version"),
    ],
)
async def test_an_exchange_that_does_not_answer_well(
    practice: Practice, fault: Fault, sign: str, why: str, advice: str
) -> None:
    """Why and what to do stand in its line; a place it does not serve is no failure; the others are as ever."""
    clock = asyncio.get_running_loop().time
    began_s = clock()
    async with practice.exchanges.suffering("bybit", fault):
        assert await practice.sound() == (sign == "!")
    assert clock() - began_s < QUARTER_MINUTE_S
    line = practice.line("Bybit")
    assert line.startswith(f"{sign} {why}")
    assert advice in line
    assert others(practice, "Bybit", "Bybit spot") == {"✓"}
    assert practice.line("liquidations") == "✓ come from Binance, Gate, Deribit, dYdX, OKX, Bitget"


async def test_a_socket_that_does_not_answer(practice: Practice) -> None:
    """Calls that work do not hide a socket that leads nowhere."""
    async with practice.exchanges.suffering("okx", "no route"):
        dead = practice.exchanges.addresses["wss://ws.okx.com:8443"]
        practice.set(exchanges=json.dumps(practice.exchanges.addresses | {"wss://stream.bybit.com": dead}))
        assert not await practice.sound()
    assert practice.line("Bybit").startswith("✗ answers, but not its socket of linear closures: Cannot connect to host")
    assert practice.line("Bybit spot").startswith("✓ ")
    assert "Bybit" not in practice.line("liquidations")


@pytest.mark.parametrize(("fault", "sign"), [("451", "!"), ("no route", "✗"), ("hang", "✗")])
async def test_exchanges_that_are_all_out_of_reach(practice: Practice, fault: Fault, sign: str) -> None:
    """Without a liquidation from anywhere it is a failure, also where each alone would be none; it is over in time."""
    clock = asyncio.get_running_loop().time
    began_s = clock()
    for exchange in practice.exchanges.exchanges.values():
        await exchange.suffer(fault)
    assert not await practice.sound()
    assert clock() - began_s < QUARTER_MINUTE_S < HALF_A_MINUTE_S
    assert others(practice) == {sign}
    assert practice.line("liquidations") == (
        "✗ no exchange tells them here, so that flushes are seen by price and open interest alone, with less "
        "confidence; see above"
    )
    if fault != "451":
        assert practice.line("clock") == "✓ not checked, because no answer came from anywhere"


async def test_exchanges_that_refuse_this_place_leave_one(practice: Practice) -> None:
    """One exchange that tells liquidations is enough for the bot to work, and the others are told as missing."""
    for name, exchange in practice.exchanges.exchanges.items():
        if name != "dydx":
            await exchange.suffer("451")
    assert await practice.sound()
    assert practice.line("liquidations") == "✓ come from dYdX"
    assert others(practice, "dYdX") == {"!"}


@pytest.mark.parametrize(("fast_s", "told"), [(0, "✓ "), (60, "✗ 60"), (-60, "✗ 60"), (7, "✗ ")])
async def test_the_clock_is_checked_without_a_token(practice: Practice, fast_s: float, told: str) -> None:
    """The exchanges' dates are enough to find a wrong clock here."""
    assert await practice.sound(fast_s) == told.startswith("✓")
    assert practice.line("clock").startswith((told, told.replace("60", "59")))
    assert practice.line("clock").endswith("of 12 answers") == told.startswith("✓")


async def test_the_clock_of_a_few_exchanges_does_not_count(practice: Practice) -> None:
    """Five of twelve answers five minutes ahead say nothing against this machine's clock."""
    for name in ("binance", "bybit", "gate", "coinbase"):
        await practice.exchanges[name].suffer("clock skew")
    assert await practice.sound()
    assert practice.line("clock").startswith("✓ ")


async def test_a_name_that_is_not_found(practice: Practice) -> None:
    """A look-up that fails is told as such, with where to look."""

    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    practice.patch.setattr(socket, "getaddrinfo", nobody)
    elsewhere = {"https://api.bybit.com": "http://nowhere.invalid", "wss://stream.bybit.com": "ws://nowhere.invalid"}
    found = await check_up(time.time, practice.exchanges.addresses | elsewhere)
    lines = {finding.thing: finding.line for finding in found.findings}
    assert lines["Bybit"].startswith("✗ Bybit: Cannot connect to host nowhere.invalid")
    assert lines["Bybit"].endswith("look at how this machine looks up names (DNS)")
    assert lines["OKX"].startswith("✓ ")
    assert len(found.drifts_s) == len(VENUES) - 2


async def test_a_certificate_that_is_none(practice: Practice) -> None:
    """Something that speaks no TLS where an exchange should be is told as a proxy in between may be."""
    port = practice.exchanges["bybit"].port
    found = await check_up(
        time.time, practice.exchanges.addresses | {"https://api.bybit.com": f"https://127.0.0.1:{port}"}
    )
    line = next(finding.line for finding in found.findings if finding.thing == "Bybit")
    assert line.startswith("✗ Bybit: Cannot connect to host 127.0.0.1")
    assert line.endswith("for a proxy that stands in between")
