"""What is recorded of queries through SQLAlchemy and pandas, and of tables that are written."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.observing import Recorded, observing
from tests.support.truth import Project
from whence.model.relation import Relation
from whence.observers.databases import Database, databases_of

sqlalchemy = pytest.importorskip("sqlalchemy", minversion="2.0", reason="needs SQLAlchemy")
pd = pytest.importorskip("pandas", reason="needs pandas")
orm = pytest.importorskip("sqlalchemy.orm", reason="needs SQLAlchemy")

QUERY = "select p.age, c.size from people p join cities c using (id) where p.age > :least"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("create table people (id integer primary key, age int)")
        connection.execute("create table cities (id int, size int)")
        connection.execute("insert into people values (1, 30), (2, 40)")
        connection.execute("insert into cities values (1, 5), (2, 6)")
    connection.close()
    return tmp_path


def opened(record: Recorded, used: list[tuple[bytes, str]]) -> list[tuple[str, str]]:
    return [
        (Path(bytes(record.openings[id].path).decode()).name, role)
        for id, role in used
        if id in record.openings
    ]


def test_what_a_connection_executes_is_read_from_its_database(folder: Path) -> None:
    with observing(folder, "sqlite3", "sqlalchemy"):
        engine = sqlalchemy.create_engine("sqlite:///shop.db")
        with engine.connect() as connection:
            result = connection.execute(sqlalchemy.text(QUERY), {"least": 35})
            assert result.fetchall() == [(40, 6)]
        engine.dispose()
    record = Recorded(folder)
    (read,) = record.activities("read")
    assert (read.name, opened(record, read.used)) == ("sqlalchemy.execute", [("shop.db", "")])
    told = ("query", "dialect", "tables", "parameters")
    assert {name: read.attributes[name] for name in told} == {
        "query": QUERY.replace(":least", "?"), "dialect": "sqlite",
        "tables": ["people", "cities"], "parameters": 1,
    }  # fmt: skip
    made = record.entity("dataset", "query")
    assert made.attributes["columns"] == ["age", "size"]
    assert record.sources(made.id, Relation.WAS_GENERATED_BY) == {read.id: "sqlalchemy.execute"}
    assert [gap.code for gap in record.gaps] == ["sampled"]


def test_what_a_session_of_the_orm_asks_is_read_where_the_user_asks(folder: Path) -> None:
    base = orm.declarative_base()

    class Person(base):  # type: ignore[misc, valid-type]
        __tablename__ = "people"
        id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
        age = sqlalchemy.Column(sqlalchemy.Integer)

    with observing(folder, "sqlite3", "sqlalchemy"):
        engine = sqlalchemy.create_engine("sqlite:///shop.db")
        with orm.Session(engine) as session:
            ages = [person.age for person in session.query(Person).all()]
            more = session.scalars(sqlalchemy.select(Person.age)).all()
        engine.dispose()
    assert (ages, more) == ([30, 40], [30, 40])
    record = Recorded(folder)
    lines = Path(__file__).read_text().splitlines()
    asked = []
    for read in record.activities("read"):
        first, column, _, end = read.attributes["span"]
        asked.append((lines[first - 1][column:end], read.attributes["tables"]))
    assert asked == [
        ("session.query(Person).all()", ["people"]),
        ("session.scalars(sqlalchemy.select(Person.age))", ["people"]),
    ]


@pytest.mark.parametrize("how", ["text", "expression", "table", "address", "driver"])
def test_a_frame_of_a_query_comes_from_the_database(folder: Path, how: str) -> None:
    with observing(folder, "sqlite3", "sqlalchemy", "pandas"):
        engine = sqlalchemy.create_engine("sqlite:///shop.db")
        if how == "text":
            frame = pd.read_sql("select age from people", engine)
        elif how == "expression":
            frame = pd.read_sql(sqlalchemy.select(sqlalchemy.text("age from people")), engine)
        elif how == "table":
            frame = pd.read_sql_table("people", engine)[["age"]]
        elif how == "address":
            frame = pd.read_sql("select age from people", "sqlite:///shop.db")
        else:
            connection = sqlite3.connect("shop.db")
            frame = pd.read_sql("select age from people", connection)
            connection.close()
        engine.dispose()
    assert list(frame.age) == [30, 40]
    record = Recorded(folder)
    (read,) = record.activities("read")
    assert opened(record, read.used) == [("shop.db", "")]
    assert (read.attributes["dialect"], read.attributes["tables"]) == ("sqlite", ["people"])
    assert record.upstream_files(record.entity("frame", "people").id) == {"shop.db"}


def test_a_server_is_known_by_its_address_without_the_password(folder: Path) -> None:
    with observing(folder, "sqlalchemy") as session:
        address = "mysql+pymysql://me:hunter2@db.example/shop?password=hunter3"
        driver = SimpleNamespace(paramstyle="format", __version__="1.1.0")
        engine = sqlalchemy.create_engine(address, module=driver)
        found = [databases_of(session).of(thing) for thing in (engine, address)]
    name = "mysql://db.example/shop"
    assert found == [Database(name, name, "mysql", None)] * 2


def test_a_table_that_was_written_comes_from_its_frame(folder: Path) -> None:
    (folder / "raw.csv").write_text("a,b\n1,2\n")
    with observing(folder, "sqlite3", "sqlalchemy", "pandas"):
        engine = sqlalchemy.create_engine("sqlite://")
        pd.read_csv("raw.csv").to_sql("Raw", engine, index=False)
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("create table other as select a from raw"))
            connection.execute(sqlalchemy.text("insert into other values (:a)"), [{"a": 7}] * 3)
        frame = pd.read_sql("select * from other", engine)
        engine.dispose()
    assert list(frame.a) == [1, 7, 7, 7]
    record = Recorded(folder)
    written, other = record.entity("table", "Raw"), record.entity("table", "other")
    assert written.attributes["database"] == "sqlite in memory"
    assert record.sources(other.id, Relation.WAS_DERIVED_FROM) == {written.id: "sqlalchemy.execute"}
    assert record.activities("read")[-1].used == [(other.id, "other")]
    assert record.upstream_files(record.entity("frame", "other").id) == {"raw.csv"}
    assert [write.name for write in record.activities("write")] == [
        "pandas.to_sql", "sqlalchemy.execute",
    ]  # fmt: skip


def test_an_error_of_the_driver_reaches_the_program_and_leaves_no_read(folder: Path) -> None:
    with observing(folder, "sqlite3", "sqlalchemy", "pandas"):
        engine = sqlalchemy.create_engine("sqlite:///shop.db")
        with engine.connect() as connection, pytest.raises(sqlalchemy.exc.OperationalError):
            connection.execute(sqlalchemy.text("select nothing frm people"))
        with pytest.raises(pd.errors.DatabaseError):
            pd.read_sql("select * from nowhere", engine)
        engine.dispose()
    record = Recorded(folder)
    assert record.activities("read") == []
    assert [gap.code for gap in record.gaps] == ["sampled"]


def test_the_flow_of_a_run_names_the_database(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    project = Project(tmp_path / "project")
    project.run(
        "fill.py",
        """
        import sqlite3
        with sqlite3.connect("shop.db") as connection:
            connection.execute("create table people (age int, y int)")
            rows = [(n, n % 2) for n in range(20)]
            connection.executemany("insert into people values (?, ?)", rows)
        """,
    )
    project.run(
        "train.py",
        """
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sqlalchemy import create_engine, text
        engine = create_engine("sqlite:///shop.db")
        with engine.connect() as connection:
            rows = connection.execute(text("select age, y from people")).fetchall()
        frame = pd.DataFrame(rows, columns=["age", "y"])
        LogisticRegression().fit(frame[["age"]], frame["y"])
        """,
    )
    (edge,) = project.json("flow", "train")["edges"]
    assert edge["source"] == {
        "call": "sqlalchemy.execute", "file": "train.py", "line": 7, "origin": "shop.db",
        "synthetic": False,
    }  # fmt: skip
    assert (edge["known"], edge["columns"]["features"], edge["columns"]["labels"]) == (
        "inferred", ["age"], ["y"],
    )  # fmt: skip


def test_sqlalchemy_is_left_as_it_was_found(tmp_path: Path) -> None:
    before = dict(vars(sqlalchemy.engine.Connection))
    with observing(tmp_path, "sqlalchemy"):
        pass
    assert dict(vars(sqlalchemy.engine.Connection)) == before
