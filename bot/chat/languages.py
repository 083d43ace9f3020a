"""The languages that Flushwatch speaks: the folders of `locales/`, read from wherever the program is installed."""

from __future__ import annotations

import importlib.resources
from functools import cache
from typing import Final, NamedTuple

from babel import Locale
from fluent.runtime import FluentBundle, FluentResource

from bot.chat.numbers import locale_of
from bot.errors import ConfigError


class Tongue(NamedTuple):
    """What is needed to speak one language: its sentences, and how it writes numbers and dates."""

    bundle: FluentBundle
    locale: Locale


def _languages() -> tuple[str, ...]:
    folders = [entry.name for entry in importlib.resources.files("locales").iterdir() if entry.is_dir()]
    return tuple(sorted(name for name in folders if name[0].isalpha()))


LANGUAGES: Final = _languages()


def negotiate(language: str) -> str:
    """The language we speak that is nearest to a tag: itself, its first part ("es-419" is "es"), else English."""
    tag = language.replace("_", "-").lower()
    return next((name for name in (tag, tag.partition("-")[0]) if name in LANGUAGES), "en")


def language_named(tag: str) -> str:
    """The language that a person names, in any case; raises `ConfigError` for one that we do not speak."""
    found = next((name for name in LANGUAGES if name.lower() == tag.strip().lower()), None)
    if found is None:
        raise ConfigError(f"--language takes {' or '.join(LANGUAGES)}; you wrote {tag!r}.")
    return found


@cache
def tongue_of(language: str) -> Tongue:
    """One of `LANGUAGES`, read once."""
    locale = locale_of(language)
    # No isolating marks around values: they break copying of numbers, and no language here is written right to left.
    bundle = FluentBundle([str(locale).replace("_", "-")], use_isolating=False)
    files = importlib.resources.files("locales").joinpath(language).iterdir()
    for file in sorted(files, key=lambda file: file.name):
        if file.name.endswith(".ftl"):
            bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return Tongue(bundle, locale)
