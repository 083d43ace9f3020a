"""Keys under messages: what becomes of a press, who sees it, and that rights are checked again."""

from __future__ import annotations

import asyncio

import pytest

from bot.alerts.settings import settings_of
from bot.message import Button
from bot.store.channels import load_channel
from commands import ALL
from tests.chat.telegram.house import House, by_bot, card, said
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.chats import Message as Posted
from tests.fakes.telegram.people import User
from tests.fakes.telegram.world import Click

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

AT = "@flushwatch_test_bot"


async def posted(house: House, chat: Chat, *commands: str) -> Posted:
    """A card with a button for each command, in a chat."""
    buttons = tuple(Button(said(line), line) for line in commands)
    await house.send(house.post(card(buttons=buttons, chart=None), f"telegram:{chat.id}"))
    return by_bot(chat)[-1]


async def press(house: House, message: Posted, line: str, user: User) -> dict[str, str]:
    """Press the key of a command; how Telegram was answered."""
    return await answered(house, house.fake.click(message, f"do:{line}", user))


async def answered(house: House, click: Click) -> dict[str, str]:
    """How a press was answered, once it is."""
    await house.fake.until(lambda: click.answer is not None)
    assert click.answer is not None
    return click.answer


async def changed(house: House, message: Posted, count: int) -> None:
    """Wait until a message was edited `count` times."""
    await house.fake.until(lambda: len(message.edits) == count)


async def panel(house: House, chat: Chat, user: User) -> Posted:
    """The settings of a chat, as its administrator sees them."""
    house.fake.say(chat, user, f"/alerts{AT} show")
    return await house.told(chat)


async def test_a_button_is_answered_with_a_message(house: House) -> None:
    """In a group the answer is a reply to the card, in its topic, and the press is acknowledged without words."""
    fake = house.fake
    await house.flush()
    ana = fake.world.user("Ana")
    forum = fake.world.supergroup("Forum", ana, forum=True)
    topic = fake.world.topic(forum, "Alerts")
    message = card(buttons=(Button(said("why"), "/flush why 2026-01-19-BTC-1"),))
    await house.send(house.post(message, f"telegram:{forum.id}/{topic.id}"))
    posted_card = by_bot(forum)[-1]
    assert await press(house, posted_card, "/flush why 2026-01-19-BTC-1", ana) == {}
    await fake.until(lambda: len(by_bot(forum)) == 2)
    answer = by_bot(forum)[-1]
    assert answer.text.startswith("BTC 62.2 = 100")
    assert (answer.reply_to, answer.thread_id) == (posted_card.id, topic.id)


async def test_a_refusal_is_seen_by_its_asker_alone(house: House) -> None:
    """What cannot be done is a window in the asker's app and language, and nothing in the group."""
    fake = house.fake
    ana = fake.world.user("Ana", language="es")
    desk = fake.world.supergroup("Desk", ana)
    answer = await press(house, await posted(house, desk, "/funding BTV"), "/funding BTV", ana)
    assert answer["text"].startswith("No conozco «BTV»") or "BTV" in answer["text"]
    assert answer["show_alert"] == "true"
    assert len(by_bot(desk)) == 1


async def test_a_short_private_answer_is_a_window(house: House) -> None:
    """An administrator who mutes the channel from a card is told alone."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", owner=ana)
    answer = await press(house, await posted(house, desk, "/alerts mute 1h"), "/alerts mute 1h", ana)
    assert answer["text"].startswith("mute: not muted → until 19 January 2026, 01:40 UTC")
    assert len(by_bot(desk)) == 1


async def test_a_menu_changes_in_place(house: House) -> None:
    """From the panel to one setting, to a choice, and back: always the same message, with a mark at what is chosen."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", owner=ana)
    shown = await panel(house, desk, ana)
    for step, (label, expected) in enumerate(
        [
            ("smallest_band: flush", "✓ flush"),
            ("severe", "✓ severe"),
            ("All settings", "smallest_band: severe"),
        ],
        start=1,
    ):
        fake.click(shown, label, ana)
        await changed(house, shown, step)
        assert expected in shown.labels
    kept = await house.store.run(lambda db: load_channel(db, f"telegram:{desk.id}"))
    assert settings_of(kept).smallest_band == "severe"
    assert len(by_bot(desk)) == 1


