"""`flushwatch backtest` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.market.facts import Bar
from bot.market.recording import Header, write
from tests.typed import typed

START_MS = 1_768_176_000_000
ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small.jsonl.gz"
FLUSH = "2026-03-05 05:00,2026-03-05 07:00,long_flush,BTC + alts"
SQUEEZE = "2026-03-05 05:00,2026-03-05 07:00,short_squeeze,BTC"
ELSEWHEN = "2026-03-04 05:00,2026-03-04 07:00,long_flush,all"


def labels(folder: Path, *lines: str) -> str:
    """A file of labels, by its name in the folder."""
    (folder / "labels.csv").write_text("\n".join(["start_utc,end_utc,kind,market", *lines]), encoding="utf-8")
    return "labels.csv"


def told(folder: Path, *words: str) -> dict[str, Any]:
    """What it says in JSON, on its own."""
    done = typed(folder, "backtest", str(SMALL), "--format", "json", *words)
    assert (done.code, done.err) == (0, "")
    return dict(json.loads(done.out))


def test_json_charts_and_labels(tmp_path: Path) -> None:
    """One object on standard output and nothing else; a picture named after each episode; labels are held against."""
    (tmp_path / "quiet.csv").write_text("start_utc,end_utc,why\n2026-03-03,2026-03-04,calm\n", encoding="utf-8")
    words = ("--labels", labels(tmp_path, ELSEWHEN, FLUSH, SQUEEZE), "--quiet", "quiet.csv", "--chart", "charts")
    result = told(tmp_path, *words)
    found = [line["found"] for line in result["metrics"]["labels"]["each"]]
    assert found == [False, True, False]
    assert result["metrics"]["labels"]["recall"] == pytest.approx(1 / 3)
    assert (result["metrics"]["outside"]["alarms"], result["metrics"]["quiet"]["hits"]) == (0, [])
    assert (result["metrics"]["quiet"]["days"], result["metrics"]["preset"]) == (1.0, "normal")
    pictures = {path.stem: path.read_bytes()[:4] for path in (tmp_path / "charts").iterdir()}
    assert pictures == {line["id"]: b"\x89PNG" for line in result["episodes"]}


def test_tables_fit_on_a_page(tmp_path: Path) -> None:
    """Without a terminal no line is longer than 100 columns, and names stand unbroken."""
    done = typed(tmp_path, "backtest", str(SMALL), "--labels", labels(tmp_path, FLUSH, ELSEWHEN), "--preset", "quiet")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 100
    assert "2026-03-05 05:00" in done.out
    assert "1 of 2 labels found (50%)" in done.out
    assert "preset quiet" in lines[0]
    assert "≥ $961.8M" in done.out, "961,872,462 were seen: a floor is never rounded up"
    bars = (Bar(START_MS + hour * 3_600_000, "a", "BTC", "perp", 3600, 1.0, 1.0, 1.0, 1.0, 1.0) for hour in (1, 2))
    write(tmp_path / "calm.jsonl.gz", Header(recording=1, name="calm", start_ms=START_MS, end_ms=None), bars)
    none = typed(tmp_path, "backtest", "calm.jsonl.gz", "--labels", labels(tmp_path))
    assert "0 of 0 labels found (–)" in none.out
    assert "2.0 hours of BTC" in none.out, "not 0.0 weeks"
    assert "from start" not in none.out, "a table without rows"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["none.jsonl.gz"], 1, "none.jsonl.gz is neither a file nor a scenario"),
        ([str(SMALL), str(SMALL)], 1, "Simulated: small and Simulated: small tell of the same time"),
        ([str(SMALL), "--labels", "labels.csv"], 1, "labels.csv:2: kind takes long_flush"),
        ([str(SMALL), "--quiet", "labels.csv"], 1, "labels.csv:1: the header has no column why"),
        ([str(SMALL), "--chart", "labels.csv"], 1, "--chart labels.csv cannot be a folder"),
        ([str(SMALL), "--labels", "parted.csv"], 1, "parted.csv:1: the cells are parted by semicolons or tabs"),
        (["labels.csv"], 2, "labels.csv:1: not a recording"),
    ],
)
def test_what_is_wrong_is_one_sentence(words: list[str], code: int, sentence: str, tmp_path: Path) -> None:
    """Before anything is played, on standard error, with an exit code."""
    labels(tmp_path, "2026-03-05 05:00,2026-03-05 07:00,crash,BTC")
    (tmp_path / "parted.csv").write_text("start_utc;end_utc;kind;market\n", encoding="utf-8")
    done = typed(tmp_path, "backtest", *words)
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)
    assert done.err.startswith(sentence)
