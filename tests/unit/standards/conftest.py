"""The study that the exports are made from, recorded once."""

from __future__ import annotations

import pytest

from tests.support.exported import Study, record_study


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return record_study(tmp_path_factory.mktemp("study"))
