"""Charts on their way: each is uploaded once, stands above its words, and is what it is taken for."""

from __future__ import annotations

import asyncio

import pytest

from bot.message import Button
from tests.chat.telegram.house import House, by_bot, card, chart, said
from tests.chat.telegram.posting import post, send

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_a_chart_is_uploaded_once_for_all_chats(house: House) -> None:
    """Twenty chats at once get the same file, of which one upload was made."""
    desks = [house.fake.world.supergroup(f"Desk {number}") for number in range(20)]
    await asyncio.gather(*(send(house, desk, card()) for desk in desks))
    contents = [by_bot(desk)[0].content for desk in desks]
    assert sum(content.uploaded for content in contents) == 1
    assert len({content.photo.file_id for content in contents if content.photo}) == 1
    assert house.pencil.drawn == 1


async def test_a_language_and_theme_have_charts_of_their_own(house: House) -> None:
    """Words stand in a chart, so each language and theme is another file."""
    desk = house.fake.world.supergroup("Desk")
    await send(house, desk, card())
    await send(house, desk, card(), language="es")
    await send(house, desk, card(), theme="light")
    assert [entry.content.uploaded for entry in by_bot(desk)] == [True, True, True]


async def test_a_file_is_known_after_a_restart(house: House) -> None:
    """Another process posts the same card by the file that Telegram has, without drawing it."""
    desk = house.fake.world.supergroup("Desk")
    await send(house, desk, card())
    later = House(house.fake, house.store)
    await later.chat.start()
    await send(later, desk, card())
    await later.chat.stop()
    assert [entry.content.uploaded for entry in by_bot(desk)] == [True, False]
    assert later.pencil.drawn == 0


async def test_a_file_that_telegram_forgot_is_uploaded_again(house: House) -> None:
    """A refused file id costs one request more, and the new id is kept."""
    desk = house.fake.world.supergroup("Desk")
    await send(house, desk, card())
    house.fake.world.photos.clear()
    await send(house, desk, card())
    await send(house, desk, card())
    assert [entry.content.uploaded for entry in by_bot(desk)] == [True, True, False]


async def test_a_chart_that_cannot_be_drawn_is_left_out(house: House) -> None:
    """The words go out alone, and an edit brings the chart once it can be drawn."""
    desk = house.fake.world.supergroup("Desk")
    house.pencil.broken = True
    number = await send(house, desk, card())
    house.pencil.broken = False
    assert by_bot(desk)[0].content.photo is None
    await house.edit(post(house, desk, card("beta"), revision=2), number)
    assert by_bot(desk)[0].content.photo is not None


async def test_an_edit_of_words_leaves_the_chart(house: House) -> None:
    """Only the caption is sent when the chart is the same, and the keys are sent with it, or they would go."""
    desk = house.fake.world.supergroup("Desk")
    keys = (Button(said("Why"), "/flush why"),)
    number = await send(house, desk, card(buttons=keys))
    await house.edit(post(house, desk, card("beta", buttons=keys), revision=2), number)
    [kept] = by_bot(desk)
    assert "beta" in kept.text
    assert kept.buttons[0][0]["callback_data"] == "do:/flush why"
    assert [call.method for call in house.fake.calls if call.method.startswith("edit")] == ["editMessageCaption"]


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_edit_brings_a_new_chart(house: House, restarted: bool) -> None:
    """Another chart takes the place of the old one; after a restart too, when nobody knows which one stands there."""
    desk = house.fake.world.supergroup("Desk")
    number = await send(house, desk, card())
    speaker = House(house.fake, house.store) if restarted else house
    await speaker.chat.start()
    await speaker.edit(post(speaker, desk, card("beta", chart=chart("new")), revision=2), number)
    [kept] = by_bot(desk)
    assert kept.content.photo is not None
    assert b"new" in kept.content.photo.data
    if restarted:
        await speaker.chat.stop()


async def test_a_post_without_chart_is_text(house: House) -> None:
    """No preview of links, and silent when it should be."""
    desk = house.fake.world.supergroup("Desk")
    await send(house, desk, silent=True)
    [kept] = by_bot(desk)
    assert (kept.content.photo, kept.silent, kept.preview) == (None, True, {"is_disabled": True})


async def test_a_card_that_loses_its_chart_keeps_its_words(house: House) -> None:
    """A revision without a chart edits the words under the old one."""
    desk = house.fake.world.supergroup("Desk")
    number = await send(house, desk, card())
    await house.edit(post(house, desk, card("beta", chart=None), revision=2), number)
    assert "beta" in by_bot(desk)[0].text


async def test_a_chart_that_could_not_be_drawn_is_made_up_for(house: House) -> None:
    """An edit whose new chart fails leaves the old one, and the next edit with the same new chart brings it."""
    desk = house.fake.world.supergroup("Desk")
    number = await send(house, desk, card())
    house.pencil.broken = True
    await house.edit(post(house, desk, card("beta", chart=chart("new")), revision=2), number)
    house.pencil.broken = False
    [kept] = by_bot(desk)
    assert "beta" in kept.text
    await house.edit(post(house, desk, card("gamma", chart=chart("new")), revision=3), number)
    assert kept.content.photo is not None
    assert b"new" in kept.content.photo.data
