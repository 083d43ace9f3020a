"""What keeps the database small and counted."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.steps import KEPT_SINCE

DAY_MS = 86_400_000

# Days a row is kept after its last event (end, revision, sending, decision, completion, change). Episodes outlast the
# rest by a year, so that a scorecard can look back; a row of an open episode and open work are kept however old.
RETENTION_DAYS = {
    "episodes": 400,
    "messages": 100,
    "deliveries": 100,
    "decisions": 100,
    "due_work": 100,
    "reports": 400,
    "outcomes": 400,
    "steps": 100,
    "settings_changes": 400,
}

# What may go, per table, with one ? for the oldest moment kept. Deliveries stand before the messages they refer to.
_OUTDATED = {
    "episodes": "ended_ms < ?",
    "deliveries": """max(due_ms, coalesce(sent_ms, 0), coalesce(edited_ms, 0)) < ?
        AND state <> 'pending' AND NOT (state = 'sent' AND wanted_revision > sent_revision)
        AND message_id NOT IN (SELECT messages.id FROM messages JOIN episodes ON episodes.id = messages.episode_id
            WHERE episodes.ended_ms IS NULL)""",
    "messages": """revised_ms < ? AND id NOT IN (SELECT message_id FROM deliveries)
        AND coalesce(episode_id, '') NOT IN (SELECT id FROM episodes WHERE ended_ms IS NULL)""",
    "decisions": "at_ms < ? AND episode_id NOT IN (SELECT id FROM episodes WHERE ended_ms IS NULL)",
    "due_work": "done_ms < ? AND episode_id NOT IN (SELECT id FROM episodes WHERE ended_ms IS NULL)",
    "reports": "posted_ms < ? AND episode_id NOT IN (SELECT id FROM episodes WHERE ended_ms IS NULL)",
    "outcomes": "done_ms < ? AND episode_id NOT IN (SELECT id FROM episodes WHERE ended_ms IS NULL)",
    "steps": "at_ms < ? AND episode_id NOT IN (SELECT id FROM episodes WHERE ended_ms IS NULL)",
    "settings_changes": "at_ms < ?",
}


def prune(db: Database, now_ms: int) -> int:
    """Delete what has outlived `RETENTION_DAYS` and is not open; returns how many rows went."""
    gone = 0
    for table, condition in _OUTDATED.items():
        oldest_ms = now_ms - RETENTION_DAYS[table] * DAY_MS
        gone += db.execute(f"DELETE FROM {table} WHERE {condition}", (oldest_ms,)).rowcount  # noqa: S608 -- the table above
    return gone


SHOWING = "showing"
"""The mark that counts how often the stream was begun anew."""


def clear(db: Database) -> None:
    """Forget everything that was said and is to be said; channels, their settings and the audit stay.

    What is said from now on is another showing: the same ids stand for other posts.
    """
    found = db.execute("SELECT value FROM marks WHERE key = ?", (SHOWING,)).fetchone()
    showing = int(found[0]) + 1 if found else 1
    db.execute("INSERT OR REPLACE INTO marks (key, value) VALUES (?, ?)", (SHOWING, str(showing)))
    for table in (
        "deliveries",
        "messages",
        "decisions",
        "due_work",
        "reports",
        "outcomes",
        "steps",
        "episodes",
        "snapshots",
        "cursor",
        "memory",
        "slots",
    ):
        db.execute(f"DELETE FROM {table}")  # noqa: S608 -- fixed names
    db.execute("DELETE FROM marks WHERE key = ?", (KEPT_SINCE,))


def count_rows(db: Database) -> dict[str, int]:
    """Rows per table, for `/status`."""
    tables = (*RETENTION_DAYS, "channels")
    counts = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables}  # noqa: S608 -- fixed names
    return {table: int(count[0]) for table, count in counts.items()}
