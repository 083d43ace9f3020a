"""Posts on their way: what arrives, what each refusal of Telegram means, and that a chart is uploaded once."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.telegram.requests import Requests
from bot.errors import (
    ChannelLostError,
    ChannelMovedError,
    MessageGoneError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
    UnknownOutcomeError,
)
from bot.message import Button, Message
from tests.chat.telegram.house import House, by_bot, card, said
from tests.chat.telegram.posting import WORDS, post, send
from tests.fakes.telegram.chats import Chat

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_a_card_is_one_photo_with_words_and_keys(house: House) -> None:
    """Origin and headline first, rows below, muted ones folded, keys under it, and the chart above."""
    desk = house.fake.world.supergroup("Desk")
    message = card(buttons=(Button(said("Why"), "/flush why 2026-01-19-BTC-1"),))
    number = await send(house, desk, message)
    [kept] = by_bot(desk)
    assert number == str(kept.id)
    assert [line[line.index("noted as ") :] for line in kept.text.split("\n") if line] == [
        "noted as alpha.",
        "noted as first row.",
        "noted as rule.",
        "noted as gap.",
    ]
    assert kept.text.startswith("simulated · ")
    assert "<blockquote expandable>" in kept.html
    assert [entity["type"] for entity in kept.content.entities] == ["italic", "bold", "blockquote"]
    assert kept.buttons[0][0]["callback_data"] == "do:/flush why 2026-01-19-BTC-1"
    assert kept.content.photo is not None


async def test_a_follow_up_answers_its_card(house: House) -> None:
    """It replies to the card, in its topic, and comes alone where the card was deleted."""
    forum = house.fake.world.supergroup("Forum", forum=True)
    topic = house.fake.world.topic(forum, "Alerts")
    number = await send(house, forum, thread=topic.id)
    await send(house, forum, card("beta", kind="followup"), thread=topic.id, reply_to=number)
    await send(house, forum, card("gamma", kind="followup"), thread=topic.id, reply_to="999")
    followups = by_bot(forum)[1:]
    assert [entry.reply_to for entry in followups] == [int(number), None]
    assert [entry.thread_id for entry in followups] == [topic.id, topic.id]
    assert "push beta" in followups[0].text.split("\n")[0]


@pytest.mark.parametrize("message", [WORDS, card()], ids=["text", "photo"])
async def test_an_edit_that_changes_nothing_has_worked(house: House, message: Message) -> None:
    """Telegram refuses to change nothing, which is what was wanted."""
    desk = house.fake.world.supergroup("Desk")
    number = await send(house, desk, message)
    later = House(house.fake, house.store)
    await later.chat.start()
    for speaker in (house, later):
        await speaker.edit(post(speaker, desk, message), number)
    await later.chat.stop()
    assert by_bot(desk)[0].edits == []


async def test_an_edit_of_a_deleted_message_is_told(house: House) -> None:
    """Somebody deleted the card: no further edit will help, and the channel is not lost for it."""
    desk = house.fake.world.supergroup("Desk")
    number = await send(house, desk)
    desk.messages.clear()
    with pytest.raises(MessageGoneError):
        await house.edit(post(house, desk, card("beta", chart=None)), number)
    with pytest.raises(MessageGoneError):
        await house.edit(post(house, desk), "not a number")


async def lost_reason(house: House, chat: Chat, message: Message = WORDS) -> str:
    """Why nothing can reach a chat."""
    with pytest.raises(ChannelLostError) as lost:
        await send(house, chat, message)
    return lost.value.reason


async def test_a_chat_that_cannot_be_reached_says_why(house: House) -> None:
    """Kicked, left, blocked, unknown, and without the right to post are each told apart."""
    world = house.fake.world
    ana = world.user("Ana")
    blocked, news, mute = world.private(ana), world.channel("News"), world.supergroup("Mute")
    house.fake.block(ana)
    world.set_member(news, house.fake.bot, "administrator", "can_edit_messages")
    mute.forbidden.add("photo")
    assert await lost_reason(house, world.supergroup("Out", bot="kicked")) == "removed"
    assert await lost_reason(house, world.channel("Left", bot="left")) == "removed"
    assert await lost_reason(house, blocked) == "blocked"
    assert await lost_reason(house, world.chats[world.user("Stranger").id]) == "gone"
    assert await lost_reason(house, news) == "rights"
    assert await lost_reason(house, mute, card()) == "rights"


async def test_a_group_that_became_a_supergroup_says_where_it_is(house: House) -> None:
    """The new id comes back, as the store writes it."""
    ana = house.fake.world.user("Ana")
    group = house.fake.world.group("Desk", owner=ana)
    made = house.fake.migrate(group, by=ana)
    with pytest.raises(ChannelMovedError) as moved:
        await send(house, group)
    assert moved.value.channel == f"telegram:{made.id}"


async def test_patience_is_asked_for_by_the_second(house: House) -> None:
    """A 429 carries Telegram's own wish, for sending and editing, and is no failure of the whole platform."""
    desk = house.fake.world.supergroup("Desk")
    number = await send(house, desk)
    house.fake.world.flood.pause_next(desk, 37)
    for request in (send(house, desk), house.edit(post(house, desk, card("b", chart=None)), number)):
        with pytest.raises(TemporaryDeliveryError) as refused:
            await request
        assert refused.value.retry_after_s == 37
        assert not refused.value.everywhere


