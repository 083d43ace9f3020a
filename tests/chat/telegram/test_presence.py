"""Comings and goings of the bot are kept with its channels."""

from __future__ import annotations

import asyncio
import inspect
from functools import partial

import pytest
from telegram import ChatMember, ChatMemberRestricted, ChatPermissions

from bot.alerts.subscription import subscribe
from bot.chat.telegram.spots import may_post, missing_in_group
from bot.message import Spot
from bot.store.channels import load_channel
from tests.chat.telegram.house import House, by_bot
from tests.commands.market import NOW_MS
from tests.fakes.telegram.chats import Chat

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

AT = "@flushwatch_test_bot"


async def listening(house: House, chat: Chat, *topics: int) -> None:
    """Let a chat hear alerts, and topics of it."""
    place = f"telegram:{chat.id}"
    for channel in (place, *(f"{place}/{topic}" for topic in topics)):
        spot = Spot(channel, chat.title, place)
        await house.store.run(partial(subscribe, spot=spot, language="en", now_ms=NOW_MS))


async def state(house: House, channel: str) -> tuple[str, str] | None:
    """How a channel stands, and why."""
    row = await house.store.run(lambda db: load_channel(db, channel))
    return (row.state, row.reason) if row else None


async def becomes(house: House, chat: Chat, expected: tuple[str, str]) -> None:
    """Another chat was answered since, so what happened to this one was taken in; it stands as expected."""
    person = house.fake.world.user(f"Witness {len(house.fake.world.users)}")
    other = house.fake.world.private(person)
    house.fake.say(other, person, "/oi BTC")
    await house.fake.until(lambda: by_bot(other))
    assert await state(house, f"telegram:{chat.id}") == expected


async def test_a_group_throws_it_out_and_takes_it_back(house: House) -> None:
    """All channels of the group are suspended with the reason, topics too, and hear again when it is back."""
    fake = house.fake
    forum = fake.world.supergroup("Forum", owner=fake.world.user("Olga"), forum=True)
    await listening(house, forum, 7)
    fake.leave(forum, fake.bot, kicked_by=fake.world.user("Olga"))
    await becomes(house, forum, ("suspended", "removed"))
    assert await state(house, f"telegram:{forum.id}/7") == ("suspended", "removed")
    fake.join(forum, fake.bot)
    await becomes(house, forum, ("on", ""))
    assert await state(house, f"telegram:{forum.id}/7") == ("on", "")


async def test_a_person_blocks_it_and_takes_it_back(house: House) -> None:
    """A private chat that blocks the bot is suspended as blocked; writing to it again ends that."""
    fake = house.fake
    ana = fake.world.user("Ana")
    chat = fake.world.private(ana)
    await listening(house, chat)
    fake.block(ana)
    await becomes(house, chat, ("suspended", "blocked"))
    fake.say(chat, ana, "/oi BTC")
    await becomes(house, chat, ("on", ""))


async def test_a_channel_takes_a_right_away(house: House) -> None:
    """A channel in which the bot may not post any more is suspended for that, until it may again."""
    fake = house.fake
    news = fake.world.channel("News")
    await listening(house, news)
    fake.promote(news, fake.bot, "can_edit_messages")
    await becomes(house, news, ("suspended", "rights"))
    fake.promote(news, fake.bot, "can_post_messages")
    await becomes(house, news, ("on", ""))


async def test_a_group_becomes_a_supergroup(house: House) -> None:
    """Everything kept about the group goes with it, and it hears alerts under its new id."""
    fake = house.fake
    ana = fake.world.user("Ana")
    group = fake.world.group("Desk", owner=ana)
    await listening(house, group)
    made = fake.migrate(group, by=ana)
    fake.leave(group, fake.bot)
    await becomes(house, made, ("on", ""))
    assert await state(house, f"telegram:{group.id}") is None


