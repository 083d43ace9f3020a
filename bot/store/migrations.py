"""The shape of the database, one function per change; a change that has shipped is never edited.

Fields mean what `bot.store.rows` says. STRICT tables refuse a value of the wrong type instead of keeping it.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from bot.errors import StoreError

MIGRATIONS = Migrations("flushwatch")


@MIGRATIONS()
def first_tables(db: Database) -> None:
    """Everything version 1 keeps."""
    for statement in (*_EPISODES, *_CHANNELS, *_OUTBOX, *_PROGRESS):
        db.execute(statement)


@MIGRATIONS()
def chats(db: Database) -> None:
    """Channels that can be switched off and lost, attempts without an answer, and what platforms have to remember."""
    for statement in _CHATS:
        db.execute(statement)


@MIGRATIONS()
def memory(db: Database) -> None:
    """What a live engine remembers: two tables of values that only the program can read."""
    for statement in _MEMORY:
        db.execute(statement)


@MIGRATIONS()
def steps(db: Database) -> None:
    """Every change of a flush with what decides who hears of it, and when a post was put into the outbox."""
    for statement in _STEPS:
        db.execute(statement)


@MIGRATIONS()
def reports(db: Database) -> None:
    """What was found at each step of a flush."""
    db.execute(_REPORTS)


@MIGRATIONS()
def outcomes(db: Database) -> None:
    """What came after each call, beside random moments."""
    for statement in _OUTCOMES:
        db.execute(statement)


_EPISODES = (
    """CREATE TABLE episodes (
        id TEXT PRIMARY KEY, coin TEXT NOT NULL, side TEXT NOT NULL, onset_ms INTEGER NOT NULL, ended_ms INTEGER,
        peak_score REAL NOT NULL, band TEXT NOT NULL, body TEXT NOT NULL) STRICT""",
    "CREATE INDEX episodes_by_onset ON episodes (onset_ms, id)",
    "CREATE INDEX open_episodes ON episodes (id) WHERE ended_ms IS NULL",
    """CREATE TABLE decisions (
        episode_id TEXT NOT NULL, channel_id TEXT NOT NULL, reason TEXT NOT NULL, posted INTEGER NOT NULL,
        at_ms INTEGER NOT NULL, PRIMARY KEY (episode_id, channel_id)) STRICT""",
    "CREATE INDEX decisions_by_channel ON decisions (channel_id, at_ms)",
    """CREATE TABLE due_work (
        episode_id TEXT NOT NULL, step TEXT NOT NULL, due_ms INTEGER NOT NULL, done_ms INTEGER, outcome TEXT,
        PRIMARY KEY (episode_id, step)) STRICT""",
    "CREATE INDEX open_due_work ON due_work (due_ms, episode_id, step) WHERE done_ms IS NULL",
)

_CHANNELS = (
    """CREATE TABLE channels (
        id TEXT PRIMARY KEY, platform TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL,
        revision INTEGER NOT NULL, created_ms INTEGER NOT NULL) STRICT""",
    """CREATE TABLE settings_changes (
        channel_id TEXT NOT NULL, at_ms INTEGER NOT NULL, who TEXT NOT NULL, key TEXT NOT NULL, old TEXT NOT NULL,
        new TEXT NOT NULL) STRICT""",
    "CREATE INDEX settings_changes_by_channel ON settings_changes (channel_id, at_ms)",
)

# The partial index names the same condition as `bot.store.claims`, so a claim reads open rows only, never the past.
_OUTBOX = (
    """CREATE TABLE messages (
        id TEXT PRIMARY KEY, episode_id TEXT, kind TEXT NOT NULL, step TEXT NOT NULL, revision INTEGER NOT NULL,
        body TEXT NOT NULL, thread_of TEXT, created_ms INTEGER NOT NULL, revised_ms INTEGER NOT NULL) STRICT""",
    """CREATE TABLE deliveries (
        message_id TEXT NOT NULL REFERENCES messages (id) DEFERRABLE INITIALLY DEFERRED,
        channel_id TEXT NOT NULL, platform TEXT NOT NULL, state TEXT NOT NULL, wanted_revision INTEGER NOT NULL,
        sent_revision INTEGER NOT NULL, priority INTEGER NOT NULL, silent INTEGER NOT NULL, due_ms INTEGER NOT NULL,
        expires_ms INTEGER, platform_id TEXT, leased_until_ms INTEGER, failures INTEGER NOT NULL, last_error TEXT,
        sent_ms INTEGER, edited_ms INTEGER, PRIMARY KEY (message_id, channel_id)) STRICT""",
    """CREATE INDEX open_deliveries ON deliveries (priority, due_ms, message_id, channel_id)
        WHERE state = 'pending' OR (state = 'sent' AND wanted_revision > sent_revision)""",
    "CREATE INDEX sent_deliveries ON deliveries (channel_id, sent_ms) WHERE state = 'sent'",
)

_PROGRESS = (
    "CREATE TABLE snapshots (only INTEGER PRIMARY KEY CHECK (only = 1), body TEXT NOT NULL) STRICT",
    """CREATE TABLE cursor (
        only INTEGER PRIMARY KEY CHECK (only = 1), t_ms INTEGER NOT NULL, facts INTEGER NOT NULL,
        source TEXT NOT NULL, finished INTEGER NOT NULL) STRICT""",
)


# Channels kept so far were those of replays and demos, which hear everything.
_CHATS = (
    "ALTER TABLE channels ADD COLUMN place TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE channels ADD COLUMN state TEXT NOT NULL DEFAULT 'on'",
    "ALTER TABLE channels ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE channels ADD COLUMN state_ms INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX channels_by_place ON channels (place)",
    "ALTER TABLE deliveries ADD COLUMN attempted_ms INTEGER",
    "ALTER TABLE deliveries ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE marks (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "DROP INDEX open_deliveries",
    """CREATE INDEX open_deliveries ON deliveries (platform, priority, due_ms, message_id, channel_id)
        WHERE state = 'pending' OR (state = 'sent' AND wanted_revision > sent_revision)""",
    "CREATE INDEX deliveries_by_channel ON deliveries (channel_id, state, due_ms)",
    "CREATE INDEX held_deliveries ON deliveries (platform) WHERE leased_until_ms IS NOT NULL",
)


_MEMORY = (
    """CREATE TABLE memory (
        only INTEGER PRIMARY KEY CHECK (only = 1), about TEXT NOT NULL, present BLOB NOT NULL) STRICT""",
    "CREATE TABLE slots (slot INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
)


# The number keeps changes of one moment in their order.
_STEPS = (
    """CREATE TABLE steps (
        number INTEGER PRIMARY KEY, episode_id TEXT NOT NULL, event TEXT NOT NULL, at_ms INTEGER NOT NULL,
        scope TEXT NOT NULL, band TEXT NOT NULL, peak_score REAL NOT NULL, observed_usd REAL, leg_ms INTEGER NOT NULL,
        ended INTEGER NOT NULL, reached TEXT NOT NULL) STRICT""",
    "CREATE INDEX steps_by_time ON steps (at_ms)",
    "CREATE INDEX steps_by_episode ON steps (episode_id)",
    "ALTER TABLE deliveries ADD COLUMN put_ms INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX deliveries_by_put ON deliveries (channel_id, put_ms)",
)


_REPORTS = """CREATE TABLE reports (
        episode_id TEXT NOT NULL, step TEXT NOT NULL, due_ms INTEGER NOT NULL, posted_ms INTEGER NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (episode_id, step)) STRICT"""


_OUTCOMES = (
    """CREATE TABLE outcomes (
        episode_id TEXT NOT NULL, call TEXT NOT NULL, hours INTEGER NOT NULL, made_ms INTEGER NOT NULL,
        due_ms INTEGER NOT NULL, done_ms INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (episode_id, call, hours)) STRICT""",
    "CREATE INDEX outcomes_by_call ON outcomes (made_ms)",
)


def check_version(db: Database) -> None:
    """Raise `StoreError` when the tables were made by a newer version of Flushwatch or by another program."""
    applied = {migration.name for migration in MIGRATIONS.applied(db)}
    known = {migration.name for migration in MIGRATIONS.pending(Database(memory=True))}
    if applied - known:
        raise StoreError("The database was written by a newer version of Flushwatch; update Flushwatch to use it.")
    # A process killed in its first moments may leave the empty table of migrations behind, and nothing else.
    if not applied and set(db.table_names()) - {MIGRATIONS.migrations_table}:
        raise StoreError("The database was made by another program; choose another file.")
