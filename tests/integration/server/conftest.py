"""One study, recorded once, and one server over it for all tests that only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import RunningServer, record_study, serving


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a preparation and two trainings."""
    folder = tmp_path_factory.mktemp("study")
    forest = ["train.py", "--model", "forest", "--epochs", "2", "--out", "models/forest.joblib"]
    return record_study(folder, [["prepare.py"], ["train.py", "--epochs", "2"], forest])


@pytest.fixture(scope="session")
def server(study: Path) -> Iterator[RunningServer]:
    """`whence ui` over the study."""
    arguments = ("ui", "--no-browser", "--port", "0")
    with serving(*arguments, cwd=study.parent) as running:
        yield running
