"""What followed a flush, at one of its checkpoints: the checks that are due there, each with its numbers or Missing."""

from __future__ import annotations

import msgspec

from bot.aftermath import funding, held, rebuild, recovery
from bot.aftermath.missing import Missing
from bot.aftermath.move import measure
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, Past

# After the anchor, the larger leg's peak.
CHECKPOINTS: dict[str, int] = {
    "15m": HOUR_MS // 4,
    "1h": HOUR_MS,
    "4h": 4 * HOUR_MS,
    "24h": 24 * HOUR_MS,
    "48h": 48 * HOUR_MS,
    "72h": 72 * HOUR_MS,
}

# Before, there is no settlement to speak of (domain notes, section 3.2); the other checks are due at every step and
# keep their own verdicts back while it is too early.
FUNDING_FROM_MS = CHECKPOINTS["4h"]


class Checks(msgspec.Struct, frozen=True):
    """The results at one checkpoint; None where a check is not due at it."""

    step: str
    rebuild: rebuild.Rebuild | Missing
    recovery: recovery.Recovery | Missing
    funding: funding.FundingCheck | Missing | None
    levels: tuple[held.HeldLevel, ...] | Missing


def assess(episode: Episode, step: str, past: Past) -> Checks:
    """All checks due at `step` as of the end of `past`, over the state frozen in `episode.before`."""
    elapsed_ms = CHECKPOINTS[step]
    move = measure(episode, past)
    recovered = recovery.check(episode, move, past, elapsed_ms)
    share = recovered.recovered if isinstance(recovered, recovery.Recovery) else None
    before, due = episode.before, elapsed_ms >= FUNDING_FROM_MS
    if before is None:
        return Checks(step, Missing("open_interest"), recovered, Missing("funding") if due else None, Missing("levels"))
    return Checks(
        step=step,
        rebuild=rebuild.check(episode, before, past, elapsed_ms, share),
        recovery=recovered,
        funding=funding.check(episode, before, past, elapsed_ms) if due else None,
        levels=held.check(episode, before, move, past),
    )
