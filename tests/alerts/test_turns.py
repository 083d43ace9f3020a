"""Turns of a platform and its chats: posts beside answers, pauses, and who waits for whom."""

from __future__ import annotations

import asyncio

import pytest

from bot.alerts.pacing import Limit, Pacing
from bot.alerts.turns import PATIENCE_S, Turns
from bot.errors import TemporaryDeliveryError

pytestmark = pytest.mark.jumping_clock

EVERY_S = 3.0


def turns() -> Turns:
    """A platform without a limit of its own, whose chats take one request every three seconds."""
    return Turns(Pacing(None, lambda _: Limit(EVERY_S)))


def now_s() -> float:
    """The clock of the loop."""
    return asyncio.get_running_loop().time()


async def test_however_many_ask_a_post_has_every_second_turn() -> None:
    """While a post waits for a busy group, one answer at most goes before it."""
    handed, order = turns(), []

    async def ask(number: int) -> None:
        await handed.answer("group")
        order.append(f"answer {number}")

    async def post() -> None:
        await handed.take("group")
        order.append("post")

    asking = [asyncio.create_task(ask(number)) for number in range(6)]
    await asyncio.sleep(1)
    posting = asyncio.create_task(post())
    await asyncio.gather(posting, *asking)
    assert order.index("post") <= 2
    assert len(order) == 7


async def test_without_posts_answers_go_one_after_the_other() -> None:
    """Nothing is kept back for posts that nobody waits for."""
    handed, began_s = turns(), now_s()
    await asyncio.gather(*(handed.answer("group") for _ in range(4)))
    assert now_s() - began_s == pytest.approx(3 * EVERY_S)


async def test_an_answer_waits_for_posts_only_so_long() -> None:
    """Posts that are announced and never come keep no answer for ever."""
    handed = turns()
    handed.expect({"group"})
    await handed.answer("group")
    began_s = now_s()
    await handed.answer("group")
    assert now_s() - began_s <= PATIENCE_S + EVERY_S


async def test_a_post_is_refused_its_turn_while_the_platform_is_paused() -> None:
    """Whoever waits when a pause begins goes back to the outbox, instead of sleeping over news that grows old."""
    handed = turns()
    await handed.take("group")
    waiting = asyncio.create_task(handed.take("group"))
    await asyncio.sleep(1)
    handed.pacing.hold_all(now_s() + 600)
    with pytest.raises(TemporaryDeliveryError) as refused:
        await waiting
    assert refused.value.everywhere
    assert refused.value.retry_after_s == pytest.approx(600, abs=EVERY_S)


async def test_a_busy_chat_holds_up_no_other() -> None:
    """A post that waits for its own chat leaves the platform's next turn to the others."""
    handed = Turns(Pacing(Limit(0.1), lambda chat: Limit(100.0) if chat == "busy" else None))
    await handed.take("busy")
    waiting = asyncio.create_task(handed.take("busy"))
    began_s = now_s()
    for _ in range(5):
        await handed.take("free")
    assert now_s() - began_s == pytest.approx(0.5)
    waiting.cancel()
