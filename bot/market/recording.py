"""Recordings: gzipped JSON Lines, a header and then one fact a line in the order in which they became known.

Reading checks every line, so whatever comes out is as good as live data. A fact may come up to five seconds after
a later one (venues answer at different speed); `at`, the venue's own time, may be as late as it likes.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Annotated, BinaryIO, Self

import msgspec

from bot.errors import RecordingError
from bot.market.facts import KINDS, Bar, Fact, Index, Liquidation, Mark, Milliseconds, OpenInterest

FORMAT_VERSION = 1
LATE_MS = 5_000
CHUNK_BYTES = 65_536
LONGEST_LINE_BYTES = 1_048_576
LEAST_PRICE = 1e-18
"""Nothing was ever sold for less, and what is divided by less overflows."""
PRICED = (Mark, Index, Liquidation)
# Both amounts of a bar are sums of trades, and sums of the same numbers may differ in their last digits.
ROUNDING = 1e-9
# Packing without a checksum for each line: damage shows late, and a garbled number can still be a number.
DAMAGED = "the compressed data is damaged, and the last facts before that may be wrong"
GZIP_MAGIC = b"\x1f\x8b"

PLAIN_WORDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "null": "nothing",
    "array": "a list",
    "object": "an object",
}


class Header(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """First line of a recording; `end_ms` and `facts` are missing where it was written as it happened.

    Where `from` is missing, `start_ms` is the time of the first fact.
    """

    recording: int
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    about: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    start_ms: Milliseconds = msgspec.field(name="from", default=0)
    end_ms: Milliseconds | None = msgspec.field(name="to", default=None)
    facts: Annotated[int, msgspec.Meta(ge=0)] | None = None
    simulated: bool = False
    """Made by the simulation: whatever is said of it says so."""


class _Version(msgspec.Struct):
    recording: int | None = None


class _Kind(msgspec.Struct):
    kind: str | None = None


_header_decoder = msgspec.json.Decoder(Header)
_version_decoder = msgspec.json.Decoder(_Version)
_kind_decoder = msgspec.json.Decoder(_Kind)
_fact_decoder = msgspec.json.Decoder(Fact)


class Recording:
    """One recording: `header` at once, the facts by iterating; each iteration reads the file anew.

    After an iteration `unknown_kinds` counts the lines of kinds this version does not know, and `truncated` says
    at which line the file broke off, None when it is whole. A wrong line raises `RecordingError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unknown_kinds: Counter[str] = Counter()
        self.truncated: str | None = None
        self._damaged = False
        self.header = self._read_header()

    def __iter__(self) -> Generator[Fact, None, None]:
        self.unknown_kinds.clear()
        self.truncated = None
        self._damaged = False
        latest_ms = 0
        lines = self._lines()
        next(lines, None)  # the header, read when the recording was opened
        for number, line in lines:
            try:
                fact = _fact_decoder.decode(line)
            except msgspec.DecodeError as error:
                if self._is_unknown_kind(line):
                    continue
                wrong: str | None = _plain(line, error)
            else:
                late_ms = latest_ms - fact.t
                wrong = _contradiction(fact) if late_ms <= LATE_MS else _late(late_ms)
                latest_ms = max(latest_ms, fact.t)
            if wrong is None:
                yield fact
                continue
            for _ in lines:
                pass  # damage to the packing often shows only after lines that it has garbled
            if self._damaged:
                self.truncated = f"line {number} is garbled: {DAMAGED}"
                return
            raise self._error(number, wrong)

    def _error(self, number: int, what: str) -> RecordingError:
        return RecordingError(self.path, number, what)

    def _read_header(self) -> Header:
        with closing(self._lines()) as lines:
            first = next(lines, None)
        if first is None:
            raise self._error(1, self.truncated or "the file is empty")
        line = first[1].removeprefix(codecs.BOM_UTF8)  # some editors put it before a plain file
        try:
            version = _version_decoder.decode(line).recording
        except msgspec.DecodeError:
            raise self._error(1, "not a recording: the first line is not a header in JSON") from None
        if version is None:
            raise self._error(1, "the header is missing: the first line has no field recording")
        if version != FORMAT_VERSION:
            raise self._error(1, f"format version {version} is unknown; this program reads {FORMAT_VERSION}")
        try:
            header = _header_decoder.decode(line)
        except msgspec.DecodeError as error:
            raise self._error(1, f"the header is wrong: {_plain(line, error)}") from None
        return header if header.start_ms else msgspec.structs.replace(header, start_ms=self._first_ms())

    def _first_ms(self) -> int:
        with closing(iter(self)) as facts:
            first = next(facts, None)
        if first is None:
            raise self._error(1, "the header is wrong: no field from, and no fact that tells it")
        return first.t

    def _is_unknown_kind(self, line: bytes) -> bool:
        try:
            kind = _kind_decoder.decode(line).kind
        except msgspec.DecodeError:
            return False
        if kind is None or kind in KINDS:
            return False
        self.unknown_kinds[kind] += 1
        return True

    def _lines(self) -> Generator[tuple[int, bytes], None, None]:
        """(number, line) without empty lines; sets `truncated` where the file breaks off."""
        number = 0
        rest = b""
        for chunk in self._chunks():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                number += 1
                if line.strip():
                    yield number, line
            if len(rest) > LONGEST_LINE_BYTES:
                raise self._error(number + 1, f"the line is longer than {LONGEST_LINE_BYTES} bytes")
        if rest.strip():
            number += 1
            # Every line is one flat object, so the closing brace tells a whole line from a cut one.
            if number > 1 and not rest.rstrip().endswith(b"}"):
                self.truncated = f"line {number} is incomplete: {self.truncated or 'the file ends within it'}"
                return
            yield number, rest
        if self.truncated is not None:
            self.truncated = f"the file breaks off after line {number}: {self.truncated}"

    def _chunks(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                packed = file.read(2) == GZIP_MAGIC
                file.seek(0)
                yield from self._unpacked(file) if packed else iter(lambda: file.read(CHUNK_BYTES), b"")
        except FileNotFoundError:
            raise self._error(1, "there is no such file") from None
        except IsADirectoryError:
            raise self._error(1, "this is a folder; name a file in it") from None
        except OSError as error:
            raise self._error(1, f"the file cannot be read: {error.strerror or error}") from None

    def _unpacked(self, file: BinaryIO) -> Iterator[bytes]:
        with gzip.GzipFile(fileobj=file) as unpacked:
            while True:
                try:
                    # read1 hands out what one look at the file gave, so nothing readable is lost before a break.
                    chunk = unpacked.read1(CHUNK_BYTES)
                except EOFError:
                    self.truncated = "the compressed data ends too early"
                    return
                except (zlib.error, gzip.BadGzipFile):
                    self._damaged = True
                    self.truncated = DAMAGED
                    return
                if not chunk:
                    return
                yield chunk


class RecordingWriter:
    """Writes a recording fact by fact: `with RecordingWriter(path, header) as writer: writer.add(fact)`.

    The same header and facts give the same bytes, whatever the name of the file and the hour.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self._file = path.open("wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=self._file, mtime=0)
        self._encoder = msgspec.json.Encoder()
        self._write(header)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gzip.close()
        self._file.close()

    def add(self, fact: Fact) -> None:
        """Append one fact; the caller keeps the order of `t`."""
        self._write(fact)

    def _write(self, row: Header | Fact) -> None:
        self._gzip.write(self._encoder.encode(row) + b"\n")


def read(path: Path) -> Recording:
    """Open a recording, gzipped or plain; raises `RecordingError` when it is none."""
    return Recording(path)


def write(path: Path, header: Header, facts: Iterable[Fact]) -> None:
    """Write a whole recording, gzipped; the same input gives the same bytes."""
    with RecordingWriter(path, header) as writer:
        for fact in facts:
            writer.add(fact)


def _contradiction(fact: Fact) -> str | None:
    """What the fields of one fact say against each other or against any market, None when nothing."""
    price = fact.low if isinstance(fact, Bar) else fact.price if isinstance(fact, PRICED) else None
    if price is not None and price < LEAST_PRICE:
        return f"the price {price:g} is below {LEAST_PRICE:g}"
    if isinstance(fact, OpenInterest):
        if fact.coins is None and fact.usd is None:
            return "open interest with neither coins nor usd"
    elif isinstance(fact, Bar):
        if fact.high < fact.low:
            return f"the high {fact.high:g} is below the low {fact.low:g}"
        if not (fact.low <= fact.open <= fact.high and fact.low <= fact.close <= fact.high):
            return f"open {fact.open:g} or close {fact.close:g} lies outside low {fact.low:g} to high {fact.high:g}"
        if fact.taker_buy is not None and fact.taker_buy > fact.volume * (1 + ROUNDING):
            return f"taker_buy {fact.taker_buy:g} is more than the volume {fact.volume:g}"
    return None


def _late(late_ms: int) -> str:
    return f"late: t is {late_ms / 1000:.3f} s before a fact that came earlier"


def _plain(line: bytes, error: msgspec.DecodeError) -> str:
    """What is wrong with a line, with the field first and without the decoder's own type names."""
    if not isinstance(error, msgspec.ValidationError):
        if re.search(rb"\b(NaN|Infinity)\b", line):
            return "not JSON: NaN and Infinity are not numbers there"
        return "not JSON"
    what, _, place = str(error).partition(" - at `$.")
    what = re.sub(r"`(\w+)`", lambda found: PLAIN_WORDS.get(found[1], found[1]), what)
    what = re.sub(r"`([^`]+)`", lambda found: " or ".join(PLAIN_WORDS.get(w, w) for w in found[1].split(" | ")), what)
    what = what[0].lower() + what[1:]
    field = place.rstrip("`")
    return f"{field}: {what}" if field else what
