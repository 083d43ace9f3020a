"""How deliveries leave the outbox: order, pace, coalescing, failures, and what a killed process leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

import pytest

from bot.alerts.delivery import MOST_FAILURES, REPEAT_WAITS_S
from bot.alerts.outbox import Letter, put_edit
from bot.alerts.pacing import Limit, Pacing
from bot.alerts.sender import SETTLE_S, STEADY_AFTER_S
from bot.errors import (
    ChannelLostError,
    ChannelMovedError,
    DeliveryError,
    MessageGoneError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
    UnknownOutcomeError,
)
from bot.message import Post, Turn
from bot.store.channels import load_channel, save_channel
from bot.store.claims import Moment, claim_deliveries, record_outcome
from bot.store.database import Store
from bot.store.deliveries import load_deliveries
from bot.store.rows import ChannelRow
from tests.alerts.outgoing import NOW_MS, Chat, card, delivery, put, row_of, sender_of

pytestmark = pytest.mark.jumping_clock

HOUR_MS = 3_600_000


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store in memory."""
    store = await Store.open(":memory:")
    yield store
    await store.close()


def letter(key: str) -> Letter:
    """The same card saying something else."""
    return Letter("card", None, "card", card(key))


def now_s() -> float:
    """The clock of the loop."""
    return asyncio.get_running_loop().time()


async def add_channel(store: Store, channel: str = "test:1", **changes: object) -> None:
    """A channel that hears alerts."""
    row = ChannelRow(channel, "test", channel, "{}", 1, NOW_MS, place=channel.partition("/")[0])
    await store.run(lambda db: save_channel(db, row._replace(**changes)))  # type: ignore[arg-type]  # as above


async def test_the_most_severe_goes_first_and_only_once(store: Store) -> None:
    """Posts to a chat leave by priority, then by age, and a second look finds nothing left."""
    chat = Chat()
    minor, worst = delivery("minor", due_ms=NOW_MS - 5), delivery("worst", priority=0)
    await put(store, minor, worst, delivery("later"))
    sender = sender_of(store, chat)
    assert await sender.drain(NOW_MS) == 3
    assert chat.taken == ["worst", "minor", "later"]
    assert await sender.drain(NOW_MS) == 0


async def test_chats_are_served_side_by_side_and_each_one_after_the_other(store: Store) -> None:
    """Ten chats take as long as one; two posts to the same chat never overlap, nor do two topics of one chat."""
    chat = Chat(took_s=1.0)
    await put(store, *(delivery("card", f"test:{number}") for number in range(10)))
    began_s = now_s()
    await sender_of(store, chat).drain(NOW_MS)
    assert (now_s() - began_s, chat.busiest) == (1.0, 10)
    await put(store, delivery("a", "test:1/7"), delivery("b", "test:1/8"), delivery("c", "test:1"))
    chat.busiest = 0
    await sender_of(store, chat).drain(NOW_MS)
    assert chat.busiest == 1


async def test_only_the_newest_of_several_edits_is_sent(store: Store) -> None:
    """Three revisions between two looks become one edit, of the last one."""
    chat = Chat()
    await put(store, delivery("card"))
    sender = sender_of(store, chat)
    await sender.drain(NOW_MS)
    for number in range(3):
        await store.run(partial(put_edit, card=letter(f"card-{number}"), now_ms=NOW_MS + 1))
    assert await sender.drain(NOW_MS + 1) == 0
    assert chat.edits == [("id of card", 4)]
    assert (await row_of(store, "card")).sent_revision == 4


async def test_a_card_that_changed_before_it_was_sent_is_posted_as_it_is_now(store: Store) -> None:
    """An edit that comes before the first send needs no edit of its own."""
    chat = Chat()
    await put(store, delivery("card"))
    await store.run(lambda db: put_edit(db, letter("card-new"), NOW_MS))
    assert await sender_of(store, chat).drain(NOW_MS) == 1
    assert chat.edits == []
    assert (await row_of(store, "card")).sent_revision == 2


