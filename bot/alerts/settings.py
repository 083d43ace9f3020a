"""What a channel wants to hear, as a value, and the table of settings behind `/alerts`, its help and the docs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from bot.alerts.coin_names import find_coin
from bot.errors import UserError
from bot.message import Count, Moment, Name, Names, Phrase, Theme, Usd, Value
from bot.store.channels import load_channel, save_channel, save_settings_change
from bot.store.database import Database, Store
from bot.store.rows import ChannelRow, SettingsChangeRow

MOST_COINS = 50
HOUR_MS = 3_600_000
LONGEST_MUTE_MS = 30 * 86_400_000
SHOWN_LENGTH = 32

Switch = Literal["on", "silent", "off"]
BANDS = ("flush", "severe", "extreme")
SWITCHES = ("on", "silent", "off")


class ChannelSettings(msgspec.Struct, frozen=True):
    """What one channel hears. The market-wide card follows `smallest_band`, coins that are not listed `others_band`.

    `card`, `followup` and `derivatives_day` are the message types; "silent" posts without a sound. Amounts are
    observed liquidations in US dollars; `muted_until_ms` is a UTC millisecond, 0 when never muted. Follow-ups answer
    their card, or stand in a thread of it where the platform has threads. The digest comes at `digest_hour` UTC, a
    weekly one on Monday.
    """

    coins: tuple[str, ...] = ("BTC", "ETH")
    smallest_band: Literal["flush", "severe", "extreme"] = "flush"
    others_band: Literal["flush", "severe", "extreme", "never"] = "severe"
    smallest_usd: float = 1_000_000.0
    language: str = "en"
    card: Switch = "on"
    followup: Switch = "on"
    derivatives_day: Switch = "on"
    digest: Literal["off", "daily", "weekly"] = "off"
    digest_hour: int = 8
    followups_in: Literal["reply", "thread"] = "reply"
    theme: Theme = "dark"
    muted_until_ms: int = 0


DEFAULTS = ChannelSettings()
NOT_MUTED = Phrase("alerts-not-muted")


@dataclass(frozen=True)
class Asked:
    """A change as it was typed, with all that decides what it means: settings so far, known coins and languages."""

    text: str
    settings: ChannelSettings
    coins: Collection[str]
    languages: tuple[str, ...]
    now_ms: int


@dataclass(frozen=True)
class Setting:
    """One entry of the table: `key` is what people type, `field` where it is kept; `choices` or bounds limit it."""

    key: str
    field: str
    parse: Callable[[Setting, Asked], object]
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def summary(self) -> Phrase:
        """Its line in help and docs."""
        return Phrase(f"alerts-setting-{self.key.replace('_', '-')}")

    def show(self, settings: ChannelSettings, now_ms: int) -> Value:
        """Its value in these settings, as it is told to people."""
        value = getattr(settings, self.field)
        if self.field == "muted_until_ms":
            return Phrase("alerts-muted-until", {"at": Moment(value, "both")}) if value > now_ms else NOT_MUTED
        if isinstance(value, tuple):
            return Names(value)
        if isinstance(value, int):
            return Phrase("alerts-hour", {"at": Moment(value * HOUR_MS)})
        return Usd(value, exact=True) if isinstance(value, float) else Name(value)

    def text(self, settings: ChannelSettings) -> str:
        """Its value as the audit keeps it, the same in every language."""
        value = getattr(settings, self.field)
        if self.field == "muted_until_ms":
            return f"{datetime.fromtimestamp(value // 1000, UTC):%Y-%m-%d %H:%M UTC}" if value else "off"
        if isinstance(value, tuple):
            return " ".join(value)
        return f"{value:.0f}" if isinstance(value, float) else str(value)


def _choice(setting: Setting, asked: Asked) -> str:
    word = asked.text.strip().lower()
    choices = setting.choices or asked.languages
    if word not in choices:
        raise UserError("error-not-a-choice", given=_shown(asked.text), choices=Names(tuple(choices)))
    return word


_AMOUNT = re.compile(r"\$?\s*([0-9][0-9.,]*)\s*([kmb]?)\s*\$?")
_SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}
DECIMAL_COMMA = {"es"}
"""Languages in which 1.000 is a thousand and 1,5 is one and a half."""


def _amount(setting: Setting, asked: Asked) -> float:
    low, high, given = setting.low or 0.0, setting.high or float("inf"), _shown(asked.text)
    match = _AMOUNT.fullmatch(asked.text.strip().lower())
    number = _number(match[1], asked.settings.language, scaled=bool(match[2])) if match else None
    if match is None or number is None:
        raise UserError("error-not-an-amount", setting=Name(setting.key), given=given)
    value = number * _SCALES[match[2]]
    if not low <= value <= high:
        raise UserError("error-out-of-range", setting=Name(setting.key), low=Usd(low), high=Usd(high), given=given)
    return value


def _number(text: str, language: str, *, scaled: bool) -> float | None:
    """100, 2.5, 2,5, 1,000,000 or 1.000.000,5; None for what is no number.

    One mark before three digits groups them if it does in the language. The other mark groups where it stands more than
    once, or where no k, m or b follows: 500.000 as five hundred would be far below every amount there is.
    """
    group, point = (".", ",") if language in DECIMAL_COMMA else (",", ".")
    for mark, decimal, least in ((group, point, 1), (point, group, 2 if scaled else 1)):
        if re.fullmatch(rf"[0-9]{{1,3}}(?:\{mark}[0-9]{{3}}){{{least},}}(?:\{decimal}[0-9]{{1,6}})?", text):
            return float(text.replace(mark, "").replace(decimal, "."))
    return float(text.replace(",", ".")) if re.fullmatch(r"[0-9]{1,15}(?:[.,][0-9]{1,6})?", text) else None


def _coins(_: Setting, asked: Asked) -> tuple[str, ...]:
    """A new list, or changes to the old one where any word begins with + or −; "default" is the list at the start.

    Beside such a word one without a sign is added, so that nobody loses a coin that was not named.
    """
    words = asked.text.replace(",", " ").split()
    if [word.lower() for word in words] == ["default"]:
        return DEFAULTS.coins
    edited = any(word[0] in "+-−" for word in words)
    kept = list(asked.settings.coins) if edited else []
    for word in words:
        # A coin that is listed can be taken off even when no exchange knows it any more.
        coin = find_coin(word.lstrip("+-−") or word, {*asked.coins, *asked.settings.coins})
        if word[0] in "-−":
            kept = [other for other in kept if other != coin]
        elif coin not in kept:
            kept.append(coin)
    if not 1 <= len(kept) <= MOST_COINS:
        raise UserError("error-how-many-coins", limit=Count(MOST_COINS))
    return tuple(kept)


_SPAN = re.compile(r"([0-9]{1,5})\s*([mhd])")
_SPAN_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}


def _mute(_: Setting, asked: Asked) -> int:
    word = asked.text.strip().lower()
    if word == "off":
        return 0
    match = _SPAN.fullmatch(word)
    span_ms = int(match[1]) * _SPAN_MS[match[2]] if match else 0
    if not 0 < span_ms <= LONGEST_MUTE_MS:
        raise UserError("error-duration", given=_shown(asked.text))
    return asked.now_ms + span_ms


_HOUR = re.compile(r"([01]?[0-9]|2[0-3])(?::00)?")
LAST_HOUR = 23


def _hour(setting: Setting, asked: Asked) -> int:
    match = _HOUR.fullmatch(asked.text.strip())
    if match is None:
        low, high, given = Count(0), Count(LAST_HOUR), _shown(asked.text)
        raise UserError("error-not-in-range", setting=Name(setting.key), low=low, high=high, given=given)
    return int(match[1])


def _shown(text: str) -> Name:
    return Name(text[:SHOWN_LENGTH])


SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("coins", "coins", _coins),
        Setting("smallest_band", "smallest_band", _choice, BANDS),
        Setting("others_band", "others_band", _choice, (*BANDS, "never")),
        Setting("smallest_usd", "smallest_usd", _amount, low=1e5, high=5e9),
        Setting("language", "language", _choice),
        Setting("card", "card", _choice, SWITCHES),
        Setting("followup", "followup", _choice, SWITCHES),
        Setting("derivatives_day", "derivatives_day", _choice, SWITCHES),
        Setting("digest", "digest", _choice, ("off", "daily", "weekly")),
        Setting("digest_hour", "digest_hour", _hour),
        Setting("followups_in", "followups_in", _choice, ("reply", "thread")),
        Setting("theme", "theme", _choice, ("dark", "light")),
        Setting("mute", "muted_until_ms", _mute),
    )
}


def change(key: str, asked: Asked) -> ChannelSettings:
    """`asked.settings` with one setting changed; raises `UserError` that says what the setting takes."""
    setting = SETTINGS.get(key.lower())
    if setting is None:
        raise UserError("error-not-a-choice", given=_shown(key), choices=Names(tuple(SETTINGS)))
    values: dict[str, Any] = {setting.field: setting.parse(setting, asked)}
    return msgspec.structs.replace(asked.settings, **values)


def settings_of(row: ChannelRow | None) -> ChannelSettings:
    """The settings kept with a channel; defaults for a channel that is not known."""
    return msgspec.json.decode(row.settings, type=ChannelSettings) if row else DEFAULTS


Edit = Callable[[ChannelSettings], ChannelSettings]


async def save_settings(
    store: Store, channel_id: str, edit: Edit, *, who: str, now_ms: int, place: str = "", language: str = "en"
) -> tuple[ChannelSettings, ChannelSettings]:
    """Apply `edit` to what is kept, in one transaction, and return (before, after).

    Each setting that changed is one row of the audit, and together they are one revision; an unknown channel is
    created in `language` without hearing alerts, its platform being the part of its id before the first colon, its
    server or chat `place`. What `edit` raises changes nothing.
    """

    def work(db: Database) -> tuple[ChannelSettings, ChannelSettings]:
        platform = channel_id.partition(":")[0]
        first = encode_settings(msgspec.structs.replace(DEFAULTS, language=language))
        row = load_channel(db, channel_id) or ChannelRow(
            channel_id, platform, channel_id, first, 1, now_ms, place=place, state="off"
        )
        before = settings_of(row)
        after = edit(before)
        changed = [entry for entry in SETTINGS.values() if entry.text(before) != entry.text(after)]
        for entry in changed:
            change_row = SettingsChangeRow(channel_id, now_ms, who, entry.key, entry.text(before), entry.text(after))
            save_settings_change(db, change_row)
        save_channel(db, row._replace(settings=encode_settings(after), revision=row.revision + bool(changed)))
        return before, after

    return await store.run(work)


def encode_settings(settings: ChannelSettings) -> str:
    """Settings as they are kept with a channel."""
    return msgspec.json.encode(settings).decode()
