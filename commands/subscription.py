"""/alerts on, off, test and status: whether a channel hears alerts, and whether they arrive."""

from __future__ import annotations

from typing import NamedTuple

from bot.alerts.decide import BOUNDS
from bot.alerts.digest_post import next_digest
from bot.alerts.moments import moment
from bot.alerts.settings import settings_of
from bot.alerts.subscription import subscribe, unsubscribe
from bot.command import Caller, ChannelName, command
from bot.errors import UserError
from bot.message import Count, Message, Moment, Name, Names, Phrase, Phrases, Row, Span, Spot
from bot.store.channels import load_channel, load_channels_of
from bot.store.database import Database
from bot.store.deliveries import last_delivery, oldest_due
from bot.store.episodes import load_decisions
from bot.store.rows import ChannelRow, DeliveryRow, DeliveryState
from commands.alerts import why_suspended
from commands.desk import Desk
from commands.phrases import DAY_MS, muted, say

MOST_CHANNELS = 8
ARRIVED: tuple[DeliveryState, ...] = ("sent",)
FAILED: tuple[DeliveryState, ...] = ("dead", "dropped", "unknown")


class Standing(NamedTuple):
    """What the store knows of a channel; `held_back` counts flushes of the past day that were too many for it.

    `digest_ms` is when its next digest comes, UTC ms.
    """

    row: ChannelRow | None
    sent: DeliveryRow | None
    failed: DeliveryRow | None
    waits_ms: int | None
    others: list[ChannelRow]
    held_back: int
    digest_ms: int | None


@command("alerts on", admin=True)
async def on(desk: Desk, caller: Caller, channel: ChannelName = "") -> Message:
    """Let this or another channel hear alerts; what I may not do there is said first, then a test is posted."""
    spot = await desk.spot(caller, channel)
    if spot.missing:
        raise UserError("error-rights-missing", channel=Name(spot.name), rights=Phrases(spot.missing, "list"))
    now_ms = desk.now_ms()
    language = desk.first_language(spot.language, caller)
    new = await desk.store.run(lambda db: subscribe(db, spot, language, now_ms))
    await desk.post_test(spot.channel)
    kept = settings_of(await desk.store.run(lambda db: load_channel(db, spot.channel)))
    headline = say("alerts-on" if new else "alerts-on-already", channel=Name(spot.name))
    rows = [
        Row(say("alerts-on-hears", band=say(f"band-{kept.smallest_band}"), coins=Name(" ".join(kept.coins)))),
        muted("alerts-on-next"),
    ]
    return desk.answer(headline, rows, private=True)


@command("alerts off", admin=True)
async def off(desk: Desk, caller: Caller, channel: ChannelName = "") -> Message:
    """Let this or another channel hear nothing any more; its settings stay."""
    spot = await desk.spot(caller, channel)
    now_ms = desk.now_ms()
    changed = await desk.store.run(lambda db: unsubscribe(db, spot.channel, now_ms))
    headline = say("alerts-off" if changed else "alerts-off-already", channel=Name(spot.name))
    return desk.answer(headline, [muted("alerts-off-next")], private=True)


@command("alerts test", admin=True)
async def post_test(desk: Desk, caller: Caller) -> Message:
    """Post a test message here, on the way that alerts take; what I may not do here is said instead."""
    spot = await desk.spot(caller, "")
    if spot.missing:
        raise UserError("error-rights-missing", channel=Name(spot.name), rights=Phrases(spot.missing, "list"))
    await desk.post_test(spot.channel)
    return desk.answer(say("alerts-test-posted"), (), private=True)


@command("alerts status", admin=True)
async def alerts_status(desk: Desk, caller: Caller, channel: ChannelName = "") -> Message:
    """Rights, last delivery, what waits, and why a channel hears nothing."""
    spot = await desk.spot(caller, channel)
    now_ms = desk.now_ms()
    known = await desk.store.run(lambda db: _standing(db, spot, now_ms))
    rows = [
        Row(_rights(spot)),
        *_withheld(known.row, now_ms),
        *_held_back(known.held_back),
        *(Row(phrase) for phrase in _history(known, now_ms)),
    ]
    rows += [muted("alerts-status-other", channel=Name(row.name), state=_state(row)) for row in known.others]
    return desk.answer(say("alerts-status", channel=Name(spot.name), state=_state(known.row)), rows, private=True)


def _standing(db: Database, spot: Spot, now_ms: int) -> Standing:
    others = [other for other in load_channels_of(db, spot.place) if other.id != spot.channel]
    decisions = load_decisions(db, channel_id=spot.channel)
    row = load_channel(db, spot.channel)
    return Standing(
        row,
        last_delivery(db, spot.channel, ARRIVED),
        last_delivery(db, spot.channel, FAILED),
        oldest_due(db, spot.channel),
        others[:MOST_CHANNELS],
        sum(decision.reason == "flood" and decision.at_ms > now_ms - DAY_MS for decision in decisions),
        None if row is None else next_digest(db, row, now_ms),
    )


def _state(row: ChannelRow | None) -> Phrase:
    if row is None or row.state == "off":
        return say("alerts-status-off")
    if row.state == "on":
        return say("alerts-status-on")
    return say("alerts-status-suspended", since=Moment(row.state_ms, "both"), why=why_suspended(row))


def _withheld(row: ChannelRow | None, now_ms: int) -> list[Row]:
    """What the channel's own settings keep away from it, and how a suspended one comes back."""
    if row is not None and row.state == "suspended":
        return [Row(say("alerts-status-resume"))]
    kept = settings_of(row)
    rows = (
        [Row(say("alerts-status-muted", at=Moment(kept.muted_until_ms, "both")))]
        if kept.muted_until_ms > now_ms
        else []
    )
    off = tuple(key for key in ("card", "followup", "derivatives_day") if getattr(kept, key) == "off")
    return [*rows, *([Row(say("alerts-status-types-off", types=Names(off)))] if off else [])]


def _held_back(count: int) -> list[Row]:
    """Flushes that were too many for any channel, with the bound of a day."""
    most = max(bound.most for bound in BOUNDS)
    return [Row(say("alerts-status-flood", n=Count(count), most=Count(most)))] if count else []


def _rights(spot: Spot) -> Phrase:
    if spot.missing:
        return say("alerts-status-missing", rights=Phrases(spot.missing, "list"))
    return say("alerts-status-rights")


def _history(known: Standing, now_ms: int) -> list[Phrase]:
    told = []
    if known.sent is None or known.sent.sent_ms is None:
        told.append(say("alerts-status-nothing-sent"))
    else:
        told.append(say("alerts-status-sent", at=moment(known.sent.sent_ms, now_ms)))
    if known.failed is not None and now_ms - known.failed.due_ms < DAY_MS:
        at = moment(known.failed.due_ms, now_ms)
        told.append(say("alerts-status-failed", at=at, why=Name(known.failed.last_error or known.failed.state)))
    if known.waits_ms is not None:
        told.append(say("alerts-status-waits", age=Span(max(0, now_ms - known.waits_ms))))
    else:
        told.append(say("alerts-status-nothing-waits"))
    if known.digest_ms is not None:
        wait = Span(known.digest_ms - now_ms)
        told.append(say("alerts-status-digest", at=Moment(known.digest_ms, "both"), wait=wait))
    return told
