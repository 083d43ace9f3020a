"""The page of the post-mortem names the thresholds that the checks judge by."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from bot.aftermath.funding import EDGES
from bot.aftermath.verdict import WEIGHTS
from bot.market.history import HOUR_MS

PAGE = (Path(__file__).parents[2] / "docs" / "post-mortem.md").read_text(encoding="utf-8")
ROWS = re.findall(r"\| (-?[\d.]+) ?(%|h|times|) \| `(\w+)\.(\w+)` \|", PAGE)
UNITS = {"%": 0.01, "h": HOUR_MS, "times": 1.0, "": 1.0}


@pytest.mark.parametrize(("number", "unit", "check", "name"), ROWS)
def test_a_threshold_on_the_page_is_that_of_the_code(number: str, unit: str, check: str, name: str) -> None:
    """Each row of the table names a constant, and gives its value."""
    known = getattr(importlib.import_module(f"bot.aftermath.{check}"), name)
    assert float(number) * UNITS[unit] == pytest.approx(known)


def test_no_row_of_the_table_is_passed_over() -> None:
    """Every row that names a constant was read."""
    assert len(ROWS) == len(re.findall(r"`\w+\.[A-Z_]+` \|", PAGE))
    assert len(ROWS) > 30


def test_the_states_of_funding_part_where_the_page_says() -> None:
    """The five edges, in percent per 8 h."""
    sentence = next(line for line in PAGE.splitlines() if line.startswith("States of funding"))
    told = [float(figure.replace("−", "-")) for figure in re.findall(r"(−?[\d.]+) %", sentence)]
    assert [edge / 100 for edge in told] == pytest.approx(EDGES)


def test_what_each_input_is_worth_is_on_the_page() -> None:
    """The figures of the table of confidence are those of the code, in its order."""
    table = PAGE.split("| input | worth |")[1].split("\n\n")[0]
    assert [float(figure) for figure in re.findall(r"\| ([\d.]+) \|", table)] == list(WEIGHTS.values())
