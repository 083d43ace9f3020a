from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.chat.discord.failures import delivery_error, refuses_reply, told_as_delivery
from bot.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError, UnknownOutcomeError

LOST_ANSWERS = [aiohttp.ServerDisconnectedError(), ConnectionResetError(104, "reset"), TimeoutError()]


@pytest.mark.parametrize("error", LOST_ANSWERS, ids=lambda error: type(error).__name__)
def test_a_lost_answer(error: Exception) -> None:
    """A post may have arrived, while an edit is simply made again."""
    assert isinstance(delivery_error(error, editing=False), UnknownOutcomeError)
    assert isinstance(delivery_error(error, editing=True), TemporaryDeliveryError)


NOWHERE: Any = SimpleNamespace(host="", port=0, ssl=True)
UNREACHABLE = [aiohttp.ConnectionTimeoutError(), aiohttp.ClientConnectorError(NOWHERE, OSError())]


@pytest.mark.parametrize("error", UNREACHABLE, ids=lambda error: type(error).__name__)
def test_where_no_connection_comes_about(error: Exception) -> None:
    """Nothing was sent for certain, whether the way there was refused or silent."""
    assert isinstance(delivery_error(error, editing=False), TemporaryDeliveryError)


def test_a_long_rate_limit_is_waited_for_outside() -> None:
    """discord.py gives up on a wait over thirty seconds; the outbox is told how long."""
    told = delivery_error(discord.RateLimited(44.5), editing=False)
    assert isinstance(told, TemporaryDeliveryError)
    assert (told.retry_after_s, told.everywhere) == (44.5, False)


def test_anything_else_of_the_library_is_final() -> None:
    """What nobody foresaw is not tried for ever."""
    assert type(delivery_error(discord.ClientException("?"), editing=False)) is PermanentDeliveryError


@pytest.mark.parametrize("mistake", [KeyError("a bug"), RuntimeError("a bug")], ids=lambda error: type(error).__name__)
async def test_our_own_mistakes_are_not_dressed_up(mistake: Exception) -> None:
    """Only what Discord or the way to it raises becomes a delivery's failure."""
    client = discord.Client(intents=discord.Intents.none())
    with pytest.raises(type(mistake)), told_as_delivery(client, editing=False):
        raise mistake
    with pytest.raises(DeliveryError), told_as_delivery(client, editing=False):
        raise discord.ClientException("?")


@pytest.mark.parametrize(
    ("code", "field", "expected"),
    [
        (160002, None, True),
        (10008, None, True),
        (50035, "message_reference", True),
        (50035, "embeds", False),
        (50013, None, False),
    ],
)
def test_a_post_may_be_refused_for_what_it_answers(code: int, field: str | None, expected: bool) -> None:
    """Such a post is worth another try that answers nothing; any other refusal would only be heard twice."""
    body: dict[str, object] = {"code": code, "message": "?"}
    if field:
        body["errors"] = {field: {"_errors": [{"code": "?", "message": "Unknown message"}]}}
    answer: Any = SimpleNamespace(status=400, reason="Bad Request")
    assert refuses_reply(discord.HTTPException(answer, body)) is expected
