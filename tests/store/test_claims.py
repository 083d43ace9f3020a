"""Deliveries taken in hand: in which order, by whom, and for how long."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from bot.store.claims import LEASE_MS, Moment, claim_deliveries, count_due, release_leases
from bot.store.deliveries import load_deliveries
from bot.store.upkeep import clear
from tests.store.filled import DELIVERY, put

WALL_MS = 1_000_000
AT = Moment(10, WALL_MS)


def later(wall_ms: int) -> Moment:
    """The same moment of the stream, so much later by the wall."""
    return Moment(10, WALL_MS + wall_ms)


def test_claims_come_by_priority_then_due_time(db: Database) -> None:
    """Deliveries are claimed by priority, due time, message and channel, with their messages, up to the limit."""
    put(
        db,
        DELIVERY._replace(message_id="a", channel_id="web:3", priority=2, due_ms=1),
        DELIVERY._replace(message_id="b", channel_id="web:2", priority=1, due_ms=9),
        DELIVERY._replace(message_id="c", priority=1, due_ms=3),
        DELIVERY._replace(message_id="c", channel_id="web:0", priority=1, due_ms=3),
    )
    claimed = claim_deliveries(db, "web", AT, 3).taken
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
    claim = claim_deliveries(db, "web", AT, 9, {"web:2"})
    assert [entry.delivery.message_id for entry in claim.taken] == ["worst", "c"]
    assert claim.kept_waiting == {"web:2"}
    assert count_due(db, "web", AT) == 3


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
        ({"leased_until_ms": WALL_MS + 1}, False),  # another sender holds it
        ({"leased_until_ms": WALL_MS}, True),  # held until now
    ],
)
def test_what_may_be_claimed(db: Database, change: dict[str, object], *, claimed: bool) -> None:
    """Only due, unheld deliveries of the asked platform that show less than wanted are claimed."""
    put(db, DELIVERY._replace(**change))  # type: ignore[arg-type]  # fields by name
    assert bool(claim_deliveries(db, "web", AT, 5).taken) is claimed


def test_a_lease_keeps_others_away_until_it_ends(db: Database) -> None:
    """A claimed delivery is not claimed again before its lease ends, and is free after `release_leases`."""
    put(db, DELIVERY)
    [entry] = claim_deliveries(db, "web", AT, 5).taken
    assert load_deliveries(db, "m1") == [
        entry.delivery._replace(leased_until_ms=WALL_MS + LEASE_MS, attempted_ms=WALL_MS)
    ]
    assert claim_deliveries(db, "web", later(LEASE_MS - 1), 5).taken == []
    assert len(claim_deliveries(db, "web", later(LEASE_MS), 5).taken) == 1
    release_leases(db, "telegram")
    assert claim_deliveries(db, "web", later(LEASE_MS + 1), 5).taken == []
    release_leases(db, "web")
    [again] = claim_deliveries(db, "web", later(LEASE_MS + 1), 5).taken
    assert again.delivery.attempted_ms == WALL_MS


def test_a_new_showing_has_a_name_of_its_own(db: Database) -> None:
    """After everything was forgotten, what is claimed belongs to another showing than before."""
    names = []
    for _ in range(3):
        put(db, DELIVERY)
        names += [entry.showing for entry in claim_deliveries(db, "web", AT, 5).taken]
        clear(db)
    assert names == ["", "1", "2"]


def test_a_claim_reads_open_rows_only(db: Database) -> None:
    """A claim walks the index of open deliveries in its order: neither a long past nor a long queue slows it down."""
    put(db, DELIVERY)
    asked: list[str] = []
    with db.tracer(lambda sql, _: asked.append(sql)):
        claim_deliveries(db, "web", AT, 5)
    waiting, chosen = asked[0], next(statement for statement in asked if "json_each" in statement)
    assert _plan(db, waiting, "web", 1, 1) == ["SEARCH deliveries USING INDEX open_deliveries (platform=?)"]
    assert not [step for step in _plan(db, chosen, "[]") if step.startswith("SCAN deliveries")]


def _plan(db: Database, statement: str, *values: object) -> list[str]:
    return [str(step) for *_, step in db.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
