"""What will be said, as data: no markup, no sentence, no language.

A `Message` is built by commands and alerts from `Phrase`s: a key of `locales/<language>/*.ftl` and typed values.
`bot.chat.wording` turns them into words, once per language. Typed values carry their unit, so `Usd(53.6e6)` becomes
"$53.6M" or "53,6 M US$" there and nowhere else. All of it is plain data and goes into the database as JSON.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

Band = Literal["watch", "flush", "severe", "extreme"]
Theme = Literal["dark", "light"]
ChartForm = Literal["panels", "ladder", "venues", "heat"]


class Usd(msgspec.Struct, frozen=True, tag="usd"):
    """US dollars, written short ("$53.6M"); `at_least` writes "≥" before it: the sum of incomplete feeds.

    `exact` keeps every figure ("$250.5K"): of what somebody set.
    """

    value: float
    at_least: bool = False
    exact: bool = False


class Price(msgspec.Struct, frozen=True, tag="price"):
    """A price in quote currency per coin, with as many digits as its size needs."""

    value: float


class Percent(msgspec.Struct, frozen=True, tag="percent"):
    """A fraction (0.012 is 1.2 %); `signed` writes + and −."""

    value: float
    digits: int = 1
    signed: bool = False


class Rate(msgspec.Struct, frozen=True, tag="rate"):
    """A funding rate as decimal fraction (0.0001 is +0.0100 %), always signed, over `hours` hours ("/8h")."""

    value: float
    hours: float = 8.0


class BasisPoints(msgspec.Struct, frozen=True, tag="bps"):
    """Hundredths of a percent, signed."""

    value: float


class Coins(msgspec.Struct, frozen=True, tag="coins"):
    """An amount of coins ("97,429 BTC")."""

    value: float
    coin: str


class Count(msgspec.Struct, frozen=True, tag="count"):
    """A whole number that may decide a plural form."""

    value: int


class Number(msgspec.Struct, frozen=True, tag="number"):
    """A plain decimal number."""

    value: float
    digits: int = 1


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """A UTC millisecond; "time" writes 00:40, "date" 19 January 2026, "both" both, "short" 19 Jan, 00:40 (all UTC)."""

    ms: int
    form: Literal["time", "date", "both", "short"] = "time"


class Span(msgspec.Struct, frozen=True, tag="span"):
    """A length of time in milliseconds ("2 h 10 min")."""

    ms: int


class Name(msgspec.Struct, frozen=True, tag="name"):
    """A coin, venue or channel as it is called; from outside, so every adapter escapes it."""

    text: str


class Names(msgspec.Struct, frozen=True, tag="names"):
    """Several names, joined as the language joins a list; never empty."""

    texts: tuple[str, ...]


class Phrase(msgspec.Struct, frozen=True, tag="phrase"):
    """A sentence or word of `locales/`: its key and the values it needs. A Phrase may be a value itself."""

    key: str
    values: dict[str, Value] = {}


class Phrases(msgspec.Struct, frozen=True, tag="phrases"):
    """Several phrases joined by " · ", or by a comma with `joint="list"`; never empty."""

    items: tuple[Phrase, ...]
    joint: Literal["dot", "list"] = "dot"


Value = (
    Usd
    | Price
    | Percent
    | Rate
    | BasisPoints
    | Coins
    | Count
    | Number
    | Moment
    | Span
    | Name
    | Names
    | Phrase
    | Phrases
)


class Row(msgspec.Struct, frozen=True):
    """One line under the headline; `tone` "muted" is for what stands behind the figures (rules, sources, gaps)."""

    phrase: Phrase
    tone: Literal["normal", "muted"] = "normal"


class Button(msgspec.Struct, frozen=True):
    """A command with its arguments, so that rights are checked where commands are run."""

    label: Phrase
    command: str


class Option(msgspec.Struct, frozen=True):
    """One choice of a menu: its command chooses it; `chosen` is how things stand now."""

    label: Phrase
    command: str
    chosen: bool = False


class Menu(msgspec.Struct, frozen=True):
    """A choice to make. `command` shows this menu alone, for chats where several do not fit under one message."""

    label: Phrase
    command: str
    options: tuple[Option, ...]


class ChartLine(msgspec.Struct, frozen=True):
    """A horizontal price line with its label; on a ladder `strength`, 0 to 1, is how long its rung is."""

    price: float
    label: Phrase
    strength: float = 0.0


class ChartShade(msgspec.Struct, frozen=True):
    """A band of prices around `price` on a ladder, as strong as `strength`, 0 to 1; `side` is whose positions."""

    price: float
    side: Literal["long", "short"]
    strength: float


class ChartMark(msgspec.Struct, frozen=True):
    """A moment on a chart with its label: a line through all panels, or with `tick` a tick above the first one."""

    at_ms: int
    label: Phrase
    tick: bool = False


class ChartVenue(msgspec.Struct, frozen=True):
    """A column of one venue: open interest in coins in the form "venues", funding per 8 h in the form "heat"."""

    name: Name
    values: tuple[float | None, ...]


class ChartRequest(msgspec.Struct, frozen=True):
    """A chart by its points: equally long columns over `times_ms`; None is unknown and leaves a hole.

    `price` in quote per coin, `open_interest` in coins, `long_usd`/`short_usd` liquidations per slot in dollars,
    `funding` as decimal per 8 h.
    A `ladder` shows the lines as rungs around the last price, with the shades of a model behind them.
    `venues` have a strip each, or in a `heat` map a row of cells, one for the 8 h up to each time.
    `window_ms` shades the flush, `marks` are moments in it. `alt` says in words what the picture shows.
    """

    title: Phrase
    alt: Phrase
    times_ms: tuple[int, ...]
    price: tuple[float | None, ...]
    long_usd: tuple[float | None, ...] = ()
    short_usd: tuple[float | None, ...] = ()
    open_interest: tuple[float | None, ...] = ()
    window_ms: tuple[int, int] | None = None
    lines: tuple[ChartLine, ...] = ()
    marks: tuple[ChartMark, ...] = ()
    funding: tuple[float | None, ...] = ()
    form: ChartForm = "panels"
    shades: tuple[ChartShade, ...] = ()
    venues: tuple[ChartVenue, ...] = ()


class Message(msgspec.Struct, frozen=True):
    """One thing to say.

    `kind` is the message type a channel may switch (card, followup, derivatives_day, digest) or "answer" / "refusal"
    for replies to commands. `push` is the one line a phone shows. `origin` marks a replay or a simulation, and stands
    with the headline wherever the message goes. `private` asks for a reply that only the asker sees. `band` colours
    it.
    """

    kind: Literal["card", "followup", "derivatives_day", "digest", "test", "answer", "refusal"]
    headline: Phrase
    rows: tuple[Row, ...] = ()
    push: Phrase | None = None
    band: Band | None = None
    chart: ChartRequest | None = None
    buttons: tuple[Button, ...] = ()
    origin: Phrase | None = None
    private: bool = False
    menus: tuple[Menu, ...] = ()


Turn = Callable[[], Awaitable[None]]
"""Waits until one request to a chat may be made; what is slow, such as drawing, comes before it."""


class Post(msgspec.Struct, frozen=True):
    """A message on its way to one channel, with everything a platform must know to say it there.

    `channel` is its id in the store ("discord:123", "telegram:-100123/45"). `thread_of` is the message id of the card
    this follows, `reply_to` the platform's own id of that card in this channel; `in_thread` asks for a thread of the
    card instead of a reply. `repeat` says that an earlier attempt may have arrived. `now_ms` is the stream's clock.
    """

    channel: str
    message_id: str
    revision: int
    message: Message
    language: str
    now_ms: int
    theme: Theme = "dark"
    thread_of: str | None = None
    reply_to: str | None = None
    in_thread: bool = False
    silent: bool = False
    repeat: bool = False
    showing: str = ""
    """Which showing of the stream it belongs to: after a new beginning the same ids stand for other posts."""


class Spot(msgspec.Struct, frozen=True):
    """A channel as its platform sees it now; `missing` are the rights without which no alert can be posted there.

    `channel` is its id in the store, `place` that of the server or chat it belongs to, `language` the one that people
    there seem to speak, empty when the platform does not say.
    """

    channel: str
    name: str
    place: str
    missing: tuple[Phrase, ...] = ()
    language: str = ""


def encode(message: Message) -> bytes:
    """A message as JSON bytes, for the database."""
    return msgspec.json.encode(message)


def decode(body: bytes | str) -> Message:
    """The inverse of `encode`; raises `msgspec.ValidationError` on anything else."""
    return msgspec.json.decode(body, type=Message)