async def test_a_panel_listens_to_administrators_only(house: House) -> None:
    """A member who presses a key of an administrator's panel is refused alone, and nothing changes."""
    fake = house.fake
    ana, ben = fake.world.user("Ana"), fake.world.user("Ben")
    desk = fake.world.supergroup("Desk", ben, owner=ana)
    shown = await panel(house, desk, ana)
    click = fake.click(shown, "card: on", ben)
    assert (await answered(house, click))["text"].startswith("Only people who can manage this channel")
    assert shown.edits == []


@pytest.mark.parametrize("name", [command.name for command in ALL if command.admin])
async def test_no_member_gives_orders(house: House, name: str) -> None:
    """Each command for administrators is refused to a member: as text, by a key of either kind, and in a channel."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana, owner=fake.world.user("Olga"))
    news = fake.world.channel("News", owner=fake.world.user("Nina"))
    arguments = {"set": " card off", "coins": " BTC", "language": " es", "mute": " 1h", "target": " 5"}
    line = f"/{name}{arguments.get(name.partition(' ')[2], '')}"
    refusal = "Only people who can manage this channel may change alerts."
    fake.say(desk, ana, line.replace("/alerts", f"/alerts{AT}"))
    await fake.until(lambda: by_bot(desk))
    assert by_bot(desk)[-1].text.startswith(refusal)
    for chat in (desk, news):
        answer = await press(house, await posted(house, chat, line), line, ana)
        assert answer["text"].startswith(refusal)
        click = fake.click(_with_key(by_bot(chat)[-1], f"ed:{line}"), f"ed:{line}", ana)
        assert (await answered(house, click))["text"].startswith(refusal)
    assert house.tests == []
    assert await house.book.places("telegram") == []


def _with_key(message: Posted, data: str) -> Posted:
    """A message whose first key has other data, as a foreign app could send it."""
    message.buttons[0][0]["callback_data"] = data
    return message


@pytest.mark.parametrize("data", ["do:/removed BTC", "mute:60", "do:", "ed:/alerts shout"])
async def test_a_key_of_an_older_version_says_so(house: House, data: str) -> None:
    """What a key asks for may not exist any more: the person is told to type, and the log stays quiet."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana)
    click = fake.click(_with_key(await posted(house, desk, "/oi BTC"), data), data, ana)
    assert (await answered(house, click))["text"].startswith("This button is from an older version")


async def test_a_reader_of_a_channel_is_led_to_the_private_chat(house: House) -> None:
    """Readers cannot make the bot post into a channel: a long answer waits behind a link that asks it in private."""
    fake = house.fake
    await house.flush()
    ana = fake.world.user("Ana")
    news = fake.world.channel("News")
    answer = await press(house, await posted(house, news, "/flush why"), "/flush why", ana)
    link, _, payload = answer["url"].partition("?start=")
    assert link == "https://t.me/flushwatch_test_bot"
    assert len(by_bot(news)) == 1
    chat = fake.world.private(ana)
    fake.say(chat, ana, f"/start {payload}")
    await fake.until(lambda: by_bot(chat))
    assert by_bot(chat)[-1].text.startswith("BTC 62.2 = 100")


