"""What `flushwatch doctor` says of the exchanges, as they are reached from this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.alerts.venue_names import VENUES as WRITTEN
from bot.chat.checkup import ClockReader, Finding, fine, limited, wrong
from bot.market.live.checkup import Seen, Trouble, Why, look_at
from bot.market.venues import VENUES
from bot.market.venues.venue import Venue

MINUTE_S = 60
LONGEST_SAID = 160
ADVICE: dict[Why, str] = {
    "busy": "wait, and look for another program that asks it from this address",
    "silent": "look at this machine's network and its firewall, or try again",
    "name": "look at how this machine looks up names (DNS)",
    "certificate": "look at this machine's clock and its certificates, and for a proxy that stands in between",
    "unreachable": "look at this machine's network and its firewall",
    "down": "try again later",
    "unreadable": "look for a newer version of Flushwatch",
}


class ExchangeCheckup(NamedTuple):
    """A line for each venue, and by how much this machine's clock is ahead of each that answered."""

    findings: tuple[Finding, ...]
    drifts_s: tuple[float, ...]


async def check_up(
    now_s: Callable[[], float], addresses: Mapping[str, str] | None, venues: Sequence[Venue] = VENUES
) -> ExchangeCheckup:
    """Look at all venues at once, within 15 s; `now_s` is this machine's clock in seconds since 1970."""
    clocks = [ClockReader(now_s) for _ in venues]
    looks = (
        look_at(venue, lambda: round(1000 * now_s()), addresses, clock.note)
        for venue, clock in zip(venues, clocks, strict=True)
    )
    seen = await asyncio.gather(*looks)
    drifts_s = tuple(clock.drift_s for clock in clocks if clock.drift_s is not None)
    return ExchangeCheckup(tuple(_findings(seen)), drifts_s)


def _findings(seen: Sequence[Seen]) -> Iterator[Finding]:
    yield from map(_finding, seen)
    names = ", ".join(_name(one.venue) for one in seen if one.tells_closures)
    if names:
        yield fine("liquidations", f"come from {names}")
    else:
        rest = "flushes are seen by price and open interest alone, with less confidence"
        yield wrong("liquidations", f"no exchange tells them here, so that {rest}; see above")


def _finding(seen: Seen) -> Finding:
    name = _name(seen.venue)
    if seen.trouble is not None:
        return _amiss(name, seen.trouble.said, seen.trouble)
    for stream, trouble in seen.sockets.items():
        if trouble is not None:
            return _amiss(name, f"answers, but not its socket of {stream}: {trouble.said}", trouble)
    told = f"answers in {seen.answered_ms} ms; {seen.contracts:,} contracts; {_budget(seen)}"
    if seen.used is not None and seen.used + seen.planned > _most(seen.venue):
        return wrong(name, f"{told}, for which too little is left; {ADVICE['busy']}")
    return fine(name, f"{told}; liquidations: connected" if seen.sockets else told)


def _amiss(name: str, said: str, trouble: Trouble) -> Finding:
    """A place that an exchange does not serve is no failure by itself: the others are heard all the same."""
    said = said[:LONGEST_SAID]
    if trouble.why == "blocked":
        advice = "its figures will be missing; run Flushwatch from a place that it serves, or live without it"
        return limited(name, f"{said}; {advice}")
    return wrong(name, f"{said}; {ADVICE[trouble.why]}")


def _budget(seen: Seen) -> str:
    """How much of what the venue allows is used by whoever asks from this address, and what Flushwatch takes."""
    limits = seen.venue.limits
    most, unit = f"{_most(seen.venue):,}", "weight" if limits.used_header else "calls"
    if seen.used is None:
        return f"Flushwatch takes about {seen.planned:,.0f} of {most} {unit} a minute"
    return f"used {seen.used:,} of {most} {unit} a minute; Flushwatch takes about {seen.planned:,.0f}"


def _most(venue: Venue) -> int:
    """Weight that the venue allows in a minute."""
    return round(venue.limits.weight * MINUTE_S / venue.limits.span_s)


def _name(venue: Venue) -> str:
    written = WRITTEN.get(venue.name, venue.name.capitalize())
    return written if venue.market == "perp" else f"{written} spot"
