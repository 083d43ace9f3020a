"""What many tests share: where things lie. Markers are registered in pyproject.toml."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.fakes.clock import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]  # a hook: pytest finds it by its name

ROOT = Path(__file__).resolve().parents[1]
settings.register_profile("unhurried", deadline=None)  # other programs share the machine
settings.load_profile("unhurried")

RECORDINGS = ROOT.parent / "shared" / "recordings"


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