async def test_a_card_that_changes_while_it_is_on_its_way_is_edited_afterwards(store: Store) -> None:
    """What the outcome records never undoes what became wanted in the meantime."""
    chat = Chat(took_s=2.0)
    await put(store, delivery("card"))
    sending = asyncio.create_task(sender_of(store, chat).drain(NOW_MS))
    await asyncio.sleep(1)
    await store.run(lambda db: put_edit(db, letter("card-new"), NOW_MS))
    await sending
    assert (len(chat.posts), chat.edits) == (1, [("id of card", 2)])


async def test_a_chat_that_asks_for_patience_gets_it_and_no_other_chat_waits(store: Store) -> None:
    """`retry_after` pauses that chat alone, and costs the message none of its tries."""
    chat = Chat(TemporaryDeliveryError("slow down", 7.5))
    await put(store, delivery("card"), delivery("card", "test:2"))
    began_s = now_s()
    await sender_of(store, chat).drain(NOW_MS)
    assert [at_s - began_s for at_s in chat.at_s] == [0, 0, 7.5]
    assert {post.channel for post in chat.posts} == {"test:1", "test:2"}
    assert (await row_of(store, "card")).failures == 0


async def test_a_platform_that_refuses_us_is_left_alone_as_a_whole(store: Store) -> None:
    """After a refusal of everything no chat is tried before its time."""
    chat = Chat(TemporaryDeliveryError("banned", 600, everywhere=True))
    await put(store, *(delivery("card", f"test:{number}") for number in range(3)))
    began_s = now_s()
    await sender_of(store, chat, Pacing(Limit(1.0))).drain(NOW_MS)
    assert [round(at_s - began_s) for at_s in chat.at_s] == [0, 600, 601, 602]


async def test_failures_without_a_reason_are_tried_later_and_later_and_then_given_up(store: Store) -> None:
    """Waits double, the last failure ends the delivery with its reason, and other chats are not held up."""
    chat = Chat(*[TemporaryDeliveryError("no")] * MOST_FAILURES)
    await put(store, delivery("bad", priority=0))
    began_s = now_s()
    await sender_of(store, chat).drain(NOW_MS)
    row = await row_of(store, "bad")
    assert (row.state, row.failures, row.last_error) == ("dead", MOST_FAILURES, "no")
    assert [round(b - a) for a, b in zip(chat.at_s, chat.at_s[1:], strict=False)][:3] == [5, 10, 20]
    assert chat.at_s[0] == began_s
    await put(store, delivery("good"))
    assert await sender_of(store, chat).drain(NOW_MS) == 1


@pytest.mark.parametrize("error", [PermanentDeliveryError("malformed"), RuntimeError("a bug of the transport")])
async def test_what_no_further_try_helps_is_tried_once(store: Store, error: DeliveryError | RuntimeError) -> None:
    """A refusal of the message and a bug of our own both end the delivery, with the reason kept."""
    chat = Chat(error)
    await put(store, delivery("card"))
    await sender_of(store, chat).drain(NOW_MS)
    row = await row_of(store, "card")
    assert (row.state, chat.posts) == ("dead", [])
    assert row.last_error in {"malformed", "RuntimeError"}


async def test_an_edit_that_is_refused_leaves_the_post_and_the_next_edit_is_tried(store: Store) -> None:
    """A refused revision is passed over; a post that somebody deleted is edited no more."""
    chat = Chat()
    await put(store, delivery("card"))
    sender = sender_of(store, chat)
    await sender.drain(NOW_MS)
    chat.failures = [PermanentDeliveryError("too long")]
    await store.run(lambda db: put_edit(db, letter("card-2"), NOW_MS))
    await sender.drain(NOW_MS)
    await store.run(lambda db: put_edit(db, letter("card-3"), NOW_MS))
    await sender.drain(NOW_MS)
    assert chat.edits == [("id of card", 3)]
    chat.failures = [MessageGoneError("deleted")]
    await store.run(lambda db: put_edit(db, letter("card-4"), NOW_MS))
    await sender.drain(NOW_MS)
    assert (await row_of(store, "card")).state == "dead"


