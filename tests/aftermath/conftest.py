"""The recorded winter, played once for all who ask what came of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.archive.kept import Kept
from tests.aftermath.chains import RECORDING, play_winter


@pytest.fixture(scope="session")
def chains(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Kept]:
    """The three flushes of the page, as they are kept after the recording was played to its end."""
    return asyncio.run(play_winter(recordings / RECORDING, tmp_path_factory.mktemp("winter") / "winter.db"))
