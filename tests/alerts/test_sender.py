"""How deliveries leave the outbox: order, coalescing, failures and leases."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.alerts.outbox import Letter, put_edit
from bot.alerts.sender import BACK_OFF_MS, MOST_FAILURES, Sender
from bot.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError
from bot.message import Message, Phrase, encode
from bot.store.database import Database, Store
from bot.store.deliveries import claim_deliveries, load_deliveries, save_delivery, save_message
from bot.store.rows import DeliveryRow, MessageRow

NOW_MS = 1_768_780_800_000


class Chat:
    """A chat that writes down what it is given, and fails as often as it is told to."""

    platform = "test"

    def __init__(self) -> None:
        self.posts: list[tuple[str, str]] = []
        self.edits: list[tuple[str, int]] = []
        self.failures: list[DeliveryError | RuntimeError] = []

    async def send(
        self, channel: str, message_id: str, revision: int, message: Message, *,
        thread_of: str | None, silent: bool, now_ms: int,
    ) -> str:  # fmt: skip
        """Take a post, or fail."""
        if self.failures:
            raise self.failures.pop(0)
        self.posts.append((message_id, channel))
        return f"id of {message_id}"

    async def edit(
        self, channel: str, platform_id: str, message_id: str, revision: int, message: Message, *, now_ms: int
    ) -> None:
        """Take an edit, or fail."""
        if self.failures:
            raise self.failures.pop(0)
        self.edits.append((platform_id, revision))


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store in memory."""
    store = await Store.open(":memory:")
    yield store
    await store.close()


def card(key: str = "card-x") -> Message:
    """Any message."""
    return Message("card", Phrase(key))


def letter(key: str) -> Letter:
    """The same card saying something else."""
    return Letter("card", None, "card", card(key))


async def put(
    store: Store, message_id: str, *, priority: int = 2, due_ms: int = NOW_MS, expires_ms: int | None = None
) -> None:
    """A message with one delivery that was never sent."""
    message = MessageRow(message_id, None, "card", "card", 1, encode(card()).decode(), None, due_ms, due_ms)
    row = DeliveryRow(
        message_id,
        "here",
        "test",
        "pending",
        1,
        0,
        priority,
        False,
        due_ms,
        expires_ms,
        None,
        None,
        0,
        None,
        None,
        None,
    )

    def work(db: Database) -> None:
        save_message(db, message)
        save_delivery(db, row)

    await store.run(work)


async def row_of(store: Store, message_id: str) -> DeliveryRow:
    """The one delivery of a message."""
    [row] = await store.run(lambda db: load_deliveries(db, message_id))
    return row


async def test_the_most_severe_goes_first_and_only_once(store: Store) -> None:
    """Posts leave by priority, then by age, and a second pump finds nothing left."""
    chat = Chat()
    await put(store, "minor", priority=2, due_ms=NOW_MS - 5)
    await put(store, "worst", priority=0)
    await put(store, "later", priority=2)
    sender = Sender(store, {"test": chat})
    assert await sender.pump(NOW_MS) == 3
    assert [message for message, _ in chat.posts] == ["worst", "minor", "later"]
    assert await sender.pump(NOW_MS) == 0
    assert len(chat.posts) == 3


async def test_only_the_newest_of_several_edits_is_sent(store: Store) -> None:
    """Three revisions between two pumps become one edit, of the last one."""
    chat = Chat()
    await put(store, "card")
    sender = Sender(store, {"test": chat})
    await sender.pump(NOW_MS)
    for number in range(3):
        await store.run(partial(put_edit, card=letter(f"card-{number}"), now_ms=NOW_MS + 1))
    assert await sender.pump(NOW_MS + 1) == 0
    assert chat.edits == [("id of card", 4)]
    assert (await row_of(store, "card")).sent_revision == 4


async def test_a_card_that_changed_before_it_was_sent_is_posted_as_it_is_now(store: Store) -> None:
    """An edit that comes before the first send needs no edit of its own."""
    chat = Chat()
    await put(store, "card")
    await store.run(lambda db: put_edit(db, letter("card-new"), NOW_MS))
    sender = Sender(store, {"test": chat})
    assert await sender.pump(NOW_MS) == 1
    assert chat.edits == []
    assert (await row_of(store, "card")).sent_revision == 2


