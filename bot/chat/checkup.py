"""What a platform tells when it is only looked at: nothing is posted, and nobody is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from bot.chat.wording import Wording
from bot.message import Phrase, Spot

LONGEST_S = 25.0
"""For everything that is asked of a platform; what was not answered by then is told as such."""
UNDATED_S = 0.5
"""The header `Date` has whole seconds, so that it is half a second old on average."""
WORDS = Wording("en")
"""The operator is told everything in English."""


class Finding(NamedTuple):
    """One line for the operator: a thing with a fact about it, or with what is wrong and what to do.

    What is `limited` is not whole, and yet no failure.
    """

    sound: bool
    thing: str
    told: str
    limited: bool = False

    @property
    def line(self) -> str:
        """As it is printed."""
        return f"{'!' if self.limited else '✓' if self.sound else '✗'} {self.thing}: {self.told}"


def fine(thing: str, fact: str) -> Finding:
    """A thing that is as it should be."""
    return Finding(sound=True, thing=thing, told=fact)


def limited(thing: str, told: str) -> Finding:
    """A thing that is less than it could be, with what to do about it; the bot works all the same."""
    return Finding(sound=True, thing=thing, told=told, limited=True)


def wrong(thing: str, told: str) -> Finding:
    """A thing that is not, with what to do about it."""
    return Finding(sound=False, thing=thing, told=told)


def lacking(rights: Iterable[Phrase]) -> str:
    """What the bot lacks in a channel, with what to do about it."""
    return f"missing {', '.join(map(WORDS.text, rights))}; give me these rights in the settings of the channel"


class Checkup(NamedTuple):
    """What was found at a platform.

    `drift_s` is by how much the clock of this machine is ahead, None without an answer. `spots` are the channels that
    were asked for, None for one that is gone or takes no post; one that could not be looked at is not among them.
    """

    findings: tuple[Finding, ...]
    drift_s: float | None
    spots: dict[str, Spot | None]


class ClockReader:
    """Compares a clock, in seconds since 1970, with the dates of answers; the newest counts."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self.drift_s: float | None = None

    def note(self, date: str | None) -> None:
        """An answer came that carries this header `Date`; one that cannot be read is passed over."""
        try:
            told_s = parsedate_to_datetime(date or "").timestamp()
        except ValueError:
            return
        self.drift_s = self._now_s() - told_s - UNDATED_S
