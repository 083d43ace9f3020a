"""/alerts and /settings: what this channel hears; everyone may look, only admins may change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated

from bot.alerts.presets import FIELDS, PRESETS, preset_of, take
from bot.alerts.settings import SETTINGS, Asked, ChannelSettings, Setting, change, save_settings, settings_of
from bot.command import Caller, Rest, Typed, command
from bot.message import Button, Count, Menu, Message, Moment, Name, Option, Phrase, Phrases, Row, Usd, Value
from bot.store.channels import load_channel, load_settings_changes
from bot.store.database import Database
from bot.store.rows import ChannelRow, SettingsChangeRow
from commands.desk import Desk
from commands.phrases import line, muted, say

SettingKey = Annotated[str, Typed("choice", tuple(SETTINGS))]
SettingValue = Annotated[str, Typed("value", rest=True)]
Coins = Annotated[str, Typed("coins", rest=True)]
Language = Annotated[str, Typed("language")]
PresetName = Annotated[str, Typed("preset")]
SHARED = {"digest": "digest_hour", "followups_in": "theme"}
"""Settings that stand on the line of another one."""
Lines = Annotated[int, Typed("integer", low=1, high=20)]


@command("settings", here=True)
async def settings(desk: Desk, caller: Caller) -> Message:
    """Every setting of this channel, and who changed it last."""
    return await _panel(desk, caller)


@command("alerts show", admin=True)
async def show(desk: Desk, caller: Caller) -> Message:
    """Every setting of this channel, with a menu for each that is a choice."""
    return await _panel(desk, caller)


async def _panel(desk: Desk, caller: Caller) -> Message:
    row, changes = await desk.store.run(lambda db: _of_channel(db, caller.channel))
    kept, now_ms = settings_of(row), desk.now_ms()
    rows = [Row(_state(row)), *_lines(kept, now_ms)]
    if row is not None:
        rows.append(muted("alerts-revision", n=Count(row.revision)))
    rows += [Row(_changed(last, "alerts-last-change"), "muted") for last in changes]
    menus = (_preset_menu(kept), *(_menu(desk, one, kept) for one in SETTINGS.values() if _choices(desk, one)))
    return desk.answer(
        say("alerts-headline", preset=preset_name(kept)), rows, menus=menus if caller.admin else (), private=True
    )


def _lines(kept: ChannelSettings, now_ms: int) -> Iterator[Row]:
    """A line each; settings that belong together share one."""
    for setting in SETTINGS.values():
        other = SETTINGS.get(SHARED.get(setting.key, ""))
        if setting.key not in SHARED.values():
            shown = [_shown(one, kept, now_ms) for one in (setting, other) if one is not None]
            yield Row(shown[0]) if len(shown) == 1 else line(shown)


def _of_channel(db: Database, channel: str) -> tuple[ChannelRow | None, list[SettingsChangeRow]]:
    return load_channel(db, channel), load_settings_changes(db, channel, 1)


def _state(row: ChannelRow | None) -> Phrase:
    if row is None or row.state == "off":
        return say("alerts-state-off")
    return say("alerts-state-on") if row.state == "on" else say("alerts-state-suspended", why=why_suspended(row))


def why_suspended(row: ChannelRow) -> Phrase:
    """What happened to a channel that cannot be reached."""
    return say(f"suspended-{row.reason}")


def _shown(setting: Setting, kept: ChannelSettings, now_ms: int) -> Phrase:
    return say("alerts-setting", setting=Name(setting.key), value=setting.show(kept, now_ms))


def preset_name(kept: ChannelSettings) -> Value:
    """The preset of these settings as it is typed; words for settings of one's own."""
    name = preset_of(kept)
    return Name(name) if name else say("preset-own")


def differences(before: ChannelSettings, after: ChannelSettings, now_ms: int) -> list[Phrase]:
    """What is different in `after`, setting by setting."""
    return [
        say("alerts-changed", setting=Name(one.key), old=one.show(before, now_ms), new=one.show(after, now_ms))
        for one in SETTINGS.values()
        if one.text(before) != one.text(after)
    ]


def _changed(change: SettingsChangeRow, key: str) -> Phrase:
    return say(
        key,
        at=Moment(change.at_ms, "both"),
        who=Name(change.who),
        setting=Name(change.key),
        old=Name(change.old),
        new=Name(change.new),
    )


def _choices(desk: Desk, setting: Setting) -> tuple[str, ...]:
    return desk.languages if setting.key == "language" else setting.choices


def _menu(desk: Desk, setting: Setting, kept: ChannelSettings) -> Menu:
    one = f"/alerts set {setting.key}"
    now = getattr(kept, setting.field)
    options = [Option(say("name", name=Name(c)), f"{one} {c}", chosen=c == now) for c in _choices(desk, setting)]
    return Menu(say("alerts-menu", setting=Name(setting.key), value=Name(str(now))), one, tuple(options))


def _preset_menu(kept: ChannelSettings) -> Menu:
    one = "/alerts preset"
    options = [Option(say("name", name=Name(n)), f"{one} {n}", chosen=n == preset_of(kept)) for n in PRESETS]
    return Menu(say("alerts-menu", setting=Name("preset"), value=preset_name(kept)), one, tuple(options))


