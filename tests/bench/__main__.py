"""What Flushwatch costs, measured on this machine: `make bench` prints a table and writes bench.json.

Nothing here passes or fails. Wall times of one run on a shared machine are orders of magnitude; compare ratios.
Subjects can be named: `python -m tests.bench answers`. Each runs in a process of its own, so that none has another's
memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.bench import answers, engine, guilds, outbox
from tests.bench.measuring import Measured

SUBJECTS: dict[str, Callable[[], list[Measured]]] = {
    "engine": engine.measure,
    "outbox": outbox.measure,
    "answers": answers.measure,
    "guilds": guilds.measure,
}


def main() -> None:
    """Measure what was named, or everything, and tell."""
    rows: list[Measured] = []
    for subject in sys.argv[1:] or SUBJECTS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            found = apart.submit(SUBJECTS[subject]).result()
        for name, value in found:
            sys.stdout.write(f"{value:12,.2f}  {name}\n")
        sys.stdout.flush()
        rows += found
    bench = [row._asdict() for row in rows]
    (engine.ROOT / "bench.json").write_text(json.dumps(bench, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
