"""Topics that are gone or closed: their chat is told once, no post is lost, and nobody reads one twice."""

from __future__ import annotations

from functools import partial

import pytest
from telegram.error import BadRequest

from bot.alerts.subscription import subscribe
from bot.chat.telegram.addresses import Address
from bot.chat.telegram.checkup import check_up
from bot.chat.telegram.failures import delivery_error
from bot.errors import ChannelLostError
from bot.message import Message, Spot
from tests.chat.telegram.house import House, by_bot, card
from tests.chat.telegram.posting import WORDS, send
from tests.commands.market import NOW_MS
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.people import User

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


GONE = "The topic that heard these alerts is gone, so they have stopped."
CLOSED = "The topic that heard these alerts is closed to me, so they have stopped."


async def lost(house: House, forum: Chat, thread: int, message: Message = WORDS) -> str:
    """Why a topic, which hears alerts, takes no post."""
    place = f"telegram:{forum.id}"
    spot = Spot(f"{place}/{thread}", forum.title, place)
    await house.store.run(partial(subscribe, spot=spot, language="en", now_ms=NOW_MS))
    with pytest.raises(ChannelLostError) as error:
        await send(house, forum, message, thread=thread, reply_to="7")
    return error.value.reason


@pytest.mark.parametrize("message", [WORDS, card()], ids=["text", "photo"])
async def test_a_topic_that_is_gone_gives_way_to_its_chat(house: House, message: Message) -> None:
    """The post stands in the chat itself with a word about the topic, and the channel is lost."""
    forum = house.fake.world.supergroup("Forum", forum=True)
    topic = house.fake.world.topic(forum, "gone")
    house.fake.delete_topic(forum, topic.id)
    assert await lost(house, forum, topic.id, message) == "gone"
    [kept] = by_bot(forum)
    assert (kept.thread_id, kept.reply) == (None, None)
    assert "noted as alpha" in kept.text
    assert GONE in kept.text.split("\n")[-1]
    assert (kept.content.photo is not None) == (message.chart is not None)


async def test_a_closed_topic_is_lost_for_a_right(house: House) -> None:
    """It can be opened again, so it is said what to do then."""
    forum = house.fake.world.supergroup("Forum", forum=True)
    topic = house.fake.world.topic(forum, "closed")
    house.fake.close_topic(forum, topic.id)
    assert await lost(house, forum, topic.id) == "rights"
    [kept] = by_bot(forum)
    assert kept.thread_id is None
    assert "noted as alpha" in kept.text
    assert CLOSED in kept.text


async def test_nobody_reads_a_post_twice(house: House) -> None:
    """Where the chat or another topic of it is kept, the chat is told about the topic and gets no second post."""
    forum = house.fake.world.supergroup("Forum", forum=True)
    first, second = (house.fake.world.topic(forum, name) for name in ("first", "second"))
    for topic in (first, second):
        house.fake.delete_topic(forum, topic.id)
        assert await lost(house, forum, topic.id) == "gone"
    told = by_bot(forum)
    assert ["noted as alpha" in post.text for post in told] == [True, False]
    assert told[1].text.startswith(f"simulated · {GONE}")


async def test_a_refusal_of_the_chat_is_told_as_it_is(house: House) -> None:
    """When the chat takes the post no more than its topic, the reason is that of the chat, and nothing is posted."""
    forum = house.fake.world.supergroup("Forum", forum=True)
    topic = house.fake.world.topic(forum, "gone")
    house.fake.delete_topic(forum, topic.id)
    house.fake.close_topic(forum, 1)
    assert await lost(house, forum, topic.id) == "rights"
    assert by_bot(forum) == []


async def test_an_answer_in_a_closed_topic_comes_in_the_chat(house: House) -> None:
    """Who asks in a topic that is closed to the bot reads the answer in the chat."""
    ana = house.fake.world.user("Ana")
    forum = house.fake.world.supergroup("Forum", ana, forum=True)
    topic = house.fake.world.topic(forum, "closed")
    house.fake.close_topic(forum, topic.id)
    house.fake.say(forum, ana, "/oi@flushwatch_test_bot BTC", thread=topic.id)
    assert (await house.told(forum)).thread_id is None


async def names(house: House, forum: Chat, user: User, count: int) -> list[str]:
    """How the status of a forum calls its channels, its own first, after `count` answers."""
    house.fake.say(forum, user, "/alerts@flushwatch_test_bot status")
    lines = (await house.told(forum, count)).text.split("\n")
    return [line.partition(":")[0] for line in lines if ": alerts o" in line]


async def test_a_topic_is_told_from_its_group(house: House) -> None:
    """A topic is called by its number where Telegram does not tell its title, so that no two lines look the same."""
    ana = house.fake.world.user("Ana")
    forum = house.fake.world.supergroup("Desk", owner=ana, forum=True)
    topic = house.fake.world.topic(forum, "Signals")
    house.fake.say(forum, ana, "/alerts@flushwatch_test_bot on", thread=topic.id)
    assert f"Alerts are on in Desk · topic {topic.id}" in (await house.told(forum)).text
    assert await names(house, forum, ana, 2) == ["Desk", f"Desk · topic {topic.id}"]
    checkup = await check_up(house.fake.token, [f"telegram:{forum.id}/{topic.id}"], lambda: 0.0, house.fake.api)
    assert [spot.name for spot in checkup.spots.values() if spot] == [f"Desk · topic {topic.id}"]


async def test_a_topic_is_called_by_its_title(house: House) -> None:
    """What is said in a topic carries its opening, and that its title; a new title is heard of, and stays."""
    ana = house.fake.world.user("Ana")
    forum = house.fake.world.supergroup("Desk", owner=ana, forum=True)
    topic = house.fake.world.topic(forum, "Signals")
    opening = forum.messages[topic.id]
    house.fake.say(forum, ana, "/alerts@flushwatch_test_bot on", thread=topic.id, reply_to=opening)
    assert "Alerts are on in Desk · Signals" in (await house.told(forum)).text
    assert await names(house, forum, ana, 2) == ["Desk", "Desk · Signals"]
    edited = house.fake.world.post(forum, service={"forum_topic_edited": {"name": "Flushes"}}, thread_id=topic.id)
    house.fake.push_raw({"message": edited.to_json()})
    house.fake.say(forum, ana, "/alerts@flushwatch_test_bot on", thread=topic.id, reply_to=opening)
    assert "Alerts were on in Desk · Flushes already" in (await house.told(forum, 3)).text


def test_an_edit_loses_no_topic() -> None:
    """Only a post that was not taken tells the chat, so an edit that a topic does not take is given up and no more."""
    error = BadRequest("TOPIC_CLOSED")
    assert not isinstance(delivery_error(error, Address(-1, 2), sending=False), ChannelLostError)
    assert isinstance(delivery_error(error, Address(-1, 2), sending=True), ChannelLostError)


async def test_a_group_with_nothing_open_is_lost_for_its_rights(house: House) -> None:
    """Where even the General topic is closed nobody can be told anything."""
    forum = house.fake.world.supergroup("Forum", forum=True)
    house.fake.close_topic(forum, 1)
    with pytest.raises(ChannelLostError) as lost:
        await send(house, forum)
    assert lost.value.reason == "rights"
