from __future__ import annotations

import math
import random

import msgspec
import pytest

from bot.market.facts import Mark
from tests.market.venues import fuzz

INPUTS = 20_000
SEED = 20_260_308


def test_no_input_breaks_a_parser() -> None:
    """20,000 mutated fixtures give refusals, `VenueError` and facts within their bounds, and nothing else."""
    assert fuzz.run(math.ceil(INPUTS / fuzz.count()), SEED) >= INPUTS


def test_mutation_is_seeded() -> None:
    """The same seed gives the same inputs, so that a failure can be looked at again."""
    one, other = random.Random(7), random.Random(7)
    body = b'{"symbol":"AVAXUSDT","markPrice":"21.3"}'
    assert [fuzz.mutate(body, one) for _ in range(50)] == [fuzz.mutate(body, other) for _ in range(50)]


@pytest.mark.parametrize("price", [math.nan, math.inf, -1.0, 0.0, 1e19])
def test_the_check_sees_a_bad_fact(price: float) -> None:
    """The check behind the fuzzing would notice a price that no fact may have."""
    with pytest.raises(msgspec.ValidationError):
        fuzz.check(Mark(1_773_000_000_000, "binance", "BTC", price))
