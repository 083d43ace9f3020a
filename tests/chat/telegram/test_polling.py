"""The poller goes on: whatever an update is, whatever Telegram says, whoever else uses the token."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.chat.telegram.poller import ALLOWED
from bot.errors import ChatError
from tests.chat.telegram.house import House, by_bot

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def ask(house: House, name: str = "Ana") -> None:
    """Somebody new asks something and is answered."""
    person = house.fake.world.user(name)
    chat = house.fake.world.private(person)
    house.fake.say(chat, person, "/oi BTC")
    await house.fake.until(lambda: by_bot(chat))


@pytest.mark.parametrize("poison", [{"message": {"message_id": "x"}}, {"callback_query": 7}, {"message": {}}, {}])
async def test_an_update_that_cannot_be_read_is_passed_over_once(
    house: House, poison: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    """Behind it a command is answered, it is never asked for again, and at most one error names it."""
    polls = house.fake.updates.polls
    house.fake.push_raw(poison)
    await ask(house)
    assert house.fake.updates.polls - polls <= 3
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) <= 1
    assert house.fake.updates.pending == []


async def test_only_what_is_read_is_asked_for(house: House) -> None:
    """Telegram is told which updates are wanted, those about other members included."""
    assert house.fake.updates.allowed == frozenset(ALLOWED)


async def test_a_second_poller_is_named_and_outlived(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """While somebody else uses the token, however often the two meet, one error says so; then the bot answers again."""
    for _ in range(3):
        house.fake.updates.conflict()
        await house.fake.until(lambda: house.fake.updates.polling)
    house.fake.faults.fail_next(409, 5, method="getUpdates")
    house.fake.updates.conflict()
    await ask(house)
    [told] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert told.name == "bot.chat.telegram.poller"


async def test_outages_are_waited_for(house: House) -> None:
    """After ten failures in a row, with longer and longer pauses between them, commands are answered again."""
    began_s = asyncio.get_running_loop().time()
    house.fake.faults.fail_next(502, 10, method="getUpdates")
    house.fake.updates.end_poll()
    await house.fake.until(lambda: house.fake.calls[-1].status == 502)
    await ask(house)
    assert 100 < asyncio.get_running_loop().time() - began_s < 600
    last_s = house.chat.last_success_s
    assert last_s is not None
    assert asyncio.get_running_loop().time() - last_s < 1


async def test_a_refused_token_ends_the_run(house: House) -> None:
    """Nothing can be heard with a token that was revoked, and the error does not name it."""
    house.fake.faults.revoked = True
    house.fake.updates.end_poll()
    with pytest.raises(ChatError) as refusal:
        await house.running
    assert house.fake.token not in str(refusal.value)


async def test_a_refused_token_is_told_at_the_start(silent_house: House) -> None:
    """Starting with a wrong token is refused without naming it, nor does the trace of it."""
    silent_house.fake.faults.revoked = True
    with pytest.raises(ChatError) as refusal:
        await silent_house.chat.start()
    assert silent_house.fake.token not in str(refusal.value)
    assert refusal.value.__suppress_context__


async def test_an_address_that_is_silent_is_told_at_the_start(silent_house: House) -> None:
    """With nobody at the other end the start fails as a chat that cannot be used, and can be tried again."""
    silent_house.fake.faults.fail_next(502)
    with pytest.raises(ChatError):
        await silent_house.chat.start()
    async with silent_house.open():
        await ask(silent_house)


async def test_a_failure_of_ours_stops_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """When the database is gone one command fails, is logged by its update, and the next is answered."""
    ana = house.fake.world.user("Ana")
    desk = house.fake.world.group("Desk", ana)
    house.fake.world.flood.pause_next(desk, 3_600)
    house.fake.push_raw({"my_chat_member": {"chat": desk.to_json()}})
    house.fake.say(desk, ana, "/oi@flushwatch_test_bot BTC")
    await ask(house)
    assert by_bot(desk) == []


async def test_what_was_answered_is_not_answered_again_after_a_restart(house: House) -> None:
    """Before it stops, the bot tells Telegram what it has taken."""
    await ask(house)
    ana = next(iter(house.fake.world.users.values()))
    await house.close()
    assert house.fake.updates.pending == []
    async with house.open():
        await ask(house, "Ben")
    assert len(by_bot(house.fake.world.chats[ana.id])) == 1


async def test_a_chat_is_answered_in_order(house: House) -> None:
    """Three questions at once get their answers in the order in which they were asked, with and without a chart."""
    ana = house.fake.world.user("Ana")
    chat = house.fake.world.private(ana)
    for line in ("/levels BTC", "/oi BTC", "/funding BTC"):
        house.fake.say(chat, ana, line)
    await house.fake.until(lambda: len(by_bot(chat)) == 3)
    assert [post.text.split()[1] for post in by_bot(chat)] == ["92,438", "open", "funding"]
