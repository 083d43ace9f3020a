"""The digest as channels have it by themselves: when it is due, and once for each channel and day.

Nothing waits for a timer: a step that passes the hour of a channel writes what became of its digest as a row of due
work that is done, in the transaction of the post. So a stream that is read again or goes on after a stop says it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from bot.alerts.decide import Decision
from bot.alerts.digest import Period, digest_headline, digest_rows, load_flushes
from bot.alerts.outbox import Letter, put_digest
from bot.alerts.settings import ChannelSettings, settings_of
from bot.market.history import DAY_MS, HOUR_MS
from bot.market.view import MarketView
from bot.message import Button, Message, Moment, Phrase
from bot.store.channels import load_channels, load_mark, save_mark
from bot.store.database import Database
from bot.store.episodes import load_due_of, save_due
from bot.store.rows import ChannelRow, DueRow

LATE_MS = 2 * HOUR_MS
"""Later than this a digest is left out: the next one says more."""
WEEK_DAYS = 7
FIRST_MONDAY = 4
"""Day 0 of 1970 was a Thursday."""


LOOKED = "digests-looked"
"""The mark that says up to when digests that came due were looked for."""


class Wanted(NamedTuple):
    """A channel whose digest has come due, and when, UTC ms."""

    channel: ChannelRow
    period: Period
    due_ms: int

    @property
    def owner(self) -> str:
        """What stands for a flush in its row of due work."""
        return owner_of(self.channel)

    @property
    def day(self) -> str:
        """The UTC day since 1970, of which there is one digest."""
        return str(self.due_ms // DAY_MS)


def owner_of(channel: ChannelRow) -> str:
    """What stands for a flush in rows of due work that are digests of a channel."""
    return f"digest/{channel.id}"


def last_due(settings: ChannelSettings, now_ms: int) -> int | None:
    """When a digest of these settings was due last, now included; None where none is wanted."""
    if settings.digest == "off":
        return None
    hour_ms = settings.digest_hour * HOUR_MS
    day = (now_ms - hour_ms) // DAY_MS
    if settings.digest == "weekly":
        day -= (day - FIRST_MONDAY) % WEEK_DAYS
    return day * DAY_MS + hour_ms


def next_digest(db: Database, channel: ChannelRow, now_ms: int) -> int | None:
    """When the next digest of a channel comes, UTC ms: past its mute and past a day that has had one.

    None where it wants none, or hears nothing.
    """
    settings = settings_of(channel)
    due_ms = last_due(settings, now_ms)
    if due_ms is None or channel.state != "on":
        return None
    had = {row.step for row in load_due_of(db, owner_of(channel))}
    every_ms = (WEEK_DAYS if settings.digest == "weekly" else 1) * DAY_MS
    due_ms += every_ms
    while str(due_ms // DAY_MS) in had or settings.muted_until_ms > due_ms:
        due_ms += every_ms
    return due_ms


def due_digests(db: Database, since_ms: int, now_ms: int) -> list[Wanted]:
    """Channels whose digest came due after one moment and up to another, and that have had none that day."""
    wanted = []
    for channel in load_channels(db):
        settings = settings_of(channel)
        due_ms = last_due(settings, now_ms)
        if settings.digest != "off" and due_ms is not None and due_ms > since_ms:
            one = Wanted(channel, settings.digest, due_ms)
            if all(row.step != one.day for row in load_due_of(db, one.owner)):
                wanted.append(one)
    return wanted


def put_digests(db: Database, wanted: Iterable[Wanted], build: Callable[[Period], Message], now_ms: int) -> None:
    """Put each digest into the outbox, silently and beside the bounds of alerts, and keep what became of it."""
    groups: dict[tuple[Period, int], list[Wanted]] = {}
    for one in wanted:
        groups.setdefault((one.period, one.due_ms), []).append(one)
    for (period, due_ms), group in groups.items():
        outcomes = {one: _outcome(one, now_ms) for one in group}
        taking = [(one.channel, Decision("first", posts=True, silent=True)) for one in group if not outcomes[one]]
        if taking:
            letter = Letter(f"digest/{period}/{due_ms // HOUR_MS}", None, "digest", build(period))
            put_digest(db, letter, taking, now_ms, due_ms + LATE_MS)
        for one in group:
            save_due(db, DueRow(one.owner, one.day, due_ms, now_ms, outcomes[one] or "posted"))


def _outcome(one: Wanted, now_ms: int) -> str:
    """Why it is not posted; empty where it is."""
    if one.channel.state != "on":
        return one.channel.state
    if now_ms - one.due_ms > LATE_MS:
        return "too late"
    return "muted" if settings_of(one.channel).muted_until_ms > now_ms else ""


def save_looked(db: Database, at_ms: int) -> None:
    """Keep up to when digests that came due were looked for; the cursor may be ahead of it after a stop."""
    save_mark(db, LOOKED, str(at_ms))


def load_looked(db: Database, resume_ms: int) -> int:
    """Up to when they were looked for, at most as far as a stream came, UTC ms."""
    value = load_mark(db, LOOKED)
    return resume_ms if value is None else min(int(value), resume_ms)


def build_digest(db: Database, view: MarketView, now_ms: int, period: Period) -> Message:
    """The post, the same as /digest answers."""
    coins = [coin for name in view.coins() if (coin := view.coin(name)) is not None]
    headline = digest_headline(period, Phrase("as-of", {"at": Moment(now_ms)}))
    rows = digest_rows(view, coins, load_flushes(db, now_ms, period), now_ms, period)
    buttons = (Button(Phrase("button-last-flush"), "/flush"), Button(Phrase("button-status"), "/status"))
    return Message("digest", headline, tuple(rows), push=headline, buttons=buttons)
