from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.store.deliveries import (
    load_deliveries,
    load_message,
    load_sent,
    save_delivery,
    save_message,
)
from bot.store.rows import DeliveryRow
from tests.store.filled import DELIVERY, MESSAGE, fresh, put

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ints = st.integers(0, 2**62)
deliveries = st.builds(
    DeliveryRow,
    message_id=texts,
    channel_id=texts,
    platform=texts,
    state=st.sampled_from(["pending", "sent", "unknown", "dropped", "dead"]),
    wanted_revision=ints,
    sent_revision=ints,
    priority=ints,
    silent=st.booleans(),
    due_ms=ints,
    expires_ms=st.none() | ints,
    platform_id=st.none() | texts,
    leased_until_ms=st.none() | ints,
    failures=ints,
    last_error=st.none() | texts,
    sent_ms=st.none() | ints,
    edited_ms=st.none() | ints,
    attempted_ms=st.none() | ints,
    repeats=ints,
    put_ms=ints,
)


@given(row=deliveries, later=deliveries)
def test_a_delivery_comes_back_as_it_went_in(row: DeliveryRow, later: DeliveryRow) -> None:
    """Any delivery is read back equal and of the same types, and a second save replaces all of it."""
    db = fresh()
    put(db, row)
    assert [repr(found) for found in load_deliveries(db, row.message_id)] == [repr(row)]
    changed = later._replace(message_id=row.message_id, channel_id=row.channel_id)
    save_delivery(db, changed)
    assert load_deliveries(db, row.message_id) == [changed]


def test_only_a_higher_revision_replaces_a_message(db: Database) -> None:
    """An older or equal revision leaves body, revision and creation as they are."""
    save_message(db, MESSAGE)
    save_message(db, MESSAGE._replace(body="again"))
    assert load_message(db, "m1") == MESSAGE
    save_message(db, MESSAGE._replace(revision=3, body="third", created_ms=99, revised_ms=7))
    save_message(db, MESSAGE._replace(revision=2, body="second", revised_ms=8))
    assert load_message(db, "m1") == MESSAGE._replace(revision=3, body="third", revised_ms=7)


def test_a_channel_shows_its_last_messages_oldest_first(db: Database) -> None:
    """`load_sent` gives the newest `limit` sent messages of one channel in the order in which they were sent."""
    sent = DELIVERY._replace(state="sent", sent_revision=1)
    put(
        db,
        *(sent._replace(message_id=f"m{number}", sent_ms=number) for number in range(1, 5)),
        sent._replace(message_id="m5", channel_id="web:2", sent_ms=5),
        DELIVERY._replace(message_id="m6"),
    )
    assert [row.message.id for row in load_sent(db, "web:1", 3)] == ["m2", "m3", "m4"]
    assert [row.delivery.sent_ms for row in load_sent(db, "web:1", 3)] == [2, 3, 4]
