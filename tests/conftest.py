"""What many tests share: where things lie. Markers are registered in pyproject.toml."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.fakes.clock import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]  # a hook: pytest finds it by its name

ROOT = Path(__file__).resolve().parents[1]
# No deadlines, as other programs share the machine. `make soak` tries its properties with many times as many inputs.
settings.register_profile("quick", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("quick")

gc.set_threshold(50_000, 20, 20)  # looked for less often: collecting tests makes hardly any cyclic garbage

# What tests start finds no pandas, as where the bot runs; pytest's own workers have the path of the process they serve.
BARE = str(ROOT / "tests" / "bare")
if BARE not in os.environ.get("PYTHONPATH", ""):
    os.environ["PYTHONPATH"] = os.pathsep.join([BARE, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)

LONGEST = (
    "tests/test_page_of_a_replay.py",
    "tests/sending/test_kill.py",
    "tests/test_run.py",
    "tests/test_restart.py",
    "tests/market/live/test_faults.py",
    "tests/chat/web/test_page.py",
    "tests/alerts/test_preview.py",
    "tests/test_historian.py",
    "tests/test_engine_digest.py",
    "tests/archive/test_report.py",
    "tests/test_engine.py",
    "tests/market/live/test_past.py",
    "tests/test_engine_remembers.py",
    "tests/flush/test_tracker.py",
    "tests/test_memory.py",
    "tests/backtest/test_run.py",
    "tests/chat/web/test_layout.py",
    "tests/backtest/test_command.py",
    "tests/chat/test_charts.py",
    "tests/aftermath/test_real_readings.py",
)
"""Files that take ten seconds and more, begun first: else one would still be under way when all others are done."""

RECORDINGS = ROOT.parent / "shared" / "recordings"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files by how long they take; within a file tests stay in their order."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.location[0], len(LONGEST)))


def pytest_collection_finish() -> None:
    """The search for cyclic garbage leaves alone what collecting made: all of it stays to the end, as in `bot.app`."""
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of real recordings, which lie beside the checkout and are no part of it."""
    if not RECORDINGS.is_dir():
        pytest.skip("the real recordings are not beside this checkout (../shared/recordings)")
    return RECORDINGS
