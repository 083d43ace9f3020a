"""Telegram's HTML, read as strictly as the server reads it: tags become entities, mistakes become refusals.

Tags and attributes are those of core.telegram.org/bots/api#html-style that the project may use; every other tag is
refused. Offsets and lengths of entities are UTF-16 units. Not modelled: entities found without markup (addresses,
cashtags), and that nothing can be nested in `code` and `pre`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.fakes.telegram.call import ApiError, Json, bad_request

TYPES = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "tg-time": "date_time",
}
VALUE = r"\"[^\"]*\"|'[^']*'|[A-Za-z0-9.-]+"
ATTRIBUTE = re.compile(rf"\s+([^\s=>\"']+)(?:\s*=\s*({VALUE}))?")
OPENING = re.compile(rf"<([^\s>/][^\s>]*)((?:{ATTRIBUTE.pattern})*)\s*>")
CLOSING = re.compile(r"</([^\s>]*)\s*>")
CHARACTER = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
LINK = re.compile(r"(https?|tg)://\S+|mailto:\S+|tel:\S+")


def utf16(text: str) -> int:
    """The length Telegram counts: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    name: str
    attributes: dict[str, str]
    offset: int


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.text = ""
        self.entities: list[Json] = []
        self.open: list[_Open] = []

    def read(self) -> None:
        at = 0
        while at < len(self.html):
            at = self._step(at)
        if self.open:
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')

    def _step(self, at: int) -> int:
        if self.html[at] == "<":
            return self._closing(at) if self.html.startswith("</", at) else self._opening(at)
        found = CHARACTER.match(self.html, at)
        self.text += _character(found) if found else self.html[at]
        return found.end() if found else at + 1

    def _opening(self, at: int) -> int:
        found = OPENING.match(self.html, at)
        name = re.split(r"[\s>]", self.html[at + 1 :], maxsplit=1)[0].lower()
        if not re.search(r"[\s>]", self.html[at:]):
            raise _unreadable(f"Unclosed start tag at byte offset {self._byte(at)}")
        if name not in TYPES:
            raise _unreadable(f'Unsupported start tag "{name}" at byte offset {self._byte(at)}')
        if found is None:
            raise _unreadable(f'Unclosed start tag "{name}" at byte offset {self._byte(at)}')
        attributes = {key: CHARACTER.sub(_character, value.strip("\"'")) for key, value in ATTRIBUTE.findall(found[2])}
        self.open.append(_Open(name, attributes, utf16(self.text)))
        return found.end()

    def _closing(self, at: int) -> int:
        found = CLOSING.match(self.html, at)
        if not self.open:
            raise _unreadable(f"Unexpected end tag at byte offset {self._byte(at)}")
        if found is None:
            raise _unreadable(f"Unclosed end tag at byte offset {self._byte(at)}")
        tag = self.open.pop()
        if found[1].lower() not in {"", tag.name}:
            where = f'expected "</{tag.name}>", found "</{found[1].lower()}>"'
            raise _unreadable(f"Unmatched end tag at byte offset {self._byte(at)}, {where}")
        length = utf16(self.text) - tag.offset
        details = _details(tag)
        if length and details is not None:
            self.entities.append({"type": TYPES[tag.name], "offset": tag.offset, "length": length} | details)
        return found.end()

    def _byte(self, at: int) -> int:
        return len(self.html[:at].encode())


def parse_html(html: str) -> tuple[str, tuple[Json, ...]]:
    """The text a reader sees, and its entities in the order Telegram gives them; raises `ApiError` 400."""
    reader = _Reader(html)
    reader.read()
    text, entities = trimmed(reader.text, reader.entities)
    return text, tuple(sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space at both ends, which Telegram never keeps; entities move along."""
    lead = utf16(text) - utf16(text.lstrip())
    end = utf16(text.strip())
    moved = []
    for entity in entities:
        first = max(entity["offset"] - lead, 0)
        last = min(entity["offset"] + entity["length"] - lead, end)
        if last > first:
            moved.append(entity | {"offset": first, "length": last - first})
    return text.strip(), moved


def _details(tag: _Open) -> Json | None:
    """What an entity says beyond its place; None where Telegram drops the entity without a word."""
    if tag.name == "a":
        url = tag.attributes.get("href", "")
        return {"url": url} if LINK.fullmatch(url) else None
    if tag.name != "tg-time":
        return {}
    unix, form = tag.attributes.get("unix", ""), tag.attributes.get("format", "")
    if not unix.isascii() or not unix.isdigit():
        raise _unreadable("Invalid date-time specified")
    if not TIME_FORMAT.fullmatch(form):
        raise _unreadable("Invalid date-time format specified")
    return {"unix_time": int(unix)} | ({"date_time_format": form} if form else {})


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    return NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
