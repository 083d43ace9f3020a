"""The whole way from facts to rows, on the small simulated recording."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.outbox import LOOK
from bot.alerts.scoring import SCORE
from bot.alerts.sender import Sender
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.chat.console import SilentTransport
from bot.chat.wording import LANGUAGES, Wording
from bot.clock import wall_ms
from bot.engine import Engine
from bot.flush.episode import Episode
from bot.market.facts import Bar, Fact, Feed, Liquidation, LiquidationTotal, Mark
from bot.market.history import SLOT_MS
from bot.market.recording import read
from bot.message import Message, Phrase, decode
from bot.replay import Pace, Source, open_source, play, simulated
from bot.store.channels import save_channel
from bot.store.database import Store
from bot.store.deliveries import load_sent
from bot.store.episodes import load_decisions, load_due_of, load_episodes
from bot.store.rows import ChannelRow, DecisionRow, DueRow, SentRow
from tests.last_day import FROM_MS

SMALL = Path(__file__).parent / "data" / "small.jsonl.gz"


class Run:
    """What a finished run left."""

    def __init__(
        self, episodes: list[Episode], sent: list[SentRow], due: list[DueRow], decisions: list[DecisionRow]
    ) -> None:
        self.episodes, self.sent, self.due, self.decisions = episodes, sent, due, decisions

    def messages(self, kind: str) -> list[Message]:
        """Messages of a kind that went out, oldest first."""
        return [decode(row.message.body) for row in self.sent if row.message.kind == kind]


async def run(keep: Callable[[Fact], bool] = lambda _: True, **settings: object) -> Run:
    """Play the small recording into one channel."""
    whole = open_source(str(SMALL))
    source = Source("test", "test", whole.start_ms, whole.end_ms, lambda: filter(keep, read(SMALL)), simulated)
    store = await Store.open(":memory:")
    try:
        chosen = encode_settings(msgspec.structs.replace(DEFAULTS, **settings))
        channel = ChannelRow("none", "none", "none", chosen, 1, source.start_ms)
        await store.run(lambda db: save_channel(db, channel))
        engine = Engine(store, source.name, source.origin)
        await play(source, engine, Sender(store, SilentTransport(), wall_ms=wall_ms).drain, Pace(None))
        rows = await store.run(lambda db: load_episodes(db, limit=100))
        episodes = [msgspec.json.decode(row.body, type=Episode) for row in rows]
        sent = await store.run(lambda db: load_sent(db, "none", 1000))
        due = await store.run(lambda db: [row for episode in rows for row in load_due_of(db, episode.id)])
        return Run(episodes, sent, due, await store.run(lambda db: load_decisions(db, channel_id="none")))
    finally:
        await store.close()


@pytest.fixture(scope="module")
def whole() -> Run:
    """One run with everything, shared by the tests of this file."""
    return asyncio.run(run())


def test_one_flush_is_one_card_with_its_follow_ups(whole: Run) -> None:
    """The flush of the recording is told once, as a card that is edited, and followed up in its thread."""
    cards = [row for row in whole.sent if row.message.kind == "card"]
    assert len(cards) == 1
    assert cards[0].delivery.sent_revision == cards[0].message.revision > 1
    followups = [row for row in whole.sent if row.message.kind == "followup"]
    assert [row.message.step for row in followups] == ["15m", "1h", "4h", "24h", "support"]
    assert {row.message.thread_of for row in followups} == {cards[0].message.id}


def test_everything_said_is_marked_as_simulated(whole: Run) -> None:
    """No message of a simulated market goes out without its mark."""
    assert whole.sent
    assert all(decode(row.message.body).origin == Phrase("origin-simulated") for row in whole.sent)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_said_can_be_said_in_every_language(whole: Run, language: str) -> None:
    """Every message of the run has all its words, without falling back to another language."""
    wording = Wording(language, strict=True)
    for row in whole.sent:
        message = decode(row.message.body)
        words = wording.words(message)
        assert words.headline
        assert words.push
        assert message.chart is None or wording.text(message.chart.alt)


def test_follow_ups_are_rows_with_an_outcome(whole: Run) -> None:
    """Six checkpoints are due from the anchor; those within the recording are done, the others still wait.

    So do the next hourly look at the boxes and the next outcome of a call.
    """
    episode = next(entry for entry in whole.episodes if entry.band != "watch")
    assert episode.anchor_ms is not None
    assert episode.alerted_ms is not None
    (look,) = [row for row in whole.due if row.step == LOOK]
    assert look.done_ms is None
    assert (look.due_ms - episode.anchor_ms) % 3_600_000 == 0
    (score,) = [row for row in whole.due if row.step == SCORE]
    assert 0 <= score.due_ms - 48 * 3_600_000 - episode.alerted_ms < 300_000
    assert {row.step: row.due_ms - episode.anchor_ms for row in whole.due if row.step in CHECKPOINTS} == {
        "15m": 900_000, "1h": 3_600_000, "4h": 14_400_000, "24h": 86_400_000, "48h": 172_800_000, "72h": 259_200_000,
    }  # fmt: skip
    assert {row.step for row in whole.due if row.done_ms is None} == {"48h", "72h", LOOK, SCORE}
    assert {row.outcome for row in whole.due if row.done_ms is not None} == {"posted"}


def test_the_market_flush_names_its_reason_per_channel(whole: Run) -> None:
    """There is one decision per episode and channel, and it says that the card stands there."""
    assert [(row.channel_id, row.posted) for row in whole.decisions] == [("none", True)]
    assert whole.decisions[0].reason == "ended"


def _lately(fact: Fact) -> bool:
    return fact.t >= FROM_MS


async def test_a_channel_that_wants_less_gets_less() -> None:
    """Cards without follow-ups, or nothing at all, with the reason kept."""
    silent = await run(_lately, followup="off", derivatives_day="off")
    assert [row.message.kind for row in silent.sent] == ["card"]
    assert {row.outcome for row in silent.due if row.done_ms is not None} == {"off"}
    nothing = await run(_lately, card="off", derivatives_day="off")
    assert nothing.sent == []
    assert [row.reason for row in nothing.decisions] == ["type_off"]


async def test_without_liquidations_nothing_is_said_of_them() -> None:
    """Facts of which none tells of liquidations give a card in which no figure of them stands."""
    told = await run(lambda fact: _lately(fact) and not isinstance(fact, Liquidation | LiquidationTotal | Feed))
    (card,) = told.messages("card")
    assert card.chart is not None
    assert not any(card.chart.long_usd)
    assert b'"usd"' not in msgspec.json.encode((card.push, card.rows))
    assert [episode.observed_usd for episode in told.episodes] == [None]


async def test_a_slot_holds_all_that_became_known_in_it() -> None:
    """Whatever the pace of the facts, a bar that is known at the very end of a slot stands in that slot."""
    ends = [FROM_MS // SLOT_MS * SLOT_MS + number * SLOT_MS for number in (1, 2, 3)]
    facts: list[Fact] = [Mark(t, "a", "BTC", 100.0) for t in range(ends[0] - 40_000, ends[2] + 40_000, 7000)]
    facts += [Bar(t, "a", "BTC", "perp", 300, 1.0, 1.0, 1.0, 1.0, volume=t - ends[0] + 1.0) for t in ends]
    facts.sort(key=lambda fact: fact.t)
    store = await Store.open(":memory:")
    try:
        engine = Engine(store, "test", simulated)
        await play(Source("test", "test", 0, 0, lambda: iter(facts), simulated), engine, nobody, Pace(None))
    finally:
        await store.close()
    times, traded = engine.history.until(ends[2]).column("BTC", "perp_usd", ends[0] - 1, ends[2])
    assert dict(zip(times.tolist(), traded.tolist(), strict=True)) == {t: t - ends[0] + 1.0 for t in ends}


async def nobody(_: int) -> int:
    """Nobody to post to."""
    return 0
