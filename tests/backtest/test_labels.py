"""Labels and quiet windows as people write them, and what is said about rows that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.backtest.labels import Label, read_labels, read_windows
from bot.errors import ConfigError

HEADER = "start_utc,end_utc,kind,market"
START_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
HOUR_MS = 3_600_000
RECORDED = ("BTC", "ETH", "SOL")


def written(folder: Path, *lines: str) -> Path:
    """A file of these lines."""
    path = folder / "labels.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def label(market: str, kind: str = "long_flush") -> Label:
    """An event of an hour."""
    return Label(START_MS, START_MS + HOUR_MS, kind, market)


def test_labels_are_read_by_their_columns_in_the_order_of_time(tmp_path: Path) -> None:
    """Order of columns and rows, further columns and a mark of encoding do not matter; a zone is respected."""
    path = written(
        tmp_path,
        "\ufeffevidence,market,kind,end_utc,start_utc",
        '"-2.8 %, fast",BTC SOL,long_flush,2026-01-19T02:00+01:00,2026-01-19T01:00+01:00',
        ",all,Short_Squeeze_Minor,2026-01-13 23:00,2026-01-13 22:00",
    )
    squeeze, flush = read_labels(path)
    assert flush == label("BTC SOL")
    assert (squeeze.kind, squeeze.side, squeeze.minor) == ("short_squeeze_minor", "short", True)
    assert (flush.side, flush.minor) == ("long", False)


def test_quiet_windows_are_read(tmp_path: Path) -> None:
    """A window is its time and how it is known to be quiet."""
    path = written(tmp_path, "start_utc,end_utc,why", "2026-01-19 00:00,2026-01-19 01:00,nothing moved")
    assert read_windows(path) == [(START_MS, START_MS + HOUR_MS, "nothing moved")]


@pytest.mark.parametrize(
    ("market", "coins"),
    [
        ("BTC", ["BTC"]),
        ("ETH BTC", ["ETH", "BTC"]),
        ("BTC ETH + alts", ["BTC", "ETH", "SOL"]),
        ("sol+alts", ["SOL", "ETH"]),
        ("alts", ["ETH", "SOL"]),
        ("all", ["BTC", "ETH", "SOL"]),
        ("BTC (LUNA)", ["BTC"]),
        ("ARB", []),
    ],
)
def test_a_market_in_words_names_recorded_coins(market: str, coins: list[str]) -> None:
    """Names come first, "all" is every coin and "alts" every coin but BTC; what was not recorded is passed over."""
    assert list(label(market).coins_of(RECORDED)) == coins


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2026-01-19 00:00,2026-01-19 01:00,long_flush", "fewer cells"),
        ("2026-01-19 00:00,2026-01-19 01:00,long_flush,BTC,ETH", "more cells"),
        ("yesterday,2026-01-19 01:00,long_flush,BTC", "start_utc"),
        ("2026-01-19 00:00,,long_flush,BTC", "end_utc"),
        ("2026-01-19 02:00,2026-01-19 01:00,long_flush,BTC", "before start_utc"),
        ("2026-01-19 00:00,2026-01-19 01:00,crash,BTC", "'crash'"),
        ("2026-01-19 00:00,2026-01-19 01:00,long_flushes,BTC", "'long_flushes'"),
        ("2026-01-19 00:00,2026-01-19 01:00,long_flush,", "market is empty"),
        ('2026-01-19 00:00,2026-01-19 01:00,long_flush,"BTC', ""),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, line: str, told: str) -> None:
    """The sentence names file, line and reason, and nothing of the file is taken."""
    path = written(tmp_path, HEADER, "2026-01-18 00:00,2026-01-18 01:00,long_flush,BTC", line)
    with pytest.raises(ConfigError) as refused:
        read_labels(path)
    assert str(refused.value).startswith(f"{path}:3: ")
    assert told in str(refused.value)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    """No file, a folder, a file without the columns, and one that is no text are told in a sentence each."""
    binary = tmp_path / "binary"
    binary.write_bytes(b"start_utc,end_utc,kind,market\n\xff\xfe\n")
    for path, told in (
        (tmp_path / "none.csv", "No such file"),
        (tmp_path, "directory"),
        (written(tmp_path, "start,end"), "no column start_utc, end_utc, kind, market"),
        (binary, "UTF-8"),
    ):
        with pytest.raises(ConfigError, match=told):
            read_labels(path)
