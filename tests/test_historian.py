"""`flushwatch history`: what exchanges on loopback tell of their past becomes a recording that can be replayed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import ConfigError, RecorderError, VenueError
from bot.historian import GATE_ALONE, Wanted, write_history
from bot.market.facts import Bar, Market, Turnover
from bot.market.live.gathering import PATIENCE_S
from bot.market.recording import read
from bot.market.venues import VENUES
from bot.recorder import venues_of
from bot.terminal import coins_of, days_of
from tests.fakes.exchanges import Exchange, Fault
from tests.fakes.exchanges_selftest import told
from tests.market.live.toy import until
from tests.two_days import DAY_MS, WORLD, facts_of, fake_of, left_in, line_of, never, same_histories, written
from tests.typed import typed

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

SOME_CALLS = 20
"""About half of what dYdX is asked; by then it has told some histories whole."""


async def asked(exchange: Exchange, calls: int) -> None:
    """Wait until an exchange was asked so often, without any time passing on the loop's clock."""
    while len(exchange.calls) < calls:  # noqa: ASYNC110 -- the exchange has no event for it
        await asyncio.sleep(0)


async def test_two_days_of_all_exchanges_are_what_the_world_knew(tmp_path: Path) -> None:
    """Bars, open interest, payments and Gate's totals, whole, once and in order; nothing else is left in the folder."""
    file = tmp_path / "past.jsonl.gz"
    async with fake_of() as fake:
        said = await written(fake, file)
        assert fake.unknown == []
    same_histories(file)
    header = read(file).header
    assert header.end_ms == header.start_ms + 2 * DAY_MS
    assert GATE_ALONE in header.about
    assert left_in(tmp_path) == [file.name]
    assert line_of(said, "gate") == (
        "gate: bars 1,728 over 2 days, open interest 1,728 over 2 days, settled funding 36 over 2 days, "
        "totals of liquidations 1,728 over 2 days"
    )
    assert said[-1].endswith(f"of 3 coins; {GATE_ALONE}.")


async def test_progress_is_told_for_every_history(tmp_path: Path) -> None:
    """Each history counts once, and the last one is the whole."""
    told_so_far: list[tuple[int, int]] = []
    async with fake_of() as fake:
        wanted = Wanted(tmp_path / "past.jsonl.gz", venues_of("gate"), 2, told.BASES, 300, fake.now_ms, fake.addresses)
        await write_history(never(), wanted, lambda _: None, lambda done, total: told_so_far.append((done, total)))
    assert told_so_far == [(done, 12) for done in range(1, 13)]


