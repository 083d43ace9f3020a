"""Many posts to Telegram at once: pace of chats and of the whole, refusals, lost answers, chats that move or go."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from bot.store.channels import load_channels
from bot.store.database import Store
from bot.store.deliveries import load_deliveries
from tests.fakes.telegram import TelegramFake
from tests.sending.conftest import sending_to_telegram
from tests.sending.outbox import NOW_MS, put

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


@pytest.fixture
async def fake() -> AsyncIterator[TelegramFake]:
    """A Telegram with nobody in it."""
    async with TelegramFake() as fake:
        yield fake


def refusals(fake: TelegramFake) -> int:
    """How often the bot was told to slow down."""
    return sum(call.status == 429 for call in fake.calls)


async def states(store: Store, name: str) -> Counter[str]:
    """How many deliveries of a message are in which state."""
    return Counter(row.state for row in await store.run(lambda db: load_deliveries(db, name)))


async def test_forty_alerts_at_once_reach_one_group_the_most_severe_first(fake: TelegramFake, store: Store) -> None:
    """All arrive within the group's limit of 20 a minute, ordered by severity, without one refusal."""
    group = fake.world.supergroup("traders", fake.world.user("ana"))
    for number in range(40):
        await put(store, f"card {number}", [f"telegram:{group.id}"], priority=(7 * number) % 3)
    async with sending_to_telegram(fake.api, store) as sender:
        assert await sender.drain(NOW_MS) == 40
    assert refusals(fake) == 0
    order = [(7 * int(post.text.rpartition("card ")[2].rstrip("."))) % 3 for post in group.posts]
    assert len(order) == 40
    assert order == sorted(order)


async def test_a_flooded_group_keeps_no_other_chat_waiting(fake: TelegramFake, store: Store) -> None:
    """While one group has forty posts to come, a private chat gets its one within a second."""
    ana = fake.world.user("ana")
    group, private = fake.world.supergroup("traders", ana), fake.world.private(ana)
    for number in range(40):
        await put(store, f"card {number}", [f"telegram:{group.id}"], priority=0)
    async with sending_to_telegram(fake.api, store) as sender:
        sending = asyncio.create_task(sender.drain(NOW_MS))
        await asyncio.sleep(20)
        began_s = asyncio.get_running_loop().time()
        await put(store, "alone", [f"telegram:{private.id}"])
        sender.wake()
        await fake.until(lambda: bool(private.posts))
        assert asyncio.get_running_loop().time() - began_s < 1.0
        await sending


async def test_two_hundred_chats_are_served_at_the_pace_of_the_whole(fake: TelegramFake, store: Store) -> None:
    """Two hundred private chats have their post in little more than 200/28 s, without one refusal."""
    chats = [fake.world.private(fake.world.user(f"user{number}")) for number in range(200)]
    await put(store, "card", [f"telegram:{chat.id}" for chat in chats])
    began_s = asyncio.get_running_loop().time()
    async with sending_to_telegram(fake.api, store) as sender:
        assert await sender.drain(NOW_MS) == 200
    assert asyncio.get_running_loop().time() - began_s <= 1.05 * 200 / 28
    assert refusals(fake) == 0


async def test_a_lost_answer_is_at_most_one_marked_repeat(fake: TelegramFake, store: Store) -> None:
    """Telegram takes a second send for a second message: it is sent once more at most, and says what it may be."""
    chats = [fake.world.private(fake.world.user(f"user{number}")) for number in range(60)]
    fake.faults.lose_every = 5
    await put(store, "card", [f"telegram:{chat.id}" for chat in chats])
    async with sending_to_telegram(fake.api, store) as sender:
        await sender.drain(NOW_MS)
    counts = Counter(len(chat.posts) for chat in chats)
    assert set(counts) == {1, 2}
    for chat in chats:
        marks = ["may be a repeat" in post.text.lower() for post in chat.posts]
        assert marks == [False, True][: len(marks)]
    assert set(await states(store, "card")) <= {"sent", "unknown"}


