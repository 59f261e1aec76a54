"""The study that the exports are made from, recorded once, and quiet for the `prov` library."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator

import pytest

from tests.support.exported import Study, record_study


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return record_study(tmp_path_factory.mktemp("study"))


@pytest.fixture
def quiet_library() -> Iterator[None]:
    """The library warns and logs of old spellings in its own corpus."""
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.disable(logging.NOTSET)
