"""The two statements almost every row function is made of: keep one row, read rows back as their type.

Written out because `Table.upsert` of sqlite-utils reads the schema at every call: twenty of them took 4.3 ms here,
twenty of these 0.3 ms, and the engine commits that often.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, TypeVar, get_type_hints

from sqlite_utils import Database

from bot.store.rows import (
    ChannelRow,
    DecisionRow,
    DeliveryRow,
    DueRow,
    EpisodeRow,
    MarkRow,
    MessageRow,
    OutcomeRow,
    ReportRow,
    SettingsChangeRow,
    StepRow,
)

Row = TypeVar("Row", bound=NamedTuple)


class Table(NamedTuple):
    """Where a type of row lives; without a `key` rows are only ever added."""

    name: str
    key: tuple[str, ...]


TABLES: dict[type[NamedTuple], Table] = {
    EpisodeRow: Table("episodes", ("id",)),
    ChannelRow: Table("channels", ("id",)),
    SettingsChangeRow: Table("settings_changes", ()),
    MessageRow: Table("messages", ("id",)),
    DeliveryRow: Table("deliveries", ("message_id", "channel_id")),
    DecisionRow: Table("decisions", ("episode_id", "channel_id")),
    DueRow: Table("due_work", ("episode_id", "step")),
    ReportRow: Table("reports", ("episode_id", "step")),
    OutcomeRow: Table("outcomes", ("episode_id", "call", "hours")),
    StepRow: Table("steps", ()),
    MarkRow: Table("marks", ("key",)),
}


def save(db: Database, row: NamedTuple) -> None:
    """Add a row, or replace the one with the same key."""
    db.execute(_save_statement(type(row)), row)


def load(db: Database, kind: type[Row], rest: str = "", values: tuple[object, ...] = ()) -> list[Row]:
    """Rows of one type; `rest` follows FROM (WHERE, ORDER BY, LIMIT) with a ? for each of `values`."""
    return [as_row(kind, found) for found in db.execute(f"{select(kind)} {rest}", values)]


def load_one(db: Database, kind: type[Row], rest: str, values: tuple[object, ...]) -> Row | None:
    """The first row found, None when there is none."""
    return next(iter(load(db, kind, f"{rest} LIMIT 1", values)), None)


@cache
def select(kind: type[NamedTuple]) -> str:
    """SELECT … FROM the table of `kind`, columns in the order of its fields."""
    return f"SELECT {columns(kind)} FROM {TABLES[kind].name}"  # noqa: S608 -- names of our own types and tables only


@cache
def columns(kind: type[NamedTuple]) -> str:
    """The columns of `kind`, each with its table's name, for joins."""
    return ", ".join(f"{TABLES[kind].name}.{field}" for field in kind._fields)


def as_row(kind: type[Row], found: tuple[Any, ...]) -> Row:
    """A row of `kind` from its columns; SQLite has no booleans, so those fields are turned back."""
    values = list(found)
    for place in _booleans(kind):
        values[place] = bool(values[place])
    return kind._make(values)


@cache
def _booleans(kind: type[NamedTuple]) -> tuple[int, ...]:
    hints = get_type_hints(kind)
    return tuple(place for place, field in enumerate(kind._fields) if hints[field] is bool)


@cache
def _save_statement(kind: type[NamedTuple]) -> str:
    table = TABLES[kind]
    fields = kind._fields
    marks = ", ".join("?" * len(fields))
    insert = f"INSERT INTO {table.name} ({', '.join(fields)}) VALUES ({marks})"  # noqa: S608 -- as in `select`
    if not table.key:
        return insert
    changes = ", ".join(f"{field} = excluded.{field}" for field in fields if field not in table.key)
    return f"{insert} ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET {changes}"
