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
    """After eight failures in a row, with longer and longer pauses between them, commands are answered again."""
    began_s = asyncio.get_running_loop().time()
    house.fake.faults.fail_next(502, 8, method="getUpdates")
    house.fake.updates.end_poll()
    await house.fake.until(lambda: house.fake.calls[-1].status == 502)
    await ask(house)
    assert 80 < asyncio.get_running_loop().time() - began_s < 200


async def test_a_long_silence_ends_the_run(house: House) -> None:
    """When Telegram has not answered for five minutes the run fails, so that whoever supervises it starts it anew."""
    began_s = asyncio.get_running_loop().time()
    house.fake.faults.fail_next(502, 1_000, method="getUpdates")
    house.fake.updates.end_poll()
    with pytest.raises(ChatError):
        await house.running
    assert 290 < asyncio.get_running_loop().time() - began_s < 310


async def test_quiet_hours_and_other_users_of_the_token_are_no_silence(house: House) -> None:
    """Empty polls are answers, and so are refusals: after an hour of the one and minutes of the other it goes on."""
    await asyncio.sleep(3_600)
    house.fake.faults.fail_next(409, 20, method="getUpdates")
    await asyncio.sleep(700)
    await ask(house)


async def test_hours_of_another_user_of_the_token_is_outlived(house: House) -> None:
    """After hours of refusals a failure of another kind is waited for like the first."""
    house.fake.faults.fail_next(409, 500, method="getUpdates")
    house.fake.updates.end_poll()
    await house.fake.until(lambda: sum(call.status == 409 for call in house.fake.calls) == 500)
    house.fake.faults.fail_next(502, 1, method="getUpdates")
    await ask(house)


async def test_another_user_of_the_token_is_named_after_an_outage_too(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever failed before, the operator reads once that somebody else polls."""
    house.fake.faults.fail_next(502, 2, method="getUpdates")
    house.fake.faults.fail_next(409, 3, method="getUpdates")
    house.fake.updates.end_poll()
    await house.fake.until(lambda: house.fake.calls[-1].status == 409)
    await ask(house)
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1


async def test_an_update_without_a_number_is_passed_over(house: House) -> None:
    """It cannot be confirmed and comes again and again: others are answered meanwhile, and Telegram is not stormed."""
    polls = house.fake.updates.polls
    house.fake.push_raw({"update_id": None, "message": {}})
    await asyncio.sleep(120)
    assert house.fake.updates.polls - polls < 20
    await ask(house)
    house.fake.updates.pending.clear()
    await ask(house, "Ben")


async def test_what_telegram_could_not_be_told_is_kept(house: House) -> None:
    """A bot that stops while Telegram is away goes on behind what it answered, in another process too."""
    ana = house.fake.world.user("Ana")
    chat = house.fake.world.private(ana)
    house.fake.say(chat, ana, "/oi BTC")
    house.fake.faults.fail_next(502, 2, method="getUpdates")
    await house.told(chat)
    await house.close()
    assert house.fake.updates.pending != []
    house.fake.faults.cancel("getUpdates")
    later = House(house.fake, house.store)
    async with later.open():
        await ask(later, "Ben")
        assert len(by_bot(chat)) == 1


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
