"""Makes `small.jsonl.gz`, the simulated recording that other tests run on: `python -m tests.data.make`."""

from __future__ import annotations

from pathlib import Path

from bot.market.recording import Header, write
from bot.market.simulation import SCENARIOS, simulate

SMALL = Path(__file__).with_name("small.jsonl.gz")
SEED = 7


def make(path: Path = SMALL) -> int:
    """Simulate the scenario and write it; returns the number of facts."""
    scenario = SCENARIOS["small"]
    facts = list(simulate(scenario.name, SEED))
    header = Header(
        recording=1,
        name="Simulated: small",
        about=f"{scenario.about} (simulated, seed {SEED})",
        start_ms=scenario.start_ms,
        end_ms=scenario.end_ms,
        facts=len(facts),
        simulated=True,
    )
    write(path, header, facts)
    return len(facts)


if __name__ == "__main__":
    make()
