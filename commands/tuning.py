"""/alerts preview and target: what other settings would have posted, before anybody takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Annotated, NamedTuple

import msgspec

from bot.alerts.decide import Step
from bot.alerts.presets import change_several, word_between
from bot.alerts.preview import LEAD_MS, Preview, preview
from bot.alerts.settings import SETTINGS, Asked, ChannelSettings, settings_of
from bot.alerts.steps import DayPost, read_steps
from bot.alerts.target import candidates, choose, quieter
from bot.command import Caller, Rest, Typed, command
from bot.errors import UserError
from bot.flush.episode import Episode
from bot.market.history import DAY_MS
from bot.message import Button, Count, Message, Number, Phrase, Row, Span
from bot.store.channels import load_channel
from bot.store.database import Database
from bot.store.episodes import load_episode
from bot.store.rows import ChannelRow, StepRow
from bot.store.steps import load_steps, steps_since
from commands.alerts import differences, preset_name
from commands.desk import Desk
from commands.phrases import line, say
from commands.preview_rows import listed, shown_ids

MOST_DAYS = 90
ENOUGH_DAYS = 14
"""With fewer days a rate says little, and that is said."""
RATE_AFTER_DAYS = 7
PER = {"per week": 7, "per day": 1}

Days = Annotated[int, Typed("integer", low=1, high=MOST_DAYS, skipped=True, unit="d")]
Posts = Annotated[int, Typed("integer", low=1, high=50)]
Per = Annotated[str, Typed("choice", choices=tuple(PER), rest=True)]


class Kept(NamedTuple):
    """What settings can be tried on: since when, the channel's settings, and what happened to flushes."""

    since_ms: int
    settings: ChannelSettings
    steps: list[Step | DayPost]


@command("alerts preview", admin=True)
async def preview_posts(desk: Desk, caller: Caller, days: Days = 30, change: Rest = "") -> Message:
    """What the last days would have posted here, as things are or with a change such as `smallest_band severe`."""
    now_ms = desk.now_ms()
    kept = await _kept(desk, caller, now_ms, days)
    after = change_several(Asked(change, kept.settings, desk.view().coins(), desk.languages, now_ms))
    told = preview(kept.steps, _unmuted(after), kept.since_ms, now_ms)
    rows = [
        _with(kept.settings, after, now_ms),
        *await _listed(desk, told),
        *_notes(told, days, muted=after.muted_until_ms > now_ms),
    ]
    return desk.answer(_headline(told), rows, buttons=_take(kept.settings, after), private=True)


@command("alerts target", admin=True)
async def target_rate(desk: Desk, caller: Caller, posts: Posts, per: Per = "per week") -> Message:
    """Which settings would have come to at most so many new posts here, with the list, and a button to take them."""
    now_ms, a_week = desk.now_ms(), posts * 7 / PER[per]
    kept = await _kept(desk, caller, now_ms, MOST_DAYS)
    if now_ms - kept.since_ms < DAY_MS:
        raise UserError("error-kept-too-short", span=Span(now_ms - kept.since_ms))
    tried = await _tried(kept, candidates(_unmuted(kept.settings)), now_ms)
    if all(told.a_week > a_week for _, told in tried):
        tried += await _tried(kept, quieter(_unmuted(kept.settings)), now_ms)
    chosen, told = choose(tried, a_week)
    after = msgspec.structs.replace(chosen, muted_until_ms=kept.settings.muted_until_ms)
    key = "target-headline" if told.a_week <= a_week else "target-headline-none"
    rate, span = Number(told.a_week, 1), Span(told.until_ms - told.since_ms)
    headline = say(key, asked=Count(posts), per=say(f"target-{per.replace(' ', '-')}"), rate=rate, span=span)
    rows = [
        _with(kept.settings, after, now_ms),
        *await _listed(desk, told),
        *_notes(told, ENOUGH_DAYS, muted=after.muted_until_ms > now_ms),
    ]
    return desk.answer(headline, rows, buttons=_take(kept.settings, after), private=True)


async def _tried(kept: Kept, settings: Iterable[ChannelSettings], now_ms: int) -> list[tuple[ChannelSettings, Preview]]:
    """Each of some settings with what it would have posted."""
    tried = []
    for one in settings:
        tried.append((one, preview(kept.steps, one, kept.since_ms, now_ms)))
        await asyncio.sleep(0)  # all of them in one go would let every other answer wait
    return tried


async def _kept(desk: Desk, caller: Caller, now_ms: int, days: int) -> Kept:
    """Of the last days what there is; raises `UserError` where nothing is kept yet."""
    wanted_ms = now_ms - days * DAY_MS

    def work(db: Database) -> tuple[ChannelRow | None, int | None, list[StepRow]]:
        return load_channel(db, caller.channel), steps_since(db), load_steps(db, wanted_ms - LEAD_MS)

    row, since_ms, rows = await desk.store.run(work)
    if since_ms is None:
        raise UserError("error-nothing-kept")
    return Kept(min(max(wanted_ms, since_ms), now_ms), settings_of(row), list(read_steps(rows)))


def _unmuted(settings: ChannelSettings) -> ChannelSettings:
    """A mute is for now; in the past it would silence everything."""
    return msgspec.structs.replace(settings, muted_until_ms=0)


def _with(before: ChannelSettings, after: ChannelSettings, now_ms: int) -> Row:
    """With which settings that is: the channel's, or what is different."""
    changed = differences(before, after, now_ms)
    return line(changed) if changed else Row(say("preview-as-it-is", preset=preset_name(before)))


def _headline(told: Preview) -> Phrase:
    span, posts = Span(told.until_ms - told.since_ms), Count(len(told.posts))
    if told.days < RATE_AFTER_DAYS:
        return say("preview-headline-short", span=span, posts=posts)
    return say("preview-headline", span=span, posts=posts, rate=Number(told.a_week, 1))


async def _listed(desk: Desk, told: Preview) -> list[Row]:
    ids = shown_ids(told)
    rows = await desk.store.run(lambda db: [load_episode(db, id_) for id_ in ids])
    return listed(told, {row.id: msgspec.json.decode(row.body, type=Episode) for row in rows if row is not None})


def _notes(told: Preview, wanted_days: int, *, muted: bool) -> list[Row]:
    """What one has to know to weigh it."""
    short = told.days < wanted_days - 0.5
    notes = [say("preview-rests-on", span=Span(told.until_ms - told.since_ms))] if short else []
    notes += [say("preview-mute-left-out")] if muted else []
    return [Row(line(notes).phrase, "muted")] if notes else []


def _take(before: ChannelSettings, after: ChannelSettings) -> tuple[Button, ...]:
    """A button that makes the change, where one command does."""
    changed = [one for one in SETTINGS.values() if one.key != "mute" and one.text(before) != one.text(after)]
    word = word_between(before, after) if changed else None
    if word is not None:
        return (Button(say("button-take"), f"/alerts preset {word}"),)
    if len(changed) == 1:
        return (Button(say("button-take"), f"/alerts set {changed[0].key} {changed[0].text(after)}"),)
    return ()
