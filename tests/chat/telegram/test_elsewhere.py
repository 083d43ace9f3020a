"""A channel that is worked from the private chat of its administrator."""

from __future__ import annotations

import asyncio

import pytest

from bot.alerts.settings import SETTINGS, ChannelSettings, settings_of
from bot.chat.telegram.limits import CALLBACK_BYTES
from bot.chat.wording import LANGUAGES
from bot.store.channels import load_channel
from tests.chat.telegram.house import House, by_bot
from tests.fakes.telegram.chats import Chat, Message
from tests.fakes.telegram.people import User
from tests.fakes.telegram.world import Click

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


def rooms(house: House, *, language: str = "en") -> tuple[User, Chat, Chat]:
    """Ana, the channel that she owns, and her chat with the bot."""
    ana = house.fake.world.user("Ana", language=language)
    news = house.fake.world.channel("News", username="thenews", owner=ana)
    return ana, news, house.fake.world.private(ana)


async def ask(house: House, chat: Chat, user: User, line: str) -> Message:
    """Say something in a chat; the answer."""
    count = len(by_bot(chat)) + 1
    house.fake.say(chat, user, line)
    return await house.told(chat, count)


async def kept(house: House, chat: Chat) -> ChannelSettings:
    """The settings of a chat."""
    return settings_of(await house.store.run(lambda db: load_channel(db, f"telegram:{chat.id}")))


def data(message: Message) -> list[str]:
    """What the keys of a message carry."""
    return [key["callback_data"] for row in message.buttons for key in row]


async def press(house: House, message: Message, label: str, user: User) -> Click:
    """Press a key and wait until it is answered."""
    click = house.fake.click(message, label, user)
    await house.fake.until(lambda: click.answer is not None)
    return click


@pytest.mark.parametrize("named", ["@thenews", "https://t.me/thenews", "@\u2060thenews", "id", "telegram:id"])
async def test_a_setting_is_changed_from_afar(house: House, named: str) -> None:
    """The channel stands before the verb in any form; it is changed, and the private chat is not."""
    ana, news, chat = rooms(house)
    answer = await ask(house, chat, ana, f"/alerts {named.replace('id', str(news.id))} set card off")
    assert answer.text.startswith("News · card: on → off")
    assert ((await kept(house, news)).card, (await kept(house, chat)).card) == ("off", "on")
    assert by_bot(news) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("show", "News · What this channel hears"),
        ("coins BTC ETH SOL", "News · coins: BTC and ETH → BTC, ETH and SOL"),
        ("language es", "News · language: en → es"),
        ("mute 1h", "News · mute: not muted → until"),
        ("log", "News · Changes in this channel"),
        ("test", "News · A test message is on its way"),
        ("status", "News: alerts off"),
        ("on", "Alerts are on in News"),
        ("off", "Alerts were off in News already"),
    ],
)
async def test_every_verb_reaches_the_channel(house: House, line: str, told: str) -> None:
    """Each answer says once which channel it is about, and names no command that would act on another one."""
    ana, news, chat = rooms(house)
    answer = await ask(house, chat, ana, f"/alerts @thenews {line}")
    assert answer.text.startswith(told)
    assert answer.text.count("/alerts") == answer.text.count("/alerts @\u2060thenews")
    assert house.tests == ([f"telegram:{news.id}"] if line in {"on", "test"} else [])
    assert data(answer) != []
    assert all(f"/alerts {news.id} " in key for key in data(answer))


async def test_the_panel_of_a_channel_is_worked_in_private(house: House) -> None:
    """From the answer that switched it on to the panel, a setting, a choice and back, always about the channel."""
    ana, news, chat = rooms(house)
    on = await ask(house, chat, ana, "/alerts on @thenews")
    await press(house, on, "All settings", ana)
    panel = await house.told(chat, 2)
    steps = [("smallest_band: flush", "✓ flush"), ("severe", "✓ severe"), ("All settings", "smallest_band: severe")]
    for count, (label, expected) in enumerate(steps, start=1):
        await press(house, panel, label, ana)
        await house.fake.until(lambda count=count: len(panel.edits) == count)  # type: ignore[misc]  # a default binds it
        assert expected in panel.labels
        assert panel.text.startswith("News · ")
    assert (await kept(house, news)).smallest_band == "severe"
    assert (await kept(house, chat)).smallest_band == "flush"


