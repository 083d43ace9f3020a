"""People ask, the bot answers: through the real library, over a socket, with the real commands."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.telegram.lanes import MOST_WAITING
from bot.store.channels import load_channel
from tests.chat.telegram.house import House, by_bot
from tests.fakes.telegram.chats import Chat

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

AT = "@flushwatch_test_bot"


def answers(chat: Chat) -> list[str]:
    """First lines of what the bot said in a chat."""
    return [post.text.partition("\n")[0] for post in by_bot(chat)]


async def test_a_command_in_a_group_is_answered(house: House) -> None:
    """A command that names the bot is answered as a reply, without a preview, in its turn, in the asker's language."""
    fake = house.fake
    ana = fake.world.user("Ana", language="es-419")
    desk = fake.world.supergroup("Desk", ana)
    asked = fake.say(desk, ana, f"/funding{AT} BTC")
    await fake.until(lambda: answers(desk))
    answer = desk.posts[-1]
    assert answer.text.startswith("Funding de BTC · datos")
    assert (answer.reply_to, answer.preview) == (asked.id, {"is_disabled": True})
    assert house.turns == [f"telegram:{desk.id}"]
    assert fake.unknown_methods == []


async def test_a_question_about_the_market_does_not_wait_for_telegram(house: House) -> None:
    """Who is an administrator is asked only where a command is about the channel, and then once for many commands."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", owner=ana)
    fake.say(desk, ana, f"/oi{AT} BTC")
    await fake.until(lambda: len(answers(desk)) == 1)
    assert [call.method for call in fake.calls if "Administrators" in call.method] == []
    for count in (2, 3):
        fake.say(desk, ana, f"/alerts{AT} log")
        await house.told(desk, count)
    assert [call.method for call in fake.calls].count("getChatAdministrators") == 1


async def test_what_is_meant_for_others_is_left_to_them(house: House) -> None:
    """Commands of other bots, unknown bare ones, forwarded ones and talk get no answer in a group."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana, bot="administrator")
    fake.say(desk, ana, "/funding@other_bot BTC")
    fake.say(desk, ana, "/price BTC")
    fake.say(desk, ana, "BTC is falling, see /funding")
    forwarded = fake.world.post(desk, fake.say(desk, ana, "well").content, sender=ana).to_json() | {"text": "/oi BTC"}
    origin = {"type": "user", "date": 1, "sender_user": ana.to_json()}
    fake.push_raw({"message": forwarded | {"forward_origin": origin}})
    fake.say(desk, ana, "/FUNDING btc")
    await fake.until(lambda: answers(desk))
    assert len(answers(desk)) == 1
    assert answers(desk)[0].startswith("BTC funding")


async def test_an_unknown_command_that_names_the_bot_is_told_so(house: House) -> None:
    """Whoever speaks to the bot and is not understood hears what can be asked."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana)
    fake.say(desk, ana, f"/price{AT} BTC")
    await fake.until(lambda: answers(desk))
    assert answers(desk) == ["I don't know /price BTC. /help lists what you can ask."]


async def test_a_private_chat_needs_no_slash(house: House) -> None:
    """Everything that is said in private is said to the bot, and answered without quoting it."""
    fake = house.fake
    ana = fake.world.user("Ana")
    chat = fake.world.private(ana)
    fake.say(chat, ana, "funding BTC")
    await fake.until(lambda: answers(chat))
    assert answers(chat)[0].startswith("BTC funding")
    assert chat.posts[-1].reply_to is None


async def test_a_private_chat_is_a_channel_of_its_person(house: House) -> None:
    """Its person switches alerts on and changes them, without being administrator of anything."""
    fake = house.fake
    ana = fake.world.user("Ana", language="es")
    chat = fake.world.private(ana)
    fake.say(chat, ana, "/alerts on")
    await fake.until(lambda: answers(chat))
    kept = await house.store.run(lambda db: load_channel(db, f"telegram:{ana.id}"))
    assert kept is not None
    assert (kept.place, kept.state, kept.name) == (f"telegram:{ana.id}", "on", "@ana")
    assert house.tests == [f"telegram:{ana.id}"]
    assert await house.book.language(kept.id) == "es"


async def test_topics_are_channels_of_their_own(house: House) -> None:
    """A command in a topic concerns the topic, in General the group, and each is answered where it was said."""
    fake = house.fake
    ana = fake.world.user("Ana")
    forum = fake.world.supergroup("Forum", owner=ana, forum=True)
    topic = fake.world.topic(forum, "Alerts")
    fake.say(forum, ana, f"/alerts{AT} on", thread=topic.id)
    await fake.until(lambda: answers(forum))
    fake.say(forum, ana, f"/alerts{AT} on")
    await fake.until(lambda: len(answers(forum)) == 2)
    assert [post.thread_id for post in forum.posts if post.by_bot] == [topic.id, None]
    assert house.tests == [f"telegram:{forum.id}/{topic.id}", f"telegram:{forum.id}"]
    assert await house.book.channels(f"telegram:{forum.id}") == sorted(house.tests)


async def test_replies_outside_forums_are_no_topics(house: House) -> None:
    """A thread of answers in an ordinary group is not taken for a topic."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", owner=ana)
    asked = fake.world.post(desk, fake.say(desk, ana, "x").content, sender=ana).to_json()
    fake.push_raw({"message": asked | {"text": f"/alerts{AT} on", "message_thread_id": 1}})
    await fake.until(lambda: answers(desk))
    assert house.tests == [f"telegram:{desk.id}"]