async def test_an_administrator_of_a_channel_mutes_it_from_a_card(house: House) -> None:
    """Whoever may post there may change what is posted, and the channel's readers see nothing of it."""
    fake = house.fake
    nina = fake.world.user("Nina")
    news = fake.world.channel("News", owner=nina)
    answer = await press(house, await posted(house, news, "/alerts mute 1h"), "/alerts mute 1h", nina)
    assert answer["text"].startswith("mute: not muted → until")
    kept = await house.store.run(lambda db: load_channel(db, f"telegram:{news.id}"))
    assert settings_of(kept).muted_until_ms is not None
    assert len(by_bot(news)) == 1


async def test_a_short_answer_is_a_window_for_readers_of_a_channel(house: House) -> None:
    """Nobody is led away for two lines."""
    fake = house.fake
    ana = fake.world.user("Ana")
    news = fake.world.channel("News")
    answer = await press(house, await posted(house, news, "/oi ETH"), "/oi ETH", ana)
    assert answer["text"].startswith("ETH open interest")
    assert len(by_bot(news)) == 1


async def test_a_key_works_after_a_restart(house: House) -> None:
    """A process that never saw the card answers its keys."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana)
    shown = await posted(house, desk, "/oi BTC")
    later = House(fake, house.store)
    await house.close()
    async with later.open():
        assert await press(later, shown, "/oi BTC", ana) == {}
        await fake.until(lambda: len(by_bot(desk)) == 2)


async def test_a_press_that_came_too_late_is_still_carried_out(house: House) -> None:
    """When Telegram takes no answer to the press any more, the answer is posted all the same."""
    fake = house.fake
    ana = fake.world.user("Ana")
    chat = fake.world.private(ana)
    shown = await posted(house, chat, "/oi BTC")
    await house.close()
    click = fake.click(shown, "do:/oi BTC", ana)
    await asyncio.sleep(60)
    async with house.open():
        await fake.until(lambda: len(by_bot(chat)) == 2)
    assert click.answer is None


async def test_buttons_of_a_message_ask_anew(house: House) -> None:
    """A press is one more question: too many of them are refused like too many commands."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana)
    shown = await posted(house, desk, "/funding BTV")
    told = [(await press(house, shown, "/funding BTV", ana))["text"] for _ in range(11)]
    assert "BTV" in told[0]
    assert told[-1].startswith("That was many commands at once.")


async def test_a_message_whose_words_telegram_forgot_can_still_be_pressed(house: House) -> None:
    """Of an old message only the chat and its number come with a press; that is enough to answer it."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana)
    shown = await posted(house, desk, "/oi BTC")
    fake.click(shown, "do:/oi BTC", ana, forgotten=True)
    await fake.until(lambda: len(by_bot(desk)) == 2)
    assert by_bot(desk)[-1].reply_to == shown.id


@pytest.mark.parametrize("data", ["ed:/alerts set card off", "do:/alerts mute 1h", "do:/alerts"])
async def test_an_order_of_a_forgotten_message_changes_nothing_in_a_group(house: House, data: str) -> None:
    """It may have stood in a topic, which nobody can tell any more: an administrator is asked to type the command."""
    fake = house.fake
    ana = fake.world.user("Ana")
    forum = fake.world.supergroup("Forum", owner=ana, forum=True)
    shown = await posted(house, forum, "/oi BTC")
    click = fake.click(_with_key(shown, data), data, ana, forgotten=True)
    assert (await answered(house, click))["text"].startswith("This button is from an older version")
    assert await house.store.run(lambda db: load_channel(db, f"telegram:{forum.id}")) is None
    assert len(by_bot(forum)) == 1


async def test_an_order_of_a_forgotten_message_works_in_private(house: House) -> None:
    """A private chat has no topics, so there is no doubt about what is meant."""
    fake = house.fake
    ana = fake.world.user("Ana")
    chat = fake.world.private(ana)
    fake.click(await posted(house, chat, "/alerts mute 1h"), "do:/alerts mute 1h", ana, forgotten=True)
    await house.told(chat, 2)
    kept = await house.store.run(lambda db: load_channel(db, f"telegram:{ana.id}"))
    assert settings_of(kept).muted_until_ms is not None
