"""What is known to have happened: labelled events and quiet windows, each a row of a CSV file.

Times are UTC where they name no zone. Columns that are not read here may stand beside the others.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from bot.errors import ConfigError

EVENT_COLUMNS = ("start_utc", "end_utc", "kind", "market")
WINDOW_COLUMNS = ("start_utc", "end_utc", "why")
KINDS = ("long_flush", "short_squeeze", "two_sided", "slow_unwind", "venue_dislocation")
"""What a kind begins with; words may follow after an underscore, of which "minor" alone means something here."""
MAJOR = "BTC"
Cells = Mapping[str, str]
T = TypeVar("T")


class Label(NamedTuple):
    """One known event. `market` names coins in words: "BTC ETH + alts", "all", "BTC (LUNA)"."""

    start_ms: int
    end_ms: int
    kind: str
    market: str

    @property
    def side(self) -> Literal["long", "short"] | None:
        """Whose positions were closed; None where the kind leaves it open."""
        sides: dict[str, Literal["long", "short"]] = {"long": "long", "short": "short", "slow": "long"}
        return sides.get(self.kind.partition("_")[0])

    @property
    def minor(self) -> bool:
        """Whether a WATCH is enough to have found it."""
        return self.kind.endswith("_minor")

    def coins_of(self, recorded: Iterable[str]) -> tuple[str, ...]:
        """Those of the recorded coins that it speaks of, the ones it names first.

        "all" is every coin, "alts" is every coin but BTC; names that were not recorded are passed over.
        """
        words = re.findall(r"\w+", self.market.upper())
        by_name = {coin.upper(): coin for coin in recorded}
        named = [by_name[word] for word in words if word in by_name]
        if "ALL" in words:
            named += by_name.values()
        if "ALTS" in words:
            named += [coin for name, coin in by_name.items() if name != MAJOR]
        return tuple(dict.fromkeys(named))


class Window(NamedTuple):
    """A stretch in which nothing happened, and how that is known."""

    start_ms: int
    end_ms: int
    why: str


def read_labels(path: Path) -> list[Label]:
    """Events by their begin; raises `ConfigError` with file, line and reason."""
    return sorted(_read(path, EVENT_COLUMNS, _label))


def read_windows(path: Path) -> list[Window]:
    """Quiet windows by their begin; raises `ConfigError` with file, line and reason."""
    return sorted(_read(path, WINDOW_COLUMNS, lambda cells: Window(*_span(cells), cells["why"])))


def _read(path: Path, columns: tuple[str, ...], make: Callable[[Cells], T]) -> Iterator[T]:
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            _check_header(rows.fieldnames or (), columns)
            for row in rows:
                line = rows.line_num
                yield make(_cells(row, columns))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not text in UTF-8.") from None
    except csv.Error as error:
        raise ConfigError(f"{path}:{rows.reader.line_num}: {error}.") from None
    except ValueError as error:
        raise ConfigError(f"{path}:{line}: {error}.") from None


def _check_header(names: Sequence[str], columns: tuple[str, ...]) -> None:
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        raise ValueError("the cells are parted by semicolons or tabs; they have to be parted by commas")
    missing = [name for name in columns if name not in names]
    if missing:
        raise ValueError(f"the header has no column {', '.join(missing)}")


def _cells(row: Mapping[str | None, str | list[str] | None], columns: tuple[str, ...]) -> Cells:
    """The columns that are read; raises `ValueError` for a row of another length than the header."""
    if None in row:
        raise ValueError("the row has more cells than the header; a comma within a cell needs quotes around the cell")
    if None in row.values():
        raise ValueError("the row has fewer cells than the header")
    return {name: str(row[name]).strip() for name in columns}


def _label(cells: Cells) -> Label:
    kind, market = cells["kind"].lower(), cells["market"]
    if not any(kind == known or kind.startswith(f"{known}_") for known in KINDS):
        raise ValueError(f"kind takes {', '.join(KINDS)}, and _minor or another word behind it; not {kind!r}")
    if not market:
        raise ValueError('market is empty; name coins, "all" or "alts"')
    return Label(*_span(cells), kind, market)


def _span(cells: Cells) -> tuple[int, int]:
    start_ms, end_ms = (_moment(name, cells[name]) for name in ("start_utc", "end_utc"))
    if end_ms < start_ms:
        raise ValueError("end_utc lies before start_utc")
    return start_ms, end_ms


def _moment(column: str, text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise ValueError(f"{column} takes a moment such as 2026-02-05 15:00; not {text!r}") from None
