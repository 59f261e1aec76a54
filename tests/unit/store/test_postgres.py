"""The store on PostgreSQL beside the contract: addresses, errors, lost connections, odd values."""

from __future__ import annotations

import random
import string
import subprocess
import sys
import threading
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.property.segments import dump
from tests.support.journal import JournalBuilder
from tests.support.postgres import Postgres
from whence._base.errors import StoreError, StoreTooNewError, UsageError
from whence.journal.home import create_store
from whence.model.criterion import Comparison, Field, Order
from whence.service.index import PostgresIndex, fold_new, fold_segment, open_store, reindex
from whence.store.postgres import PostgresStore, open_pool
from whence.store.postgres.adapting import escaped, unescaped
from whence.store.postgres.schema import VERSIONS
from whence.store.postgres.token import tokens
from whence.store.protocol import Store
from whence.store.sqlite import SqliteStore


@pytest.fixture
def schema() -> str:
    return f"test_{uuid4().hex}"


@pytest.fixture
def journal(tmp_path: Path) -> JournalBuilder:
    return JournalBuilder(tmp_path / "project")


def fold_one(store: Store, journal: JournalBuilder, name: str) -> bytes:
    with journal.run(name) as run:
        run.params(lr=0.1)
        run.metric("acc", 0.5)
    fold_segment(store, run.path.read_bytes())
    return run.id


def test_a_server_that_is_not_there_is_told_in_one_line_without_the_password(
    tmp_path: Path,
) -> None:
    with pytest.raises(StoreError) as caught:
        PostgresStore(f"postgresql://ann:s3cret@/lab?host={tmp_path}", "p")
    message = str(caught.value)
    assert message.startswith(f"PostgreSQL at {tmp_path}:5432/lab can't be reached: ")
    assert "s3cret" not in message
    assert "\n" not in message


@pytest.mark.parametrize("url", ["postgresql://ann:s3%zzcret@host/lab", "s3cret", "post gres"])
def test_what_is_no_address_is_told_without_being_quoted(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        PostgresStore(url, "p")
    assert "s3" not in str(caught.value)
    assert "postgresql://USER@HOST:PORT/DATABASE" in str(caught.value)


def test_a_database_that_is_not_there_is_told(postgres: Postgres) -> None:
    with pytest.raises(StoreError, match='has no such database or user: database "nothing"'):
        PostgresStore(postgres.url.replace("/postgres?", "/nothing?"), "p")


@pytest.mark.parametrize("name", ["", "x" * 64, "nul\x00"])
def test_a_name_that_postgresql_would_cut_off_is_refused(postgres: Postgres, name: str) -> None:
    with pytest.raises(UsageError, match="has 1 to 63 bytes"):
        PostgresStore(postgres.url, name)


def test_a_schema_may_have_any_name(postgres: Postgres, journal: JournalBuilder) -> None:
    name = "a\"; DROP SCHEMA public; --'ü"
    with PostgresStore(postgres.url, name) as store:
        run = fold_one(store, journal, "train")
    with PostgresStore(postgres.url, name, read_only=True) as store:
        assert [node.uid for node in store.runs()] == [run]


def test_an_index_of_a_later_version_is_refused(postgres: Postgres, schema: str) -> None:
    with PostgresStore(postgres.url, schema) as store:
        store.connection.run("UPDATE whence_schema SET version = 99")
    told = f"has schema 99; this version reads up to {len(VERSIONS)}"
    with pytest.raises(StoreTooNewError, match=told):
        PostgresStore(postgres.url, schema)


def test_a_reader_can_neither_make_nor_change_an_index(
    postgres: Postgres, schema: str, journal: JournalBuilder
) -> None:
    with pytest.raises(StoreError, match="opened to be read only"):
        PostgresStore(postgres.url, schema, read_only=True)
    with PostgresStore(postgres.url, schema) as store:
        run = fold_one(store, journal, "train")
    with PostgresStore(postgres.url, schema, read_only=True) as store:
        by_lr = [Order(Field("params", "lr"), True)]
        assert [n.uid for n in store.runs(Comparison(Field("params", "lr"), "=", (0.1,)))] == [run]
        assert [n.uid for n in store.runs(Comparison(Field("metrics", "acc"), ">", (0.4,)))] == [
            run
        ]
        assert [n.uid for n in store.runs(None, by_lr)] == [run]
        with pytest.raises(StoreError, match="read-only"):
            fold_one(store, journal, "again")


def test_a_connection_that_the_server_dropped_is_replaced(
    postgres: Postgres, schema: str, journal: JournalBuilder
) -> None:
    with open_pool(postgres.url) as pool, PostgresStore(postgres.url, schema, pool=pool) as store:
        run = fold_one(store, journal, "train")
        pid = store.connection.raw.info.backend_pid
        with psycopg.connect(postgres.url) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert [node.uid for node in store.runs()] == [run]
        pid = store.connection.raw.info.backend_pid
        with psycopg.connect(postgres.url) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        another = fold_one(store, journal, "again")
        assert [node.uid for node in store.runs()] == [another, run]


def test_a_pool_gives_each_store_its_own_schema_on_the_same_connections(
    postgres: Postgres, journal: JournalBuilder
) -> None:
    names = [f"test_{uuid4().hex}" for _ in range(3)]
    pids = set()
    with open_pool(postgres.url, 1) as pool:
        for name in names:
            with PostgresStore(postgres.url, name, pool=pool) as store:
                fold_one(store, journal, name)
                pids.add(store.connection.raw.info.backend_pid)
        for name in names:
            with PostgresStore(postgres.url, name, read_only=True, pool=pool) as store:
                assert [node.name for node in store.runs()] == [name]
    assert len(pids) == 1


def test_a_statement_can_be_ended_from_another_thread(postgres: Postgres, schema: str) -> None:
    with PostgresStore(postgres.url, schema) as store:
        stop = threading.Event()

        def end_it() -> None:
            while not stop.wait(0.05):
                store.interrupt()

        thread = threading.Thread(target=end_it)
        thread.start()
        try:
            with pytest.raises(StoreError, match="was ended before its answer"):
                store.connection.all("SELECT pg_sleep(60)")
        finally:
            stop.set()
            thread.join()
        assert store.counts()["runs"] == 0


def test_names_of_any_length_and_with_zero_bytes_are_kept(
    postgres: Postgres, schema: str, journal: JournalBuilder, tmp_path: Path
) -> None:
    chance = random.Random(3)
    long = "".join(chance.choices(string.printable, k=20_000))
    with journal.run(f"zero \x00 one \x01 {long}") as run:
        run.params(**{f"key \x00 {long}": f"\x00\x01 {long}", "ordinary": 1 << 90})
        run.metric(f"metric {long}", 1.0)
        run.tags(t=long)
        path = tmp_path / "project" / ("d" * 200) / ("e" * 200) / ("f" * 200)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * 100)
        run.read(path, role=f"role {long}")
    data = run.path.read_bytes()
    with PostgresStore(postgres.url, schema) as store, SqliteStore(tmp_path / "i") as sqlite:
        for each in (store, sqlite):
            fold_segment(each, data)
        name = f"zero \x00 one \x01 {long}"
        assert [n.name for n in store.nodes(store.numbers_named(name))] == [name]
        assert dump(store) == dump(sqlite)


