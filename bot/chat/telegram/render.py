"""From a Message in words to what Telegram shows: a few lines of HTML and a keyboard. Pure.

Only b, i and blockquote are used, and only `<`, `>` and `&` are escaped, as HTML of the Bot API wants it. Whatever is
too long is shortened here, from the least important line on, so that no limit is ever met on the wire.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from bot.chat.telegram.keys import Key, keyboard
from bot.chat.telegram.limits import ALERT_UNITS, CAPTION_UNITS, TEXT_UNITS, units
from bot.chat.wording import Wording, Words
from bot.message import Message, Phrase

WORD_JOINER = "\u2060"
SHORT_UNITS = 120
"""A single muted line up to this length is not worth a fold."""


class Shown(NamedTuple):
    """What is posted: `html`, the same without markup, and rows of keys. `marked` is false for plain text."""

    html: str
    plain: str
    keys: tuple[tuple[Key, ...], ...] = ()
    marked: bool = True

    @property
    def unmarked(self) -> Shown:
        """The same as plain text, for when Telegram cannot read the markup."""
        return self._replace(html=self.plain, marked=False)


class _Lines(NamedTuple):
    mark: str
    title: str
    rows: tuple[str, ...]
    muted: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def plain(self) -> str:
        first = " · ".join(part for part in (self.mark, self.title) if part)
        return "\n".join((first, *self.rows, *self.muted, *self.notes))

    @property
    def html(self) -> str:
        """The origin comes first: it must be read wherever the rest is cut off, in a notification for example."""
        first = " · ".join(part for part in (_tag("i", self.mark), _tag("b", self.title)) if part)
        quoted = "\n".join(map(_safe, self.muted))
        if len(self.muted) == 1 and units(quoted) <= SHORT_UNITS:
            quoted = f"<i>{quoted}</i>"
        elif quoted:
            quoted = f"<blockquote expandable>{quoted}</blockquote>"
        lines = (first, *map(_safe, self.rows), quoted, *(_tag("i", note) for note in self.notes))
        return "\n".join(line for line in lines if line)


def render(message: Message, wording: Wording, *, repeat: bool = False) -> Shown:
    """What is posted of a message; the words of one with a chart are a caption, and shorter."""
    words = wording.words(message)
    notes = (wording.text(Phrase("post-repeat")),) if repeat else ()
    limit = CAPTION_UNITS if message.chart else TEXT_UNITS
    lines = _shortened(_lines(message, words, notes), limit, wording.text(Phrase("post-shortened")))
    return Shown(lines.html, lines.plain, keyboard(words))


def alert(message: Message, wording: Wording) -> str | None:
    """A message as the words of a small window, None when it does not fit; a refusal is cut until it does."""
    text = _lines(message, wording.words(message), ()).plain
    if units(text) <= ALERT_UNITS:
        return text
    return cut(text, ALERT_UNITS) if message.kind == "refusal" else None


def _lines(message: Message, words: Words, notes: tuple[str, ...]) -> _Lines:
    # A notification shows how a message begins. A card's headline can stand alone there, and its push line would say
    # the same again; a follow-up's headline leaves out the coin, which its push line names.
    title = words.push if message.kind == "followup" and words.push else words.headline
    return _Lines(
        mark=_quiet(words.origin or ""),
        title=_quiet(title),
        rows=tuple(_quiet(row.text) for row in words.rows if row.tone == "normal"),
        muted=tuple(_quiet(row.text) for row in words.rows if row.tone == "muted"),
        notes=notes,
    )


def _shortened(lines: _Lines, limit: int, note: str) -> _Lines:
    """Without as many lines as are too many, muted ones first, the last first, and with a note that says so."""
    if units(lines.plain) <= limit:
        return lines
    lines = lines._replace(notes=(*lines.notes, note))
    while units(lines.plain) > limit and (lines.muted or lines.rows):
        lines = lines._replace(muted=lines.muted[:-1]) if lines.muted else lines._replace(rows=lines.rows[:-1])
    excess = units(lines.plain) - limit
    return lines._replace(title=cut(lines.title, units(lines.title) - excess)) if excess > 0 else lines


def cut(text: str, limit: int) -> str:
    """The beginning of a text, in at most `limit` units."""
    if units(text) <= limit:
        return text
    kept = text
    while units(kept) > limit - 1:
        kept = kept[: -max(1, (units(kept) - limit + 1) // 2)]
    return kept + "…"


def _quiet(text: str) -> str:
    """Without pings: a name that begins with @ would call whoever is called so."""
    return text.replace("@", f"@{WORD_JOINER}")


def _safe(text: str) -> str:
    return escape(text, quote=False)


def _tag(tag: str, text: str) -> str:
    return f"<{tag}>{_safe(text)}</{tag}>" if text else ""