async def test_rights_are_checked_at_each_press(house: House) -> None:
    """Who was an administrator when the panel came and is none any more changes nothing with it."""
    fake = house.fake
    olga, ana = fake.world.user("Olga"), fake.world.user("Ana")
    news = fake.world.channel("News", username="thenews", owner=olga)
    fake.world.set_member(news, ana, "administrator")
    chat = fake.world.private(ana)
    panel = await ask(house, chat, ana, "/alerts @thenews set card")
    fake.demote(news, ana, by=olga)
    click = await press(house, panel, "off", ana)
    assert "Only people who can manage" in (click.answer or {})["text"]
    assert (await kept(house, news)).card == "on"


async def test_a_channel_that_is_lost_is_not_changed(house: House) -> None:
    """After the bot was thrown out a key of its panel says what to do."""
    ana, news, chat = rooms(house)
    panel = await ask(house, chat, ana, "/alerts @thenews set card")
    house.fake.leave(news, house.fake.bot, kicked_by=ana)
    click = await press(house, panel, "off", ana)
    assert "Add me there first" in (click.answer or {})["text"]


@pytest.mark.parametrize("line", ["show", "set card off", "mute 1h", "log", "test", "status", "on"])
async def test_strangers_work_no_channel(house: House, line: str) -> None:
    """Who is no administrator there is refused whatever is asked, and nothing is posted or kept."""
    ana, ben = house.fake.world.user("Ana"), house.fake.world.user("Ben")
    news = house.fake.world.channel("Secret", owner=ben)
    answer = await ask(house, house.fake.world.private(ana), ana, f"/alerts {news.id} {line}")
    assert answer.text.startswith("Only people who can manage")
    assert "Secret" not in answer.text
    assert house.tests == []
    assert await house.book.places("telegram") == []


async def test_a_group_works_no_other_channel(house: House) -> None:
    """In a group everybody would read along: there a second word is a verb, in a message as in a key."""
    ana, news, _ = rooms(house)
    desk = house.fake.world.supergroup("Desk", owner=ana)
    answer = await ask(house, desk, ana, f"/alerts@flushwatch_test_bot {news.id} set card off")
    assert answer.text.startswith(f"I don't know /alerts {news.id}.")
    panel = await ask(house, desk, ana, "/alerts@flushwatch_test_bot set card")
    panel.buttons[0][0]["callback_data"] = f"ed:/alerts {news.id} set card off"
    click = await press(house, panel, f"ed:/alerts {news.id} set card off", ana)
    assert (click.answer or {})["text"].startswith("This button is from an older version")
    assert (await kept(house, news)).card == "on"


async def test_too_many_are_refused_before_telegram_is_asked(house: House) -> None:
    """A person's allowance holds for channels too, so that nobody makes the bot ask Telegram without end."""
    ana, _, chat = rooms(house)
    for _ in range(12):
        answer = await ask(house, chat, ana, "/alerts @nobody show")
    assert answer.text.startswith("That was many commands at once.")
    assert [call.method for call in house.fake.calls].count("getChat") == 10


async def test_the_longest_key_fits(house: House) -> None:
    """Every choice of every setting of a topic with the longest ids that Telegram gives has its key."""
    ana = house.fake.world.user("Ana")
    forum = house.fake.world.supergroup("Desk", owner=ana, forum=True)
    assert len(str(forum.id)) == len("-1001234567890")
    chat = house.fake.world.private(ana)
    choices = {key: LANGUAGES if key == "language" else setting.choices for key, setting in SETTINGS.items()}
    panel = await ask(house, chat, ana, f"/alerts {forum.id}/{2**31 - 1} show")
    assert len(data(panel)) == len([known for known in choices.values() if known]) + 1  # and that of the presets
    for key, known in choices.items():
        await asyncio.sleep(3)
        answer = await ask(house, chat, ana, f"/alerts {forum.id}/{2**31 - 1} set {key}")
        assert len(data(answer)) == len(known) + 1
        assert all(len(each.encode()) <= CALLBACK_BYTES for each in data(answer))
