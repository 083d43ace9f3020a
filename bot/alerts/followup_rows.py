"""The rows of a follow-up: each result of a check as a phrase with its figures."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from bot.aftermath.before import BTC
from bot.aftermath.funding import FundingCheck
from bot.aftermath.held import HeldLevel, HeldState
from bot.aftermath.rebuild import Rebuild
from bot.aftermath.recovery import Recovery
from bot.aftermath.spot_perp import SpotPerp
from bot.aftermath.verdict import Rule, Verdict
from bot.alerts.card_words import times
from bot.alerts.moments import moment
from bot.alerts.venue_names import venue_name
from bot.flush.episode import Episode
from bot.levels.sources import reasons
from bot.market.facts import Side
from bot.message import Coins, Count, Name, Names, Number, Percent, Phrase, Phrases, Price, Rate, Usd, Value

NEUTRAL: tuple[Rule, ...] = ("reopened-in-chop", "rebuild-slow", "box-tripped", "too-little-known", "nothing-fits")
"""Rules that read the same for a flush and for a squeeze."""
# What would be printed as 0 %.
LEAST_SHARE = 0.005


def verdict_phrase(verdict: Verdict) -> Phrase:
    """What it reads as, with how much of the picture there was."""
    name = verdict.reading.lower().replace("_", "-")
    return Phrase(f"followup-verdict-{name}", {"confidence": Number(verdict.confidence, 2)})


def rule_phrases(verdict: Verdict, side: Side) -> Phrases:
    """The rules that gave it, in the words of the side that was hurt."""
    names = (rule if rule in NEUTRAL else f"{rule}-{side}" for rule in verdict.rules)
    return Phrases(tuple(Phrase(f"flush-rule-{name}") for name in names), "list")


def size_phrase(episode: Episode) -> Phrase:
    """How much was liquidated so far, for the time before there is a verdict."""
    usd = episode.observed_usd
    if not usd:
        return Phrase("followup-size-unknown" if usd is None else "followup-size-none")
    return Phrase("followup-size", {"usd": Usd(usd, at_least=True)})


def state_phrase(episode: Episode, due_ms: int) -> Phrase:
    """Whether it was over by then."""
    if episode.ended_ms is None or episode.ended_ms > due_ms:
        return Phrase("followup-state-open")
    return Phrase("followup-state-ended", {"at": moment(episode.ended_ms, due_ms)})


def interest_phrase(rebuild: Rebuild, episode: Episode) -> Phrase:
    """Open interest before, least and now, in coins over the venues named, and what that reads as."""
    values: dict[str, Value] = {
        **_interest_shares(rebuild),
        "before": Coins(rebuild.before, episode.coin),
        "least": Coins(rebuild.least, episode.coin),
        "now": Coins(rebuild.now, episode.coin),
        "venues": _venues(rebuild.venues),
    }
    reading = _reading(rebuild, episode.side)
    return _line([Phrase(f"followup-oi-{_interest_state(rebuild)}", values), *([reading] if reading else [])])


def price_phrases(recovery: Recovery, side: Side, due_ms: int) -> list[Phrase]:
    """Where the price is and how much of the move it took back."""
    values: dict[str, Value] = {
        "price": Price(recovery.price),
        "share": Percent(recovery.recovered, digits=0),
        "before": Price(recovery.before),
        "extreme": Price(recovery.extreme),
    }
    outcome = "beyond" if recovery.verdict == "NEW_EXTREME" else "all" if recovery.recovered >= 1 else "share"
    parts = [Phrase(f"followup-price-{outcome}-{side}", values)]
    if recovery.beyond_price is not None and recovery.beyond is not None and recovery.beyond_ms is not None:
        beyond: dict[str, Value] = {
            "price": Price(recovery.beyond_price),
            "beyond": Percent(recovery.beyond),
            "at": moment(recovery.beyond_ms, due_ms),
        }
        parts.append(Phrase(f"followup-price-furthest-{side}", beyond))
    if recovery.from_high is not None:
        distance = Percent(recovery.from_high, signed=True)
        parts.append(Phrase(f"followup-price-distance-{side}", {"distance": distance}))
    return parts


def funding_phrase(check: FundingCheck, side: Side) -> Phrase:
    """Funding before and now, over the venues named, and how often those settled since."""
    values: dict[str, Value] = {
        "verdict": Phrase(f"followup-funding-{check.verdict.lower().replace('_', '-')}-{side}"),
        "before": Rate(check.before_8h),
        "now": Rate(check.now_8h),
        "venues": _venues(check.venues),
    }
    main = Phrase("followup-funding-told" if check.told else "followup-funding-settled", values)
    counts = [
        Phrase(
            "followup-settlements-venue",
            {"venue": venue_name(entry.venue), "n": Count(entry.count), "hours": Number(entry.interval_h, digits=0)},
        )
        for entry in check.settlements
        if entry.venue in check.venues
    ]
    if not counts:
        return _line([main, Phrase("followup-settlements-none")])
    return _line([main, Phrase("followup-settlements", {"counts": Phrases(tuple(counts), "list")})])


def spot_phrase(volume: SpotPerp) -> Phrase:
    """Whether perpetuals or spot led in the flush, and what was traded of spot since, as far as that is known."""
    values: dict[str, Value] = {
        "word": Phrase(f"followup-spot-{volume.verdict.lower().replace('_', '-')}"),
        "perp": times(volume.perp),
        "spot": times(volume.spot),
    }
    parts = [Phrase("followup-spot", values)]
    since = next((since for since in reversed(volume.since) if since.spot is not None), None)
    if since is not None and since.spot is not None:
        lately: dict[str, Value] = {"spot": times(since.spot), "hours": Count(since.hours)}
        if since.demand is not None:
            lately["demand"] = Percent(since.demand, signed=True)
        parts.append(Phrase("followup-spot-since" if since.demand is None else "followup-spot-since-net", lately))
    return _line(parts)


def levels_phrase(levels: Iterable[HeldLevel], price: Iterable[Phrase], episode: Episode, due_ms: int) -> Phrase:
    """What became of each level, from the price before outwards, then where the price is.

    Neighbours of which the same is to be told are told together. A coin other than BTC is named: once the flush is
    market-wide it goes by the name of BTC, here too.
    """
    told = [_levels(list(alike), episode.side, due_ms) for _, alike in groupby(levels, _fate)]
    parts, of = Phrases((*told, *price)), "" if episode.coin == BTC else "-of"
    values: dict[str, Value] = {"levels" if told else "price": parts, "coin": Name(episode.coin)}
    return Phrase(f"followup-levels{of}" if told else f"followup-price{of}", values)


def _fate(level: HeldLevel) -> tuple[HeldState, float | None, int | None]:
    """What is told of a level beside its price; how far it was pierced and when it was regained is its own."""
    return level.state, level.reached if level.state == "WICKED" else None, level.regained_ms


def _levels(alike: list[HeldLevel], side: Side, due_ms: int) -> Phrase:
    first = alike[0]
    named = (
        Phrase("followup-level", {"price": Price(level.price), "source": Phrase(source)})
        for level in alike
        for source in reasons(level.price, level.sources)[:1]
    )
    values: dict[str, Value] = {
        "levels": Phrases(tuple(named), joint="list"),
        "reached": Price(first.reached),
    }
    if first.regained_ms is not None:
        values["at"] = moment(first.regained_ms, due_ms)
    return Phrase(f"followup-level-{first.state.lower().replace('_', '-')}-{side}", values)


def _reading(rebuild: Rebuild, side: Side) -> Phrase | None:
    if rebuild.qualifier == "RELOADING_INTO_WEAKNESS" and rebuild.price_recovered is not None:
        if rebuild.price_recovered < 0:
            return Phrase(f"followup-reading-beyond-{side}")
        share = Percent(rebuild.price_recovered, digits=0)
        return Phrase(f"followup-reading-weakness-{side}", {"share": share})
    if rebuild.qualifier == "RELEVERAGING_IN_CHOP" and rebuild.chop is not None:
        return Phrase("followup-reading-chop", {"chop": Number(rebuild.chop)})
    if rebuild.qualifier == "FOLLOWING_PRICE":
        return Phrase("followup-reading-following")
    pace = {"FAST": "followup-reading-fast", "SLOW": "followup-reading-slow"}
    return Phrase(pace[rebuild.verdict]) if rebuild.verdict in pace else None


def _interest_state(rebuild: Rebuild) -> str:
    if rebuild.early:
        return "fell" if rebuild.fall > 0 else "not-fallen"
    if rebuild.rebuilt is None:
        return "replaced"
    if rebuild.verdict == "STILL_LEAVING":
        return "leaving"
    if rebuild.rebuilt >= 1:
        return "all-back"
    return "none-back" if rebuild.rebuilt < LEAST_SHARE else "rebuilt"


def _interest_shares(rebuild: Rebuild) -> dict[str, Value]:
    return {
        "share": Percent(max(rebuild.rebuilt or 0.0, 0.0), digits=0),
        "fall": Percent(-max(rebuild.fall, 0.0), signed=True),
        "change": Percent(rebuild.change, signed=True),
    }


def _venues(venues: tuple[str, ...]) -> Names:
    return Names(tuple(venue_name(venue).text for venue in venues))


def _line(parts: Iterable[Phrase]) -> Phrase:
    return Phrase("followup-line", {"parts": Phrases(tuple(parts))})
