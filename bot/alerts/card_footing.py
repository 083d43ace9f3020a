"""The muted rows of a card: what the feeds leave out, why it is called so, which venues spoke, what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from bot.alerts.card_state import basis_now, funding_now
from bot.alerts.card_words import Observed, coin_names, is_price_only, is_told, join, times
from bot.alerts.moments import moment
from bot.alerts.standing import standing_phrase
from bot.alerts.unheard import blind
from bot.alerts.venue_names import venue_name
from bot.flush.coverage import THROTTLED
from bot.flush.episode import Episode
from bot.market.facts import KINDS
from bot.market.history import Past
from bot.message import Count, Name, Names, Number, Phrase, Phrases, Row, Usd, Value

# Once-in-3-days levels stand behind these inputs; volume is held against another level, the rest against none.
LEVELLED = ("L", "P", "O")
FEW_COINS = 50
"""With fewer coins tracked, "market-wide" speaks of those only (domain notes, section 00)."""
HIGH_CONFIDENCE, MEDIUM_CONFIDENCE = 0.75, 0.5
MOST_NAMES = 3
MOST_GAPS = 3
# A feed that leaves some out is alive: it tells less than happens, and `left_out` says so.
ALIVE = ("live", "partial")


def left_out(episode: Episode, seen: Observed | None, past: Past) -> Iterator[Row]:
    """When feeds were not heard, which show only some liquidations or were full, and the estimate beside that."""
    parts = [*blind(episode.gaps, past.now_ms)]
    throttled = _throttled(episode) if seen is not None else ()
    if throttled:
        parts.append(Phrase("card-throttled", {"venues": Names(throttled)}))
    full = tuple(venue_name(row.venue).text for row in episode.told if row.saturated)
    if full:
        parts.append(Phrase("card-saturated", {"venues": Names(full)}))
    if seen is not None and episode.estimate_usd is not None:
        low, high = (two_figures(usd) for usd in episode.estimate_usd)
        # The estimate is never below what was observed; rounding it must not say otherwise.
        form = "-most" if low <= seen.usd else "-least" if low == high else ""
        parts.append(Phrase(f"card-estimate{form}", {"low": Usd(low), "high": Usd(high)}))
    if parts:
        yield Row(join(parts), "normal" if episode.gaps else "muted")


def severity(episode: Episode) -> Row:
    """The inputs of the strongest coin that stood above their own level, how much was known, its place once ended."""
    strongest = episode.strongest
    above = [
        Phrase(f"card-input-{name.lower()}", {"times": times(part.value / part.baseline)})
        for name in LEVELLED
        if (part := strongest.components.get(name)) is not None and part.baseline and part.value >= part.baseline
    ]
    parts = [_confidence(episode)]
    of = "-of" if len(episode.members) > 1 else ""
    values: dict[str, Value] = {"coin": Name(strongest.coin)}
    if above:
        values["inputs"] = Phrases(tuple(above), "list")
        parts.insert(0, Phrase(f"card-above{of}", values))
    if any(part.prior for part in strongest.components.values()):
        parts.append(Phrase(f"card-prior{of}", values))
    standing = standing_phrase(episode)
    if standing is not None:
        parts.append(standing)
    price_only = is_price_only(episode)
    if price_only:
        parts.insert(0, Phrase("card-price-only"))
    return Row(join(parts), "normal" if price_only else "muted")


def venues(episode: Episode, past: Past) -> Row:
    """Who spoke and who is missing, of how many coins a wide flush is judged, and as of when."""
    parts = [*_venues(episode, past)]
    by_spot = sorted(member.coin for member in episode.members.values() if member.spot)
    if by_spot:
        parts.append(Phrase("card-spot", {"coins": coin_names(by_spot, MOST_NAMES)}))
    if episode.scope != "coin" and 0 < episode.market_coins < FEW_COINS:
        parts.append(Phrase("card-tracked", {"n": Count(episode.market_coins)}))
    parts.append(Phrase("card-as-of", {"at": moment(past.now_ms, episode.onset_ms)}))
    if episode.ended_ms is not None:
        parts.append(Phrase("card-followups-below"))
    return Row(join(parts), "muted")


def missing(episode: Episode, past: Past) -> Iterator[Row]:
    """Every input that no sentence above could use."""
    parts = [*_missing(episode, past)]
    if parts:
        yield Row(Phrase("card-missing", {"what": Phrases(tuple(parts), "list")}), "muted")


def two_figures(usd: float) -> float:
    """An estimate with a range is not known to three figures."""
    return float(f"{usd:.2g}")


def _throttled(episode: Episode) -> tuple[str, ...]:
    """Liquidation feeds heard that leave some out; a venue may be a sum, "binance+bybit"."""
    feeds = [feed.rpartition(" ") for feed, state in (episode.venues or {}).items() if state in ALIVE]
    heard = {part for venue, _, kind in feeds if kind.startswith("liquidation") for part in venue.split("+")}
    return tuple(venue_name(venue).text for venue in sorted(heard & THROTTLED))


def _confidence(episode: Episode) -> Phrase:
    value = episode.confidence
    word = "high" if value >= HIGH_CONFIDENCE else "medium" if value >= MEDIUM_CONFIDENCE else "low"
    return Phrase("card-confidence", {"word": Phrase(f"card-confidence-{word}"), "value": Number(value, 2)})


def _venues(episode: Episode, past: Past) -> Iterator[Phrase]:
    states = sorted((episode.venues or {}).items())
    live = dict.fromkeys(feed.rpartition(" ")[0] for feed, state in states if state in ALIVE)
    said = {f"{gap.venue} {gap.feed}" for gap in episode.gaps if gap.to_ms is None}
    missing = ((feed, state) for feed, state in states if state.startswith("missing since ") and feed not in said)
    gaps = [(feed, int(state.rpartition(" ")[2])) for feed, state in missing]
    if live:
        yield Phrase("card-venues", {"venues": Names(tuple(venue_name(venue).text for venue in live))})
    for feed, since_ms in gaps[:MOST_GAPS]:
        venue, _, kind = feed.rpartition(" ")
        values: dict[str, Value] = {
            "venue": venue_name(venue),
            "feed": Phrase(f"status-feed-{kind}") if kind in KINDS else Name(kind),
            "since": moment(since_ms, past.now_ms),
        }
        yield Phrase("card-feed-missing", values)
    if len(gaps) > MOST_GAPS:
        yield Phrase("card-feeds-more", {"n": Count(len(gaps) - MOST_GAPS)})


def _missing(episode: Episode, past: Past) -> Iterator[Phrase]:
    lead, before = episode.lead, episode.before
    unknown = {
        "open-interest": not lead.open_interest_before or lead.open_interest_now is None,
        "funding": funding_now(past, episode.coin) is None,
        "basis": basis_now(past, episode.coin) is None,
        "before": before is None,
        "levels": before is not None and not before.levels,
        "volumes": episode.character is None,
    }
    for what, absent in unknown.items():
        if absent:
            yield Phrase(f"card-missing-{what}")
    untold = [member.coin for member in episode.members.values() if not is_told(member)]
    if untold and len(untold) < len(episode.members):
        yield Phrase("card-missing-liquidations", {"coins": coin_names(untold, MOST_NAMES)})