@pytest.mark.parametrize("message", [WORDS, card()], ids=["text", "photo"])
async def test_a_lost_answer_leaves_doubt(house: House, message: Message) -> None:
    """The message was stored and the connection broke: it may have arrived, and nothing was sent twice."""
    desk = house.fake.world.supergroup("Desk")
    house.fake.faults.lose_every = 1
    with pytest.raises(UnknownOutcomeError):
        await send(house, desk, message)
    assert len(by_bot(desk)) == 1


async def test_an_answer_that_never_comes_leaves_doubt(house: House) -> None:
    """After twenty seconds without a word the outcome is unknown."""
    desk = house.fake.world.supergroup("Desk")
    house.fake.faults.hang_next()
    began_s = asyncio.get_running_loop().time()
    with pytest.raises(UnknownOutcomeError):
        await send(house, desk)
    assert 19 < asyncio.get_running_loop().time() - began_s < 30


async def test_a_broken_gateway_leaves_doubt_about_a_post_only(house: House) -> None:
    """A 502 may come after the message was taken; an edit can simply be made again."""
    desk = house.fake.world.supergroup("Desk")
    number = await send(house, desk)
    house.fake.faults.fail_next(502, 2)
    with pytest.raises(UnknownOutcomeError):
        await send(house, desk)
    with pytest.raises(TemporaryDeliveryError):
        await house.edit(post(house, desk, card("b", chart=None)), number)


async def test_a_post_that_never_left_is_certain(silent_house: House) -> None:
    """With nobody listening, and before the start, nothing was sent: it can be tried again without a word."""
    desk = silent_house.fake.world.supergroup("Desk")
    await silent_house.chat.start()
    await silent_house.chat.stop()
    with pytest.raises(TemporaryDeliveryError):
        await send(silent_house, desk)
    await silent_house.chat.start()
    await silent_house.fake.__aexit__(None, None, None)
    with pytest.raises(TemporaryDeliveryError):
        await send(silent_house, desk)
    await silent_house.chat.stop()


async def test_no_connection_free_is_certain(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all connections are taken a post was not sent."""
    monkeypatch.setattr("bot.chat.telegram.chat.Requests", lambda **given: Requests(**({"connections": 1} | given)))
    small = House(house.fake, house.store)
    await small.chat.start()
    desk, other = house.fake.world.supergroup("Desk"), house.fake.world.supergroup("Other")
    house.fake.faults.hang_next()
    outcomes = await asyncio.gather(send(small, desk), send(small, other), return_exceptions=True)
    await small.chat.stop()
    assert [type(outcome) for outcome in outcomes] == [UnknownOutcomeError, TemporaryDeliveryError]
    assert by_bot(other) == []


async def test_a_refused_token_stops_everything_for_a_while(house: House) -> None:
    """Nothing can be sent anywhere with a revoked token, and the error does not hold it."""
    house.fake.faults.revoked = True
    with pytest.raises(TemporaryDeliveryError) as refused:
        await send(house, house.fake.world.supergroup("Desk"))
    assert refused.value.everywhere
    assert house.fake.token not in str(refused.value)


async def test_anything_else_is_given_up(house: House) -> None:
    """A request that Telegram finds wrong is not tried again."""
    house.fake.faults.fail_next(400)
    with pytest.raises(PermanentDeliveryError) as refused:
        await send(house, house.fake.world.supergroup("Desk"))
    assert not isinstance(refused.value, ChannelLostError)


async def test_a_repeat_is_marked(house: House) -> None:
    """A post that may have arrived before says so in its last line."""
    desk = house.fake.world.supergroup("Desk")
    await send(house, desk, repeat=True)
    assert by_bot(desk)[0].text.split("\n")[-1] == "May be a repeat: I got no answer the first time."


@pytest.mark.parametrize("body", [b"<html>gateway</html>", b"[]", b"{}"])
async def test_an_answer_that_nobody_can_read_leaves_doubt_about_a_post_only(house: House, body: bytes) -> None:
    """Something on the way answered in Telegram's place: the post may stand, and an edit can be made again."""
    desk = house.fake.world.supergroup("Desk")
    number = await send(house, desk)
    house.fake.faults.garble_next(body)
    with pytest.raises(UnknownOutcomeError):
        await send(house, desk)
    house.fake.faults.garble_next(body)
    with pytest.raises(TemporaryDeliveryError):
        await house.edit(post(house, desk, card("b", chart=None)), number)
