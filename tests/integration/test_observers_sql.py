"""What is recorded of the statements that a program has SQLite execute."""

from __future__ import annotations

import gc
import pickle
import sqlite3
import traceback
from pathlib import Path

import pytest

from tests.support.effort import effort
from tests.support.observing import Recorded, observing
from tests.support.truth import Project
from whence.model.event import TagsSet
from whence.model.relation import Relation


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("create table people (id int, age int)")
        connection.executemany("insert into people values (?, ?)", [(1, 30), (2, 40)])
    connection.close()
    return tmp_path


@pytest.mark.parametrize("how", ["connection", "cursor", "lazily"])
def test_a_cursor_reads_from_its_database(folder: Path, how: str) -> None:
    with observing(folder, "sqlite3"):
        connection = sqlite3.connect("shop.db")
        asker = connection if how == "connection" else connection.cursor()
        cursor = asker.execute("select age as years from people where age > ?", (20,))
        rows = list(cursor) if how == "lazily" else cursor.fetchall()
        connection.close()
    assert rows == [(30,), (40,)]
    record = Recorded(folder)
    (read,) = record.activities("read")
    (opening,) = record.openings
    assert (read.name, read.used) == ("sqlite3.execute", [(opening, "")])
    assert {key: read.attributes[key] for key in ("query", "dialect", "tables", "parameters")} == {
        "query": "select age as years from people where age > ?",
        "dialect": "sqlite", "tables": ["people"], "parameters": 1,
    }  # fmt: skip
    assert record.entity("dataset", "people").attributes["columns"] == ["years"]


def test_values_that_are_bound_are_not_recorded_but_their_names_are(folder: Path) -> None:
    with observing(folder, "sqlite3"), sqlite3.connect("shop.db") as connection:
        connection.execute("select * from people where id = :number", {"number": 7654321})
        connection.execute("insert into people values (8765432, 1)")
    record = Recorded(folder)
    assert record.activities("read")[0].attributes["parameters"] == ["number"]
    assert record.activities("write")[0].attributes["query"] == "insert into people VALUES ..."
    assert "7654321" not in repr(record.events)
    assert "8765432" not in repr(record.events)


def test_secrets_in_a_query_are_masked_and_a_long_one_is_cut(folder: Path) -> None:
    long = "select * from people where id in (" + ", ".join(map(str, range(30_000))) + ")"
    with observing(folder, "sqlite3"), sqlite3.connect("shop.db") as connection:
        connection.execute("select *, 'x' as password from people where password = 'hunter2'")
        connection.execute(long)
        _, calls = effort(lambda: connection.execute(f"select '{'k' * 9000}' from people"))
    assert calls < 3000  # a long literal is not looked at letter by letter
    first, second, third = Recorded(folder).activities("read")
    assert third.attributes["query"] == f"select '{'k' * 100}...' from people"
    assert first.attributes["query"].endswith("where password = '***'")
    assert (second.attributes["query"], second.attributes["query_length"]) == (
        long[:10_000], len(long),
    )  # fmt: skip


def test_rows_that_are_put_into_a_table_make_it_what_is_read(folder: Path) -> None:
    with observing(folder, "sqlite3"):
        connection = sqlite3.connect(":memory:")
        connection.execute("create table if not exists t (a int)")
        for n in range(5):
            connection.execute("insert into t values (?)", (n,))
        connection.executescript("create table u as select * from t; delete from t;")
        assert connection.execute("select count(*) from u").fetchone() == (5,)
        connection.close()
    record = Recorded(folder)
    first, second = record.activities("write")
    table, other = record.entity("table", "t"), record.entity("table", "u")
    assert record.sources(table.id, Relation.WAS_GENERATED_BY) == {first.id: "sqlite3.execute"}
    assert second.used == [(table.id, "")]
    assert record.sources(other.id, Relation.WAS_DERIVED_FROM) == {
        table.id: "sqlite3.executescript"
    }
    assert [read.used for read in record.activities("read")] == [[(other.id, "u")]]