async def test_a_lost_channel_is_suspended_with_its_reason_and_sent_nothing_more(store: Store) -> None:
    """One refusal of a channel is enough: what waits for it is dropped without another request."""
    chat = Chat(ChannelLostError("rights", "50013 Missing Permissions"))
    await add_channel(store)
    await put(store, delivery("first", priority=0), delivery("second"))
    await sender_of(store, chat).drain(NOW_MS)
    channel = await store.run(lambda db: load_channel(db, "test:1"))
    assert channel is not None
    assert (channel.state, channel.reason, channel.state_ms) == ("suspended", "rights", NOW_MS)
    assert [(await row_of(store, name)).state for name in ("first", "second")] == ["dead", "dropped"]
    assert len(chat.at_s) == 1


async def test_a_chat_that_moved_gets_its_posts_at_its_new_id(store: Store) -> None:
    """The channel, its topics and what waits for them go to the new id, and the post is sent there."""
    chat = Chat(ChannelMovedError("test:-100"))
    await add_channel(store)
    await add_channel(store, "test:1/7")
    await put(store, delivery("card"))
    await sender_of(store, chat).drain(NOW_MS)
    assert [post.channel for post in chat.posts] == ["test:-100"]
    moved = await store.run(lambda db: load_channel(db, "test:-100/7"))
    assert moved is not None
    assert moved.place == "test:-100"


@pytest.mark.parametrize("state", ["off", "suspended"])
async def test_a_channel_that_hears_nothing_is_sent_nothing(store: Store, state: str) -> None:
    """Posts that were waiting when a channel was switched off are dropped, and say why."""
    chat = Chat()
    await add_channel(store, state=state)
    await put(store, delivery("card"))
    await sender_of(store, chat).drain(NOW_MS)
    row = await row_of(store, "card")
    assert (row.state, row.last_error, chat.at_s) == ("dropped", f"the channel is {state}", [])


async def test_news_that_waited_too_long_is_dropped(store: Store) -> None:
    """A post whose time is over is not sent, and says why."""
    chat = Chat()
    await put(store, delivery("card", expires_ms=NOW_MS + 10))
    await sender_of(store, chat).drain(NOW_MS + 11)
    row = await row_of(store, "card")
    assert (row.state, chat.posts, row.last_error) == ("dropped", [], "expired before it could be sent")


async def test_a_follow_up_answers_its_card_and_never_comes_alone(store: Store) -> None:
    """A follow-up carries the platform's id of the card; where the card never arrived, neither does it."""
    chat = Chat()
    await put(store, delivery("card"))
    sender = sender_of(store, chat)
    await sender.drain(NOW_MS)
    await put(store, delivery("15m"), delivery("15m", "test:2"), thread_of="card")
    await sender.drain(NOW_MS)
    assert [(post.message_id, post.channel, post.reply_to) for post in chat.posts[1:]] == [
        ("15m", "test:1", "id of card")
    ]
    assert (await row_of(store, "15m", "test:2")).last_error == "its card is not in this channel"


async def test_a_lost_answer_is_sent_again_as_it_was_while_the_platform_drops_repeats(store: Store) -> None:
    """Within the platform's own window nothing marks the second attempt."""
    chat = Chat(UnknownOutcomeError("no answer"), repeatable_for_ms=120_000)
    await put(store, delivery("card"))
    await sender_of(store, chat).drain(NOW_MS)
    [post] = chat.posts
    row = await row_of(store, "card")
    assert (post.repeat, row.state, row.repeats, row.attempted_ms) == (False, "sent", 0, None)


async def test_a_lost_answer_is_sent_again_once_and_marked_where_repeats_show(store: Store) -> None:
    """The second attempt says that it may be a repeat; when its answer is lost too, nobody is sent a third."""
    chat = Chat(UnknownOutcomeError("no answer"))
    await put(store, delivery("card"))
    sender = sender_of(store, chat)
    running = asyncio.create_task(sender.run(lambda: NOW_MS))
    await asyncio.sleep(STEADY_AFTER_S + 2 * REPEAT_WAITS_S)
    assert [post.repeat for post in chat.posts] == [True]
    chat.failures = [UnknownOutcomeError("no answer")] * 9
    await put(store, delivery("other"))
    sender.wake()
    await asyncio.sleep(600)
    running.cancel()
    row = await row_of(store, "other")
    assert (row.state, row.repeats, len(chat.at_s)) == ("unknown", 1, 4)


