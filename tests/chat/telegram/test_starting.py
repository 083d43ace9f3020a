"""First words, and channels that are set up from the private chat."""

from __future__ import annotations

import pytest

from bot.chat.telegram.hearing import line_of, payload_of
from bot.store.channels import load_channel
from tests.chat.telegram.house import House, by_bot
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.people import Status

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

AT = "@flushwatch_test_bot"


async def told(house: House, chat: Chat, count: int = 1) -> str:
    """The words of the bot's message number `count` in a chat, once it is there."""
    return (await house.told(chat, count)).text


@pytest.mark.parametrize("line", ["/start", "/start cfg", f"/START{AT}"])
async def test_a_new_acquaintance_is_told_what_this_is(house: House, line: str) -> None:
    """However the chat was opened: what the bot does, what to ask, and a key to choose a channel."""
    ana = house.fake.world.user("Ana", language="es")
    chat = house.fake.world.private(ana)
    house.fake.say(chat, ana, line)
    assert (await told(house, chat)).startswith("Observo los futuros perpetuos")
    markup = by_bot(chat)[-1].content.markup or {}
    request = markup["keyboard"][0][0]["request_chat"]
    assert (request["chat_is_channel"], request["bot_is_member"]) == (True, True)


async def test_a_group_gets_no_key_to_choose_a_channel(house: House) -> None:
    """Telegram takes such a key in private chats only."""
    ana = house.fake.world.user("Ana")
    desk = house.fake.world.supergroup("Desk", ana)
    house.fake.say(desk, ana, f"/start{AT}")
    assert "/alerts on" in await told(house, desk)
    assert by_bot(desk)[-1].content.markup is None


async def test_a_chosen_channel_hears_alerts(house: House) -> None:
    """Whoever manages a channel and chooses it in the private chat has switched it on, in their language."""
    fake = house.fake
    ana = fake.world.user("Ana", language="es")
    news = fake.world.channel("News", owner=ana)
    chat = fake.world.private(ana)
    fake.say(chat, ana, "/start")
    await told(house, chat)
    fake.share_chat(ana, 1, news)
    assert f"/alerts {news.id} show" in await told(house, chat, 2)
    kept = await house.store.run(lambda db: load_channel(db, f"telegram:{news.id}"))
    assert kept is not None
    assert (kept.name, kept.place, kept.state) == ("News", f"telegram:{news.id}", "on")
    assert house.tests == [f"telegram:{news.id}"]
    assert await house.book.language(kept.id) == "es"


@pytest.mark.parametrize("named", ["@thenews", "https://t.me/thenews", "@\u2060thenews", "id", "telegram:id"])
async def test_a_channel_can_be_named_in_many_ways(house: House, named: str) -> None:
    """By public name, by link, as copied from a message of the bot, and by id."""
    fake = house.fake
    ana = fake.world.user("Ana")
    news = fake.world.channel("News", username="thenews", owner=ana)
    chat = fake.world.private(ana)
    fake.say(chat, ana, f"/alerts on {named.replace('id', str(news.id))}")
    called = str(news.id) if "id" in named else "@\u2060thenews"
    assert await told(house, chat) == (
        "Alerts are on in News\nFrom FLUSH on for BTC ETH. A test message is on its way.\n"
        f"/alerts {called} show has every setting, /alerts {called} status tells whether posts arrive."
    )


async def test_a_chosen_channel_is_called_by_its_public_name(house: House) -> None:
    """Where a channel has one, nobody has to type a number."""
    fake = house.fake
    ana = fake.world.user("Ana")
    news = fake.world.channel("News", username="thenews", owner=ana)
    chat = fake.world.private(ana)
    fake.say(chat, ana, "/start")
    await told(house, chat)
    fake.share_chat(ana, 1, news)
    assert "/alerts @\u2060thenews show" in await told(house, chat, 2)


async def test_a_stranger_cannot_switch_a_channel(house: House) -> None:
    """Who is no administrator there is refused, and does not learn how a private channel is called."""
    fake = house.fake
    ana = fake.world.user("Ana")
    secret = fake.world.channel("Secret", owner=fake.world.user("Olga"))
    chat = fake.world.private(ana)
    fake.say(chat, ana, f"/alerts on {secret.id}")
    words = await told(house, chat)
    assert words.startswith("Only people who can manage")
    assert "Secret" not in words
    assert house.tests == []


