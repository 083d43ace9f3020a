"""From what a venue sent to typed rows: every number within bounds, a bad row named and left out, the others kept.

Rows are decoded straight into their types, and bounds are checked while decoding (`Positive`, `NotNegative`,
`Milliseconds` of `bot.market.facts`). Only a body that holds a bad row is read a second time, row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, Generic, Literal, Protocol, TypeVar

import msgspec

from bot.errors import VenueError
from bot.market.facts import Fact, FundingRate, Liquidation, Milliseconds, NotNegative, OpenInterest, Positive, Side
from bot.market.venues.venue import Instrument, Known, Parsed, Refused

MOST = 1e18
"""The bound of every amount of a fact, see `bot.market.facts`."""
FIRST_MS, LAST_MS = 1_262_304_000_000, 4_102_444_800_000
SHOWN = 120
CACHED = 4096
"""Times, intervals and caps are the same in most rows of a body, and rates from one body to the next."""

Told = str | float | None
"""A number that a venue may leave out, as it comes: "" and null mean not told, never zero."""
ToldTime = str | int | None
ToldPrice = Positive | Literal[""] | None
"""As `Told`, a price with its bounds checked while decoding: a float when it was told."""
ToldAmount = NotNegative | Literal[""] | None
"""The same of an amount, which may be zero."""
ToldRate = FundingRate | Literal[""] | None
"""The same of a rate."""
ToldHours = Annotated[float, msgspec.Meta(ge=0, le=24)] | Literal[""] | None
"""The same of hours between two payments, 0 where there are none."""
ToldMoment = Milliseconds | Literal[""] | None
"""The same of a UTC millisecond; `ToldTime` and `moment` where a venue writes 0 for none."""

# What decoding and computing with decoded numbers can raise; msgspec's errors and UnicodeDecodeError are ValueErrors,
# and brackets nested a thousand deep end in a RecursionError.
UNREADABLE = (ValueError, ArithmeticError, RecursionError)

# How venues call the contract that a row is about.
_SYMBOL = re.compile(rb'"(?:symbol|s|instId|contract|coin|instrument_name|ticker|name|id)"\s*:\s*"([^"\\]{1,40})"')
_FRAME = "frame"


def number(raw: Told, least: float = -MOST) -> float | None:
    """The number that was told, None when none was; raises `ValueError` for anything that is not a finite amount."""
    if raw is None or raw == "":
        return None
    value = float(raw)
    if not least <= value <= MOST:
        raise ValueError(f"{raw} is out of bounds")
    return value


def positive(value: float) -> float:
    """A computed amount that has to be above zero; raises `ValueError` otherwise."""
    if 0 < value <= MOST:
        return value
    raise ValueError(f"{value} is out of bounds")


def amount(value: float) -> float:
    """A computed amount that may be zero; raises `ValueError` otherwise."""
    if 0 <= value <= MOST:
        return value
    raise ValueError(f"{value} is out of bounds")


@lru_cache(CACHED)
def rate(raw: Told) -> float | None:
    """A rate between −1 and 1 as decimal, None when not told; raises `ValueError` otherwise."""
    value = number(raw)
    if value is not None and not -1 <= value <= 1:
        raise ValueError(f"{raw} is no rate")
    return value


@lru_cache(CACHED)
def moment(raw: ToldTime) -> int | None:
    """A UTC millisecond; None when not told, which some venues write as 0. Raises `ValueError` otherwise."""
    if raw is None or raw in ("", "0", 0):
        return None
    at_ms = int(raw)
    if not FIRST_MS <= at_ms <= LAST_MS:
        raise ValueError(f"{raw} is no time in milliseconds")
    return at_ms


@lru_cache(CACHED)
def hours(raw: Told, part_of_hour: float = 1) -> float | None:
    """Hours between two payments of funding, None when not told; raises `ValueError` for what cannot be that.

    `part_of_hour` is how many of the venue's units an hour has: 60 where it tells minutes.
    """
    value = (number(raw, 0) or 0) / part_of_hour
    if value > 24:
        raise ValueError(f"{raw} are no hours between payments")
    return value or None


def unreadable(what: str, body: bytes, error: object) -> VenueError:
    """The error for a body or frame that cannot be read as a whole, with the beginning of what was sent."""
    return VenueError(f"{what}: {error}; it begins with {body[:SHOWN]!r}")


def refusal(symbol: str, error: BaseException) -> Refused:
    """A row or frame that was refused: where (symbol and field) and why."""
    reason, _, field = str(error).partition(" - at `$")
    return Refused(symbol + field.rstrip("`"), reason)


class Row(Protocol):
    """A row that names its contract; a struct renames the venue's own word for it."""

    @property
    def symbol(self) -> str:
        """The venue's symbol of the contract."""


R = TypeVar("R")
NamedRow = TypeVar("NamedRow", bound=Row)


