"""What the histories of all venues have in common: a span cut into calls, checked bars, intervals between payments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from msgspec import structs

from bot.market.facts import Bar, Fact, Funding, Market
from bot.market.venues.reading import UNREADABLE, Told, amount, positive, rate, refusal
from bot.market.venues.venue import Instrument, Parsed, Refused

HOUR_MS = 3_600_000
Paid = tuple[int, Told]
"""When funding was paid (UTC ms), and the rate."""


def windows(begin_ms: int, end_ms: int, longest_ms: int) -> Iterator[tuple[int, int]]:
    """The span from one UTC ms to another in pieces of at most `longest_ms`, oldest first."""
    for start in range(begin_ms, end_ms, longest_ms):
        yield start, min(start + longest_ms, end_ms)


def bar(
    instrument: Instrument,
    place: tuple[str, Market, int, int],
    prices: Sequence[float],
    volume: float,
    taker_buy: float | None = None,
) -> Bar:
    """A bar from quoted prices (open, high, low, close) and volumes in coins; `place` is venue, market, start, seconds.

    `t` is the end of the bar, when it became known. Raises `ValueError` for prices or volumes that contradict another.
    """
    venue, market, start_ms, span_s = place
    first, high, low, last = (positive(instrument.price(price)) for price in prices)
    if not (low <= first <= high and low <= last <= high):
        raise ValueError(f"open {first:g} or close {last:g} lies outside low {low:g} to high {high:g}")
    if taker_buy is not None and taker_buy > volume:
        raise ValueError(f"takers bought {taker_buy:g} of {volume:g}")
    t_ms = start_ms + span_s * 1000
    return Bar(t_ms, venue, instrument.base, market, span_s, first, high, low, last, volume, taker_buy)


def bars(
    place: tuple[str, Market, int],
    instrument: Instrument,
    t_ms: int,
    told: Iterable[tuple[int, Sequence[float], float]],
    refused: Sequence[Refused] = (),
) -> Parsed:
    """Bars of one contract, oldest first, without the one that goes on; `place` is venue, market and seconds.

    Each of `told` is its start in UTC ms, its quoted prices (open, high, low, close) and its volume in coins.
    """
    venue, market, span_s = place
    facts: list[Fact] = []
    wrong = list(refused)
    for start_ms, prices, volume in sorted(told, key=itemgetter(0)):
        if start_ms + span_s * 1000 > t_ms:
            continue
        try:
            facts.append(bar(instrument, (venue, market, start_ms, span_s), prices, amount(volume)))
        except UNREADABLE as error:
            wrong.append(refusal(f"{instrument.symbol} {start_ms}", error))
    return Parsed(facts, wrong)


def settled(venue: str, instrument: Instrument, payments: Iterable[Paid], refused: Sequence[Refused] = ()) -> Parsed:
    """Funding payments whose venue does not tell the interval: it is the time since the payment before.

    The earliest is taken to have the interval of the second. A single payment is taken to have the contract's present
    one and is refused where that is not known; so is one without an interval between one and 24 hours, as where some
    payments are missing.
    """
    told = sorted(payments, key=itemgetter(0))
    alone = len(told) == 1
    facts: list[Fact] = []
    wrong = list(refused)
    for place, (at_ms, raw) in enumerate(told):
        try:
            pair = [paid[0] for paid in told[max(place - 1, 0) : max(place - 1, 0) + 2]]
            interval_h = instrument.funding_h if alone and instrument.funding_h else _hours_before(pair)
            facts.append(Funding(at_ms, venue, instrument.base, _paid(raw), interval_h, settled=True))
        except UNREADABLE as error:
            wrong.append(refusal(f"{instrument.symbol} {at_ms}", error))
    return Parsed(facts, wrong)


def following(before: Funding, first: Funding) -> Funding:
    """The first payment of a page, with the time since the last one of the page before as its interval.

    It stays as it is where that cannot be an interval, because payments between the two are missing.
    """
    try:
        return structs.replace(first, interval_h=_hours_before([before.t, first.t]))
    except ValueError:
        return first


def _hours_before(pair: Sequence[int]) -> float:
    if len(pair) < 2:
        raise ValueError("a single payment does not tell its interval")
    # Venues stamp a payment some milliseconds late.
    gap_h = round((pair[1] - pair[0]) / HOUR_MS)
    if not 1 <= gap_h <= 24:
        raise ValueError(f"{gap_h} hours between two payments")
    return float(gap_h)


def _paid(raw: Told) -> float:
    found = rate(raw)
    if found is None:
        raise ValueError("no rate is told")
    return found