@pytest.mark.parametrize("named", ["@nobody", "news", "-100999", "1e3", "telegram:-1/2/3", "@everyone"])
async def test_a_channel_that_is_not_known_is_told_so(house: House, named: str) -> None:
    """What cannot be found, or is no name of a channel, is answered with what to do, and pings nobody."""
    ana = house.fake.world.user("Ana")
    chat = house.fake.world.private(ana)
    house.fake.say(chat, ana, f"/alerts on {named}")
    words = await told(house, chat)
    assert words.startswith("I can't see a channel")
    assert not [part for part in words.split('"') if part.startswith("@") and part[1] != "\u2060"]


@pytest.mark.parametrize("bot", ["left", "member", "kicked"])
async def test_a_channel_without_the_bot_is_no_refusal(house: House, bot: Status) -> None:
    """Its owner, whom Telegram does not list for an outsider, is told to add the bot, and not that the right lacks."""
    fake = house.fake
    ana = fake.world.user("Ana")
    news = fake.world.channel("News", username="thenews", owner=ana, bot=bot)
    chat = fake.world.private(ana)
    fake.say(chat, ana, "/alerts on @thenews")
    assert await told(house, chat) == ('I can\'t see a channel "@\u2060thenews". Add me there first, then ask again.')
    fake.world.set_member(news, fake.bot, "administrator")
    fake.say(chat, ana, "/alerts on @thenews")
    assert (await told(house, chat, 2)).startswith("Alerts are on in News")


async def test_a_silent_telegram_is_no_refusal(house: House) -> None:
    """When Telegram fails while a channel is looked up, its owner is asked to try again."""
    fake = house.fake
    ana = fake.world.user("Ana")
    news = fake.world.channel("News", owner=ana)
    chat = fake.world.private(ana)
    fake.faults.fail_next(502, method="getChatAdministrators")
    fake.say(chat, ana, f"/alerts on {news.id}")
    assert (await told(house, chat)).startswith("I am not connected right now.")


async def test_the_private_chat_of_somebody_else_is_nobodys_business(house: House) -> None:
    """An id of a person cannot be switched by another one."""
    ana, ben = house.fake.world.user("Ana"), house.fake.world.user("Ben")
    chat = house.fake.world.private(ana)
    house.fake.world.private(ben)
    house.fake.say(chat, ana, f"/alerts off {ben.id}")
    assert (await told(house, chat)).startswith("Only people who can manage")


async def test_what_is_missing_in_a_channel_is_named(house: House) -> None:
    """Without the right to post nothing is switched on, and the right is named."""
    fake = house.fake
    ana = fake.world.user("Ana")
    news = fake.world.channel("News", owner=ana)
    fake.world.set_member(news, fake.bot, "administrator", "can_edit_messages")
    chat = fake.world.private(ana)
    fake.say(chat, ana, f"/alerts on {news.id}")
    assert await told(house, chat) == "I can't post in News: I need Post Messages there."
    assert await house.book.places("telegram") == []


async def test_a_link_can_ask_and_never_change(house: House) -> None:
    """A link that starts the bot may come from anybody: one that carries an order only says who the bot is."""
    ana = house.fake.world.user("Ana")
    chat = house.fake.world.private(ana)
    house.fake.say(chat, ana, f"/start {payload_of('/alerts on')}")
    assert (await told(house, chat)).startswith("I watch crypto perpetual futures")
    assert house.tests == []


@pytest.mark.parametrize("payload", ["", "cfg", "%%%", "_" * 64, payload_of("funding BTC")])
def test_a_payload_of_somebody_else_is_none_of_ours(payload: str) -> None:
    """Only what was made here is read as a question."""
    assert line_of(payload) is None


def test_payloads_keep_the_alphabet_of_telegram() -> None:
    """A question survives the way through a link, and one that is too long for it is not made into one."""
    line = "/flush why 2026-03-05-DOGE-1"
    payload = payload_of(line)
    assert payload is not None
    assert payload.replace("_", "").replace("-", "").isalnum()
    assert line_of(payload) == line
    assert payload_of("/" + "x" * 48) is None
