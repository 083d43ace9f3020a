"""A reader with a pocket calculator: computes a score again from nothing but the printed English answer to why."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

SUFFIXES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
AMOUNT = r"\$?([\d.,]+)(K|M|B|T| %)?"
INPUT = re.compile(r"^([LPOIVF]) ([\d.]+)×([\d.]+) · (.+)$")
LEVEL = re.compile(rf", (?:prior )?level {AMOUNT}, full at ([\d.]+)×$")
RANGE = re.compile(r", from ([\d.]+)(?: %)? to ([\d.]+)(?: %| bp)$")
MOST = re.compile(r"at most (\d+)")


class Answer(NamedTuple):
    """What the answer says (`score` by the formula, `told` after limits), and what it gives when computed again.

    `of_shares` rests on the printed shares, `of_values` on values, levels and rules alone; `after_limits` is the first
    of them held at the printed limits. `shares` are (printed, computed) by letter.
    """

    score: float
    told: float
    of_shares: float
    of_values: float
    after_limits: float
    shares: dict[str, tuple[float, float]]


def read(lines: list[str]) -> Answer:
    """Compute an answer again."""
    score = float(re.findall(r"([\d.]+) = 100·\(1 − Π\(1 − a·c\)\)", lines[0])[0])
    inputs = [found.groups() for line in lines if (found := INPUT.match(line))]
    weights = {letter: float(weight) for letter, weight, _, _ in inputs}
    shares = {letter: (float(share), _share(text)) for letter, _, share, text in inputs}
    alone = [_alone(line) for line in lines if line.startswith("Price alone")]
    told = [float(found) for line in lines for found in re.findall(r"^Told as ([\d.]+)$", line)]
    gate = [float(most) for line in lines if line.startswith("Gate") for most in MOST.findall(line)]
    whole = [float(most) for line in lines if line.startswith(("Known", "In a day")) for most in MOST.findall(line)]
    of_shares, of_values = (
        100 * (1 - math.prod(1 - weights[letter] * pair[place] for letter, pair in shares.items())) for place in (0, 1)
    )
    return Answer(
        score,
        told[0] if told else score,
        of_shares,
        of_values,
        min([max([min([of_shares, *gate]), *alone]), *whole]),
        shares,
    )


def _share(text: str) -> float:
    """The share of an input by its printed rule."""
    value = _amount(*re.findall(AMOUNT, re.sub(r"^[^\d$]*", "", text))[0])
    if level := LEVEL.search(text):
        amount, suffix, full = level.groups()
        times = value / _amount(amount, suffix)
        return min(max(math.log(times) / math.log(float(full)), 0.0), 1.0) if times > 0 else 0.0
    found = RANGE.search(text)
    assert found, text
    low, high = (float(edge) for edge in found.groups())
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _alone(line: str) -> float:
    """What a move scores by itself, which has to be what is printed."""
    found = re.match(rf"^Price alone ([\d.]+) · price (?:fell|rose) {AMOUNT} .+, (?:prior )?level {AMOUNT}; ", line)
    rule = re.search(r"; ([\d.]+)·ln\(value ÷ level\) ÷ ln\(([\d.]+)\), at most (\d+); the highest counts$", line)
    assert found
    assert rule
    printed, times = float(found[1]), _amount(found[2], found[3]) / _amount(found[4], found[5])
    base, full, most = (float(figure) for figure in rule.groups())
    assert abs(min(base * math.log(times) / math.log(full), most) - printed) < 0.5, line
    return printed


def _amount(digits: str, suffix: str | None) -> float:
    return float(digits.replace(",", "")) * SUFFIXES.get(suffix or "", 1.0)
