"""The app over a home with two projects."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.access import Home, asked, make_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = make_home(tmp_path / "home")
    yield made
    made.access.close()


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    with asked(home) as client:
        yield client
