"""Rows about flushes: the episodes, why each channel heard of them or not, and the work that is still due."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from bot.store.rows import DecisionRow, DueRow, EpisodeRow, PartRow
from bot.store.statements import load, load_one, save


def save_episode(db: Database, row: EpisodeRow) -> None:
    """Keep an episode as it is now."""
    save(db, row)


def load_episode(db: Database, episode_id: str) -> EpisodeRow | None:
    """One episode by its id."""
    return load_one(db, EpisodeRow, "WHERE id = ?", (episode_id,))


def load_episodes(db: Database, coin: str | None = None, limit: int = 10) -> list[EpisodeRow]:
    """Episodes, newest onset first; those that a coin opened or joined, or all with None."""
    if coin is None:
        return load(db, EpisodeRow, "ORDER BY onset_ms DESC, id DESC LIMIT ?", (limit,))
    return load(
        db,
        EpisodeRow,
        "WHERE coin = ? OR EXISTS (SELECT 1 FROM json_each(body, '$.members') WHERE key = ?)"
        " ORDER BY onset_ms DESC, id DESC LIMIT ?",
        (coin, coin, limit),
    )


def load_last_flush(db: Database, coin: str | None = None) -> EpisodeRow | None:
    """The newest flush that a coin opened or joined, or of all with None; retracted ones were none.

    One that only came to WATCH is taken where there is no other.
    """
    return _last(db, coin, watch=False) or _last(db, coin, watch=True)


def _last(db: Database, coin: str | None, *, watch: bool) -> EpisodeRow | None:
    return load_one(
        db,
        EpisodeRow,
        "WHERE (band = 'watch') = ? AND json_extract(body, '$.end_reason') IS NOT 'retracted' AND (? IS NULL"
        " OR coin = ? OR EXISTS (SELECT 1 FROM json_each(body, '$.members') WHERE key = ?))"
        " ORDER BY onset_ms DESC, id DESC",
        (watch, coin, coin, coin),
    )


def load_flushes_since(db: Database, since_ms: int) -> list[EpisodeRow]:
    """Flushes above WATCH that were open after a moment, newest onset first; retracted ones were none."""
    return load(
        db,
        EpisodeRow,
        "WHERE band <> 'watch' AND (ended_ms IS NULL OR ended_ms > ?)"
        " AND json_extract(body, '$.end_reason') IS NOT 'retracted' ORDER BY onset_ms DESC, id DESC",
        (since_ms,),
    )


def load_ids_of_day(db: Database, day: str) -> list[str]:
    """Ids that begin with a date, the strongest flush first, then WATCHes and retracted ones."""
    found = db.execute(
        """SELECT id FROM episodes WHERE substr(id, 1, 10) = ?
        ORDER BY band = 'watch' OR json_extract(body, '$.end_reason') IS 'retracted', peak_score DESC, id""",
        (day,),
    )
    return [str(id_) for (id_,) in found.fetchall()]


def load_ended_episodes(db: Database) -> list[EpisodeRow]:
    """Episodes that have ended, oldest onset first."""
    return load(db, EpisodeRow, "WHERE ended_ms IS NOT NULL ORDER BY onset_ms, id")


def load_episode_ids(db: Database) -> list[str]:
    """The id of every episode, oldest onset first."""
    return [str(id_) for (id_,) in db.execute("SELECT id FROM episodes ORDER BY onset_ms, id").fetchall()]


def load_open_episodes(db: Database) -> list[EpisodeRow]:
    """Episodes that have not ended, oldest onset first."""
    return load(db, EpisodeRow, "WHERE ended_ms IS NULL ORDER BY onset_ms, id")


def load_parts(db: Database, coin: str, kind: str, since_ms: int, until_ms: int) -> list[PartRow]:
    """A coin's part in each flush of a kind, above WATCH, that began at `since_ms` or later and ended by `until_ms`."""
    found = db.execute(
        """SELECT episodes.id, json_extract(value, '$.long_usd'), json_extract(value, '$.short_usd'),
            json_extract(value, '$.peak_score')
        FROM episodes, json_each(body, '$.members')
        WHERE onset_ms >= ? AND ended_ms <= ? AND band <> 'watch' AND json_extract(body, '$.kind') = ?
            AND json_extract(body, '$.end_reason') IS NOT 'retracted' AND key = ?
        ORDER BY onset_ms, episodes.id""",
        (since_ms, until_ms, kind, coin),
    )
    rows = found.fetchall()
    return [PartRow(id_, _sum_of_known(longs, shorts), score) for id_, longs, shorts, score in rows]


