"""A score can be computed again only with the numbers it came from, so that each set of them has its number."""

from __future__ import annotations

import ast
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np

from bot.flush import baseline, day_moves, features, kind, member, retraction, scope, severity, tracker
from bot.flush.episode import REVISION

JUDGING = (baseline, day_moves, features, kind, member, retraction, scope, severity, tracker)
DIGESTS = {3: 2135791310}
"""By revision: the checksum of every number that the detector is set by."""


def constants(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """Every constant that a module sets itself: its place, its name and its value."""
    for node in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for name in (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)):
            value = getattr(module, name)
            if name.isupper() and not isinstance(value, np.ndarray):
                yield module.__name__, name, repr(value)


def numbers() -> str:
    """Every constant of the modules that judge, as text."""
    return "\n".join(" ".join(line) for module in JUDGING for line in sorted(constants(module)))


def test_a_changed_number_is_another_revision() -> None:
    """Raise REVISION and note the new checksum here whenever a number of the detector changes."""
    assert DIGESTS[REVISION] == zlib.crc32(numbers().encode())
