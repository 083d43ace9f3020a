from __future__ import annotations

import pytest

from bot.chat.discord.addresses import named, number_of


def test_an_id_and_back() -> None:
    """A number has one id in the store, and is read from it again."""
    assert named(123) == "discord:123"
    assert number_of(named(123)) == 123


@pytest.mark.parametrize("stored", ["", "discord:", "discord:x", "discord:-1", "123", "telegram:123", "discord:12/3"])
def test_what_is_no_id_is_nobodys(stored: str) -> None:
    """What was never an id of Discord is found nowhere, and breaks nothing."""
    assert number_of(stored) == 0
