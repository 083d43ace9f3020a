"""/digest: the state of the market on one card, as channels may have it daily or weekly."""

from __future__ import annotations

from typing import Annotated

from bot.alerts.digest import DAYS, Period, digest_headline, digest_rows, load_flushes
from bot.command import Caller, Typed, command
from bot.message import Button, Message
from commands.desk import Desk
from commands.phrases import as_of, say

BUTTONS = (("movers-oi", "/movers"), ("last-flush", "/flush"), ("status", "/status"))
Each = Annotated[Period, Typed("choice", choices=tuple(DAYS))]


@command("digest")
async def digest(desk: Desk, caller: Caller, period: Each = "daily") -> Message:  # noqa: ARG001 -- every command is handed its caller
    """The market of 24 h, flushes of a day or a week, what still runs, levels, funding and open interest."""
    coins, view, now_ms = await desk.coins(), desk.view(), desk.now_ms()
    flushes = await desk.store.run(lambda db: load_flushes(db, now_ms, period))
    headline = digest_headline(period, as_of(view.as_of_ms, now_ms))
    buttons = tuple(Button(say(f"button-{name}"), line) for name, line in BUTTONS)
    return desk.answer(headline, digest_rows(view, coins, flushes, now_ms, period), buttons=buttons)
