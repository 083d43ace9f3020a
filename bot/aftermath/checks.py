"""What followed a flush, at one of its checkpoints: the checks that are due there, each with its numbers or Missing."""

from __future__ import annotations

import msgspec
from msgspec import structs

from bot.aftermath import (
    basis,
    books,
    follow_through,
    funding,
    held,
    high_beta,
    rebuild,
    recovery,
    spot_perp,
    venue_split,
)
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
# The first reading of basis, volumes, board and books; liquidations four hours after the peak (section 3.2 too).
MARKET_FROM_MS = CHECKPOINTS["1h"]
LIQUIDATIONS_FROM_MS = CHECKPOINTS["4h"]


class Checks(msgspec.Struct, frozen=True):
    """The results at one checkpoint; None where a check is not due at it."""

    step: str
    rebuild: rebuild.Rebuild | Missing
    recovery: recovery.Recovery | Missing
    funding: funding.FundingCheck | Missing | None
    levels: tuple[held.HeldLevel, ...] | Missing
    basis: basis.Basis | Missing | None = None
    spot_perp: spot_perp.SpotPerp | Missing | None = None
    follow_through: follow_through.FollowThrough | Missing | None = None
    high_beta: high_beta.HighBeta | Missing | None = None
    books: books.Books | Missing | None = None
    venue_split: venue_split.VenueSplit | Missing | None = None


def assess(episode: Episode, step: str, past: Past) -> Checks:
    """All checks due at `step` as of the end of `past`, over the state frozen in `episode.before`."""
    return _with_market(_of_coin(episode, step, past), episode, past)


def _with_market(checks: Checks, episode: Episode, past: Past) -> Checks:
    """The checks that need no move of the price: how the flush came about, and what became of that."""
    elapsed_ms, before = CHECKPOINTS[checks.step], episode.before
    checks = structs.replace(checks, venue_split=venue_split.check(episode))
    if elapsed_ms < MARKET_FROM_MS:
        return checks
    late = elapsed_ms >= LIQUIDATIONS_FROM_MS
    return structs.replace(
        checks,
        basis=basis.check(episode, before, past) if before is not None else Missing("basis"),
        spot_perp=spot_perp.check(episode, past, elapsed_ms),
        follow_through=follow_through.check(episode, past) if late else None,
        high_beta=high_beta.check(episode, past),
        books=books.check(episode, past),
    )


def _of_coin(episode: Episode, step: str, past: Past) -> Checks:
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
