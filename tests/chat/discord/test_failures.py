from __future__ import annotations

import aiohttp
import discord
import pytest

from bot.chat.discord.failures import delivery_error, told_as_delivery
from bot.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError, UnknownOutcomeError

LOST_ANSWERS = [aiohttp.ServerDisconnectedError(), ConnectionResetError(104, "reset"), TimeoutError()]


@pytest.mark.parametrize("error", LOST_ANSWERS, ids=lambda error: type(error).__name__)
def test_a_lost_answer(error: Exception) -> None:
    """A post may have arrived, while an edit is simply made again."""
    assert isinstance(delivery_error(error, editing=False), UnknownOutcomeError)
    assert isinstance(delivery_error(error, editing=True), TemporaryDeliveryError)


def test_a_long_rate_limit_is_waited_for_outside() -> None:
    """discord.py gives up on a wait over thirty seconds; the outbox is told how long."""
    told = delivery_error(discord.RateLimited(44.5), editing=False)
    assert isinstance(told, TemporaryDeliveryError)
    assert (told.retry_after_s, told.everywhere) == (44.5, False)


def test_anything_else_of_the_library_is_final() -> None:
    """What nobody foresaw is not tried for ever."""
    assert type(delivery_error(discord.ClientException("?"), editing=False)) is PermanentDeliveryError


def test_our_own_mistakes_are_not_dressed_up() -> None:
    """Only what Discord or the way to it raises becomes a delivery's failure."""
    with pytest.raises(KeyError), told_as_delivery(editing=False):
        raise KeyError("a bug")
    with pytest.raises(DeliveryError), told_as_delivery(editing=False):
        raise discord.ClientException("?")
