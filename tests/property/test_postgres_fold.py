"""PostgreSQL answers as SQLite does, to the last byte, whatever the journal holds."""

from __future__ import annotations

import tempfile
from uuid import uuid4

from hypothesis import HealthCheck, given, settings

from tests.property.segments import dump, journals
from tests.support.postgres import Postgres
from whence.service.index import fold_segment
from whence.store.postgres import PostgresStore
from whence.store.sqlite import SqliteStore


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(journals())
def test_the_same_journal_gives_the_same_answers(postgres: Postgres, segments: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder, SqliteStore(f"{folder}/index.sqlite") as sqlite:
        for segment in segments:
            fold_segment(sqlite, segment)
        expected = dump(sqlite)
    with PostgresStore(postgres.url, f"test_{uuid4().hex}") as store:
        for segment in segments:
            fold_segment(store, segment)
        answers = dump(store)
        store.drop()
    assert answers == expected
