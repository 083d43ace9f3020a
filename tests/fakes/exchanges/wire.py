"""What a venue's file of the fake says of its venue: hosts, limits, answers, and how its socket speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from bot.market.facts import Liquidation
from tests.fakes.exchanges.contracts import Contract
from tests.fakes.exchanges.view import Level, View

Json = Any
ALL = "all"
"""The topic of a venue that has one for all contracts."""


class NotFoundError(Exception):
    """The venue has no such address, or nothing under such a symbol."""


class NothingYetError(Exception):
    """The address and the symbol are right, and nothing of it was played yet."""


def book_of(view: View, contract: Contract, most: int) -> tuple[list[Level], list[Level]]:
    """Bids and asks, at most so many of each; raises `NothingYetError` where none was played yet."""
    found = view.book(contract)
    if found is None:
        raise NothingYetError(contract.symbol)
    return found[0][:most], found[1][:most]


@dataclass
class Call:
    """One request as it came, and what became of it: `status`, and the world's time."""

    path: str
    query: Mapping[str, str]
    json: Json
    t_ms: int
    status: int = 0

    def number(self, name: str, default: int) -> int:
        """A whole number that was asked with."""
        return int(self.query.get(name, default))


class Closure(NamedTuple):
    """A forced closure and the contract it came on."""

    contract: Contract
    fact: Liquidation

    @property
    def price(self) -> float:
        """Quoted price."""
        return self.contract.quoted(self.fact.price)

    @property
    def size(self) -> float:
        """Size in the venue's units."""
        return self.contract.units(self.fact.coins, self.fact.price)


@dataclass(eq=False)
class Listener:
    """What is known of one connection: its address, topics, and how often it is asked whether it listens."""

    path: str
    topics: set[str] = field(default_factory=set)
    heartbeat_s: float | None = None
    told: int = 0
    """Frames sent so far, which some venues number."""

    def number(self) -> int:
        """The next number of a frame."""
        self.told += 1
        return self.told - 1


Frame = tuple[str, str]
"""A topic and a text."""


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How a venue's socket speaks.

    `greet` and `hear` give what is answered to a connection and to a text; a text is a subscription when `subscribes`
    says so, and `refuse` answers one that is refused. `frames` puts closures of one window into frames, `topic`
    is the one that a contract's closures are told under.
    """

    paths: frozenset[str]
    hear: Callable[[View, Listener, str], list[str]]
    frames: Callable[[View, Sequence[Closure]], Iterator[Frame]]
    subscribes: Callable[[str], bool]
    refuse: Callable[[str], str]
    topic: Callable[[Contract], str] = lambda _contract: ALL
    greet: Callable[[View, Listener], list[str]] = lambda _view, _listener: []
    window_ms: int = 0
    """Closures of so long go out together, at its end; 0 at once."""
    keep: Literal["all", "latest", "largest"] = "all"
    """Of a contract in one window ("largest" counts sides apart)."""
    most: int | None = None
    """So many of a contract go out before the window ends."""
    idle_s: float | None = None
    """Who says nothing for so long is disconnected."""
    pings_s: float | None = None
    """How often the venue pings by the protocol's own means."""
    lives_s: float | None = None
    heartbeat: str = ""
    """What asks whether somebody listens; who has not answered by the next one is disconnected."""


@dataclass(frozen=True, kw_only=True)
class Wire:
    """One host, or several that are reached or not together. `hosts` are the addresses that the fake stands in for."""

    name: str
    venue: str
    hosts: tuple[str, ...]
    contracts: Callable[[Sequence[str]], Iterator[Contract]]
    answer: Callable[[View, Call], Json]
    failure: Callable[[str], Json]
    """The body with which the venue says that something went wrong."""
    weigh: Callable[[Call], int] = lambda _call: 1
    weight: int
    span_s: float
    each_path: bool = False
    """Whether each address has a budget of its own."""
    over_status: int = 429
    used_header: str | None = None
    speech: Speech | None = None
