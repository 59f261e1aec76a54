"""PostgreSQL is killed, or asked by two writers at once: nothing is lost, nothing doubled."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from tests.property.segments import dump
from tests.support.journal import JournalBuilder
from tests.support.postgres import Postgres
from whence._base.errors import StoreError
from whence.journal.layout import open_segments
from whence.journal.seal import seal
from whence.service.following import Follower
from whence.service.index import fold_segment
from whence.store.postgres import PostgresStore
from whence.store.sqlite import SqliteStore


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture
def segments(tmp_path: Path) -> list[bytes]:
    """Ten runs, each reading what the one before wrote."""
    journal, found = JournalBuilder(tmp_path / "project"), []
    (tmp_path / "project").mkdir(exist_ok=True)
    for number in range(10):
        with journal.run(f"step {number}") as run:
            run.params(number=number, name=f"step {number}")
            if number:
                run.read(journal.root / f"out-{number - 1}.bin", role="in")
            run.write(journal.root / f"out-{number}.bin", b"%d" % number * 100, role="out")
            for step in range(60):
                run.metric("loss", 1 / (1 + step), step)
        found.append(run.path.read_bytes())
    return found


def expected(segments: list[bytes], folder: Path) -> object:
    with SqliteStore(folder / "expected.sqlite") as store:
        for segment in segments:
            fold_segment(store, segment)
        return dump(store)


def test_a_fold_goes_on_where_it_was_when_postgresql_was_killed(
    postgres: Postgres, segments: list[bytes], tmp_path: Path
) -> None:
    schema = f"test_{uuid4().hex}"
    with PostgresStore(postgres.url, schema) as store:

        def fold() -> None:
            with suppress(StoreError):
                for segment in segments:
                    fold_segment(store, segment)

        thread = threading.Thread(target=fold)
        thread.start()
        with PostgresStore(postgres.url, schema) as other:
            deadline = time.monotonic() + 60
            while not other.folded() and thread.is_alive() and time.monotonic() < deadline:
                pass
        postgres.kill()
        thread.join(60)
        assert not thread.is_alive()
        with pytest.raises(StoreError, match="can't be reached"):
            store.folded()
        postgres.start()
        for segment in segments:
            fold_segment(store, segment)
        assert dump(store) == expected(segments, tmp_path)


def half_done(store: PostgresStore, postgres: Postgres) -> None:
    with store.connection.transaction():
        store.connection.run("DELETE FROM node")
        postgres.kill()
        store.connection.run("DELETE FROM edge")


def test_a_kill_within_a_transaction_leaves_none_of_it(
    postgres: Postgres, segments: list[bytes], tmp_path: Path
) -> None:
    with PostgresStore(postgres.url, "killed") as store:
        fold_segment(store, segments[0])
        with pytest.raises(StoreError):
            half_done(store, postgres)
        postgres.start()
        for segment in segments:
            fold_segment(store, segment)
        assert dump(store) == expected(segments, tmp_path)


def test_two_writers_fold_the_same_segments_at_once_without_doubling(
    postgres: Postgres, segments: list[bytes], tmp_path: Path
) -> None:
    errors: list[Exception] = []

    def fold(order: list[bytes]) -> None:
        try:
            with PostgresStore(postgres.url, "shared") as store:
                for segment in order:
                    fold_segment(store, segment)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    orders = [segments, segments[::-1], segments]
    threads = [threading.Thread(target=fold, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    with PostgresStore(postgres.url, "shared") as store:
        assert dump(store) == expected(segments, tmp_path)


def test_what_a_look_at_the_journal_took_in_outlives_a_kill_right_after(tmp_path: Path) -> None:
    """Else a server that goes on would take it for folded."""
    journal = JournalBuilder(tmp_path)
    with journal.run("train.py") as run:
        run.metric("loss", 1.0)
    for file in open_segments(journal.store):
        seal(journal.store, file)
    postgres = Postgres("wal_writer_delay=10s")  # nothing is written before somebody asks for it
    try:

        def index() -> PostgresStore:
            return PostgresStore(postgres.url, "killed")

        index().close()
        looking = Follower(journal.store, index)
        assert looking.look().runs == [run.run_id]
        postgres.kill()
        postgres.start()
        assert looking.look().runs == []
        with index() as store:
            assert (store.counts()["points"], store.gaps()) == (1, [])
    finally:
        postgres.close()
