"""Facts that come in no order, kept on the disk by day until all are there and can be read in the order of `t`."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from bot.market.days import day_of
from bot.market.facts import Fact

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Fact)


class Spool:
    """A folder with a packed file for each UTC day; only one day is ever held in memory. Raises `OSError`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.count = 0
        """How many facts were put in."""

    def add(self, facts: Iterable[Fact]) -> None:
        """Put facts in, in any order."""
        lines: dict[str, list[bytes]] = defaultdict(list)
        for fact in facts:
            lines[day_of(fact)].append(_ENCODER.encode(fact))
            self.count += 1
        for day, of_day in lines.items():
            with (self._folder / day).open("ab") as file:
                file.write(gzip.compress(b"\n".join(of_day) + b"\n", 1))

    def __iter__(self) -> Iterator[Fact]:
        """Everything in the order of `t`; what became known at the same moment in an order that is always the same."""
        for path in sorted(self._folder.iterdir()):
            # Venue, coin and the rest as they are written: the same facts give the same file.
            yield from sorted(_DECODER.decode_lines(gzip.decompress(path.read_bytes())), key=_place)


def _place(fact: Fact) -> tuple[int, str, str, str]:
    market = str(getattr(fact, "market", ""))
    return fact.t, fact.venue, fact.base or "", str(fact.__struct_config__.tag) + market
