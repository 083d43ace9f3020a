"""What Flushwatch costs, measured on this machine: `make bench` prints a table and writes bench.json.

Nothing here passes or fails. Wall times of one run on a shared machine are orders of magnitude; compare ratios.
Subjects can be named: `python -m tests.bench answers`. Each runs in a process of its own, so that none has another's
memory. The subject `peers` needs the libraries of requirements/bench.txt, which `make bench` installs.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.bench.measuring import Measured, measured, shown

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = ("engine", "scale", "aftermath", "live", "peers", "outbox", "answers", "guilds")


def main() -> None:
    """Measure what was named, or everything, and tell."""
    rows: list[Measured] = []
    for subject in sys.argv[1:] or SUBJECTS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            found = apart.submit(measured, subject).result()
        sys.stdout.writelines(f"{shown(row)}\n" for row in found)
        sys.stdout.flush()
        rows += found
    bench = [row._asdict() for row in rows]
    (ROOT / "bench.json").write_text(json.dumps(bench, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