@command("alerts preset", admin=True)
async def preset(desk: Desk, caller: Caller, name: PresetName = "") -> Message:
    """How much is posted here: `quiet`, `normal` or `active`; without a name, what each of them sets."""
    if not name:
        return await _presets(desk, caller)
    before, after = await _save(desk, caller, lambda asked: take(name, asked))
    rows = [*map(Row, differences(before, after, desk.now_ms())), *await _unheard(desk, caller)]
    headline = say("alerts-preset-same" if before == after else "alerts-preset", preset=preset_name(after))
    return desk.answer(headline, rows, menus=(_preset_menu(after),), buttons=_ALL, private=True)


async def _presets(desk: Desk, caller: Caller) -> Message:
    kept = settings_of(await desk.store.run(lambda db: load_channel(db, caller.channel)))
    rows = [Row(_sets(name)) for name in PRESETS]
    rows.append(muted("alerts-preset-keeps"))
    headline = say("alerts-preset", preset=preset_name(kept))
    return desk.answer(headline, rows, menus=(_preset_menu(kept),), buttons=_ALL, private=True)


def _sets(name: str) -> Phrase:
    parts = tuple(_shown(SETTINGS[key], PRESETS[name], 0) for key in FIELDS)
    return say("alerts-preset-sets", preset=Name(name), settings=Phrases(parts))


@command("alerts set", admin=True)
async def set_one(desk: Desk, caller: Caller, key: SettingKey, value: SettingValue = "") -> Message:
    """Change one setting, e.g. `smallest_usd 2.5m`; without a value, what it is and can be."""
    return await (_change(desk, caller, key, value) if value else _one(desk, caller, key))


@command("alerts coins", admin=True)
async def coins(desk: Desk, caller: Caller, coins: Coins) -> Message:
    """Choose the coins that are posted from the smallest band on: a list, `+SOL`, `-ETH` or `default`."""
    return await _change(desk, caller, "coins", coins)


@command("alerts language", admin=True)
async def language(desk: Desk, caller: Caller, language: Language) -> Message:
    """Choose the language of what is posted here."""
    return await _change(desk, caller, "language", language)


@command("alerts mute", admin=True)
async def mute(desk: Desk, caller: Caller, span: Rest) -> Message:
    """Post nothing for a while: `30m`, `1h`, `2d`, or `off` to hear again."""
    return await _change(desk, caller, "mute", span)


@command("alerts log", admin=True)
async def log(desk: Desk, caller: Caller, lines: Lines = 5) -> Message:
    """Who changed what in this channel, newest first."""
    changes = await desk.store.run(lambda db: load_settings_changes(db, caller.channel, lines))
    rows = [Row(_changed(one, "alerts-log-change")) for one in changes] or [Row(say("alerts-log-empty"))]
    return desk.answer(say("alerts-log-headline"), rows, private=True)


async def _one(desk: Desk, caller: Caller, key: str) -> Message:
    row = await desk.store.run(lambda db: load_channel(db, caller.channel))
    setting, kept = SETTINGS[key], settings_of(row)
    return desk.answer(
        _shown(setting, kept, desk.now_ms()), [Row(setting.summary, "muted"), *_range(setting)],
        menus=_menus(desk, setting, kept), buttons=_ALL, private=True,
    )  # fmt: skip


def _range(setting: Setting) -> list[Row]:
    if setting.low is None or setting.high is None:
        return []
    return [muted("alerts-takes", low=Usd(setting.low), high=Usd(setting.high))]


def _menus(desk: Desk, setting: Setting, kept: ChannelSettings) -> tuple[Menu, ...]:
    return (_menu(desk, setting, kept),) if _choices(desk, setting) else ()


_ALL = (Button(say("button-settings"), "/alerts show"),)


async def _change(desk: Desk, caller: Caller, key: str, text: str) -> Message:
    before, after = await _save(desk, caller, lambda asked: change(key, replace(asked, text=text)))
    setting, now_ms = SETTINGS[key], desk.now_ms()
    old, new = setting.show(before, now_ms), setting.show(after, now_ms)
    values: dict[str, Value] = {"setting": Name(setting.key), "old": old, "new": new}
    headline = say("alerts-unchanged" if old == new else "alerts-changed", **values)
    rows = [Row(setting.summary, "muted"), *await _unheard(desk, caller)]
    return desk.answer(headline, rows, menus=_menus(desk, setting, after), buttons=_ALL, private=True)


async def _save(
    desk: Desk, caller: Caller, edit: Callable[[Asked], ChannelSettings]
) -> tuple[ChannelSettings, ChannelSettings]:
    """Change what is kept of the caller's channel; returns it before and after."""
    known, now_ms = desk.view().coins(), desk.now_ms()
    return await save_settings(
        desk.store,
        caller.channel,
        lambda kept: edit(Asked("", kept, known, desk.languages, now_ms)),
        who=caller.name,
        now_ms=now_ms,
        place=caller.place,
        language=desk.first_language("", caller),
    )


async def _unheard(desk: Desk, caller: Caller) -> list[Row]:
    """Where alerts are not on, a setting changes nothing yet: that is said with it."""
    row = await desk.store.run(lambda db: load_channel(db, caller.channel))
    return [] if row is not None and row.state == "on" else [Row(_state(row))]