async def test_a_new_administrator_may_give_orders_at_once(house: House) -> None:
    """Where Telegram tells of changes the list of administrators is never older than the last one."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana, owner=fake.world.user("Olga"), bot="administrator")
    for count, change in enumerate((None, fake.promote, fake.demote), start=1):
        if change:
            change(desk, ana)
        fake.say(desk, ana, "/alerts log")
        await house.told(desk, count)
    refused = [post.text.startswith("Only people who can manage") for post in by_bot(desk)]
    assert refused == [True, False, True]


async def test_a_list_that_changes_while_it_is_told_is_asked_for_anew(house: House) -> None:
    """Who is made an ordinary member while the list of administrators is on its way gives no order, then or later."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana, owner=fake.world.user("Olga"), bot="administrator")
    fake.promote(desk, ana)
    fake.faults.delay_s["getChatAdministrators"] = 5.0
    fake.say(desk, ana, "/alerts log")
    await fake.until(lambda: [call.status for call in fake.calls if call.method == "getChatAdministrators"] == [200])
    fake.demote(desk, ana)
    assert (await house.told(desk)).text.startswith("Only people who can manage")
    fake.say(desk, ana, "/alerts log")
    assert (await house.told(desk, 2)).text.startswith("Only people who can manage")
    assert [call.method for call in fake.calls].count("getChatAdministrators") == 2


async def test_where_telegram_tells_nothing_the_list_gets_old(house: House) -> None:
    """Five minutes after it was asked for, the list of administrators is asked for anew."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", ana, owner=fake.world.user("Olga"))
    fake.say(desk, ana, f"/alerts{AT} log")
    await fake.until(lambda: len(by_bot(desk)) == 1)
    fake.promote(desk, ana)
    await asyncio.sleep(301)
    fake.say(desk, ana, f"/alerts{AT} log")
    await fake.until(lambda: len(by_bot(desk)) == 2)
    assert by_bot(desk)[-1].text.startswith("Changes in this channel")


_RESTRICTIONS = [name for name in inspect.signature(ChatMemberRestricted).parameters if name.startswith("can_")]


def own(status: str, **rights: bool) -> ChatMember:
    """The bot as a member of a group."""
    body = dict.fromkeys(_RESTRICTIONS, True) | {"user": {"id": 1, "is_bot": True, "first_name": "bot"}}
    return ChatMember.de_json(body | {"status": status, "is_member": True, "until_date": 0} | rights)


@pytest.mark.parametrize(
    ("member", "usual", "missing", "posts"),
    [
        (own("member"), ChatPermissions.all_permissions(), [], True),
        (own("member"), ChatPermissions.no_permissions(), ["right-send-text", "right-send-photos"], True),
        (own("member"), ChatPermissions(can_send_messages=True), [], True),
        (own("restricted", can_send_photos=False), ChatPermissions.all_permissions(), ["right-send-photos"], True),
        (own("restricted", can_send_messages=False), None, ["right-send-text"], False),
        (own("restricted", is_member=False), None, ["right-member"], False),
        (own("left"), ChatPermissions.all_permissions(), ["right-member"], False),
        (own("kicked"), ChatPermissions.all_permissions(), ["right-member"], False),
    ],
)
def test_rights_in_a_group_follow_from_what_the_bot_is(
    member: ChatMember, usual: ChatPermissions | None, missing: list[str], posts: bool
) -> None:
    """As ordinary member it may what the group allows all; restricted, what it was left; outside, nothing."""
    assert missing_in_group(member, usual) == missing
    assert may_post(member, "supergroup") == posts


async def test_what_a_group_forbids_is_named(house: House) -> None:
    """A group in which nobody may send photos says so before alerts are switched on."""
    fake = house.fake
    ana = fake.world.user("Ana", language="es")
    desk = fake.world.supergroup("Desk", owner=ana)
    desk.forbidden.add("photo")
    fake.say(desk, ana, f"/alerts{AT} on")
    await fake.until(lambda: by_bot(desk))
    assert await house.book.places("telegram") == []
    assert by_bot(desk)[-1].text == "No puedo publicar en Desk: allí necesito enviar fotos."
