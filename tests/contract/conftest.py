"""Every store passes the same contract: the fixture ``new_store`` gives each implementation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whence.store.protocol import Store
from whence.store.sqlite import SqliteStore

StoreMaker = Callable[[], Store]


def sqlite_maker(folder: Path) -> StoreMaker:
    """Opens the same SQLite file at each call."""
    return lambda: SqliteStore(folder / "index.sqlite")


IMPLEMENTATIONS: dict[str, Callable[[Path], StoreMaker]] = {"sqlite": sqlite_maker}


@pytest.fixture(params=sorted(IMPLEMENTATIONS))
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> StoreMaker:
    """Opens the store anew at each call: the same rows, another connection."""
    return IMPLEMENTATIONS[request.param](tmp_path)


@pytest.fixture
def store(new_store: StoreMaker) -> Iterator[Store]:
    with new_store() as opened:
        yield opened
