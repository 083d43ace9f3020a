"""What one venue lists: its contracts, their terms, and which of them are traded most."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.errors import VenueError
from bot.market.facts import Fact, Turnover
from bot.market.live.wire import Wire
from bot.market.venues.symbols import leaders
from bot.market.venues.venue import Instrument, Known, Request, Terms, Venue

MOST_PAGES = 20
"""Far more than any venue has; a list that goes on is one that leads back to itself."""


class Listing:
    """The contracts of a venue as last told, the most traded coin first; a spot venue's `wanted` coins only.

    `known` are all contracts, `leading` one of each coin: what polls are given.
    """

    def __init__(self, venue: Venue, wire: Wire, now_ms: Callable[[], int]) -> None:
        self.known: Known = {}
        self.leading: Known = {}
        self.traded_usd: dict[str, float] = {}
        """Turnover of the last day by coin, as the venue last told it."""
        self._venue = venue
        self._wire = wire
        self._now_ms = now_ms
        self._wanted: frozenset[str] | None = None

    @property
    def coins(self) -> frozenset[str]:
        """Coins that the venue has a contract of."""
        return frozenset(instrument.base for instrument in self.known.values())

    async def load(self) -> None:
        """Ask for the list again, and for the terms; raises `VenueError`, and then the list stays as it was."""
        found: dict[str, Instrument] = {}
        for request in self._venue.instruments:
            found |= await self._all_pages(request)
        if not found:
            raise VenueError(f"{self._venue.name} lists no contract that we know")
        self._take(self._with_terms_of_before(found))

    async def _all_pages(self, first: Request) -> dict[str, Instrument]:
        found: dict[str, Instrument] = {}
        request = first
        for _ in range(MOST_PAGES):
            body = await self._wire.get(request)
            found |= self._venue.parse_instruments(body, self._now_ms())
            following = self._venue.next_page(body, request)
            if following is None:
                return found
            request = following
        raise VenueError(f"{self._venue.name} lists contracts without an end")

    async def load_terms(self, terms: Terms) -> None:
        """Ask for terms that are told apart from the list; raises `VenueError`."""
        body = await self._wire.get(terms.request)
        self._take(terms.parse(body, self.known))

    def want(self, coins: frozenset[str]) -> None:
        """Keep to these coins: a spot market tells something of coins that have a perpetual."""
        self._wanted = coins
        self._take(self.known)

    def note(self, facts: Iterable[Fact]) -> None:
        """Remember what is traded how much."""
        self.traded_usd |= {fact.base: fact.usd for fact in facts if isinstance(fact, Turnover)}

    def sort(self) -> None:
        """Put the most traded coins first, as of now."""
        self._take(self.known)

    def _with_terms_of_before(self, found: dict[str, Instrument]) -> dict[str, Instrument]:
        """Terms are asked for after the list; until then those of before stand."""
        if not self._venue.terms:
            return found
        return {symbol: _with_terms(instrument, self.known.get(symbol)) for symbol, instrument in found.items()}

    def _take(self, found: Known) -> None:
        traded = self.traded_usd
        ordered = sorted(found.items(), key=lambda item: -traded.get(item[1].base, 0.0))
        self.known = dict(ordered)
        asked = {s: i for s, i in ordered if self._wanted is None or i.base in self._wanted}
        self.leading = leaders(asked, coin_margined_first=self._venue.coin_margined_first)


def _with_terms(instrument: Instrument, before: Instrument | None) -> Instrument:
    if before is None or instrument.funding_h is not None:
        return instrument
    return instrument._replace(
        funding_h=before.funding_h, funding_cap=before.funding_cap, funding_floor=before.funding_floor
    )
