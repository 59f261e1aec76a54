"""The RDF store that follows an index on PostgreSQL says what that of SQLite says."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from tests.property.segments import journals
from tests.support.postgres import Postgres
from whence.service.index import fold_segment
from whence.standards.sparql.mirror import Mirror
from whence.store.postgres import PostgresStore
from whence.store.protocol import Store
from whence.store.sqlite import SqliteStore

pyoxigraph = pytest.importorskip("pyoxigraph")


def followed(store: Store, folder: Path, segments: list[bytes]) -> set[str]:
    """The quads of an RDF store that followed the index segment by segment."""
    mirror = Mirror(folder, store)
    folder.mkdir()
    for segment in segments:
        fold_segment(store, segment)
        mirror.follow()
        assert mirror.is_current()
    dataset = pyoxigraph.Dataset(pyoxigraph.Store(os.fspath(mirror.triples)))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(journals())
def test_the_same_changes_make_the_same_quads(postgres: Postgres, segments: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with SqliteStore(folder / "index.sqlite") as sqlite:
            expected = followed(sqlite, folder / "one", segments)
        with PostgresStore(postgres.url, f"test_{uuid4().hex}") as store:
            found = followed(store, folder / "other", segments)
            store.reset()
            assert store.watch().token() is None
            store.drop()
    assert found == expected
