"""One Jupyter server for all tests that ask one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.served_notebooks import Served, serving_notebooks


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving_notebooks(tmp_path_factory.mktemp("served")) as served:
        yield served
