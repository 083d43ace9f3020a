"""All that is found at one step of a flush: the checks, the boxes and the reading, as one value."""

from __future__ import annotations

import msgspec

from bot.aftermath.checks import Checks, assess
from bot.aftermath.invalidation import Invalidation, invalidate
from bot.aftermath.larger import larger_since
from bot.aftermath.verdict import Further, Verdict, judge
from bot.flush.episode import Episode
from bot.market.history import Past


class Findings(msgspec.Struct, frozen=True):
    """Of one checkpoint; `invalidation` and `verdict` are None before +4 h."""

    step: str
    checks: Checks
    invalidation: Invalidation | None
    verdict: Verdict | None


def find(episode: Episode, step: str, past: Past) -> Findings:
    """What is found at `step` as of the end of `past`."""
    checks, boxes = assess(episode, step, past), invalidate(episode, episode.before, past)
    further = Further(larger=larger_since(episode, past))
    return Findings(step, checks, boxes, judge(checks, boxes, further))
