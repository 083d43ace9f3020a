"""What /after says first and what it says when asked for the rules: the figures of each check, then how it judges.

A check is kept as one row, figures and rule together, so that a report of any age can be told in both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from bot.market.facts import Side
from bot.message import Phrase, Phrases, Row
from commands.phrases import muted, say

BEHIND = ("-rule", "-no-takers")
"""Ends of the keys of phrases without a figure of the flush."""
STANDING = {"followup-oi-": "interest", "followup-funding-": "funding", "followup-levels": "levels"}
"""Checks whose row has no rule in it: how their keys begin, and the name of the rule."""
MIRRORED = ("funding", "levels")
"""Rules that are told in the words of the side that was hurt."""


def figures_of(rows: Iterable[Row]) -> Iterator[Row]:
    """Each row without its rule."""
    for row in rows:
        parts = _parts(row.phrase)
        yield _with(row, [part for part in parts if not part.key.endswith(BEHIND)]) if parts else row


def rules_of(rows: Iterable[Row], side: Side) -> Iterator[Row]:
    """What `figures_of` leaves out of each row, and the rule of those that have none in them."""
    none = True
    for row in rows:
        names = {name for phrase in _within(row.phrase) for begin, name in STANDING.items() if _is(phrase, begin)}
        behind = sorted((part for part in _parts(row.phrase) if part.key.endswith(BEHIND)), key=_place)
        told = [*(_standing(name, side) for name in sorted(names)), *([_with(row, behind)] if behind else [])]
        none = none and not told
        yield from told
    if none:
        yield muted("after-rules-none")


def _standing(name: str, side: Side) -> Row:
    return Row(say(f"after-rule-{name}-{side}" if name in MIRRORED else f"after-rule-{name}"))


def _place(part: Phrase) -> int:
    """The rule before what is said beside it."""
    return [part.key.endswith(end) for end in BEHIND].index(True)


def _is(phrase: Phrase, begin: str) -> bool:
    return phrase.key.startswith(begin)


def _within(phrase: Phrase) -> Iterator[Phrase]:
    """A phrase and those that it is made of: a line may stand within a line."""
    yield phrase
    for part in _parts(phrase):
        yield from _within(part)


def _parts(phrase: Phrase) -> tuple[Phrase, ...]:
    parts = phrase.values.get("parts")
    return parts.items if isinstance(parts, Phrases) else ()


def _with(row: Row, parts: list[Phrase]) -> Row:
    phrase = msgspec.structs.replace(row.phrase, values={**row.phrase.values, "parts": Phrases(tuple(parts))})
    return msgspec.structs.replace(row, phrase=phrase)
