"""/status: what Flushwatch can see right now, what it is blind to, and what it is about to do."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from bot.alerts.venue_names import venue_name
from bot.command import Caller, command
from bot.market.view import FeedRow
from bot.message import Count, Message, Name, Names, Phrase, Phrases, Row, Span, Value
from bot.store.database import Database
from bot.store.episodes import load_open_episodes, next_due
from bot.store.progress import CursorRow, load_cursor
from bot.store.upkeep import count_rows
from commands.desk import Desk
from commands.phrases import ALIVE, as_of, feed_name, line, moment, muted, say

MOST_TROUBLES = 5
STATES = ("partial", "stale", "blocked", "recount")


class Kept(NamedTuple):
    """What the store tells in one transaction."""

    open_ids: list[str]
    due_ms: int | None
    cursor: CursorRow | None
    rows: dict[str, int]


def _kept(db: Database) -> Kept:
    return Kept([row.id for row in load_open_episodes(db)], next_due(db), load_cursor(db), count_rows(db))


@command("status")
async def status(desk: Desk, caller: Caller) -> Message:  # noqa: ARG001 -- every command is handed its caller
    """What is watched, which feeds are live or silent, which flushes are open and what is due next."""
    view, now_ms = desk.view(), desk.now_ms()
    kept = await desk.store.run(_kept)
    values: dict[str, Value] = {"coins": Count(len(view.coins())), "span": Span(now_ms - desk.started_ms)}
    if view.as_of_ms:
        headline = say("status-headline", **values, as_of=as_of(view.as_of_ms, now_ms))
    else:
        headline = say("status-headline-no-facts", **values)
    rows = [*_feeds(view.feeds(), now_ms), _open(kept.open_ids), _due(kept.due_ms, now_ms), _rows(kept)]
    rows.append(muted("status-note"))
    return desk.answer(headline, rows)


def _feeds(feeds: list[FeedRow], now_ms: int) -> list[Row]:
    if not feeds:
        return [Row(say("status-no-feeds"))]
    ordered = sorted(feeds, key=lambda row: (row.venue, row.feed))
    venues = tuple(_alive(venue, list(group)) for venue, group in groupby(ordered, key=lambda row: row.venue))
    rows = [Row(say("status-feeds", venues=Phrases(venues)))]
    troubles = sorted((row for row in feeds if row.state != "live"), key=lambda row: (row.state in ALIVE, row.since_ms))
    rows += [Row(_trouble(row, now_ms)) for row in troubles[:MOST_TROUBLES]]
    if len(troubles) > MOST_TROUBLES:
        rows.append(muted("status-more", n=Count(len(troubles) - MOST_TROUBLES)))
    return rows


def _alive(venue: str, feeds: list[FeedRow]) -> Phrase:
    alive = sum(row.state in ALIVE for row in feeds)
    return say("status-venue", venue=venue_name(venue), live=Count(alive), all=Count(len(feeds)))


def _trouble(row: FeedRow, now_ms: int) -> Phrase:
    state = say(f"status-state-{row.state}") if row.state in STATES else Name(row.state)
    return say(
        "status-trouble",
        venue=venue_name(row.venue),
        feed=feed_name(row.feed),
        state=state,
        since=moment(row.since_ms, now_ms),
        age=Span(now_ms - row.since_ms),
    )


def _open(ids: list[str]) -> Row:
    if not ids:
        return Row(say("status-none-open"))
    return Row(say("status-open", n=Count(len(ids)), ids=Names(tuple(ids[:MOST_TROUBLES]))))


def _due(due_ms: int | None, now_ms: int) -> Row:
    if due_ms is None:
        return Row(say("status-nothing-due"))
    if due_ms <= now_ms:
        return Row(say("status-due-now", at=moment(due_ms, now_ms)))
    return Row(say("status-due", at=moment(due_ms, now_ms), wait=Span(due_ms - now_ms)))


def _rows(kept: Kept) -> Row:
    counts: dict[str, Value] = {table: Count(kept.rows[table]) for table in ("episodes", "messages", "channels")}
    parts = [say("status-rows", **counts)]
    if kept.cursor:
        facts: dict[str, Value] = {"facts": Count(kept.cursor.facts), "source": Name(kept.cursor.source)}
        parts.append(say("status-facts", **facts))
    return line(parts)
