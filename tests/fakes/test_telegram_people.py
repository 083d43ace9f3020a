"""The people of the Telegram fake: what they do reaches the bot as updates, as Telegram would tell it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest, Conflict

from tests.fakes.telegram import TelegramFake, menu_for

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[TelegramFake]:
    """A Telegram in which nothing has happened."""
    async with TelegramFake() as fake:
        yield fake


@pytest_asyncio.fixture
async def bot(fake: TelegramFake) -> AsyncIterator[Bot]:
    """The bot, known to the library."""
    async with Bot(fake.token, f"{fake.api}/bot") as bot:
        yield bot


async def heard(bot: Bot) -> list[Update]:
    """All updates that wait, which are confirmed by this."""
    updates = list(await bot.get_updates())
    if updates:
        await bot.get_updates(updates[-1].update_id + 1)
    return updates


def message_of(update: Update) -> Message:
    """The message that an update is about."""
    assert update.message is not None
    return update.message


async def test_a_long_poll_answers_when_something_happens(fake: TelegramFake, bot: Bot) -> None:
    """A poll waits, ends at once with what was said, ends empty after its time, and forgets what was confirmed."""
    ana = fake.world.user("Ana", language="pt-br")
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.until(lambda: fake.updates.polling)
    fake.say(fake.world.private(ana), ana, "/funding BTC")
    [update] = await poll
    assert message_of(update).parse_entities() == {message_of(update).entities[0]: "/funding"}
    assert update.effective_user is not None
    assert update.effective_user.language_code == "pt-br"
    assert len(await bot.get_updates()) == 1
    began_s = asyncio.get_running_loop().time()
    assert await bot.get_updates(update.update_id + 1, timeout=30) == ()
    assert 30 <= asyncio.get_running_loop().time() - began_s < 31


async def test_a_second_poller_sends_the_first_away(fake: TelegramFake, bot: Bot) -> None:
    """The older of two polls gets a conflict, and the newer one gets the update."""
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.until(lambda: fake.updates.polling)
    async with Bot(fake.token, f"{fake.api}/bot") as rival:
        newer = asyncio.create_task(rival.get_updates(timeout=30))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
            await older
        await fake.until(lambda: fake.updates.polling)
        ana = fake.world.user("Ana")
        fake.say(fake.world.private(ana), ana, "hello")
        assert len(await newer) == 1
    fake.updates.webhook = "https://example.org/hook"
    with pytest.raises(Conflict, match=r"(?i)webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_poisoned_update_is_handed_out_as_it_stands(fake: TelegramFake, bot: Bot) -> None:
    """The library cannot read the batch, and the update behind it is still there for who asks past it."""
    ana = fake.world.user("Ana")
    fake.push_raw({"message": {"message_id": 5}})
    fake.say(fake.world.private(ana), ana, "/start")
    with pytest.raises(KeyError):
        await bot.get_updates()
    first = fake.updates.pending[0]["update_id"]
    [behind] = await bot.get_updates(first + 1)
    assert message_of(behind).text == "/start"


async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(fake: TelegramFake, bot: Bot) -> None:
    """Bare commands arrive only while the bot was the last bot to post; an administrator hears everything."""
    ana, rival = fake.world.user("Ana"), fake.world.user("Rival", is_bot=True)
    desk = fake.world.supergroup("Desk", ana, rival)
    for text in ("hello", "/funding BTC", "/funding@flushwatch_test_bot", "/funding@other_bot"):
        fake.say(desk, ana, text)
    sent = await bot.send_message(desk.id, "here")
    fake.say(desk, ana, "/levels")
    fake.say(desk, rival, "me too")
    fake.say(desk, ana, "/oi")
    fake.say(desk, ana, "thanks", reply_to=desk.messages[sent.message_id])
    texts = [message_of(update).text for update in await heard(bot)]
    assert texts == ["/funding@flushwatch_test_bot", "/levels", "thanks"]
    fake.world.set_member(desk, fake.bot, "administrator", "can_manage_chat")
    fake.say(desk, ana, "hello")
    assert [message_of(update).text for update in await heard(bot)] == ["hello"]


async def test_anonymous_administrators_channels_and_topics_can_be_told(fake: TelegramFake, bot: Bot) -> None:
    """An anonymous administrator speaks as the group, a linked channel as itself, and a topic is named."""
    olu = fake.world.user("Olu")
    forum = fake.world.supergroup("Desk", owner=olu, bot="administrator", forum=True)
    news, topic = fake.world.channel("News"), fake.world.topic(forum, "Alerts")
    fake.say(forum, olu, "/alerts", thread=topic.id, anonymous=True)
    fake.say(forum, olu, "from the channel", as_channel=news)
    fake.post_in_channel(news, "flush!")
    anonymous, linked, post = await heard(bot)
    assert (message_of(anonymous).sender_chat, message_of(anonymous).message_thread_id) == (
        message_of(anonymous).chat,
        topic.id,
    )
    assert message_of(linked).sender_chat == (post.channel_post and post.channel_post.chat)
    assert post.effective_user is None


async def test_a_press_is_answered_once_and_in_time(fake: TelegramFake, bot: Bot) -> None:
    """A button is found by its label or its data; a second answer, or one after 15 s, is refused."""
    ana = fake.world.user("Ana")
    desk = fake.world.group("Desk", ana)
    buttons = [InlineKeyboardButton("Mute 1 h", callback_data="m:60"), InlineKeyboardButton("Site", "https://e.org")]
    await bot.send_message(desk.id, "flush", reply_markup=InlineKeyboardMarkup([buttons]))
    with pytest.raises(LookupError):
        fake.click(desk.posts[0], "Site", ana)
    click, late = fake.click(desk.posts[0], "Mute 1 h", ana), fake.click(desk.posts[0], "m:60", ana)
    query = (await heard(bot))[0].callback_query
    assert query is not None
    assert (query.data, query.from_user.id, query.message and query.message.message_id) == ("m:60", ana.id, 1)
    await bot.answer_callback_query(query.id, "Muted", show_alert=True)
    assert click.answer == {"text": "Muted", "show_alert": "true"}
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(query.id)
    await asyncio.sleep(16)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(late.id)


async def test_member_changes_come_only_when_asked_for(fake: TelegramFake, bot: Bot) -> None:
    """Changes of the bot come by default, those of others only by name and only to an administrator."""
    olu, ana = fake.world.user("Olu"), fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", owner=olu, bot="left")
    fake.join(desk, fake.bot, by=olu)
    fake.promote(desk, ana, by=olu)
    fake.promote(desk, fake.bot, "can_manage_chat", by=olu)
    fake.demote(desk, ana, by=olu)
    joined, service, promoted = await heard(bot)
    assert joined.my_chat_member is not None
    assert (joined.my_chat_member.old_chat_member.status, joined.my_chat_member.from_user.id) == ("left", olu.id)
    assert message_of(service).new_chat_members[0].id == fake.bot.id
    assert promoted.my_chat_member is not None
    await bot.get_updates(allowed_updates=["chat_member"])
    fake.promote(desk, ana, by=olu)
    fake.leave(desk, ana, kicked_by=olu)
    fake.say(desk, olu, "/funding")
    changes = [update.chat_member for update in await heard(bot)]
    assert [change and change.new_chat_member.status for change in changes] == ["administrator", "kicked"]


async def test_members_are_shown_to_administrators(fake: TelegramFake, bot: Bot) -> None:
    """Anybody may list administrators and look at itself; the state of others needs rights."""
    olu, ana = fake.world.user("Olu"), fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana, owner=olu)
    assert (await bot.get_chat_member(desk.id, fake.bot.id)).status == "member"
    with pytest.raises(BadRequest, match=r"(?i)member list is inaccessible"):
        await bot.get_chat_member(desk.id, ana.id)
    fake.promote(desk, fake.bot)
    assert (await bot.get_chat_member(desk.id, ana.id)).status == "member"
    assert {member.user.id for member in await bot.get_chat_administrators(desk.id)} == {olu.id, fake.bot.id}
    news = fake.world.channel("News", username="news")
    assert (await bot.get_chat("@news")).id == news.id
    for wrong in ("@nowhere", 12_345):
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await bot.get_chat(wrong)


async def test_a_channel_can_be_chosen_in_the_private_chat(fake: TelegramFake, bot: Bot) -> None:
    """The app offers only what the button asks for, and the choice comes as a service message."""
    ana = fake.world.user("Ana")
    fake.world.private(ana)
    news, desk = fake.world.channel("News", owner=ana), fake.world.group("Desk", ana)
    request = KeyboardButtonRequestChat(7, chat_is_channel=True, bot_is_member=True, request_title=True)
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Choose", request_chat=request)]])
    await bot.send_message(ana.id, "Which channel?", reply_markup=keyboard)
    with pytest.raises(LookupError):
        fake.share_chat(ana, 7, desk)
    fake.share_chat(ana, 7, news)
    [update] = await heard(bot)
    shared = message_of(update).chat_shared
    assert shared is not None
    assert (shared.request_id, shared.chat_id, shared.title) == (7, news.id, "News")


async def test_menus_are_kept_by_scope_and_language(fake: TelegramFake, bot: Bot) -> None:
    """A narrower scope replaces a wider one, a language goes before none, and bad names are refused."""
    olu, ana = fake.world.user("Olu", language="es-MX"), fake.world.user("Ana", language="es")
    desk = fake.world.group("Desk", ana, owner=olu)
    funding, alerts = BotCommand("funding", "Funding rates"), BotCommand("alerts", "Tune alerts")
    await bot.set_my_commands([funding])
    await bot.set_my_commands([funding, funding], BotCommandScopeAllGroupChats(), "es")
    await bot.set_my_commands([funding, alerts], BotCommandScopeAllChatAdministrators())
    assert menu_for(fake.world, desk, olu) == ["funding", "alerts"]
    assert menu_for(fake.world, desk, ana) == ["funding", "funding"]
    assert menu_for(fake.world, fake.world.private(ana), ana) == ["funding"]
    assert [entry.command for entry in await bot.get_my_commands(BotCommandScopeAllGroupChats())] == []
    await bot.delete_my_commands(BotCommandScopeAllChatAdministrators())
    assert ("all_chat_administrators", "") not in fake.world.menus
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([("Open-Interest", "x")])
    with pytest.raises(BadRequest, match=r"(?i)invalid language code"):
        await bot.set_my_commands([funding], language_code="pt-br")
    await bot.set_my_short_description("Hears leverage leave", "es")
    assert fake.world.descriptions == {("setMyShortDescription", "es"): "Hears leverage leave"}
