"""How much a channel hears, in one word: three presets by name, and any other amount as `severe/extreme/1m`.

They say how large a flush must be and which kinds of posts there are. Coins, language, theme and mute are the
channel's own, and stay.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import msgspec

from bot.alerts.settings import BANDS, DEFAULTS, SETTINGS, SHOWN_LENGTH, Asked, ChannelSettings, change
from bot.errors import UserError
from bot.message import Name, Names

FIELDS = ("smallest_band", "others_band", "smallest_usd", "card", "followup", "derivatives_day")
"""What a preset sets."""
_QUIET: dict[str, Any] = {
    "smallest_band": "severe",
    "others_band": "extreme",
    "smallest_usd": 5e6,
    "followup": "silent",
    "derivatives_day": "off",
}
PRESETS: dict[str, ChannelSettings] = {
    "quiet": msgspec.structs.replace(DEFAULTS, **_QUIET),
    "normal": DEFAULTS,
    "active": msgspec.structs.replace(DEFAULTS, others_band="flush", smallest_usd=1e5),
}
WORD = "preset"
"""What stands before a preset among other changes; may be left out before the first."""

NO_DAY = "/no-day"
"""What a word ends with that leaves out posts of derivatives-led days; its bands may be one letter each."""
_WORDS = {word[0]: word for word in (*BANDS, "never")}

_OWN = "|".join((*BANDS, *(band[0] for band in BANDS)))
_AMOUNT = re.compile(rf"({_OWN})/({_OWN}|never|n)/([^/]+)({NO_DAY})?")


def preset(name: str) -> ChannelSettings:
    """Settings of a new channel with one of `PRESETS`; raises `UserError` for another name."""
    return take(name, Asked("", DEFAULTS, (), (), 0))


def preset_of(settings: ChannelSettings) -> str | None:
    """The preset by which a channel hears; None when it has settings of its own."""
    return next((name for name, other in PRESETS.items() if _amount(other) == _amount(settings)), None)


def take(word: str, asked: Asked) -> ChannelSettings:
    """`asked.settings` with a preset, or with bands and amount as `amount_word` writes them; raises `UserError`."""
    word = word.strip().lower()
    if word in PRESETS:
        return msgspec.structs.replace(asked.settings, **_amount(PRESETS[word]))
    match = _AMOUNT.fullmatch(word)
    if match is None:
        raise _no_choice(word, tuple(PRESETS))
    after = asked.settings
    smallest, others, usd, no_day = match.groups()
    texts = (_WORDS[smallest[0]], _WORDS[others[0]], usd)
    for key, text in zip(FIELDS[:3], texts, strict=True):
        after = change(key, replace(asked, text=text, settings=after))
    return msgspec.structs.replace(after, derivatives_day="off") if no_day else after


def amount_word(settings: ChannelSettings) -> str:
    """The two bands and the least amount of settings in one word, short enough for a button: `severe/extreme/1m`."""
    usd = settings.smallest_usd
    scale, letter = next(((s, c) for s, c in ((1e9, "b"), (1e6, "m"), (1e3, "k")) if usd % s == 0), (1.0, ""))
    return f"{settings.smallest_band}/{settings.others_band}/{usd / scale:.0f}{letter}"


def quiet_word(settings: ChannelSettings) -> str:
    """The same and no posts of days, the bands by a letter since a button has little room: `s/e/1m/no-day`."""
    smallest, others, usd = amount_word(settings).split("/")
    return f"{smallest[0]}/{others[0]}/{usd}{NO_DAY}"


def word_between(before: ChannelSettings, after: ChannelSettings) -> str | None:
    """The word that makes `after` of `before`; None where no single one does."""
    words = [preset_of(after), amount_word(after)]
    if words[1] != amount_word(before):
        words.append(quiet_word(after))
    return next((word for word in words if word and take(word, Asked("", before, (), (), 0)) == after), None)


def change_several(asked: Asked) -> ChannelSettings:
    """`asked.settings` with all changes that are typed in `asked.text`: a preset, keys with their values, or both.

    A value goes on until the next key, so that lists of coins are understood. Raises `UserError`.
    """
    words, after = asked.text.split(), asked.settings
    keys = {*SETTINGS, WORD}
    if words and words[0].lower() not in keys:
        if words[0].lower() not in PRESETS and not _AMOUNT.fullmatch(words[0].lower()):
            raise _no_choice(words[0], (*PRESETS, *SETTINGS))
        words.insert(0, WORD)
    while words:
        end = next((place for place in range(1, len(words)) if words[place].lower() in keys), len(words))
        key, text, words = words[0].lower(), " ".join(words[1:end]), words[end:]
        if not text:
            raise UserError("error-no-value", setting=Name(key), look=Name(_look_up(key)))
        now = replace(asked, text=text, settings=after)
        after = take(text, now) if key == WORD else change(key, now)
    return after


def _look_up(key: str) -> str:
    """The command that lists what may be behind a key."""
    return "/alerts preset" if key == WORD else f"/alerts set {key}"


def _no_choice(given: str, choices: tuple[str, ...]) -> UserError:
    return UserError("error-not-a-choice", given=Name(given[:SHOWN_LENGTH]), choices=Names(choices))


def _amount(settings: ChannelSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in FIELDS}
