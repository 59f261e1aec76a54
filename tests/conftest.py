"""What all tests share: a clean environment and calm settings of Hypothesis."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.postgres import Postgres

settings.register_profile(
    "calm", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("calm")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real PostgreSQL for all tests that ask for it; each takes a schema of its own."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees no run, store or setting of whoever started pytest, and no repository of theirs.

    Within a hook of git ``GIT_DIR`` is set: a test that commits would commit to that repository.
    """
    for name in [name for name in os.environ if name.startswith(("WHENCE_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
