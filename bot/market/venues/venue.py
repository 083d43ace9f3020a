"""What a venue's file says of its venue, as data: what to ask and how often, what to listen to, how to read it.

A venue is one file: addresses, limits, and pure functions from a body or a frame to facts. Nothing in it goes to the
network or looks at a clock; `bot.market.live` does both. Adding a venue is one such file and its line in
`bot.market.venues.VENUES`.

A row that cannot be read is refused by its place and reason and costs no other row; a body that cannot be read at all
raises `VenueError`. Prices and sizes go through the venue's `Instrument`, so that every fact is in coins, in US dollars
and, for closures, in the side whose position was closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import msgspec

from bot.market.facts import Fact


class Instrument(NamedTuple):
    """One contract, or one spot pair. Exactly one of `coins_per_unit` and `usd_per_unit` is positive.

    `base` is the coin without a multiplier, `multiplier` how many coins one quoted price is for (1000 for 1000PEPE).
    A unit is what the venue counts sizes in: a coin, a contract, or a dollar. `funding_h` is the hours between two
    funding payments, None where every row of the venue says it or where it is not known.
    """

    symbol: str
    base: str
    quote: str
    coins_per_unit: float = 0.0
    usd_per_unit: float = 0.0
    multiplier: float = 1.0
    funding_h: float | None = None
    listed_ms: int | None = None
    funding_cap: float | None = None
    funding_floor: float | None = None

    def price(self, quoted: float) -> float:
        """Price of one coin."""
        return quoted / self.multiplier

    def coins(self, size: float, quoted: float) -> float:
        """Coins in a size at a quoted price."""
        return size * self.coins_per_unit if self.coins_per_unit else size * self.usd_per_unit / self.price(quoted)

    def usd(self, size: float, quoted: float) -> float:
        """US dollars in a size at a quoted price; USDT and USDC count as dollars."""
        return size * self.usd_per_unit if self.usd_per_unit else size * self.coins_per_unit * self.price(quoted)


Known = Mapping[str, Instrument]
"""Instruments by the venue's own symbols, the most traded first; a symbol that is not there is passed over.

Polls and histories are given the leading contract of each coin only (`bot.market.venues.symbols.leaders`), streams of
closures all contracts, a spot venue only coins that have a perpetual somewhere.
"""


class Refused(NamedTuple):
    """A row or frame that could not be taken: where (symbol and field) and why."""

    place: str
    reason: str


class Parsed(msgspec.Struct, frozen=True, gc=False):  # made for every frame: a named tuple takes four times as long
    """What a body or frame holds; `control` names a frame that only keeps the connection (pong, ack, …)."""

    facts: Sequence[Fact] = ()
    refused: Sequence[Refused] = ()
    control: Literal["", "ack", "pong", "ping", "error"] = ""
    said: str = ""
    """What an error says, or what a ping has to be answered with."""


class Request(NamedTuple):
    """One call. `weight` is what it costs of the budget; `symbol` is what it asks about where the body is silent."""

    path: str
    params: Mapping[str, str | int] = {}
    method: Literal["GET", "POST"] = "GET"
    json: Mapping[str, object] | None = None
    weight: int = 1
    symbol: str = ""


Parse = Callable[[bytes, Known, int, str], Parsed]
"""Body, instruments, when it was received (UTC ms, becomes `t`), symbol of the request; raises `VenueError`."""


def only_page(_body: bytes, _request: Request) -> Request | None:
    """For a venue that lists everything in one answer: nothing follows."""
    return None


@dataclass(frozen=True, kw_only=True)
class Poll:
    """Calls that are repeated every `every_s` seconds; `feeds` are the kinds of facts they carry.

    `requests` tells the calls of one round from the instruments and the number of the round, so that a round may ask
    for a part of many symbols only.
    """

    name: str
    feeds: tuple[str, ...]
    every_s: float
    requests: Callable[[Known, int], list[Request]]
    parse: Parse


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A socket. `subscribe` gives the frames to send after connecting; `ping` is the text to send every `ping_s`.

    `opening` is sent before them; what answers it, or greets, is read as a "pong", since an "ack" confirms a
    subscription.

    Without `ping` the library's own pings keep it alive. `complete` is false where the venue tells less than happens
    (throttled liquidations), which makes its feed "partial". `most_topics` is how many fit one connection.
    """

    name: str
    feeds: tuple[str, ...]
    url: str
    subscribe: Callable[[Known], list[str]]
    parse: Parse
    complete: bool = True
    opening: tuple[str, ...] = ()
    ping: str | None = None
    ping_s: float = 20.0
    lives_s: float | None = None
    """After this the venue ends the connection by itself; a new one is opened before."""
    most_topics: int | None = None


@dataclass(frozen=True, kw_only=True)
class Past:
    """History of one kind of fact: calls for one instrument from one UTC ms to another, oldest first."""

    name: str
    feed: str
    requests: Callable[[Instrument, int, int], list[Request]]
    parse: Parse
    longest_ms: int | None = None
    """How far back the venue tells it; None without a bound."""
    span_s: int | None = None
    """Seconds from one fact to the next; None for funding, which comes when it is paid."""
    interval_by_gap: bool = False
    """Whether a payment's interval is the time since the one before, which may stand on the page before."""
    back_from_now: bool = False
    """Whether its pages are counted back from the present, which `requests` then has to be given as the end."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A call that tells terms of contracts apart from their list; `parse` gives the instruments with them filled in.

    Asked after each list of instruments and every `every_s` seconds, because terms change in the middle of a flush.
    """

    every_s: float
    request: Request
    parse: Callable[[bytes, Known], dict[str, Instrument]]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The venue's budget for calls: `weight` in any `span_s`. `used_header` tells how much is used, where it does.

    `at_once` is how many calls may be under way at the same time.
    """

    weight: int
    span_s: float
    at_once: int = 4
    used_header: str | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Venue:
    """Everything about one venue. `rest` is the root of its calls, `instruments` the calls that list its contracts.

    `next_page` is given the answer to one of these calls, and the call, and tells the call for what did not fit.
    """

    name: str
    rest: str
    limits: Limits
    instruments: tuple[Request, ...]
    parse_instruments: Callable[[bytes, int], dict[str, Instrument]]
    next_page: Callable[[bytes, Request], Request | None] = only_page
    polls: tuple[Poll, ...] = ()
    streams: tuple[Stream, ...] = ()
    past: tuple[Past, ...] = ()
    terms: tuple[Terms, ...] = ()
    market: Literal["perp", "spot"] = "perp"
    coin_margined_first: bool = False
    """Whether a coin-margined contract leads where a coin has several (`bot.market.venues.symbols.leaders`)."""
    blocked: frozenset[int] = field(default=frozenset({403, 451}))
    """Status codes with which the venue refuses a place of the world."""
