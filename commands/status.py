"""/status: what Flushwatch can see right now, what it is blind to, and what it is about to do."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from bot.alerts.moments import moment
from bot.alerts.outbox import SILENT
from bot.alerts.unheard import below, spans, times_of
from bot.alerts.venue_names import venue_name
from bot.command import Caller, command
from bot.flush.coverage import THROTTLED, never_whole
from bot.market.gaps import Gap
from bot.market.view import FeedRow, MarketView
from bot.message import Count, Message, Name, Names, Phrase, Phrases, Row, Span, Value
from bot.store.database import Database
from bot.store.episodes import load_open_episodes, next_due
from bot.store.progress import CursorRow, load_cursor
from bot.store.upkeep import count_rows
from commands.desk import Desk
from commands.phrases import ALIVE, DAY_MS, STALE_MS, as_of, feed_name, line, muted, say

MOST_TROUBLES = 3
MOST_BLOCKED = MOST_GAPS = MOST_IDS = 5
"""All of them together stay within twelve rows."""
BEST_KNOWN = "BTC"
HOUR_MS = 3_600_000
ALMOST_MS = 600_000
"""A day of which less than this is missing counts as whole: the running five minutes always are."""
CLOSURES = "liquidation"
BLOCKED = "blocked"
STATES = ("partial", "stale", "blocked", "recount")


class Kept(NamedTuple):
    """What the store tells in one transaction."""

    open_ids: list[str]
    due_ms: int | None
    cursor: CursorRow | None
    rows: dict[str, int]


def _kept(db: Database) -> Kept:
    return Kept([row.id for row in load_open_episodes(db)], next_due(db, SILENT), load_cursor(db), count_rows(db))


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
    feeds, progress = view.feeds(), desk.progress()
    rows = [
        *_feeds(feeds, view.gaps(), now_ms),
        *([] if progress is None else [Row(progress)]),
        *_collecting(view),
        line([_open(kept.open_ids), _due(kept.due_ms, now_ms)]),
        _rows(kept),
        muted("status-note"),
        Row(below(*never_whole(feeds)), "muted"),
    ]
    return desk.answer(headline, rows)


def _collecting(view: MarketView) -> list[Row]:
    """How far sums of liquidations reach back, while that is less than a day; of the coin that all exchanges list."""
    names = view.coins()
    coin = view.coin(BEST_KNOWN if BEST_KNOWN in names else names[0]) if names else None
    known_ms = next((sums.known_ms for sums in coin.liquidations if sums.span_ms == DAY_MS), None) if coin else None
    if known_ms is None or known_ms > DAY_MS - ALMOST_MS:
        return []
    return [muted("status-collecting", hours=Count(known_ms // HOUR_MS))]


def warming(done: int, coins: int) -> Phrase:
    """How far the past that tells what is usual has been taken in, for `Desk.progress`."""
    return say("status-warming", done=Count(done), all=Count(coins))


def _feeds(feeds: list[FeedRow], gaps: list[Gap], now_ms: int) -> list[Row]:
    """What is live, then what weighs most: venues that do not answer here, gaps of liquidations, other troubles."""
    if not feeds:
        return [Row(say("status-no-feeds"))]
    ordered = sorted(feeds, key=lambda row: (row.venue, row.feed))
    venues = tuple(_alive(venue, list(group)) for venue, group in groupby(ordered, key=lambda row: row.venue))
    blind = [gap for gap in gaps if gap.feed == CLOSURES]
    rows = [Row(say("status-feeds", venues=Phrases(venues))), *_blocked(ordered, now_ms), *_blind(blind, feeds, now_ms)]
    told = {(gap.venue, gap.feed) for gap in blind if gap.to_ms is None}
    troubles = _troubles([row for row in ordered if _is_trouble(row) and (row.venue, row.feed) not in told])
    rows += [Row(_trouble(trouble, now_ms)) for trouble in troubles[:MOST_TROUBLES]]
    more = sum(len(trouble) for trouble in troubles[MOST_TROUBLES:])
    return [*rows, *([muted("status-more", n=Count(more))] if more else [])]


def _alive(venue: str, feeds: list[FeedRow]) -> Phrase:
    alive = sum(row.state in ALIVE for row in feeds)
    return say("status-venue", venue=venue_name(venue), live=Count(alive), all=Count(len(feeds)))


def _blocked(ordered: list[FeedRow], now_ms: int) -> list[Row]:
    """Venues that refuse to answer here, in one row, each with what is missing of it."""
    groups = _troubles([row for row in ordered if row.state == BLOCKED])
    told = [_missing(group, now_ms) for group in groups[:MOST_BLOCKED]]
    if len(groups) > MOST_BLOCKED:
        told.append(say("status-blocked-more", n=Count(len(groups) - MOST_BLOCKED)))
    return [Row(say("status-blocked", venues=Phrases(tuple(told), "list")))] if told else []


def _missing(rows: list[FeedRow], now_ms: int) -> Phrase:
    since = moment(min(row.since_ms for row in rows), now_ms)
    return say("status-blocked-venue", venue=venue_name(rows[0].venue), feeds=_names(rows), since=since)


def _blind(gaps: list[Gap], feeds: list[FeedRow], now_ms: int) -> list[Row]:
    """Gaps of liquidations, in one row; a venue that is blocked has said of its lasting ones already."""
    blocked = {(row.venue, row.feed) for row in feeds if row.state == BLOCKED}
    lasting = times_of(gap for gap in gaps if gap.to_ms is None and (gap.venue, gap.feed) not in blocked)
    over = times_of(gap for gap in gaps if gap.to_ms is not None)
    values: dict[str, Value] = {"n": Count(len(over))}
    if lasting:
        values["lasting"] = spans(lasting, now_ms, MOST_GAPS)
    if over:
        values["spans"] = spans(over, now_ms, max(1, MOST_GAPS - len(lasting)))
    key = "status-blind" if lasting and over else "status-blind-now" if lasting else "status-blind-before"
    return [Row(say(key, **values))] if lasting or over else []


def _is_trouble(row: FeedRow) -> bool:
    """Not live, and not told elsewhere: a venue that shows only some liquidations is never more than partial."""
    by_nature = row.state == "partial" and row.feed == CLOSURES and row.venue in THROTTLED
    return row.state not in ("live", BLOCKED) and not by_nature


def _troubles(rows: list[FeedRow]) -> list[list[FeedRow]]:
    """Feeds of one venue in one state since about the same time together; silent ones first, then the longest."""
    groups: list[list[FeedRow]] = []
    for row in sorted(rows, key=lambda row: (row.venue, row.state, row.since_ms)):
        if groups and _together(groups[-1][0], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return sorted(groups, key=lambda group: (group[0].state in ALIVE, group[0].since_ms))


def _together(first: FeedRow, row: FeedRow) -> bool:
    """Whether one line may say of both since when: its time is that of the first."""
    return (first.venue, first.state) == (row.venue, row.state) and row.since_ms - first.since_ms <= STALE_MS


def _trouble(rows: list[FeedRow], now_ms: int) -> Phrase:
    since_ms = min(row.since_ms for row in rows)
    state = rows[0].state
    return say(
        "status-trouble",
        venue=venue_name(rows[0].venue),
        feeds=_names(rows),
        state=say(f"status-state-{state}") if state in STATES else Name(state),
        since=moment(since_ms, now_ms),
        age=Span(now_ms - since_ms),
    )


def _names(rows: list[FeedRow]) -> Phrases:
    named = sorted(row.feed for row in rows)
    return Phrases(tuple(say("status-feed", feed=feed_name(feed)) for feed in named), "list")


def _open(ids: list[str]) -> Phrase:
    if not ids:
        return say("status-none-open")
    return say("status-open", n=Count(len(ids)), ids=Names(tuple(ids[:MOST_IDS])))


def _due(due_ms: int | None, now_ms: int) -> Phrase:
    if due_ms is None:
        return say("status-nothing-due")
    if due_ms <= now_ms:
        return say("status-due-now", at=moment(due_ms, now_ms))
    return say("status-due", at=moment(due_ms, now_ms), wait=Span(due_ms - now_ms))


def _rows(kept: Kept) -> Row:
    counts: dict[str, Value] = {table: Count(kept.rows[table]) for table in ("episodes", "messages", "channels")}
    parts = [say("status-rows", **counts)]
    if kept.cursor:
        facts: dict[str, Value] = {"facts": Count(kept.cursor.facts), "source": Name(kept.cursor.source)}
        parts.append(say("status-facts", **facts))
    return line(parts)
