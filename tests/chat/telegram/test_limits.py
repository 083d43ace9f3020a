"""Pace: no 429 from a Telegram that counts as the published limits say."""

from __future__ import annotations

import asyncio

import pytest

from bot.alerts.pacing import Limit, Pacing
from bot.chat.telegram.limits import GROUP, WHOLE, chat_limit, units
from bot.errors import DeliveryError
from tests.chat.telegram.house import House, by_bot, card

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


def pacing() -> Pacing:
    """As the program paces Telegram."""
    return Pacing(Limit(*WHOLE), lambda chat: Limit(*chat_limit(chat)))


async def test_pace_meets_no_refusal(house: House) -> None:
    """Forty posts into one group and five into each of forty private chats: all arrive and none was refused."""
    world = house.fake.world
    desk = world.supergroup("Desk")
    chats = [desk] * 40 + [world.private(world.user(f"User {number}")) for number in range(40)] * 5
    pace = pacing()
    loop = asyncio.get_running_loop()
    began_s = loop.time()

    async def one(place: int) -> None:
        channel = f"telegram:{chats[place].id}"
        await asyncio.sleep(pace.take(channel, loop.time()) - loop.time())
        await house.send(house.post(card(chart=None), channel, message_id=f"{place}"))

    outcomes = await asyncio.gather(*map(one, range(len(chats))), return_exceptions=True)
    assert [outcome for outcome in outcomes if isinstance(outcome, DeliveryError)] == []
    assert [call.status for call in house.fake.calls if call.status == 429] == []
    assert len(by_bot(desk)) == 40
    assert loop.time() - began_s < 40 * GROUP.every_s + 1


def test_a_topic_has_the_pace_of_its_group() -> None:
    """Ids of topics lead to the group, those of people to the faster pace."""
    assert chat_limit("telegram:-100123/45") == chat_limit("telegram:-100123") == GROUP
    assert chat_limit("telegram:123").every_s == 1.0


def test_lengths_are_those_of_telegram() -> None:
    """Emoji count twice, as they do in UTF-16."""
    assert units("a🔥é") == 4
