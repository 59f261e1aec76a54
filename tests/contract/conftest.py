"""Every store passes the same contract: the fixture ``new_store`` gives each implementation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from whence.store.protocol import Store
from whence.store.sqlite import SqliteStore

StoreMaker = Callable[[], Store]


@pytest.fixture(params=["sqlite", "postgres"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> StoreMaker:
    """Opens the store anew at each call: the same rows, another connection."""
    if request.param == "sqlite":
        return lambda: SqliteStore(tmp_path / "index.sqlite")
    from whence.store.postgres import PostgresStore

    url, schema = request.getfixturevalue("postgres").url, f"test_{uuid4().hex}"
    return lambda: PostgresStore(url, schema)


@pytest.fixture
def store(new_store: StoreMaker) -> Iterator[Store]:
    with new_store() as opened:
        yield opened
