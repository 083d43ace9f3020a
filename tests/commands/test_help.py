from __future__ import annotations

import pytest

from bot.alerts.settings import SETTINGS
from commands import ALL
from tests.commands.chat_room import Room


async def test_members_see_what_members_can_do(room: Room) -> None:
    """A member's list has every command that is not for admins; an admin's names those too, in one line a family."""
    member, admin = await room.text("/help"), await room.text("/help", admin=True)
    assert [line.split(" · ")[0] for line in member[1:]] == [command.usage for command in ALL if not command.admin]
    assert admin[:-1] == member
    named = admin[-1].partition(" · ")[0].replace(",", "").split()
    assert {command.verb for command in ALL if command.admin} <= set(named)
    assert len(admin) <= 16


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)
async def test_every_command_has_help(room: Room, command: object) -> None:
    """Help about each command names its usage and says how, in every language."""
    name = getattr(command, "name", "")
    lines = await room.text(f"/help {name}")
    assert lines[0].startswith(f"/{name}")
    assert len(lines) > 1


async def test_settings_are_explained_from_their_table(room: Room) -> None:
    """Help about setting names every setting with its choices or bounds."""
    text = "\n".join(await room.text("/help alerts set"))
    for setting in SETTINGS.values():
        assert f"{setting.key} · " in text
        assert all(choice in text for choice in setting.choices)
    assert "$100K to $5B" in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/liq BTC", "/liqs"),
        ("/fund", "/funding"),
        ("/fundng BTC", "/funding"),
        ("/funding$BTC", "/funding"),
        ("/alert of", "/alerts off"),
        ("/alerts prevew", "/alerts preview"),
        ("/help levls", "/help levels"),
        ("/help alert sett", "/help alerts set"),
    ],
)
async def test_a_slip_of_the_finger_is_answered_with_what_was_meant(room: Room, typed: str, meant: str) -> None:
    """A command that is nearly one is refused with the nearest, in the sentence that also names /help."""
    (told,) = await room.text(typed)
    assert told.endswith(f"Did you mean {meant}? /help lists what you can ask.")


@pytest.mark.parametrize("typed", ["/alerts foo", "/price BTC", "hello", "/ayuda", "/x", "/help ?", "/mute 1h"])
async def test_what_is_like_no_command_has_no_suggestion(room: Room, typed: str) -> None:
    """What is far from every command is refused with /help alone."""
    (told,) = await room.text(typed)
    assert told.endswith(". /help lists what you can ask.")


async def test_a_family_lists_its_commands(room: Room) -> None:
    """Half a command lists what can follow; what does not exist is refused."""
    lines = await room.text("/help /alerts")
    assert len(lines) == 1 + sum(command.name.startswith("alerts ") for command in ALL)
    assert (await room.say("/help nothing")).headline.key == "error-unknown-command"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("flush why", "flush"),
        ("/flush why 2026-01-19-BTC-1", "flush"),
        ("levels BTC touches", "levels"),
        ("alerts set smallest_usd", "alerts set"),
    ],
)
async def test_help_about_a_part_is_that_about_its_command(room: Room, asked: str, answered: str) -> None:
    """What follows a command does not make it unknown."""
    assert await room.text(f"/help {asked}") == await room.text(f"/help {answered}")
    assert (await room.say("/help nothing why")).headline.key == "error-unknown-command"