async def test_a_group_that_asks_for_patience_is_left_alone_until_then(fake: TelegramFake, store: Store) -> None:
    """`retry_after` of one chat holds that chat and no other."""
    ana = fake.world.user("ana")
    group, private = fake.world.supergroup("traders", ana), fake.world.private(ana)
    fake.world.flood.pause_next(group, 40)
    await put(store, "card", [f"telegram:{chat.id}" for chat in (group, private)])
    async with sending_to_telegram(fake.api, store) as sender:
        began_s = asyncio.get_running_loop().time()
        await sender.drain(NOW_MS)
        assert 40 <= asyncio.get_running_loop().time() - began_s < 45
    assert (len(group.posts), len(private.posts), refusals(fake)) == (1, 1, 1)


async def test_a_group_that_became_a_supergroup_gets_its_post_there(fake: TelegramFake, store: Store) -> None:
    """The channel takes the new id with its settings, and the post follows."""
    ana = fake.world.user("ana")
    group = fake.world.group("traders", ana)
    await put(store, "card", [f"telegram:{group.id}"])
    new = fake.migrate(group, by=ana)
    async with sending_to_telegram(fake.api, store) as sender:
        assert await sender.drain(NOW_MS) == 1
    assert [row.id for row in await store.run(load_channels)] == [f"telegram:{new.id}"]
    assert len([post for post in new.posts if post.by_bot]) == 1


async def test_a_topic_that_is_gone_gives_way_to_its_chat(fake: TelegramFake, store: Store) -> None:
    """The post arrives in the group itself, once: the channel is suspended, and the next post goes nowhere."""
    ana = fake.world.user("ana")
    group = fake.world.supergroup("traders", ana, forum=True)
    topic = fake.world.topic(group, "alerts")
    for name in ("card", "later"):
        await put(store, name, [f"telegram:{group.id}/{topic.id}"])
    fake.delete_topic(group, topic.id)
    async with sending_to_telegram(fake.api, store) as sender:
        await sender.drain(NOW_MS)
    assert [post.thread_id for post in group.posts if post.by_bot] == [None]
    assert [(row.state, row.reason) for row in await store.run(load_channels)] == [("suspended", "gone")]
    assert [await states(store, name) for name in ("card", "later")] == [{"dead": 1}, {"dropped": 1}]


async def test_a_topic_that_is_gone_doubles_nothing(fake: TelegramFake, store: Store) -> None:
    """A group that hears alerts itself gets each of them once."""
    group = fake.world.supergroup("traders", fake.world.user("ana"), forum=True)
    await put(store, "card", [f"telegram:{group.id}", f"telegram:{group.id}/45"])
    async with sending_to_telegram(fake.api, store) as sender:
        assert await sender.drain(NOW_MS) == 1
    told = [post.text for post in group.posts if post.by_bot]
    assert len([text for text in told if "noted as card" in text]) == 1
    assert len([text for text in told if "topic" in text]) == 1


async def test_chats_that_put_the_bot_out_are_suspended(fake: TelegramFake, store: Store) -> None:
    """Blocked and kicked each cost one request, and are kept with their reason."""
    ana, ben = fake.world.user("ana"), fake.world.user("ben")
    private, group = fake.world.private(ana), fake.world.supergroup("traders", ben)
    await put(store, "card", [f"telegram:{private.id}", f"telegram:{group.id}"])
    fake.block(ana)
    fake.leave(group, fake.bot, kicked_by=ben)
    async with sending_to_telegram(fake.api, store) as sender:
        await sender.drain(NOW_MS)
    rows = {row.id: (row.state, row.reason) for row in await store.run(load_channels)}
    assert rows == {
        f"telegram:{private.id}": ("suspended", "blocked"),
        f"telegram:{group.id}": ("suspended", "removed"),
    }
