"""Menus and profile: what apps show before anybody asks, told to Telegram only when it changed."""

from __future__ import annotations

import pytest

from bot.chat.telegram.menus import menus, profiles
from bot.chat.wording import wordings
from commands import ALL
from tests.chat.telegram.house import House
from tests.fakes.telegram import menu_for

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

ASKING = {
    "after",
    "brief",
    "digest",
    "flush",
    "funding",
    "help",
    "levels",
    "liqs",
    "movers",
    "oi",
    "scorecard",
    "settings",
    "status",
}


def told(house: House) -> int:
    """How often menus and profile were told."""
    return len([call for call in house.fake.calls if call.method.startswith("setMy")])


async def test_everybody_sees_what_they_may_say(house: House) -> None:
    """Members see questions, administrators and people in private also what changes alerts; a start is private."""
    world = house.fake.world
    ana, olga = world.user("Ana", language="es"), world.user("Olga")
    desk = world.supergroup("Desk", ana, owner=olga)
    assert set(menu_for(world, desk, ana)) == ASKING
    assert set(menu_for(world, desk, olga)) == ASKING | {"alerts"}
    assert set(menu_for(world, world.private(ana), ana)) == ASKING | {"alerts", "start"}


async def test_menus_speak_the_language_of_the_app(house: House) -> None:
    """Summaries come in each language; names are the same in all of them."""
    menus = house.fake.world.menus
    spoken = {(scope, language): dict(_pairs(entries)) for (scope, language), entries in menus.items()}
    assert spoken["default", "es"].keys() == spoken["default", ""].keys()
    assert spoken["default", "es"]["funding"] != spoken["default", ""]["funding"]
    assert spoken["default", "en"] == spoken["default", ""]


def _pairs(entries: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(entry["command"], entry["description"]) for entry in entries]


async def test_the_profile_is_told_in_every_language(house: House) -> None:
    """Description and short description, for each language and for everybody else."""
    kept = house.fake.world.descriptions
    assert {language for _, language in kept} == {"", "en", "es"}
    assert all(kept.values())


async def test_they_are_told_once(house: House) -> None:
    """After a restart with the same commands nothing is told."""
    before = told(house)
    await house.close()
    async with house.open():
        assert told(house) == before


async def test_a_refusal_of_menus_stops_nothing(silent_house: House) -> None:
    """The bot works without its menus, and tells them at its next start."""
    silent_house.fake.faults.fail_next(502, method="setMyCommands")
    async with silent_house.open():
        assert silent_house.fake.world.menus == {}
    async with silent_house.open():
        assert len(silent_house.fake.world.menus) == 12


def test_descriptions_are_not_cut() -> None:
    """Every summary is within Telegram's limit as it is written."""
    spoken = wordings()
    texts = [text for menu in menus(list(ALL), spoken) for _, text in menu.commands]
    texts += [text for profile in profiles(spoken) for text in profile[1:]]
    assert not [text for text in texts if text.endswith("…")]
