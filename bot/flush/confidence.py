"""How much less a score is known where liquidations were not heard everywhere."""

from collections.abc import Mapping

from bot.flush.episode import Component
from bot.flush.severity import PRIOR_SHARE, WEIGHTS


def lowered(confidence: float, components: Mapping[str, Component], heard: float) -> float:
    """Confidence less the part of liquidations that was not heard; `heard` is a share of open interest, 0 to 1.

    With nothing heard it is what it would be without liquidations, never more.
    """
    if "L" not in components:
        return confidence
    inputs = {name: part for name, part in components.items() if name in WEIGHTS}
    counted = {name: WEIGHTS[name] * (PRIOR_SHARE if part.prior else 1) for name, part in inputs.items()}
    known = max(confidence, sum(counted.values()) / sum(WEIGHTS.values()))
    return min(confidence, known - counted["L"] / sum(WEIGHTS.values()) * (1 - heard))
