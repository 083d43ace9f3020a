"""The pushes of an episode: where liquidations ran fastest, and the moment from which follow-ups count."""

import numpy as np

from bot.flush.episode import Episode, Leg
from bot.flush.member import Figures

LARGER_PUSH = 1.5
"""A push this much faster than the one that set the anchor is a new leg, also without a pause between them."""
ANCHOR_AFTER_MS = 3_600_000
"""The anchor is fixed one hour after a leg began."""


def first_leg(figures: Figures, coin: str) -> Leg:
    """A leg that begins now."""
    return Leg(figures.now_ms, None, figures.now_ms, 0.0, 0.0, figures.price(coin))


class Legs:
    """The fastest liquidations so far of each open or recent episode, in dollars of its shortest known window."""

    def __init__(self) -> None:
        self._fastest_usd: dict[str, float] = {}

    def begin(self, figures: Figures, episode: Episode) -> None:
        """Start another leg after a pause."""
        episode.legs.append(first_leg(figures, episode.coin))
        self.forget(episode.id)

    def forget(self, id_: str) -> None:
        """Drop what was kept of an episode."""
        self._fastest_usd.pop(id_, None)

    def move_peak(self, figures: Figures, episode: Episode) -> None:
        """The peak is where liquidations ran fastest (the extreme, where none are known); it anchors what follows."""
        leg, lead = episode.legs[-1], episode.lead
        rate = figures.rate_usd(lead.coin)
        if np.isnan(rate):
            moved = lead.extreme_ms > leg.peak_ms
            leg.peak_ms = max(leg.peak_ms, lead.extreme_ms)
        else:
            fastest = self._fastest_usd.get(episode.id, 0.0)
            settled = figures.now_ms - leg.started_ms > ANCHOR_AFTER_MS
            if settled and fastest > 0 and rate > LARGER_PUSH * fastest:
                leg.ended_ms = figures.now_ms
                leg = first_leg(figures, lead.coin)
                episode.legs.append(leg)
            moved = rate > fastest
            if moved and figures.now_ms - leg.started_ms <= ANCHOR_AFTER_MS:
                self._fastest_usd[episode.id], leg.peak_ms = rate, figures.now_ms
        leg.peak_score = max(leg.peak_score, episode.score)
        observed = (episode.observed_usd or 0.0) - sum(earlier.observed_usd for earlier in episode.legs[:-1])
        leg.observed_usd, leg.extreme_price = observed, lead.extreme_price
        if moved and figures.now_ms - leg.started_ms <= ANCHOR_AFTER_MS and _is_larger(episode):
            episode.anchor_ms = episode.peak_ms = leg.peak_ms
            episode.anchor_moved = len(episode.legs) > 1


def _is_larger(episode: Episode) -> bool:
    """Whether the last leg is larger than any before: by its liquidations, by its score where none are known."""
    *earlier, last = episode.legs
    if episode.observed_usd is not None:
        return last.observed_usd > max((leg.observed_usd for leg in earlier), default=-1.0)
    return last.peak_score > max((leg.peak_score for leg in earlier), default=-1.0)
