"""Where an ended flush stands among those before it: asked of the store once, as of its end, and said in one line."""

from __future__ import annotations

from bot.alerts.card_words import kind_phrase
from bot.flush.episode import Episode
from bot.flush.standing import KEPT_DAYS, Part, Standing, standing_among
from bot.market.history import DAY_MS
from bot.message import Count, Name, Phrase, Value
from bot.store.database import Database
from bot.store.episodes import load_parts
from bot.store.steps import steps_since

FEW = 3
"""With fewer than this there is nothing to rank: it is only said which one it is."""
NAMED = 3


def standing_of(db: Database, episode: Episode) -> Standing | None:
    """The place of an ended flush among those of its coin and kind that ended before it, FLUSH and above.

    Of each the coin's own part counts, so that a flush of the whole market is held against one of the coin alone. None
    while it goes on, where it only came to WATCH, and where it is not known since when the bot has been watching.
    """
    followed_since_ms = steps_since(db)
    if episode.ended_ms is None or episode.band == "watch" or followed_since_ms is None:
        return None
    since_ms = max(followed_since_ms, episode.ended_ms - KEPT_DAYS * DAY_MS)
    rows = load_parts(db, episode.coin, episode.kind, since_ms, episode.ended_ms)
    others = [Part(row.usd, row.peak_score) for row in rows if row.episode_id != episode.id]
    lead = episode.lead
    known = lead.long_usd is not None or lead.short_usd is not None
    usd = (lead.long_usd or 0.0) + (lead.short_usd or 0.0) if known else None
    return standing_among(Part(usd, lead.peak_score), others, episode.ended_ms - followed_since_ms)


def standing_phrase(episode: Episode) -> Phrase | None:
    """Its place with the number it stands among; None where none was worked out."""
    standing = episode.standing
    if standing is None:
        return None
    what: dict[str, Value] = {"coin": Name(episode.coin), "kind": kind_phrase(episode)}
    span = "standing-days" if standing.whole else "standing-followed"
    values: dict[str, Value] = {**what, "span": Phrase(span, {"days": Count(standing.days)}), "n": Count(standing.n)}
    if standing.n < FEW:
        return Phrase("standing-few", values)
    by = "usd" if not standing.by_score else "score" if standing.by_score == standing.n - 1 else "both"
    values["by"] = Phrase(f"standing-by-{by}", {"m": Count(standing.by_score)})
    place = standing.rank if standing.rank <= NAMED else "other"
    values["place"] = Phrase(f"standing-place-{place}", {"rank": Count(standing.rank)})
    return Phrase("standing", values)