async def test_an_anonymous_administrator_may_change(house: House) -> None:
    """Who speaks as the group itself is one of its administrators; who speaks as another channel is not."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana)
    news = fake.world.channel("News")
    fake.say(desk, ana, f"/alerts{AT} off", anonymous=True)
    await fake.until(lambda: len(answers(desk)) == 1)
    fake.say(desk, ana, f"/alerts{AT} off", as_channel=news)
    await fake.until(lambda: len(answers(desk)) == 2)
    first, second = answers(desk)
    assert first == "Alerts were off in Desk already"
    assert second.startswith("Only people who can manage this channel")


async def test_a_channel_can_be_told_in_the_channel(house: House) -> None:
    """A post in a channel was written by one of its administrators, so it may change what the channel hears."""
    fake = house.fake
    news = fake.world.channel("News")
    fake.post_in_channel(news, "/alerts on")
    await fake.until(lambda: answers(news))
    assert house.tests == [f"telegram:{news.id}"]


async def test_a_group_is_answered_in_its_own_language(house: House) -> None:
    """Once a language was chosen for a channel, everybody there is answered in it; in private each in their own."""
    fake = house.fake
    ana = fake.world.user("Ana", language="en")
    desk = fake.world.supergroup("Desk", owner=ana)
    for number, line in enumerate(("on", "language es"), start=1):
        fake.say(desk, ana, f"/alerts{AT} {line}")
        await house.told(desk, number)
    fake.say(desk, ana, f"/oi{AT} BTC")
    await fake.until(lambda: len(answers(desk)) == 3)
    chat = fake.world.private(ana)
    fake.say(chat, ana, "/oi BTC")
    await fake.until(lambda: answers(chat))
    assert answers(desk)[-1].startswith("Interés abierto de BTC")
    assert answers(chat)[-1].startswith("BTC open interest")


async def test_a_chart_comes_as_a_photo(house: House) -> None:
    """An answer with a chart is one photo with the words under it, and is uploaded once for everybody."""
    fake = house.fake
    people = [fake.world.user(name) for name in ("Ana", "Ben")]
    chats = [fake.world.private(person) for person in people]
    for chat, person in zip(chats, people, strict=True):
        fake.say(chat, person, "/levels BTC")
        await house.told(chat)
    contents = [chat.posts[-1].content for chat in chats]
    assert [content.photo is not None and content.uploaded for content in contents] == [True, False]
    assert all(content.text.startswith("BTC 92,438") for content in contents)
    assert house.pencil.drawn == 1


async def test_an_answer_without_its_chart_is_still_one(house: House) -> None:
    """When nothing can be drawn the words come alone."""
    fake = house.fake
    house.pencil.broken = True
    ana = fake.world.user("Ana")
    chat = fake.world.private(ana)
    fake.say(chat, ana, "/levels BTC")
    await fake.until(lambda: answers(chat))
    assert chat.posts[-1].content.photo is None


async def test_an_answer_waits_where_telegram_asks_for_patience(house: House) -> None:
    """A 429 of some seconds delays an answer; the same answer is said once, after it."""
    fake = house.fake
    ana = fake.world.user("Ana")
    chat = fake.world.private(ana)
    fake.world.flood.pause_next(chat, 7)
    began_s = asyncio.get_running_loop().time()
    fake.say(chat, ana, "/oi BTC")
    await fake.until(lambda: answers(chat))
    assert asyncio.get_running_loop().time() - began_s >= 7
    assert len(answers(chat)) == 1


async def test_one_person_cannot_keep_the_bot_from_others(house: House) -> None:
    """Of a hundred messages at once a chat gets a few answers, and somebody else gets theirs at once."""
    fake = house.fake
    ana, ben = fake.world.user("Ana"), fake.world.user("Ben")
    loud, quiet = fake.world.private(ana), fake.world.private(ben)
    fake.world.flood.pause_next(loud, 50)
    for _ in range(100):
        fake.say(loud, ana, "/start")
    began_s = asyncio.get_running_loop().time()
    fake.say(quiet, ben, "/oi BTC")
    await fake.until(lambda: answers(quiet))
    assert asyncio.get_running_loop().time() - began_s < 1
    fake.world.flood.private = fake.world.flood.overall
    await fake.until(lambda: len(answers(loud)) >= 2)
    fake.say(quiet, ben, "/oi BTC")
    await fake.until(lambda: len(answers(quiet)) == 2)
    assert len(answers(loud)) <= MOST_WAITING + 1
