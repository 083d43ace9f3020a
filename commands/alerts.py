"""/alerts: what this channel hears; everyone may look, only admins may change."""

from __future__ import annotations

from typing import Annotated

from bot.alerts.settings import SETTINGS, Asked, ChannelSettings, Setting, change, save_settings, settings_of
from bot.command import Caller, Rest, Typed, command
from bot.message import Count, Message, Moment, Name, Phrase, Row, Value
from bot.store.channels import load_channel, load_settings_changes
from bot.store.database import Database
from bot.store.rows import ChannelRow, SettingsChangeRow
from commands.desk import Desk
from commands.phrases import muted, say

SettingKey = Annotated[str, Typed("choice", tuple(SETTINGS))]


@command("alerts show")
async def show(desk: Desk, caller: Caller) -> Message:
    """Every setting of this channel, and who changed it last."""
    row, changes = await desk.store.run(lambda db: _of_channel(db, caller.channel))
    settings, now_ms = settings_of(row), desk.now_ms()
    rows = [Row(_shown(setting, settings, now_ms)) for setting in SETTINGS.values()]
    if row is not None:
        rows.append(muted("alerts-revision", n=Count(row.revision)))
    rows += [_changed(last) for last in changes]
    return desk.answer(say("alerts-headline"), rows, private=True)


def _of_channel(db: Database, channel: str) -> tuple[ChannelRow | None, list[SettingsChangeRow]]:
    return load_channel(db, channel), load_settings_changes(db, channel, 1)


def _shown(setting: Setting, settings: ChannelSettings, now_ms: int) -> Phrase:
    return say("alerts-setting", setting=Name(setting.key), value=setting.show(settings, now_ms))


def _changed(last: SettingsChangeRow) -> Row:
    return muted(
        "alerts-last-change",
        at=Moment(last.at_ms, "both"),
        who=Name(last.who),
        setting=Name(last.key),
        old=Name(last.old),
        new=Name(last.new),
    )


@command("alerts set", admin=True)
async def set_one(desk: Desk, caller: Caller, key: SettingKey, value: Rest) -> Message:
    """Change one setting, e.g. `smallest_usd 2.5m`."""
    return await _change(desk, caller, key, value)


@command("alerts coins", admin=True)
async def coins(desk: Desk, caller: Caller, coins: Rest) -> Message:
    """Choose the coins that are posted from the smallest band on: a list, `+SOL`, `-ETH` or `default`."""
    return await _change(desk, caller, "coins", coins)


@command("alerts language", admin=True)
async def language(desk: Desk, caller: Caller, language: str) -> Message:
    """Choose the language of what is posted here."""
    return await _change(desk, caller, "language", language)


@command("alerts mute", admin=True)
async def mute(desk: Desk, caller: Caller, span: Rest) -> Message:
    """Post nothing for a while: `30m`, `1h`, `2d`, or `off` to hear again."""
    return await _change(desk, caller, "mute", span)


@command("alerts test", admin=True)
async def post_test(desk: Desk, caller: Caller) -> Message:
    """Post a test message here, on the way that alerts take."""
    await desk.post_test(caller.channel)
    return desk.answer(say("alerts-test-posted"), (), private=True)


async def _change(desk: Desk, caller: Caller, key: str, text: str) -> Message:
    known, now_ms = desk.view().coins(), desk.now_ms()
    before, after = await save_settings(
        desk.store,
        caller.channel,
        lambda settings: change(key, Asked(text, settings, known, desk.languages, now_ms)),
        who=caller.name,
        now_ms=now_ms,
    )
    setting = SETTINGS[key]
    old, new = setting.show(before, now_ms), setting.show(after, now_ms)
    values: dict[str, Value] = {"setting": Name(setting.key), "old": old, "new": new}
    headline = say("alerts-unchanged" if old == new else "alerts-changed", **values)
    return desk.answer(headline, [Row(setting.summary, "muted")], private=True)
