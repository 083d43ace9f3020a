"""A database for each test of rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from tests.store.filled import fresh


@pytest.fixture
def db() -> Iterator[Database]:
    """A fresh database in memory, inside one transaction, as every unit of work is."""
    database = fresh()
    yield database
    database.close()