async def test_a_temporary_failure_is_tried_again_when_the_chat_says_so(store: Store) -> None:
    """The chat's own waiting time is kept to the millisecond; without one the waits double."""
    chat = Chat()
    chat.failures = [TemporaryDeliveryError("slow down", 7.5), TemporaryDeliveryError("again")]
    await put(store, "card")
    sender = Sender(store, {"test": chat})
    await sender.pump(NOW_MS)
    assert (await row_of(store, "card")).due_ms == NOW_MS + 7_500
    await sender.pump(NOW_MS + 7_499)
    assert (await row_of(store, "card")).failures == 1
    await sender.pump(NOW_MS + 7_500)
    row = await row_of(store, "card")
    assert (row.failures, row.due_ms) == (2, NOW_MS + 7_500 + 2 * BACK_OFF_MS)
    assert await sender.pump(row.due_ms) == 1


@pytest.mark.parametrize("error", [TemporaryDeliveryError("no"), RuntimeError("a bug of the transport")])
async def test_a_delivery_that_always_fails_is_given_up(store: Store, error: DeliveryError | RuntimeError) -> None:
    """After its last try a delivery is dead with the reason kept, and other deliveries are not held up."""
    chat = Chat()
    chat.failures = [error] * MOST_FAILURES
    await put(store, "bad", priority=0)
    sender = Sender(store, {"test": chat})
    now_ms = NOW_MS
    for _ in range(MOST_FAILURES):
        await sender.pump(now_ms)
        now_ms = (await row_of(store, "bad")).due_ms
    row = await row_of(store, "bad")
    reason = str(error) if isinstance(error, DeliveryError) else "RuntimeError"
    assert (row.state, row.failures, row.last_error) == ("dead", MOST_FAILURES, reason)
    await put(store, "good", due_ms=now_ms)
    assert await sender.pump(now_ms) == 1


async def test_a_closed_chat_is_not_tried_again(store: Store) -> None:
    """A permanent refusal is recorded at the first try."""
    chat = Chat()
    chat.failures = [PermanentDeliveryError("the channel is gone")]
    await put(store, "card")
    sender = Sender(store, {"test": chat})
    await sender.pump(NOW_MS)
    await sender.pump(NOW_MS + 86_400_000)
    row = await row_of(store, "card")
    assert (row.state, row.last_error, chat.posts) == ("dead", "the channel is gone", [])


async def test_news_that_waited_too_long_is_dropped(store: Store) -> None:
    """A post whose time is over is not sent, and says why."""
    chat = Chat()
    await put(store, "card", expires_ms=NOW_MS + 10)
    await Sender(store, {"test": chat}).pump(NOW_MS + 11)
    row = await row_of(store, "card")
    assert (row.state, chat.posts) == ("dropped", [])
    assert row.last_error


async def test_a_lease_of_a_killed_process_is_released_at_the_start(store: Store) -> None:
    """What a dead process held is sent by the next one, and leaves no trace of the interruption in the row."""
    chat = Chat()
    await put(store, "card")
    await put(store, "other")
    await store.run(lambda db: claim_deliveries(db, ("test",), NOW_MS, 1, 10**9))
    sender = Sender(store, {"test": chat})
    assert await sender.pump(NOW_MS) == 1
    await sender.start()
    assert await sender.pump(NOW_MS) == 1
    first, second = await row_of(store, "card"), await row_of(store, "other")
    assert first._replace(message_id="", platform_id="") == second._replace(message_id="", platform_id="")


async def test_rows_of_other_platforms_are_left_alone(store: Store) -> None:
    """A platform that is not started keeps its deliveries waiting."""
    await put(store, "card")
    assert await Sender(store, {"elsewhere": Chat()}).pump(NOW_MS) == 0
    assert (await row_of(store, "card")).state == "pending"
