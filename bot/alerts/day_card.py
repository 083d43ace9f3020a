"""The post about a derivatives-led day: quiet by price, interesting by what was closed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.alerts.card_words import join, times
from bot.alerts.score_number import score_number
from bot.alerts.unheard import below, blind
from bot.flush.day import ENOUGH_DAYS, FLAT_MOVE, STRESSED_SHARE, Day, Hit
from bot.message import Button, Count, Message, Moment, Name, Number, Percent, Phrase, Phrases, Row, Usd, Value

# A major that fell further than this was sold, whatever else happened.
SOLD = -0.005
DAY_HOURS = 24
# From here on the multiple of the highest day says more than the rank.
WELL_ABOVE = 1.1
ROUNDING = 0.005
LIQUIDATIONS_AND_PRICE = {"U", "P", "D"}
"""The inputs of the severity that need neither open interest nor funding."""


def build_day(day: Day) -> Message:
    """How much, against which days, in which coins, and what could not be seen; a day has no band."""
    usd = Usd(day.usd, at_least=True)
    majors = Phrases(tuple(_majors(day)), "list")
    return Message(
        kind="derivatives_day",
        headline=Phrase("card-day-headline", {"usd": usd, "majors": majors}),
        rows=tuple(_rows(day)),
        push=Phrase("card-day-push", {"usd": usd, "majors": majors}),
        buttons=(Button(Phrase("button-last-flush"), "/flush last"), Button(Phrase("button-status"), "/status")),
    )


def _majors(day: Day) -> Iterator[Phrase]:
    for coin, move in (("BTC", day.btc_return), ("ETH", day.eth_return)):
        if move is not None:
            yield Phrase("card-day-coin", {"coin": Name(coin), "move": Percent(move, signed=True)})


def _rows(day: Day) -> Iterator[Row]:
    parts = [*_split(day), *_rank(day)]
    if parts:
        yield Row(join(parts))
    yield from _reading(day)
    if day.hit:
        yield Row(Phrase("card-day-hit", {"hit": Phrases(tuple(_hit(one) for one in day.hit))}))
    if day.stressed > 0:
        values: dict[str, Value] = {"n": Count(day.stressed), "least": Percent(STRESSED_SHARE, 0)}
        yield Row(Phrase("card-day-hidden", {**values, "still": Percent(FLAT_MOVE, 0)}))
    if day.hit and _majors_held(day):
        yield Row(Phrase("card-day-consistent"))
    if day.perp_multiple is not None and day.spot_multiple is not None:
        values = {"coin": Name("BTC"), "perp": times(day.perp_multiple), "spot": times(day.spot_multiple)}
        yield Row(Phrase("card-day-spot", values), "muted")
    else:
        yield Row(Phrase("card-day-perp-driven" if _majors_held(day) else "card-day-no-spot"), "muted")
    if day.severity is not None and set(day.severity.inputs) <= LIQUIDATIONS_AND_PRICE:
        yield Row(Phrase("card-day-only-price", {"confidence": Number(day.severity.confidence, 2)}), "muted")
    yield from (Row(phrase) for phrase in blind(day.unheard.gaps, day.at_ms))
    covered: dict[str, Value] = {"hours": Number(day.hours_covered, 0), "at": Moment(day.at_ms, "both")}
    collecting = round(day.hours_covered) < DAY_HOURS
    yield Row(Phrase("card-day-collecting" if collecting else "card-day-covered", covered), "muted")
    yield Row(below(day.unheard.throttled, day.unheard.untold), "muted")


def _split(day: Day) -> Iterator[Phrase]:
    if day.usd > 0:
        side = "long" if day.long_usd >= day.short_usd else "short"
        share = max(day.long_usd, day.short_usd) / day.usd
        yield Phrase("card-day-split", {"share": Percent(share, 0), "side": Phrase(f"side-{side}")})


def _rank(day: Day) -> Iterator[Phrase]:
    """A share of many days, a multiple of the highest of few."""
    days: dict[str, Value] = {"days": Count(day.days_known)}
    if day.usd >= WELL_ABOVE * day.highest_usd > 0:
        yield Phrase("card-day-times", {**days, "times": times(day.usd / day.highest_usd)})
    elif day.days_known >= ENOUGH_DAYS:
        yield Phrase("card-day-rank", {**days, "share": Percent(day.rank, 0)})


def _reading(day: Day) -> Iterator[Row]:
    """Severity and character, each in words: much liquidated under flat majors, in few coins or in many.

    Whether perpetuals led is no character while spot volume is not known (domain notes, section 5.2).
    """
    severity = day.severity
    if severity is None or severity.word is None:
        return
    character = [Phrase("card-day-leverage")] if day.spot_known else []
    if day.breadth.reading is not None:
        side = "long" if day.long_usd >= day.short_usd else "short"
        counts: dict[str, Value] = {"moved": Count(day.breadth.moved), "coins": Count(day.breadth.coins)}
        how = Phrase(f"card-day-board-{side}", counts)
        character.append(Phrase(f"card-day-{day.breadth.reading}", {"how": how}))
    values: dict[str, Value] = {
        "word": Phrase(f"day-word-{severity.word}"),
        "score": score_number(severity.score),
        "known": Percent(severity.confidence, 0),
    }
    partly = "-partly" if severity.confidence < 1 - ROUNDING else ""
    if character:
        values["character"] = Phrases(tuple(character), "list")
        yield Row(Phrase(f"card-day-reading{partly}", values))
    else:
        yield Row(Phrase(f"card-day-severity{partly}", values))


def _hit(one: Hit) -> Phrase:
    values: dict[str, Value] = {"coin": Name(one.coin), "share": Percent(one.share)}
    if one.price_return is None:
        return Phrase("card-day-hit-coin-share", values)
    return Phrase("card-day-hit-coin", {**values, "move": Percent(one.price_return, signed=True)})


def _majors_held(day: Day) -> bool:
    return day.btc_return > SOLD and (day.eth_return is None or day.eth_return > SOLD)
