from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.store.deliveries import (
    claim_deliveries,
    count_due,
    load_deliveries,
    load_message,
    load_sent,
    release_leases,
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
)


@settings(deadline=None)  # other programs share the machine
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


def test_claims_come_by_priority_then_due_time(db: Database) -> None:
    """Deliveries are claimed by priority, due time, message and channel, with their messages, up to the limit."""
    put(
        db,
        DELIVERY._replace(message_id="a", channel_id="web:3", priority=2, due_ms=1),
        DELIVERY._replace(message_id="b", channel_id="web:2", priority=1, due_ms=9),
        DELIVERY._replace(message_id="c", priority=1, due_ms=3),
        DELIVERY._replace(message_id="c", channel_id="web:0", priority=1, due_ms=3),
    )
    claimed = claim_deliveries(db, "web", 10, 3, 1000)
    assert [(entry.delivery.message_id, entry.delivery.channel_id) for entry in claimed] == [
        ("c", "web:0"),
        ("c", "web:1"),
        ("b", "web:2"),
    ]
    assert [entry.message.id for entry in claimed] == ["c", "c", "b"]


def test_a_chat_is_claimed_for_once_and_a_blocked_one_not_at_all(db: Database) -> None:
    """Of several deliveries to one chat, its topics included, the first is claimed; blocked chats are passed over."""
    put(
        db,
        *(
            DELIVERY._replace(message_id=name, channel_id=channel)
            for name, channel in (("b", "web:1/7"), ("a", "web:1"))
        ),
        DELIVERY._replace(message_id="worst", channel_id="web:1/8", priority=0),
        DELIVERY._replace(message_id="c", channel_id="web:12"),
        DELIVERY._replace(message_id="d", channel_id="web:2/1"),
    )
    claimed = claim_deliveries(db, "web", 10, 9, 1000, {"web:2"})
    assert [entry.delivery.message_id for entry in claimed] == ["worst", "c"]
    assert count_due(db, "web", 10) == 3


@pytest.mark.parametrize(
    ("change", "claimed"),
    [
        ({}, True),
        ({"due_ms": 11}, False),  # not due yet
        ({"platform": "telegram"}, False),  # another sender's
        ({"state": "dropped"}, False),
        ({"state": "dead", "wanted_revision": 2}, False),
        ({"state": "sent", "sent_revision": 1}, False),  # shows what is wanted
        ({"state": "sent", "sent_revision": 1, "wanted_revision": 2}, True),  # an edit is due
        ({"leased_until_ms": 11}, False),  # another sender holds it
        ({"leased_until_ms": 10}, True),  # held until now
    ],
)
def test_what_may_be_claimed(db: Database, change: dict[str, object], *, claimed: bool) -> None:
    """Only due, unheld deliveries of the asked platform that show less than wanted are claimed."""
    put(db, DELIVERY._replace(**change))  # type: ignore[arg-type]  # fields by name
    assert bool(claim_deliveries(db, "web", 10, 5, 1000)) is claimed


def test_a_lease_keeps_others_away_until_it_ends(db: Database) -> None:
    """A claimed delivery is not claimed again before its lease ends, and is free after `release_leases`."""
    put(db, DELIVERY)
    [entry] = claim_deliveries(db, "web", 10, 5, 1000)
    assert load_deliveries(db, "m1") == [entry.delivery._replace(leased_until_ms=1010, attempted_ms=10)]
    assert claim_deliveries(db, "web", 1009, 5, 1000) == []
    assert len(claim_deliveries(db, "web", 1010, 5, 1000)) == 1
    release_leases(db, "telegram")
    assert claim_deliveries(db, "web", 1011, 5, 1000) == []
    release_leases(db, "web")
    [again] = claim_deliveries(db, "web", 1011, 5, 1000)
    assert again.delivery.attempted_ms == 10


def test_a_claim_reads_open_rows_only(db: Database) -> None:
    """A claim walks the index of open deliveries in its order: neither a long past nor a long queue slows it down."""
    asked: list[str] = []
    with db.tracer(lambda sql, _: asked.append(sql)):
        claim_deliveries(db, "web", 10, 5, 1000)
    waiting, chosen = asked
    assert _plan(db, waiting, "web", 1, 1) == ["SCAN deliveries USING INDEX open_deliveries"]
    assert not [step for step in _plan(db, chosen, "[]") if step.startswith("SCAN deliveries")]


def _plan(db: Database, statement: str, *values: object) -> list[str]:
    return [str(step) for *_, step in db.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


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
