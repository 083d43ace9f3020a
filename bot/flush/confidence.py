"""How much less a score is known where liquidations were not heard everywhere."""

from collections.abc import Mapping

from bot.flush.episode import Component
from bot.flush.severity import WEIGHTS


def lowered(confidence: float, components: Mapping[str, Component], heard: float) -> float:
    """Confidence less the part of liquidations that was not heard; `heard` is a share of open interest, 0 to 1.

    With nothing heard it is what it would be without liquidations, never more.
    """
    if "L" not in components:
        return confidence
    known = max(confidence, sum(WEIGHTS.get(name, 0.0) for name in components) / sum(WEIGHTS.values()))
    return min(confidence, known - WEIGHTS["L"] / sum(WEIGHTS.values()) * (1 - heard))
