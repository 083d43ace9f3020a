"""The world as one venue sees and tells it: in its quotes and units, on its own clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal

from bot.market.facts import Bar, Fact, Funding
from tests.fakes.exchanges.contracts import Contract, Market
from tests.fakes.exchanges.world import Interest, Place, World

Level = tuple[float, float]
"""Quoted price, and size in the venue's units."""


def text(value: float) -> str:
    """A number as venues write it: all digits, no exponent."""
    told = repr(float(value))
    return format(Decimal(told), "f") if "e" in told else told


def iso(at_ms: int) -> str:
    """A time as dYdX writes it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(told: str) -> int:
    """UTC ms of a time as dYdX is asked about it."""
    return round(datetime.fromisoformat(told).timestamp() * 1000)


class View:
    """One venue's side of the world; `skew_ms` is how far its clock is ahead."""

    def __init__(self, world: World, venue: str, contracts: Iterable[Contract], skew_ms: Callable[[], int]) -> None:
        self.world = world
        self.venue = venue
        self.contracts = list(contracts)
        self._skew_ms = skew_ms
        self._by_symbol = {contract.symbol: contract for contract in self.contracts}

    def listed(self, market: Market = "perp") -> list[Contract]:
        """What the venue's own list holds."""
        return [contract for contract in self.contracts if contract.listed and contract.market == market]

    def find(self, symbol: str | None) -> Contract | None:
        """A listed contract by its symbol."""
        found = self._by_symbol.get(symbol or "")
        return found if found is not None and found.listed else None

    @property
    def now_ms(self) -> int:
        """The venue's clock."""
        return self.world.now_ms() + self._skew_ms()

    def at(self, fact: Fact | None) -> int:
        """The venue's time of a fact: its own where it tells one, else now, as a figure that is looked up."""
        return self.now_ms if fact is None or fact.at is None else fact.at + self._skew_ms()

    def happened(self, fact: Fact) -> int:
        """The venue's time of something that happened at one moment."""
        return (fact.at or fact.t) + self._skew_ms()

    def place(self, contract: Contract) -> Place:
        """Where the world keeps the contract's coin."""
        return self.venue, contract.base

    def mark(self, contract: Contract) -> float | None:
        """Quoted mark price."""
        fact = self.world.marks.get(self.place(contract))
        return None if fact is None else contract.quoted(fact.price)

    def mark_at(self, contract: Contract) -> int:
        """When the mark was so."""
        return self.at(self.world.marks.get(self.place(contract)))

    def index(self, contract: Contract) -> float | None:
        """Quoted index price."""
        fact = self.world.indices.get(self.place(contract))
        return None if fact is None else contract.quoted(fact.price)

    def last(self, contract: Contract) -> float | None:
        """Quoted price of the last trade: the last bar's close, else a mark, of another venue where it has none."""
        bar = self.world.bars(self.place(contract), contract.market, 300).last()
        if bar is not None and contract.market == "spot":
            return contract.quoted(bar.close)
        elsewhere = (mark.price for (_, base), mark in self.world.marks.items() if base == contract.base)
        return self.mark(contract) or next(map(contract.quoted, elsewhere), None)

    def interest(self, contract: Contract) -> tuple[float, float, float] | None:
        """Open interest of one side: in units, coins and US dollars."""
        found, mark = self.world.open_interest(self.place(contract)), self.world.marks.get(self.place(contract))
        if found is None:
            return None
        coins, usd = found[0] * contract.share, found[1] * contract.share
        price = usd / coins if mark is None and coins else mark.price if mark is not None else 1.0
        return contract.units(coins, price), coins, usd

    def interest_at(self, contract: Contract) -> int:
        """When the open interest was so."""
        return self.at(self.world.interest.get(self.place(contract)))

    def funding(self, contract: Contract) -> Funding | None:
        """The running rate."""
        return self.world.funding.get(self.place(contract))

    def turnover_usd(self, contract: Contract) -> float | None:
        """Traded in 24 hours."""
        usd = self.world.turnover_usd(self.place(contract), contract.market)
        return None if usd is None else usd * contract.share

    def book(self, contract: Contract) -> tuple[list[Level], list[Level]] | None:
        """Bids and asks, the best first: of the depth told around the mark, and one level a side beyond 1 %."""
        fact, mid = self.world.depth(self.place(contract)), self.mark(contract)
        if fact is None or mid is None:
            return None
        half = fact.spread_bps / 20_000
        sides = []
        for sign, usd in ((-1, fact.bid_usd), (1, fact.ask_usd)):
            parts = (half, 0.75), (0.0075, 0.25), (0.02, 3.0)
            prices = [(mid * (1 + sign * away), share * usd * contract.share) for away, share in parts]
            sides.append([(quoted, self._units(contract, quoted, dollars)) for quoted, dollars in prices])
        return sides[0], sides[1]

    def book_at(self, contract: Contract) -> int:
        """When the book was so."""
        return self.at(self.world.depth(self.place(contract)))

    def _units(self, contract: Contract, quoted: float, dollars: float) -> float:
        price = quoted / contract.multiplier
        return contract.units(dollars / price, price)

    def interest_past(self, contract: Contract, from_ms: int, to_ms: int, step_s: int = 300) -> list[Interest]:
        """Open interest at full steps in a span, both ends included, oldest first."""
        kept = self.world.interest_past.get(self.place(contract), {})
        last_ms = min(to_ms, self.world.now_ms())
        return [
            Interest(t, row.coins * contract.share, row.usd * contract.share)
            for t, row in sorted(kept.items())
            if from_ms <= t <= last_ms and t % (step_s * 1000) == 0
        ]

    def payments(self, contract: Contract, from_ms: int, to_ms: int) -> list[Funding]:
        """Settled funding in a span, both ends included, oldest first."""
        return [f for f in self.world.payments.get(self.place(contract), ()) if from_ms <= f.t <= to_ms]

    def bars(self, contract: Contract, span_s: int, from_ms: int = 0, to_ms: int | None = None) -> list[Bar]:
        """Bars that begin in a span, both ends included, oldest first, and at last the one that goes on."""
        told, span_ms = self.world.bars(self.place(contract), contract.market, span_s), span_s * 1000
        last_ms = (self.world.now_ms() if to_ms is None else to_ms) + span_ms
        running = self._running(contract, span_ms, told.last())
        goes_on = [running] if running is not None and from_ms + span_ms <= running.t <= last_ms else []
        return told.between(from_ms + span_ms, last_ms) + goes_on

    def _running(self, contract: Contract, span_ms: int, last: Bar | None) -> Bar | None:
        end_ms = (self.world.now_ms() // span_ms + 1) * span_ms
        if last is None or last.t >= end_ms:
            return None
        prices, place = (last.close,) * 4, (self.venue, contract.base, contract.market)
        return Bar(end_ms, *place, span_ms // 1000, *prices, volume=0.5, taker_buy=0.25)
