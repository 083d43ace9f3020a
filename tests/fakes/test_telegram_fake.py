"""The Telegram fake refuses and stores what Telegram does: driven by the real client library."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from tests.fakes.telegram import TelegramFake

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

HTML = ParseMode.HTML


def keyboard(data: str = "m:60") -> InlineKeyboardMarkup:
    """One button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("Mute 1 h", callback_data=data)]])


def png(width: int = 1_200, height: int = 600, note: bytes = b"") -> bytes:
    """The beginning of a PNG, which is all that is looked at."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + note


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[TelegramFake]:
    """A Telegram in which nothing has happened."""
    async with TelegramFake() as fake:
        yield fake


@pytest_asyncio.fixture
async def bot(fake: TelegramFake, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """The bot, known to the library."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # otherwise every RetryAfter warns that its type will change
    async with Bot(fake.token, f"{fake.api}/bot", f"{fake.api}/file/bot") as bot:
        yield bot


async def test_a_message_is_stored_as_it_was_sent_and_as_it_reads(fake: TelegramFake, bot: Bot) -> None:
    """Words, entities in UTF-16 units, keyboard, reply, silence and preview arrive, and the answer has them too."""
    desk = fake.world.supergroup("Desk")
    first = await bot.send_message(desk.id, "first")
    html = '🔥 <b>BTC</b> &lt; <a href="https://example.org/a?b=1&amp;c=2">chart</a>'
    sent = await bot.send_message(
        desk.id,
        html,
        HTML,
        reply_markup=keyboard(),
        reply_parameters=ReplyParameters(first.message_id),
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    kept = desk.posts[-1]
    assert (kept.text, kept.html, kept.labels) == ("🔥 BTC < chart", html, ["Mute 1 h"])
    assert (kept.reply_to, kept.silent, kept.preview) == (first.message_id, True, {"is_disabled": True})
    assert sent.parse_entities() == {sent.entities[0]: "BTC", sent.entities[1]: "chart"}
    assert sent.entities[1].url == "https://example.org/a?b=1&c=2"
    assert sent.reply_to_message is not None
    assert sent.date.timestamp() == fake.world.date_s()


async def test_broken_markup_is_refused(fake: TelegramFake, bot: Bot) -> None:
    """A mistake in the markup names what and where, nothing is stored, and the same words go as plain text."""
    desk = fake.world.group("Desk")
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(desk.id, "price <5 $", HTML)
    # The library capitalises all texts, which turns the rest into small letters.
    assert str(refusal.value) == 'Can\'t parse entities: unsupported start tag "5" at byte offset 6'
    assert desk.posts == []
    await bot.send_message(desk.id, "price <5 $")
    assert [post.text for post in desk.posts] == ["price <5 $"]


async def test_limits_are_counted_after_parsing(fake: TelegramFake, bot: Bot) -> None:
    """Tags cost nothing, an emoji costs two, and the words of the refusal differ between sending and editing."""
    desk = fake.world.group("Desk")
    kept = await bot.send_message(desk.id, f"<b>{'x' * 4_096}</b>", HTML)
    with pytest.raises(BadRequest, match=r"(?i)message is too long"):
        await bot.send_message(desk.id, "🔥" * 2_049)
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.edit_message_text("x" * 4_097, desk.id, kept.message_id)
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(desk.id, png(), "x" * 1_025)
    await bot.send_message(desk.id, "x", reply_markup=keyboard("é" * 32))
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(desk.id, "x", reply_markup=keyboard("é" * 33))


async def test_an_edit_replaces_and_is_remembered(fake: TelegramFake, bot: Bot) -> None:
    """An edit without keyboard removes it, the same again is refused, and what stood there before is kept."""
    desk = fake.world.group("Desk")
    sent = await bot.send_message(desk.id, "<b>one</b>", HTML, reply_markup=keyboard())
    await bot.edit_message_text("<b>two</b>", desk.id, sent.message_id, parse_mode=HTML)
    [kept] = desk.posts
    assert (kept.text, kept.buttons, [before.text for _, before in kept.edits]) == ("two", [], ["one"])
    with pytest.raises(BadRequest, match=r"(?i)is not modified: specified new message content"):
        await bot.edit_message_text("<b>two</b>", desk.id, sent.message_id, parse_mode=HTML)
    await bot.edit_message_reply_markup(desk.id, sent.message_id, reply_markup=keyboard())
    assert kept.labels == ["Mute 1 h"]
    await bot.delete_message(desk.id, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)to edit not found"):
        await bot.edit_message_text("three", desk.id, sent.message_id)


async def test_a_photo_is_uploaded_once_and_sent_again_by_id(fake: TelegramFake, bot: Bot) -> None:
    """The id of an upload serves in another chat; caption and picture can be edited, its text cannot."""
    desk, news = fake.world.group("Desk"), fake.world.channel("News", username="news")
    first = await bot.send_photo(desk.id, png(), "<i>before</i>", parse_mode=HTML, reply_markup=keyboard())
    again = await bot.send_photo("@news", first.photo[-1].file_id)
    assert [(post.content.uploaded, post.content.photo) for post in (*desk.posts, *news.posts)] == [
        (True, news.posts[0].content.photo),
        (False, news.posts[0].content.photo),
    ]
    assert again.sender_chat == again.chat
    assert await (await bot.get_file(first.photo[-1].file_id)).download_as_bytearray() == png()
    await bot.edit_message_caption(desk.id, first.message_id, caption="after")
    await bot.edit_message_media(InputMediaPhoto(png(note=b"2"), "new"), desk.id, first.message_id)
    assert (desk.posts[0].text, desk.posts[0].content.photo) == ("new", list(fake.world.photos.values())[-1])
    with pytest.raises(BadRequest, match=r"(?i)no text in the message to edit"):
        await bot.edit_message_text("x", desk.id, first.message_id)
    for wrong in (first.photo[0].file_id, b"no picture", png(10_000, 1)):
        with pytest.raises(BadRequest):
            await bot.send_photo(desk.id, wrong)


async def test_a_person_a_group_and_the_whole_bot_have_their_own_pace(fake: TelegramFake, bot: Bot) -> None:
    """Three at once to a person, twenty a minute to a group with edits counted, thirty a second over all."""
    ana, desk = fake.world.private(fake.world.user("Ana")), fake.world.group("Desk")

    async def refused(chat_id: int, times: int) -> int:
        answers = await asyncio.gather(*(bot.send_message(chat_id, "x") for _ in range(times)), return_exceptions=True)
        [wait] = [answer.retry_after for answer in answers if isinstance(answer, RetryAfter)]
        assert isinstance(wait, timedelta)
        return int(wait.total_seconds())

    assert await refused(ana.id, 4) == 3
    await asyncio.sleep(10)
    sent = await bot.send_message(desk.id, "x")
    await bot.edit_message_text("y", desk.id, sent.message_id)
    assert await refused(desk.id, 19) == 60
    await asyncio.sleep(60)
    rooms = [fake.world.group(f"{number}") for number in range(31)]
    answers = await asyncio.gather(*(bot.send_message(room.id, "x") for room in rooms), return_exceptions=True)
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [RetryAfter]
    assert [call.status for call in fake.calls].count(429) == 3


async def test_an_ordered_pause_holds_one_chat_until_it_is_over(fake: TelegramFake, bot: Bot) -> None:
    """The next message is told to wait, so are those that do not, and other chats are free."""
    desk, other = fake.world.group("Desk"), fake.world.group("Other")
    fake.world.flood.pause_next(desk, 7)
    for waited_s, left in ((0, 7), (3, 4)):
        await asyncio.sleep(waited_s)
        with pytest.raises(RetryAfter, match=rf"Retry in 0:00:0{left}"):
            await bot.send_message(desk.id, "x")
        await bot.send_message(other.id, "x")
    await asyncio.sleep(4)
    await bot.send_message(desk.id, "x")
    assert len(desk.posts) == 1


async def test_a_group_that_became_a_supergroup_tells_its_new_id(fake: TelegramFake, bot: Bot) -> None:
    """Sending to the old id names the new one, and both chats say it in a service message."""
    owner = fake.world.user("Olu")
    group = fake.world.group("Desk", owner=owner)
    made = fake.migrate(group, by=owner)
    with pytest.raises(ChatMigrated) as error:
        await bot.send_message(group.id, "x")
    assert error.value.new_chat_id == made.id
    await bot.send_message(made.id, "x")
    old, new = (update.message for update in await bot.get_updates())
    assert old is not None
    assert new is not None
    assert (old.chat.id, old.migrate_to_chat_id) == (group.id, made.id)
    assert (new.chat.id, new.migrate_from_chat_id) == (made.id, group.id)


async def test_a_reply_and_a_right_can_be_missing(fake: TelegramFake, bot: Bot) -> None:
    """A reply to nothing is refused unless it may go without, and photos can be forbidden where words are not."""
    desk = fake.world.supergroup("Desk")
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(desk.id, "x", reply_parameters=ReplyParameters(99))
    await bot.send_message(desk.id, "x", reply_parameters=ReplyParameters(99, allow_sending_without_reply=True))
    assert desk.posts[0].reply_to is None
    desk.forbidden.add("photo")
    await bot.send_chat_action(desk.id, ChatAction.TYPING)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to send photos to the chat"):
        await bot.send_photo(desk.id, png())
    fake.promote(desk, fake.bot)
    await bot.send_photo(desk.id, png())


async def test_topics_can_close_and_go(fake: TelegramFake, bot: Bot) -> None:
    """A topic takes messages until it is closed or deleted; General is reached without an id and only so."""
    forum = fake.world.supergroup("Desk", forum=True)
    topic = fake.world.topic(forum, "Alerts")
    sent = await bot.send_message(forum.id, "x", message_thread_id=topic.id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.id, True)
    assert (await bot.send_message(forum.id, "x")).message_thread_id is None
    fake.close_topic(forum, topic.id)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(forum.id, "x", message_thread_id=topic.id)
    fake.promote(forum, fake.bot, "can_manage_topics")
    await bot.send_message(forum.id, "x", message_thread_id=topic.id)
    fake.delete_topic(forum, topic.id)
    for gone in (topic.id, 1):
        with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
            await bot.send_message(forum.id, "x", message_thread_id=gone)


@pytest.mark.parametrize(
    ("kind", "happens", "error", "reason"),
    [
        ("group", "kicked", Forbidden, "bot was kicked from the group chat"),
        ("supergroup", "left", Forbidden, "bot is not a member of the supergroup chat"),
        ("channel", "left", Forbidden, "bot is not a member of the channel chat"),
        ("channel", "member", BadRequest, "need administrator rights in the channel chat"),
    ],
)
async def test_a_closed_door_has_its_own_words(
    fake: TelegramFake, bot: Bot, kind: str, happens: Any, error: type[Exception], reason: str
) -> None:
    """Where the bot is not, or may not write, the refusal says which of it."""
    chat = getattr(fake.world, kind)("Desk", bot=happens)
    with pytest.raises(error, match=rf"(?i){reason}"):
        await bot.send_message(chat.id, "x")


async def test_people_can_block_and_were_perhaps_never_met(fake: TelegramFake, bot: Bot) -> None:
    """Who blocked the bot is told apart from who never started it, and writing again unblocks."""
    ana, ben = fake.world.user("Ana"), fake.world.user("Ben")
    private = fake.world.private(ana)
    fake.block(ana)
    with pytest.raises(Forbidden, match=r"(?i)bot was blocked by the user"):
        await bot.send_message(ana.id, "x")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(ben.id, "x")
    fake.say(private, ana, "/start")
    await bot.send_message(ana.id, "x")
    changes = [u.my_chat_member.new_chat_member.status for u in await bot.get_updates() if u.my_chat_member]
    assert changes == ["kicked", "member"]


async def test_a_lost_answer_leaves_the_message(fake: TelegramFake, bot: Bot) -> None:
    """A dropped connection and an answer that never comes are errors for the bot, yet the messages are there."""
    desk = fake.world.group("Desk")
    fake.faults.lose_every = 2
    await bot.send_message(desk.id, "one")
    with pytest.raises(NetworkError) as dropped:
        await bot.send_message(desk.id, "two")
    assert not isinstance(dropped.value, TimedOut)
    fake.faults.lose_every = None
    fake.faults.hang_next()
    with pytest.raises(TimedOut):
        await bot.send_message(desk.id, "three")
    assert [post.text for post in desk.posts] == ["one", "two", "three"]
    assert [call.lost for call in fake.calls if call.method == "sendMessage"] == [False, True, True]


async def test_ordered_failures_and_unknown_methods(fake: TelegramFake, bot: Bot) -> None:
    """A bad gateway stores nothing and passes, a revoked token does not, and what the fake lacks is written down."""
    desk = fake.world.group("Desk")
    fake.faults.fail_next(502, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError, match=r"(?i)Bad Gateway"):
            await bot.send_message(desk.id, "x")
    await bot.send_message(desk.id, "x")
    with pytest.raises(InvalidToken):
        await bot.send_dice(desk.id)
    assert (fake.unknown_methods, len(desk.posts)) == (["sendDice"], 1)
    fake.faults.revoked = True
    with pytest.raises(InvalidToken):
        await bot.send_message(desk.id, "x")
    assert fake.calls[-1].description == "Unauthorized"