def load_posted(db: Database, coin: str | None, since_ms: int) -> list[EpisodeRow]:
    """Episodes that began at a moment or later and were posted anywhere, oldest first; about a coin, or all."""
    return load(
        db,
        EpisodeRow,
        "WHERE onset_ms >= ? AND coin = coalesce(?, coin)"
        " AND EXISTS (SELECT 1 FROM decisions WHERE episode_id = episodes.id AND posted) ORDER BY onset_ms, id",
        (since_ms, coin),
    )


def load_spans(db: Database, coin: str, since_ms: int, until_ms: int) -> list[tuple[int, int]]:
    """(onset, end) of the flushes above WATCH that a coin opened or joined, begun in a span; to its end if open."""
    found = db.execute(
        """SELECT onset_ms, coalesce(ended_ms, ?) FROM episodes
        WHERE onset_ms BETWEEN ? AND ? AND band <> 'watch'
            AND EXISTS (SELECT 1 FROM json_each(body, '$.members') WHERE key = ?)
        ORDER BY onset_ms, id""",
        (until_ms, since_ms, until_ms, coin),
    )
    return [(int(onset_ms), int(ended_ms)) for onset_ms, ended_ms in found.fetchall()]


def _sum_of_known(longs: float | None, shorts: float | None) -> float | None:
    return None if longs is None and shorts is None else (longs or 0.0) + (shorts or 0.0)


def save_decision(db: Database, row: DecisionRow) -> None:
    """Keep the newest reason of an episode in a channel."""
    save(db, row)


def load_decision(db: Database, episode_id: str, channel_id: str) -> DecisionRow | None:
    """Why an episode was or was not posted in a channel."""
    return load_one(db, DecisionRow, "WHERE episode_id = ? AND channel_id = ?", (episode_id, channel_id))


def load_decisions(db: Database, *, episode_id: str | None = None, channel_id: str | None = None) -> list[DecisionRow]:
    """Decisions of an episode, of a channel, or of both, oldest first."""
    return load(
        db,
        DecisionRow,
        "WHERE episode_id = coalesce(?, episode_id) AND channel_id = coalesce(?, channel_id)"
        " ORDER BY at_ms, episode_id, channel_id",
        (episode_id, channel_id),
    )


def save_due(db: Database, row: DueRow) -> None:
    """Keep a piece of due work, open or done."""
    save(db, row)


def load_due(db: Database, until_ms: int) -> list[DueRow]:
    """Open work due at or before `until_ms`, in the order in which it is to be done."""
    return load(db, DueRow, "WHERE done_ms IS NULL AND due_ms <= ? ORDER BY due_ms, episode_id, step", (until_ms,))


def load_due_of(db: Database, episode_id: str) -> list[DueRow]:
    """All work of one episode, open and done, by due time."""
    return load(db, DueRow, "WHERE episode_id = ? ORDER BY due_ms, step", (episode_id,))


def next_due(db: Database, besides: Sequence[str] = ()) -> int | None:
    """When the next open work is due, in UTC ms; None when nothing is open. `besides` are steps that do not count."""
    marks = ", ".join("?" * len(besides))
    open_work = "SELECT min(due_ms) FROM due_work WHERE done_ms IS NULL"
    found = db.execute(f"{open_work} AND step NOT IN ({marks})", tuple(besides)).fetchone()
    return None if found[0] is None else int(found[0])
