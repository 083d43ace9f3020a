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

JOINT = " · "
"""Between the parts of a row."""
WORD_JOINER = "\u2060"
SPACED = {"card", "followup", "derivatives_day", "digest"}
"""Kinds whose rows fill more than one line of a phone each, and would run together."""
SHORT_UNITS = 120
"""A single muted line up to this length is not worth a fold."""

LEAST_UNITS = 24
"""A beginning shorter than a few words tells nothing."""


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
    """What is said: `mark` is the origin, `notes` are words of ours about the message, `gap` stands between rows."""

    mark: str
    title: str
    rows: tuple[str, ...]
    muted: tuple[str, ...]
    notes: tuple[str, ...]
    gap: str

    @property
    def plain(self) -> str:
        first = JOINT.join(part for part in (self.mark, self.title) if part)
        return self._joined(first, self.rows, "\n".join(self.muted), "\n".join(self.notes))

    @property
    def html(self) -> str:
        """The origin comes first: it must be read wherever the rest is cut off, in a notification for example."""
        first = JOINT.join(part for part in (_tag("i", self.mark), _tag("b", self.title)) if part)
        quoted = "\n".join(self.muted)
        short = len(self.muted) == 1 and units(quoted) <= SHORT_UNITS
        tag = "i" if short else "blockquote"
        folded = _tag(tag, quoted).replace("<blockquote>", "<blockquote expandable>", 1)
        return self._joined(first, tuple(map(_safe, self.rows)), folded, _tag("i", "\n".join(self.notes)))

    def _joined(self, first: str, rows: tuple[str, ...], muted: str, notes: str) -> str:
        return self.gap.join(block for block in (first, *rows, muted, notes) if block)


def render(message: Message, wording: Wording, *notes: Phrase) -> Shown:
    """What is posted of a message, with notes at its end; the words of one with a chart are a caption, and shorter."""
    words = wording.words(message)
    limit = CAPTION_UNITS if message.chart else TEXT_UNITS
    lines = _lines(message, words, tuple(map(wording.text, notes)))
    lines = _shortened(lines, limit, wording.text(Phrase("post-shortened")))
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
        gap="\n\n" if message.kind in SPACED else "\n",
    )


def _shortened(lines: _Lines, limit: int, note: str) -> _Lines:
    """Without what does not fit, and with a note that says so.

    Muted lines go first, from the last one on, part by part, and of the first one its beginning stays as long as there
    is room: it says what the figures leave out. Then go the gaps, then rows in the same way, then the end of the title.
    """
    if units(lines.plain) <= limit:
        return lines
    left = _less_muted(lines._replace(notes=(*lines.notes, note)), limit)
    if units(left.plain) > limit:
        left = left._replace(gap="\n")
    while units(left.plain) > limit and left.rows:
        left = left._replace(rows=_less(left.rows))
    excess = max(0, units(left.plain) - limit)
    return left._replace(title=cut(left.title, max(1, units(left.title) - excess)))


def _less_muted(lines: _Lines, limit: int) -> _Lines:
    """With as much of the muted lines as fits, the most important of which is the first."""
    left = lines
    while (excess := units(left.plain) - limit) > 0 and left.muted:
        less = _less(left.muted)
        room = units(left.muted[0]) - excess
        if not less and room >= LEAST_UNITS:
            less = (cut(left.muted[0], room),)
        left = left._replace(muted=less)
    return left


def _less(rows: tuple[str, ...]) -> tuple[str, ...]:
    """Rows without the last part of the last one."""
    rest = rows[-1].rpartition(JOINT)[0]
    return (*rows[:-1], rest) if rest else rows[:-1]


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