def test_a_loop_is_recorded_so_often_and_then_counted(folder: Path) -> None:
    with observing(folder, "sqlite3") as session:
        connection = sqlite3.connect("shop.db")
        found = [connection.execute(f"select {n} from people").fetchone() for n in range(1500)]
        connection.close()
        for finish in session.at_end:
            finish()
    assert found == [(n,) for n in range(1500)]
    record = Recorded(folder)
    reads = record.activities("read")
    assert len(reads) == 1000
    (tags,) = record.of(TagsSet)
    assert (tags.node, tags.tags) == (reads[-1].id, {"calls": 501})


def test_sqlite_behaves_as_without_us(folder: Path) -> None:
    with observing(folder, "sqlite3"):
        connection = sqlite3.connect("shop.db")
        assert isinstance(connection, sqlite3.Connection)
        assert isinstance(connection.cursor(), sqlite3.Cursor)
        assert repr(type(connection)) == repr(sqlite3.Connection)
        assert connection.execute.__doc__ == sqlite3.Connection.execute.__doc__
        with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere") as caught:
            connection.execute("select * from nowhere")
        assert len(traceback.extract_tb(caught.value.__traceback__)) == 1
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("select * from people where id = ?", ())
        with pytest.raises(TypeError):
            connection.execute(5)
        with pytest.raises(TypeError):
            connection.execute()
        own = type("Own", (sqlite3.Connection,), {})
        assert type(sqlite3.connect("shop.db", factory=own)) is own
        connection.close()
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("select 1")
    assert type(sqlite3.connect(":memory:")) is sqlite3.Connection
    assert Recorded(folder).activities("read") == []


def test_a_connection_outlives_the_watching(folder: Path) -> None:
    with observing(folder, "sqlite3"):
        connection = sqlite3.connect("shop.db")
    assert connection.execute("select count(*) from people").fetchone() == (2,)
    connection.close()
    del connection
    gc.collect()
    assert pickle.loads(pickle.dumps(sqlite3.connect)) is sqlite3.connect
    assert Recorded(folder).activities("read") == []


@pytest.mark.parametrize("text", ["pragma user_version", "select 1", "", "-- nothing", "begin"])
def test_what_reads_no_table_is_no_read(folder: Path, text: str) -> None:
    with observing(folder, "sqlite3"), sqlite3.connect("shop.db") as connection:
        connection.execute(text)
    record = Recorded(folder)
    assert (record.activities("read"), record.activities("write")) == ([], [])


@pytest.mark.parametrize("how", ["loop", "fetch"])
def test_the_flow_of_a_run_names_the_database_that_a_cursor_read(tmp_path: Path, how: str) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    project = Project(tmp_path / "project")
    with sqlite3.connect(project.root / "shop.db") as connection:
        connection.execute("create table people (age int, y int)")
        rows = [(n, n % 2) for n in range(20)]
        connection.executemany("insert into people values (?, ?)", rows)
    connection.close()
    project.run(
        "train.py",
        """
        import sqlite3
        from sklearn.linear_model import LogisticRegression
        connection = sqlite3.connect("shop.db")
        X, y = [], []
        for age, label in connection.execute("select age, y from people"):
            X.append([age])
            y.append(label)
        LogisticRegression().fit(X, y)
        """
        if how == "loop"
        else """
        import sqlite3
        from sklearn.linear_model import LogisticRegression
        connection = sqlite3.connect("shop.db")
        cursor = connection.cursor()
        cursor.execute("select age, y from people")
        rows = cursor.fetchall()
        X = [[row[0]] for row in rows]
        LogisticRegression().fit(X, [row[1] for row in rows])
        """,
    )
    (edge,) = project.json("flow", "train")["edges"]
    assert (edge["source"]["call"], edge["source"]["line"], edge["source"]["origin"]) == (
        "sqlite3.execute", 6, "shop.db",
    )  # fmt: skip
    assert edge["arguments"] == ["X", "y"]
