from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from bot.market.view import LastDay
from bot.store.episodes import save_episode
from bot.store.steps import begin_steps
from tests.commands.chat_room import Room
from tests.commands.flushes import episode, row_of
from tests.commands.market import HOUR_MS, NOW_MS, LiveView, market, stored

DAY = LastDay(
    at_ms=NOW_MS,
    hours_kept=24.0,
    hours_heard=24.0,
    long_usd=1.63e9,
    short_usd=8.5e7,
    open_interest_usd=5.7e10,
    open_interest_fall=0.10,
    btc_return=-0.03,
    funding_shift=-2e-4,
)


def seeing(room: Room, day: LastDay | None) -> Room:
    """The room over a market with this last day."""
    view = market()
    view.day = day
    return room.seeing(view)


def market_lines(lines: list[str]) -> list[str]:
    """What is said of the market, from its first line on."""
    return lines[next(place for place, line in enumerate(lines) if line.startswith("Market, 24 h: ")) :]


async def test_the_market_stands_under_the_last_flush(room: Room) -> None:
    """A word, what was liquidated and how BTC moved, then every input with weight and share."""
    await room.desk.store.run(lambda db: save_episode(db, row_of(episode())))
    lines = await seeing(room, DAY).text("/flush")
    assert lines[0].startswith("BTC long flush")
    assert market_lines(lines) == [
        "Market, 24 h: moderate, 41.0 of 100 · ≥ $1.71B liquidated (95 % long) · BTC −3.0 %",
        (
            "U 0.25×0.497 · I 0.15×0.475 (3.01 % of OI liquidated) · O 0.25×0.444 (OI 10.0 % under its high) · "
            "P 0.20×0.100 · D 0.05×1.000 · F 0.10×0.333 (BTC funding moved 0.0200 %/8h) · score = 100·Σ(a·c) ÷ Σ a"
        ),
    ]


async def test_a_day_without_liquidations_has_no_figure_of_them(room: Room) -> None:
    """Feeds were heard and told none: that is said, as "≥ $0" says nothing."""
    lines = await seeing(room, replace(DAY, long_usd=0.0, short_usd=0.0)).text("/flush")
    assert market_lines(lines)[0].endswith(" of 100 · no liquidations seen · BTC −3.0 %")


@pytest.mark.parametrize("gone", [{}, {"open_interest_usd": None, "open_interest_fall": None}, {"btc_return": None}])
async def test_the_score_can_be_computed_again(room: Room, gone: dict[str, None]) -> None:
    """The printed weights and shares give the printed score, also where inputs are missing."""
    lines = market_lines(await seeing(room, replace(DAY, **gone)).text("/flush"))
    parts = [tuple(map(float, found)) for found in re.findall(r"[UIOPDF] ([\d.]+)×([\d.]+)", lines[1])]
    mean = sum(weight * share for weight, share in parts) / sum(weight for weight, _ in parts)
    assert float(re.findall(r"([\d.]+) of 100", lines[0])[0]) == pytest.approx(100 * mean, abs=0.1)


async def test_missing_inputs_are_said(room: Room) -> None:
    """Without liquidations there is no word, and each input that is missing is named with what is left."""
    lines = market_lines(await seeing(room, replace(DAY, hours_heard=3.0, funding_shift=None)).text("/flush"))
    assert lines == [
        "Market, 24 h: 29.1 of 100 without liquidations, too little for a word · BTC −3.0 %",
        "O 0.25×0.444 (OI 10.0 % under its high) · P 0.20×0.100 · score = 100·Σ(a·c) ÷ Σ a",
        (
            "Market, not known and left out: liquidations, their part of open interest, sides of liquidations, "
            "shift of funding (weights known: 0.45 of 1)"
        ),
    ]


async def test_the_first_day_is_collected(room: Room) -> None:
    """Before a day is whole it says how much of it there is, also where an older past was learnt."""
    assert market_lines(await seeing(room, replace(DAY, hours_kept=7.9)).text("/flush")) == [
        "Market, 24 h: collecting, 7 h of 24"
    ]
    await room.desk.store.run(lambda db: begin_steps(db, NOW_MS - 3 * HOUR_MS))
    assert market_lines(await seeing(room, DAY).text("/flush")) == ["Market, 24 h: collecting, 3 h of 24"]


async def test_without_a_flush_there_is_the_market(room: Room) -> None:
    """While nothing was flushed the market stands alone; asked for the last flush there is a refusal as before."""
    lines = await seeing(room, DAY).text("/flush")
    assert lines[0] == "There was no flush so far"
    assert lines[1].startswith("Market, 24 h: moderate")
    assert (await seeing(room, DAY).say("/flush last")).headline.key == "error-no-flush-yet"
    assert (await seeing(room, None).say("/flush")).headline.key == "error-no-flush-yet"


async def test_other_questions_leave_the_market_out(room: Room) -> None:
    """The last flush by name, a coin's, and why speak of the flush alone."""
    await room.desk.store.run(lambda db: save_episode(db, row_of(episode())))
    for asked in ("/flush last", "/flush BTC", "/flush why"):
        assert "Market, 24 h" not in "\n".join(await seeing(room, DAY).text(asked))


async def test_a_stored_market_says_the_same(room: Room) -> None:
    """The day goes through the database with everything else."""
    view: LiveView = market()
    view.day = DAY
    assert await room.seeing(stored(view)).text("/flush") == await room.seeing(view).text("/flush")
