"""The page's own words: every `web-…` sentence of `locales/<language>/web.ftl`. None of them takes a value."""

from __future__ import annotations

from functools import cache
from importlib import resources

from fluent.runtime import FluentResource
from fluent.syntax.ast import Message as Entry

from bot.chat.wording import Wording
from bot.message import Phrase


def words_of_page(wording: Wording) -> dict[str, str]:
    """Key to text in one language."""
    return {key: wording.text(Phrase(key)) for key in _keys()}


@cache
def _keys() -> tuple[str, ...]:
    text = resources.files("locales").joinpath("en/web.ftl").read_text(encoding="utf-8")
    names = (entry.id.name for entry in FluentResource(text).body if isinstance(entry, Entry))
    return tuple(name for name in names if name.startswith("web-"))