async def test_a_repeat_waits_until_the_platform_answers_somebody(store: Store) -> None:
    """In an outage the one marked repeat is kept; the first answer to another chat lets it go."""
    chat = Chat(UnknownOutcomeError("no answer"))
    await put(store, delivery("card"))
    sender = sender_of(store, chat)
    running = asyncio.create_task(sender.run(lambda: NOW_MS))
    await asyncio.sleep(STEADY_AFTER_S - REPEAT_WAITS_S)
    assert len(chat.at_s) == 1
    await put(store, delivery("card", "test:2"))
    sender.wake()
    await asyncio.sleep(REPEAT_WAITS_S + 1)
    running.cancel()
    assert [(post.channel, post.repeat) for post in chat.posts] == [("test:2", False), ("test:1", True)]


async def test_an_outage_of_hours_costs_no_post(store: Store) -> None:
    """A platform that does not answer is asked now and then, not for every post; afterwards all arrive."""
    chat = Chat(*[TemporaryDeliveryError("cannot be reached")] * 60)
    later_ms = NOW_MS + 6 * HOUR_MS
    await put(store, *(delivery("card", f"test:{number}", expires_ms=later_ms) for number in range(40)))
    sending = asyncio.create_task(sender_of(store, chat).drain(NOW_MS))
    await asyncio.sleep(600)
    assert len(chat.at_s) < 40
    assert await sending == 40


async def test_what_a_killed_process_held_may_have_arrived(store: Store) -> None:
    """A claim without an outcome is an attempt: marked as possible repeat, or left as unknown when it is old news."""
    chat = Chat()
    await put(store, delivery("card"), delivery("old", "test:2", expires_ms=NOW_MS + 5))
    wall_ms = NOW_MS + int(1000 * now_s())
    await store.run(lambda db: claim_deliveries(db, "test", Moment(NOW_MS, wall_ms), 9))
    sender = sender_of(store, chat)
    assert await sender.drain(NOW_MS + 10) == 0
    await sender.start()
    assert await sender.drain(NOW_MS + 10) == 1
    assert [post.repeat for post in chat.posts] == [True]
    assert (await row_of(store, "old", "test:2")).state == "unknown"


async def test_a_stop_lets_sends_end_and_gives_back_what_was_not_tried(store: Store) -> None:
    """Cancelled in mid-fan-out, what is on its way is recorded and what was only claimed is as it was."""
    chat = Chat(took_s=1.5)
    await put(store, *(delivery("card", f"test:{number}") for number in range(6)))
    running = asyncio.create_task(sender_of(store, chat, Pacing(Limit(1.0))).run(lambda: NOW_MS))
    await asyncio.sleep(2.2)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    rows = [await row_of(store, "card", f"test:{number}") for number in range(6)]
    assert [row.state for row in rows] == ["sent"] * 3 + ["pending"] * 3
    assert {(row.leased_until_ms, row.attempted_ms) for row in rows} == {(None, None)}


async def test_a_stop_in_the_tick_of_a_call_stops(store: Store) -> None:
    """However close a cancel comes to a wake-up or to the end of a delivery, it ends the sender."""
    for ticks in range(6):
        running = asyncio.create_task(sender_of(store, Chat()).run(lambda: NOW_MS))
        await asyncio.sleep(1)
        await put(store, delivery(f"card-{ticks}"))
        for _ in range(ticks):
            await asyncio.sleep(0)
        running.cancel()
        _, pending = await asyncio.wait({running}, timeout=60)
        assert not pending


async def test_a_stop_during_a_claim_gives_back_what_was_claimed(store: Store) -> None:
    """What nobody began to send is as it was, and goes out unmarked at the next start."""
    await put(store, delivery("card"))
    running = asyncio.create_task(sender_of(store, Chat()).run(lambda: NOW_MS))
    await asyncio.sleep(0)  # the claim is on its way to the database
    running.cancel()
    await asyncio.wait({running})
    row = await row_of(store, "card")
    assert (row.attempted_ms, row.leased_until_ms, row.repeats) == (None, None, 0)


