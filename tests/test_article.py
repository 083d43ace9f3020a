"""The day of the article: quiet by severity, told by character, beside one card for the alts that were hit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import msgspec
import pytest

from bot.alerts.sender import Sender
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.chat.console import SilentTransport
from bot.chat.wording import Wording
from bot.clock import wall_ms
from bot.engine import Engine
from bot.flush.episode import Episode
from bot.market.facts import Fact, Feed, Liquidation, LiquidationTotal, Mark
from bot.message import Message, decode
from bot.replay import Pace, open_source, play
from bot.store.channels import save_channel
from bot.store.database import opened
from bot.store.deliveries import load_sent
from bot.store.episodes import load_episodes
from bot.store.reports import load_reports
from bot.store.rows import ChannelRow, ReportRow

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

HIT = {"ORDI", "PEOPLE", "WIF", "BOME"}
"""What the scenario hits (`bot.market.simulation.scenarios`)."""


class Heard(NamedTuple):
    """What a channel that hears every coin got, the flushes above WATCH, and what was kept of them."""

    messages: list[Message]
    flushes: list[Episode]
    reports: list[ReportRow]


async def played(told: Callable[[Fact], bool] = lambda _: True) -> Heard:
    """The day, of which only some facts are told."""
    whole = open_source("article")
    source = replace(whole, facts=lambda: (fact for fact in whole.facts() if told(fact)))
    async with opened(":memory:") as store:
        chosen = encode_settings(msgspec.structs.replace(DEFAULTS, others_band="flush", smallest_usd=0.0))
        channel = ChannelRow("none", "none", "none", chosen, 1, source.start_ms)
        await store.run(lambda db: save_channel(db, channel))
        engine = Engine(store, source.key, source.origin)
        await play(source, engine, Sender(store, SilentTransport(), wall_ms=wall_ms).drain, Pace(None))
        sent = await store.run(lambda db: load_sent(db, "none", 100))
        rows = await store.run(lambda db: load_episodes(db, limit=100))
        reports = await store.run(load_reports)
    flushes = [msgspec.json.decode(row.body, type=Episode) for row in rows if row.band != "watch"]
    return Heard([decode(row.message.body) for row in sent], flushes, reports)


@pytest.fixture(scope="module")
def day() -> Heard:
    """One run for all questions."""
    return asyncio.run(played())


def test_the_alts_that_were_hit_are_one_targeted_flush(day: Heard) -> None:
    """Exactly the coins that the scenario hits, on one card."""
    messages, flushes, _ = day
    assert [(set(flush.members), flush.scope) for flush in flushes] == [(HIT, "targeted")]
    assert [message.headline.key for message in messages if message.kind == "card"] == ["card-headline-ended-wide"]


def test_the_day_is_told_by_severity_and_character(day: Heard) -> None:
    """One post: moderate by severity, leverage-driven and targeted by character, with the coins that were hit."""
    (post,) = [message for message in day[0] if message.kind == "derivatives_day"]
    words = Wording("en", strict=True).words(post)
    said = [row.text.replace("\u202f", " ") for row in words.rows]
    assert any(
        line.startswith("By severity moderate (") and "by character leverage-driven, targeted (4 of 30 coins" in line
        for line in said
    )
    most = next(line for line in said if line.startswith("Most liquidated by share of open interest"))
    assert all(coin in most for coin in HIT)
    for word, line in product(("massive", "capitulation", "severe", "extreme"), (words.headline, *said)):
        assert word not in line.lower()


@pytest.fixture(scope="module")
def bare() -> Heard:
    """The same day with prices and liquidations alone: no open interest, no funding, no volume, no index, no book."""
    return asyncio.run(played(lambda fact: isinstance(fact, Mark | Liquidation | LiquidationTotal | Feed)))


def test_with_prices_and_liquidations_alone_hidden_stress_is_not_claimed(bare: Heard) -> None:
    """The day speaks by shares of open interest; without any it is not posted, since its size alone is no record."""
    assert [message for message in bare.messages if message.kind == "derivatives_day"] == []


def test_with_prices_and_liquidations_alone_no_follow_up_speaks_of_more(bare: Heard) -> None:
    """Confidence is low; open interest and funding are not assessed at any step, and no reading is given."""
    assert bare.flushes
    for flush in bare.flushes:
        assert flush.confidence < 0.75
        assert {name for member in flush.members.values() for name in member.components} <= {"L", "P", "H", "D"}
        assert all(member.open_interest_now is None for member in flush.members.values())
    assert bare.reports
    for row in bare.reports:
        body = json.loads(row.body)
        if body["checks"] is None:
            continue
        assert body["checks"]["rebuild"] == {"what": "open_interest", "venues": []}
        assert body["checks"]["funding"] in (None, {"what": "funding", "venues": []})
        assert body["verdict"] is None or body["verdict"]["reading"] == "INCONCLUSIVE"
    spoken = [Wording("en", strict=True).words(message) for message in bare.messages if message.kind == "followup"]
    for words in spoken:
        lines = [row.text for row in words.rows]
        assert not [line for line in lines if line.startswith(("OI:", "Funding:", "Spot or perp:"))]
        assert [line for line in lines if line.startswith("Not assessed: ") and "open interest" in line]
