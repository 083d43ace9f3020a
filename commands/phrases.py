"""Turns of phrase that several commands share: how old something is, what a feed carries, what to ask next."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable

from bot.alerts.moments import moment
from bot.alerts.ranking import FEW_COINS, LEAST_USD
from bot.market.facts import KINDS
from bot.market.view import CoinView
from bot.message import Button, Count, Name, Phrase, Phrases, Row, Span, Usd, Value

DAY_MS = 86_400_000

# Three times the slowest period at which prices and open interest are told (five minutes, in recordings).
STALE_MS = 900_000

# A throttled feed is alive: it tells less than happens, which is said where it matters.
ALIVE = {"live", "partial"}


def feed_name(feed: str) -> Value:
    """What a feed carries, in words."""
    return say(f"status-feed-{feed}") if feed in KINDS else Name(feed)


def say(key: str, **values: Value) -> Phrase:
    """A phrase of `locales/` with its values."""
    return Phrase(key, values)


def as_of(at_ms: int, now_ms: int) -> Phrase:
    """As of when an answer speaks; with its age when that is old."""
    at, age_ms = moment(at_ms, now_ms), now_ms - at_ms
    return say("as-of-old", at=at, age=Span(age_ms)) if age_ms > STALE_MS else say("as-of", at=at)


def line(parts: Iterable[Phrase]) -> Row:
    """One row of several parts with a dot between them."""
    return Row(say("answer-line", parts=Phrases(tuple(parts))))


def muted(key: str, **values: Value) -> Row:
    """A row for what stands behind the figures."""
    return Row(Phrase(key, values), "muted")


def next_buttons(subject: str, *families: str) -> tuple[Button, ...]:
    """Buttons that ask another command about the same coin or flush, e.g. "levels"."""
    return tuple(Button(say(f"button-{family}"), f"/{family} {shlex.quote(subject)}") for family in families)


def of_large(shown: Collection[CoinView], known: Collection[CoinView]) -> list[Row]:
    """The rule in words, where it left out anything or could have."""
    if len(known) < FEW_COINS:
        return []
    return [muted("funding-of-large", n=Count(len(shown)), least=Usd(LEAST_USD))]
