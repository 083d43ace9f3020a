"""All that is found at one step of a flush: the checks, the boxes and the reading, as one value."""

from __future__ import annotations

import msgspec

from bot.aftermath.basis import Basis
from bot.aftermath.checks import Checks, assess
from bot.aftermath.follow_through import FollowThrough
from bot.aftermath.invalidation import Invalidation, invalidate
from bot.aftermath.larger import larger_since
from bot.aftermath.spot_perp import SpotPerp, is_distribution
from bot.aftermath.verdict import Further, Verdict, judge
from bot.flush.episode import Episode
from bot.market.history import Past

JUDGED = ("FADED", "PERSISTENT")


class Findings(msgspec.Struct, frozen=True):
    """Of one checkpoint; `invalidation` and `verdict` are None before +4 h."""

    step: str
    checks: Checks
    invalidation: Invalidation | None
    verdict: Verdict | None


def find(episode: Episode, step: str, past: Past) -> Findings:
    """What is found at `step` as of the end of `past`."""
    checks, boxes = assess(episode, step, past), invalidate(episode, episode.before, past)
    return Findings(step, checks, boxes, judge(checks, boxes, _further(checks, episode, past)))


def _further(checks: Checks, episode: Episode, past: Past) -> Further:
    follow, volume = checks.follow_through, checks.spot_perp
    told = isinstance(follow, FollowThrough) and follow.verdict in JUDGED
    distribution = is_distribution(volume, episode.side) if isinstance(volume, SpotPerp) else None
    return Further(
        persistent=follow.verdict == "PERSISTENT" if told and isinstance(follow, FollowThrough) else None,
        distribution=distribution,
        spot_perp=distribution is not None,
        basis=isinstance(checks.basis, Basis),
        larger=larger_since(episode, past),
    )
