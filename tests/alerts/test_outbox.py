"""Who is written to in the outbox: channels that hear alerts, and nobody who is off or out of reach."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from sqlite_utils import Database

from bot.alerts.decide import BOUNDS
from bot.alerts.outbox import CARD, Letter, put_change, put_day, put_followup, put_test
from bot.alerts.subscription import resume, suspend, unsubscribe
from bot.flush.tracker import Change, Event
from bot.message import Message, Phrase
from bot.store.channels import load_channels, save_channel
from bot.store.deliveries import load_deliveries
from bot.store.episodes import load_decisions, load_due_of
from bot.store.rows import ChannelRow, ChannelState
from tests.commands.flushes import ONSET_MS, episode, member
from tests.store.filled import fresh

EPISODE = episode(member(), anchor_ms=ONSET_MS)
CARD_ID = f"{EPISODE.id}/{CARD}"
DAY = Letter("day/1", None, "day", Message("derivatives_day", Phrase("day")))
FOLLOWUP = Letter(f"{EPISODE.id}/15m", EPISODE.id, "15m", Message("followup", Phrase("followup")))


@pytest.fixture
def db() -> Iterator[Database]:
    """A channel in each state; settings are the defaults."""
    database = fresh()
    for number, state in enumerate(("on", "off", "suspended")):
        save_channel(database, channel(state, number))  # type: ignore[arg-type]  # one of the states
    yield database
    database.close()


def channel(state: ChannelState, number: int = 9) -> ChannelRow:
    """A channel that is named after its state."""
    return ChannelRow(f"test:{state}", "test", state, "{}", 1, number, place="test:1", state=state)


def change(db: Database, event: Event, key: str = "card") -> bool:
    """Something happens to the flush, and its card says `key`."""
    told = Change(event, EPISODE, ONSET_MS + 60_000)
    return put_change(db, told, lambda: Message("card", Phrase(key)))


def written_to(db: Database, message_id: str) -> list[str]:
    """The channels that have a delivery of a message."""
    return [row.channel_id for row in load_deliveries(db, message_id)]


def reasons(db: Database) -> dict[str, tuple[str, bool]]:
    """Reason, and whether the card stands there, by channel."""
    return {row.channel_id: (row.reason, row.posted) for row in load_decisions(db, episode_id=EPISODE.id)}


def test_only_a_channel_that_hears_alerts_gets_a_card(db: Database) -> None:
    """One that is suspended is told later why it got none; one that is off is not written down at all."""
    assert change(db, "opened")
    assert written_to(db, CARD_ID) == ["test:on"]
    assert reasons(db) == {"test:on": ("first", True), "test:suspended": ("suspended", False)}


def test_a_flush_that_nobody_can_be_told_of_leaves_no_card_and_no_follow_ups(db: Database) -> None:
    """Without any channel in reach no card is built, and nothing becomes due."""
    unsubscribe(db, "test:on", 1)

    def build() -> Message:
        raise AssertionError("a card was built for nobody")

    assert not put_change(db, Change("opened", EPISODE, ONSET_MS), build)
    assert reasons(db) == {"test:suspended": ("suspended", False)}
    assert load_due_of(db, EPISODE.id) == []


def test_a_channel_that_comes_back_during_a_flush_gets_its_card(db: Database) -> None:
    """The next change of the flush finds it in reach and posts, while it is news."""
    change(db, "opened")
    resume(db, "test:suspended", ONSET_MS)
    change(db, "escalated", "card-escalated")
    assert written_to(db, CARD_ID) == ["test:on", "test:suspended"]
    assert reasons(db)["test:suspended"] == ("first", True)


def test_a_card_in_a_channel_that_was_lost_still_wants_its_edits(db: Database) -> None:
    """The delivery keeps what the card should show; the reason says why it may not show it."""
    change(db, "opened")
    suspend(db, "test:on", "rights", ONSET_MS)
    assert change(db, "grew", "card-grown")
    [row] = load_deliveries(db, CARD_ID)
    assert (row.channel_id, row.wanted_revision) == ("test:on", 2)
    assert reasons(db)["test:on"] == ("suspended", True)


@pytest.mark.parametrize("letter", [FOLLOWUP, DAY], ids=["follow-up", "day"])
@pytest.mark.parametrize("state", ["off", "suspended"])
def test_follow_ups_and_days_go_to_channels_in_reach_only(db: Database, letter: Letter, state: str) -> None:
    """A channel that stopped hearing after its card gets neither, and one that still hears gets both."""
    save_channel(db, channel("on")._replace(id="test:other"))
    change(db, "opened")
    lost = load_channels(db)[1]
    save_channel(db, lost._replace(state=state))  # type: ignore[arg-type]  # one of the states
    assert lost.id == "test:on"
    put = put_followup if letter is FOLLOWUP else put_day
    assert put(db, letter, ONSET_MS + 900_000)
    assert written_to(db, letter.id) == ["test:other"]


@pytest.mark.parametrize("letter", [FOLLOWUP, DAY], ids=["follow-up", "day"])
def test_what_no_channel_takes_is_no_message(db: Database, letter: Letter) -> None:
    """With every channel off or out of reach nothing is put, and whoever asked is told."""
    change(db, "opened")
    suspend(db, "test:on", "gone", ONSET_MS)
    put = put_followup if letter is FOLLOWUP else put_day
    assert not put(db, letter, ONSET_MS + 900_000)
    assert written_to(db, letter.id) == []


@pytest.mark.parametrize("state", ["on", "off", "suspended"])
def test_a_test_goes_wherever_it_was_asked_for(db: Database, state: ChannelState) -> None:
    """It is there to find out whether posts arrive, so no state of the channel keeps it back; two are two."""
    test = Message("test", Phrase("alerts-test-headline"))
    for now_ms in (1, 2):
        put_test(db, channel(state), test, now_ms)
    assert written_to(db, f"test/test:{state}/1") == [f"test:{state}"]
    assert written_to(db, f"test/test:{state}/2") == [f"test:{state}"]


def test_follow_ups_and_tests_take_no_place_of_a_new_post(db: Database) -> None:
    """However many of them go out, the next flush is posted; as many days and cards as the bound hold it back."""
    change(db, "opened")
    for number in range(BOUNDS[0].most):
        put_followup(db, FOLLOWUP._replace(id=f"{EPISODE.id}/{number}"), ONSET_MS)
        put_test(db, load_channels(db)[1], Message("test", Phrase("alerts-test-headline")), ONSET_MS + number)
    assert flush_again(db, "next") == "first"
    for number in range(BOUNDS[0].most):
        put_day(db, DAY._replace(id=f"day/{number}"), ONSET_MS)
    assert flush_again(db, "held") == "flood"
    assert load_deliveries(db, "held/card") == []


def flush_again(db: Database, id_: str) -> str:
    """The reason of the channel that is on for another flush a minute later."""
    other = msgspec.structs.replace(EPISODE, id=id_)
    put_change(db, Change("opened", other, ONSET_MS + 60_000), lambda: Message("card", Phrase("card")))
    return {row.channel_id: row.reason for row in load_decisions(db, episode_id=id_)}["test:on"]