class Table(Generic[R]):
    """Reads the rows of one kind of body.

    `row` is the type of a row, `envelope` what is around the rows (a generic struct, or a list), `inside` takes the
    rows out of it and may raise `VenueError` for an envelope that says the call failed.
    """

    def __init__(
        self,
        what: str,
        row: type[R],
        envelope: Any = list,  # noqa: ANN401 -- a generic alias has no type of its own
        inside: Callable[[Any], Sequence[Any]] = lambda body: body,
    ) -> None:
        self.what = what
        self._inside = inside
        self._whole = msgspec.json.Decoder(envelope[row], strict=False)
        self._parts = msgspec.json.Decoder(envelope[msgspec.Raw], strict=False)
        self._row: msgspec.json.Decoder[R] = msgspec.json.Decoder(row, strict=False)

    def read(self, body: bytes) -> tuple[Sequence[R], list[Refused]]:
        """The rows that could be read, and those that could not; raises `VenueError` when nothing can be read."""
        return self.open(body)[1:]

    def open(self, body: bytes) -> tuple[Any, Sequence[R], list[Refused]]:
        """As `read`, with the envelope in front: what a venue says once for all rows, or instead of rows."""
        try:
            envelope = self._whole.decode(body)
            return envelope, self._inside(envelope), []
        except msgspec.ValidationError:
            return self._one_by_one(body)
        except UNREADABLE as error:
            raise unreadable(self.what, body, error) from error

    def _one_by_one(self, body: bytes) -> tuple[Any, Sequence[R], list[Refused]]:
        try:
            envelope = self._parts.decode(body)
        except UNREADABLE as error:
            raise unreadable(self.what, body, error) from error
        rows, refused = [], []
        for place, part in enumerate(self._inside(envelope)):
            try:
                rows.append(self._row.decode(part))
            except UNREADABLE as error:
                refused.append(refusal(symbol_in(bytes(part)) or f"row {place}", error))
        return envelope, rows, refused


def symbol_in(part: bytes) -> str:
    """What a row or frame that was refused calls its contract, "" when that cannot be read."""
    found = _SYMBOL.search(part)
    return found[1].decode(errors="replace") if found else ""


def refused_frame(frame: bytes, error: BaseException) -> Parsed:
    """A frame of one row that was refused."""
    return Parsed(refused=(refusal(symbol_in(frame) or _FRAME, error),))


Facts = Callable[[NamedRow, Instrument, int], Iterable[Fact]]


def gather(table: Table[NamedRow], body: bytes, known: Known, t_ms: int, facts_of: Facts[NamedRow]) -> Parsed:
    """The facts of every row whose contract is ours; a row that `facts_of` refuses by a `ValueError` gives none."""
    return collect(*table.read(body), known, t_ms, facts_of)


def collect(
    rows: Iterable[NamedRow], refused: list[Refused], known: Known, t_ms: int, facts_of: Facts[NamedRow]
) -> Parsed:
    """As `gather`, for rows that were read before, beside what was refused then."""
    facts: list[Fact] = []
    for row in rows:
        instrument = known.get(row.symbol)
        if instrument is not None:
            try:
                facts += facts_of(row, instrument, t_ms)
            except UNREADABLE as error:
                refused.append(refusal(row.symbol, error))
    return Parsed(facts, refused)


def closure(
    venue: str, instrument: Instrument, side: Side, size: float, quoted: float, t_ms: int, at_ms: int | None
) -> Liquidation:
    """One forced closure from the venue's size and price; raises `ValueError` where an amount is out of bounds.

    What `Instrument` says of sizes is repeated here and below, because calls would take as long as the rest of a row.
    """
    price, per_unit = quoted / instrument.multiplier, instrument.coins_per_unit
    if per_unit:
        coins = size * per_unit
        usd = coins * price
    else:
        usd = size * instrument.usd_per_unit
        coins = usd / price
    if 0 < price <= MOST and 0 < coins <= MOST and 0 < usd <= MOST:
        return Liquidation(t_ms, venue, instrument.base, side, price, coins, usd, at_ms)
    raise ValueError(f"{size} at {quoted} is out of bounds")


def open_interest(
    venue: str, instrument: Instrument, size: float, quoted: float, t_ms: int, at_ms: int | None
) -> OpenInterest:
    """Open interest from the venue's size, one side counted, and mark price; raises `ValueError` as `closure`."""
    price, per_unit = quoted / instrument.multiplier, instrument.coins_per_unit
    if per_unit:
        coins = size * per_unit
        usd = coins * price
    else:
        usd = size * instrument.usd_per_unit
        coins = usd / price
    if 0 < price <= MOST and 0 <= coins <= MOST and 0 <= usd <= MOST:
        return OpenInterest(t_ms, venue, instrument.base, coins, usd, at_ms)
    raise ValueError(f"{size} at {quoted} is out of bounds")