async def test_slow_drawing_bunches_no_requests(store: Store) -> None:
    """What a transport does before its turn costs no pace: requests stay evenly spaced."""
    chat = Slow()
    await put(store, *(delivery("card", f"test:{number}") for number in range(30)))
    await sender_of(store, chat, Pacing(Limit(0.1))).drain(NOW_MS)
    waits = [b - a for a, b in zip(chat.at_s, chat.at_s[1:], strict=False)]
    assert min(waits) >= 0.1 - 1e-9


class Slow(Chat):
    """Draws for two seconds before it asks for its turn."""

    async def send(self, post: Post, turn: Turn) -> str:
        await asyncio.sleep(2)
        return await super().send(post, turn)


async def test_a_stop_does_not_wait_for_a_chat_that_says_nothing(store: Store) -> None:
    """After a few seconds a send without an answer is let go, and counts as one that may have arrived."""
    await put(store, delivery("card"))
    running = asyncio.create_task(sender_of(store, Chat(took_s=1_000)).run(lambda: NOW_MS))
    await asyncio.sleep(1)
    began_s = now_s()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert now_s() - began_s <= SETTLE_S
    again = sender_of(store, chat := Chat())
    await again.start()
    await again.drain(NOW_MS)
    assert [post.repeat for post in chat.posts] == [True]


async def test_an_even_pace_is_kept_and_answers_go_between(store: Store) -> None:
    """Posts leave at the platform's spacing; an answer takes the next turn and moves the posts behind it."""
    chat = Chat()
    await put(store, *(delivery("card", f"test:{number}") for number in range(20)))
    sender = sender_of(store, chat, Pacing(Limit(0.5)))
    began_s = now_s()
    sending = asyncio.create_task(sender.drain(NOW_MS))
    await asyncio.sleep(0.6)
    await sender.turns.answer("test:99")
    assert now_s() - began_s <= 2.0
    await sending
    waits = [b - a for a, b in zip(chat.at_s, chat.at_s[1:], strict=False)]
    assert min(waits) >= 0.5 - 1e-9
    assert sum(waits) == pytest.approx(20 * 0.5)


async def test_rows_of_other_platforms_are_left_alone(store: Store) -> None:
    """A platform that is not started keeps its deliveries waiting."""
    await put(store, delivery("card", platform="elsewhere"))
    assert await sender_of(store, Chat()).drain(NOW_MS) == 0
    assert (await row_of(store, "card")).state == "pending"


async def test_the_outcome_of_a_delivery_that_is_gone_is_nobodys(store: Store) -> None:
    """An outcome that comes after the outbox was cleared adds no row."""
    await store.run(lambda db: record_outcome(db, delivery("never was")))
    assert await store.run(lambda db: load_deliveries(db, "never was")) == []


async def test_an_answer_to_a_paused_chat_holds_up_no_other_chat(store: Store) -> None:
    """While an answer waits for its own chat, posts to the others leave at the platform's pace."""
    chat = Chat()
    pacing = Pacing(Limit(0.5))
    sender = sender_of(store, chat, pacing)
    began_s = now_s()
    pacing.hold("test:99", began_s + 300)
    answering = asyncio.create_task(sender.turns.answer("test:99"))
    await asyncio.sleep(1)
    await put(store, *(delivery("card", f"test:{number}") for number in range(4)))
    await sender.drain(NOW_MS)
    assert [at_s - began_s for at_s in chat.at_s] == pytest.approx([1.0, 1.5, 2.0, 2.5])
    await answering
    assert now_s() == began_s + 300


async def test_answers_and_posts_of_a_busy_group_take_turns(store: Store) -> None:
    """However many ask, every second turn of a group is a post's while posts wait."""
    chat = Chat()
    sender = sender_of(store, chat, Pacing(Limit(1 / 28), lambda _: Limit(3.4, burst=2)))
    await put(store, *(delivery(f"card-{number}") for number in range(5)))
    began_s = now_s()
    sending = asyncio.create_task(sender.drain(NOW_MS))
    await asyncio.sleep(1)
    await asyncio.gather(sender.turns.answer("test:1"), sender.turns.answer("test:1"))
    assert now_s() - began_s == pytest.approx(10.2)
    await sending
    assert [at_s - began_s for at_s in chat.at_s] == pytest.approx([0, 1 / 28, 6.8, 13.6, 17.0])