def test_escaping_gives_every_text_back_in_the_same_order() -> None:
    texts = [
        "",
        "\x00",
        "\x00\x00",
        "\x00\x01",
        "\x01",
        "\x01\x00",
        "\x01\x01",
        "\x02",
        "a",
        "a\x00",
    ]
    stored = [escaped(text) for text in texts]
    assert sorted(stored) == stored
    assert [unescaped(one.decode()) for one in stored] == texts


def test_words_are_taken_apart_as_sqlite_does(tmp_path: Path) -> None:
    texts = [
        "Hello, World",
        "a_b-c.d 1e5",
        "Ünïcode ÉTÉ straße",
        "日本 語",
        "x²",
        "naïve",
        "e\u0301t",
    ]
    with SqliteStore(tmp_path / "i") as store:
        raw = store.connection.raw
        raw.execute("CREATE VIRTUAL TABLE t USING fts5(words)")
        raw.executemany("INSERT INTO t(rowid, words) VALUES(?,?)", enumerate(texts))
        raw.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        found = raw.execute("SELECT doc, term FROM v ORDER BY doc, offset").fetchall()
    assert found == [(n, word) for n, text in enumerate(texts) for word in tokens(text)]


def test_a_store_folder_is_asked_through_its_index_on_postgresql(
    postgres: Postgres, schema: str, tmp_path: Path
) -> None:
    folder = create_store(tmp_path / ".whence")
    index = PostgresIndex(postgres.url, schema)
    assert fold_new(folder, index=index) == 0
    with open_store(folder, index=index) as store:
        assert isinstance(store, PostgresStore)
        assert store.counts()["runs"] == 0
    assert reindex(folder, index=index) == 0


def test_two_processes_make_an_index_at_once(postgres: Postgres, schema: str) -> None:
    code = (
        "import sys; from whence.store.postgres import PostgresStore;"
        "PostgresStore(sys.argv[1], sys.argv[2]).close()"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, postgres.url, schema], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [(one.communicate()[1], one.returncode) for one in started] == [(b"", 0)] * 3
    with PostgresStore(postgres.url, schema, read_only=True) as store:
        assert store.connection.all("SELECT version FROM whence_schema") == [(len(VERSIONS),)]
