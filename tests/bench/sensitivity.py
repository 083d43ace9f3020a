"""How much hangs on which number: the backtest again with each default moved, and with something missing.

`python -m tests.bench.sensitivity RECORDING… --labels CSV --quiet CSV --chart PNG` prints the tables of
docs/detector.md as they grow and draws docs/images/sensitivity.png. Each variant runs in a process of its own, two at
once; two recordings of four months take a quarter of an hour, more on a busy machine. `--only WORD` takes the variants
with that word in their name.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bot.alerts.presets import PRESETS
from bot.backtest.metrics import judge, known_from
from bot.backtest.result import Metrics
from bot.backtest.run import play_through
from bot.chat.chart_theme import PALETTES
from bot.replay import open_source
from tests.bench.variants import ABLATIONS, CADENCES, DEFAULTS, move

PROCESSES = 2
NICE = 10
FACTORS = (0.7, 1.3)
PRESET = "normal"


class Variant(NamedTuple):
    """A default by its name and what it is multiplied with, or something missing; neither is what is used."""

    default: str | None = None
    factor: float = 1.0
    missing: str | None = None


class Asked(NamedTuple):
    """What a variant is held against."""

    recordings: tuple[str, ...]
    labels: str
    quiet: str | None


class Outcome(NamedTuple):
    """What came of a variant, over all recordings; `lost` are the begins of labels that were missed."""

    judged: int
    found: int
    other: int
    coin_weeks: float
    quiet: int
    lost: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Alarms outside the labels by week and coin."""
        return self.other / self.coin_weeks if self.coin_weeks else 0.0


def outcome(variant: Variant, asked: Asked) -> Outcome:
    """Run one variant over every recording; it changes this process, which is thrown away afterwards."""
    for default in DEFAULTS:
        if default.name == variant.default:
            move(default, variant.factor)
    found = [_measured(recording, variant.missing, asked) for recording in asked.recordings]
    return Outcome(
        judged=sum(one.judged for one in found),
        found=sum(one.found for one in found),
        other=sum(one.other for one in found),
        coin_weeks=sum(one.coin_weeks for one in found),
        quiet=sum(one.quiet for one in found),
        lost=tuple(day for one in found for day in one.lost),
    )


def _measured(recording: str, missing: str | None, asked: Asked) -> Outcome:
    source = open_source(recording)
    if missing is not None:
        facts, change = source.facts, {**ABLATIONS, **CADENCES}[missing]
        source = replace(source, facts=lambda: change(facts))
    run = asyncio.run(play_through(source, PRESETS[PRESET]))
    return _outcome_of(judge([run], known_from(asked.labels, asked.quiet), PRESET).metrics)


def _outcome_of(metrics: Metrics) -> Outcome:
    labels, outside = metrics.labels, metrics.outside
    assert labels is not None
    assert outside is not None
    return Outcome(
        judged=labels.judged,
        found=labels.found,
        other=outside.alarms,
        coin_weeks=sum(metrics.coin_weeks.values()),
        quiet=0 if metrics.quiet is None else len(metrics.quiet.hits),
        lost=tuple(_day(line.start) for line in labels.each if not line.found),
    )


def _day(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d}"


def variants(word: str) -> list[Variant]:
    """What is used, each default moved down and up, and what may be missing, as far as their names hold a word."""
    moved = [Variant(default.name, factor) for default in DEFAULTS for factor in FACTORS]
    missing = [Variant(missing=name) for name in (*ABLATIONS, *CADENCES)]
    return [Variant(), *(one for one in missing + moved if word in str(one.default or one.missing))]


def outcomes(chosen: Sequence[Variant], asked: Asked) -> Iterator[Outcome]:
    """Of each variant, in their order, as they are known."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, spawn, initializer=os.nice, initargs=(NICE,), max_tasks_per_child=1) as apart:
        yield from apart.map(outcome, chosen, [asked] * len(chosen))


def lines(variant: Variant, told: Outcome, usual: Outcome) -> str:
    """A row of the table in Markdown."""
    lost = ", ".join(sorted(set(told.lost) - set(usual.lost)))
    gained = ", ".join(sorted(set(usual.lost) - set(told.lost)))
    notes = "; ".join(f"{word} {days}" for word, days in (("lost", lost), ("found", gained)) if days)
    name = variant.missing or variant.default or "nothing"
    change = "" if variant.default is None else f", {variant.factor - 1:+.0%}".replace("-", "−").replace("%", " %")
    return f"| {name}{change} | {told.found} | {told.other} | {told.rate:.2f} | {told.quiet} | {notes} |\n"


def draw(found: dict[Variant, Outcome], path: Path) -> None:
    """Recall and other alarms of each default side by side: moved down, as it is, moved up."""
    names = list(dict.fromkeys(variant.default for variant in found if variant.default is not None))
    palette = PALETTES["light"]
    figure = Figure(figsize=(9, 1 + 0.24 * len(names)), dpi=110, facecolor=palette.ground, layout="constrained")
    recall, rate = figure.subplots(1, 2, sharey=True)
    usual = found[Variant()]
    styles = ((FACTORS[0], "v", palette.longs, "−30 %"), (FACTORS[1], "^", palette.shorts, "+30 %"))
    shown: tuple[tuple[Any, Callable[[Outcome], float]], ...] = (
        (recall, lambda one: one.found),
        (rate, lambda one: one.rate),
    )
    for axes, of in shown:
        axes.axvline(of(usual), color=palette.muted, label="as it is")
        for factor, marker, colour, label in styles:
            values = [of(found[Variant(name, factor)]) for name in names]
            axes.plot(values, range(len(names)), marker, color=colour, label=label, alpha=0.8)
        axes.grid(color=palette.grid)
    recall.set(xlabel=f"known events found of {usual.judged}", yticks=range(len(names)), yticklabels=names)
    recall.invert_yaxis()
    recall.xaxis.set_major_locator(MaxNLocator(integer=True))
    rate.set(xlabel="other alarms by week and coin", xlim=(-0.01, None))
    rate.legend(loc="lower right")
    figure.savefig(path)


def main(words: Sequence[str]) -> None:
    """Read what is asked for, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sensitivity", description=__doc__)
    parser.add_argument("recordings", nargs="+", metavar="RECORDING")
    parser.add_argument("--labels", required=True, metavar="CSV")
    parser.add_argument("--quiet", metavar="CSV")
    parser.add_argument("--chart", type=Path, metavar="PNG")
    parser.add_argument("--only", default="", metavar="WORD")
    options = parser.parse_args(words)
    chosen = variants(options.only)
    found: dict[Variant, Outcome] = {}
    asked = Asked(tuple(options.recordings), options.labels, options.quiet)
    for variant, told in zip(chosen, outcomes(chosen, asked), strict=True):
        found[variant] = told
        if variant == Variant():
            sys.stdout.write(f"| changed | found of {told.judged} | other | by week and coin | quiet | |\n")
            sys.stdout.write("| --- | --- | --- | --- | --- | --- |\n")
        sys.stdout.write(lines(variant, told, found[Variant()]))
        sys.stdout.flush()
    if options.chart is not None and any(variant.default for variant in found):
        draw(found, options.chart)


if __name__ == "__main__":
    main(sys.argv[1:])