async def test_the_same_past_gives_the_same_bytes(tmp_path: Path) -> None:
    """Answers come in another order each time; the file does not show it."""
    files = [tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"]
    for file in files:
        async with fake_of() as fake:
            await written(fake, file, venues=venues_of("okx,gate"), now_ms=lambda: told.START_MS)
    assert files[0].read_bytes() == files[1].read_bytes()


async def test_an_exchange_that_fails_costs_no_other(tmp_path: Path) -> None:
    """One refuses this place, one answers nobody, one half a body: each is said, and the others are whole."""
    file = tmp_path / "past.jsonl.gz"
    faults: dict[str, Fault] = {"binance": "451", "binance spot": "451", "okx": "no route", "gate": "half"}
    async with fake_of() as fake:
        for name, fault in faults.items():
            await fake[name].suffer(fault)
        said = await written(fake, file)
        assert fake.now_ms() - told.START_MS < 60_000
    same_histories(file, without={"binance", "okx", "gate"})
    assert line_of(said, "binance") == "binance: blocked here (code 451: it refuses this place)"
    assert line_of(said, "okx").startswith("okx: did not answer (")
    assert "gate" in read(file).header.about.partition("missing: ")[2]


@pytest.mark.parametrize(("fault", "lasts_s"), [("no route", 200), ("429", 30), ("hang", 100)])
async def test_an_exchange_that_comes_back_is_whole(tmp_path: Path, fault: Fault, lasts_s: float) -> None:
    """An outage in the middle is waited for, and what was missing is fetched after it."""
    file = tmp_path / "past.jsonl.gz"
    async with fake_of() as fake:
        writing = asyncio.create_task(written(fake, file, venues=venues_of("dydx")))
        await asked(fake["dydx"], SOME_CALLS)
        await fake["dydx"].suffer(fault)
        await asyncio.sleep(lasts_s)
        assert not writing.done()
        await fake["dydx"].recover(fault)
        said = await writing
    same_histories(file, without={venue.name for venue in VENUES} - {"dydx"})
    assert "missing" not in line_of(said, "dydx")


async def test_an_exchange_that_goes_for_good_is_given_up(tmp_path: Path) -> None:
    """After ten minutes of silence what it told is kept, and the line says that the rest is missing."""
    file = tmp_path / "past.jsonl.gz"
    async with fake_of() as fake:
        writing = asyncio.create_task(written(fake, file, venues=venues_of("dydx")))
        await asked(fake["dydx"], SOME_CALLS)
        await fake["dydx"].suffer("no route")
        said = await writing
        assert fake.now_ms() - told.START_MS < 3 * 1000 * PATIENCE_S
    assert "histories missing" in line_of(said, "dydx")
    assert 0 < len(facts_of(file)) < len([fact for fact in WORLD if fact.venue == "dydx"])


@pytest.mark.parametrize("calls", [0, 5, 30])
async def test_stopped_it_leaves_nothing(tmp_path: Path, calls: int) -> None:
    """A stop while lists or histories are under way: within seconds, and no file of any kind."""
    async with fake_of() as fake:
        wanted = Wanted(tmp_path / "past.jsonl.gz", VENUES, 2, told.BASES, 300, fake.now_ms, fake.addresses)
        stopped_ms: list[int] = []

        async def stop() -> None:
            await until(lambda: len(fake["okx"].calls) >= calls)
            stopped_ms.append(fake.now_ms())

        with pytest.raises(RecorderError, match=r"^Stopped before the end; no file was written\.$"):
            await write_history(stop(), wanted, lambda _: None)
        assert fake.now_ms() - stopped_ms[0] < 2000
    assert left_in(tmp_path) == []


async def test_a_file_that_is_there_is_not_touched(tmp_path: Path) -> None:
    """Whatever the file is, it stays, and no exchange is asked."""
    file = tmp_path / "past.jsonl.gz"
    file.write_text("mine")
    async with fake_of() as fake:
        with pytest.raises(RecorderError, match=r"past.jsonl.gz is there already; name a new file\.$"):
            await written(fake, file)
        assert not any(exchange.calls for exchange in fake.exchanges.values())
    assert file.read_text() == "mine"


async def test_a_disk_that_refuses_ends_it_with_a_sentence(tmp_path: Path) -> None:
    """The folder goes while histories are fetched: one sentence, and nothing goes on."""
    folder = tmp_path / "here"
    folder.mkdir()
    async with fake_of() as fake:
        writing = asyncio.create_task(written(fake, folder / "past.jsonl.gz"))
        await asyncio.sleep(5)
        (spool,) = folder.iterdir()
        for file in [*spool.iterdir()]:
            file.unlink()
        spool.rmdir()
        with pytest.raises(RecorderError, match=r"past.jsonl.gz cannot be written: No such file or directory\.$"):
            await writing
        calls = sum(len(exchange.calls) for exchange in fake.exchanges.values())
        await asyncio.sleep(60)
        assert sum(len(exchange.calls) for exchange in fake.exchanges.values()) == calls
    assert left_in(folder) == []


async def test_nobody_answers(tmp_path: Path) -> None:
    """Without a fact there is no file, and the sentence says why."""
    async with fake_of() as fake:
        await fake["dydx"].suffer("451")
        with pytest.raises(VenueError, match=r"^Nothing was told, .*; dydx: blocked here \(code 451"):
            await written(fake, tmp_path / "past.jsonl.gz", venues=venues_of("dydx"))
    assert left_in(tmp_path) == []


async def test_a_coin_that_nobody_lists_is_named(tmp_path: Path) -> None:
    """A misspelt coin ends it before anything is fetched."""
    async with fake_of() as fake:
        with pytest.raises(ConfigError, match=r"^--coins: no exchange that answers lists BTV\.$"):
            await written(fake, tmp_path / "past.jsonl.gz", coins=("BTC", "BTV"))


@pytest.mark.parametrize("venues", ["bybit,okx", "coinbase"])
async def test_the_most_traded_coins_are_chosen(venues: str, tmp_path: Path) -> None:
    """By the turnover of all perpetuals together, or of the spot market where there are no perpetuals."""
    usd = {"BTC": 5e8, "SOL": 1e9, "PEPE": 2e8}
    markets: list[tuple[Market, tuple[str, ...]]] = [("perp", told.VENUES), ("spot", told.SPOT)]
    others = [
        Turnover(told.START_MS, venue, base, market, amount * share)
        for market, names in markets
        for venue, share in zip(names, (0.1, 1.0, 0.2, 0.5, 0.1, 0.1, 0.1, 0.1), strict=False)
        for base, amount in usd.items()
    ]
    file = tmp_path / "past.jsonl.gz"
    async with fake_of([*WORLD, *others]) as fake:
        await written(fake, file, venues=venues_of(venues), coins=2, span_s=3600, days=1)
    facts = facts_of(file)
    assert {fact.base for fact in facts} == {"SOL", "BTC"}
    assert {fact.span_s for fact in facts if isinstance(fact, Bar)} == {3600}


def test_coins_are_names_or_a_number() -> None:
    """Names as members write them, each once; a number is how many."""
    assert coins_of("btc, ETH,BTC") == ("BTC", "ETH")
    assert coins_of("300") == 300
    for wrong in ("0", "301", "BTC,", "", "9" * 5000):
        with pytest.raises(ConfigError, match=r"^--coins takes coins such as BTC,ETH or how many, 1 to 300; you wrote"):
            coins_of(wrong)


def test_days_are_one_to_ninety() -> None:
    """One beyond each bound is refused."""
    assert (days_of(1), days_of(90)) == (1, 90)
    for wrong in (0, 91, -1):
        with pytest.raises(ConfigError, match=r"^--days takes 1 to 90; you wrote"):
            days_of(wrong)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["/dev/null/here"], "/dev/null/here cannot be written: Not a directory.\n"),
        (["."], ". is there already; name a new file.\n"),
        (["here", "--venues", "mtgox"], "--venues takes names out of "),
        (
            ["here", "--coins", "BTC,,"],
            "--coins takes coins such as BTC,ETH or how many, 1 to 300; you wrote 'BTC,,'.\n",
        ),
    ],
)
def test_the_command_line_tells_what_is_wrong(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    """A place that cannot be written and a wrong option: one sentence, and exit code 1."""
    ended = typed(tmp_path, "history", *arguments)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(sentence)
    assert ended.err.count("\n") == 1
