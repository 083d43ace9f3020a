"""The figures of an episode as a whole, from those of its coins."""

from bot.flush.episode import Episode, band_of
from bot.flush.kind import dislocated, kind_of
from bot.flush.legs import Legs
from bot.flush.member import Figures
from bot.flush.scope import scope_of
from bot.flush.severity import PRICE_ONLY_CONFIDENCE

MARKET_LEAD = "BTC"


def sum_up(figures: Figures, episode: Episode, legs: Legs) -> None:
    """Bring an episode up to what its members say."""
    members = list(episode.members.values())
    strongest = max(members, key=lambda member: member.peak_score)
    episode.score = max(member.score for member in members)
    episode.peak_score = max(episode.peak_score, strongest.peak_score)
    episode.band = band_of(episode.peak_score) or "watch"
    episode.confidence = strongest.confidence
    episode.price_only = all(member.price_only for member in members)
    if episode.price_only:
        episode.confidence = min(episode.confidence, PRICE_ONLY_CONFIDENCE)
    episode.scope = scope_of(episode, figures)
    if episode.scope == "market" and episode.coin != MARKET_LEAD and MARKET_LEAD in episode.members:
        # The market's card and its follow-ups speak of BTC, whichever coin happened to be first by minutes.
        episode.coin, episode.before = MARKET_LEAD, None
        legs.forget(episode.id)
    episode.market_coins = len(figures.board.coins)
    legs.move_peak(figures, episode)
    episode.dislocated = dislocated(figures, episode)
    episode.kind = kind_of(figures, episode)
