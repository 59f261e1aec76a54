"""What is recorded of queries of duckdb, of what they read and what becomes of their results."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.observing import Recorded, observing
from tests.support.truth import Project, names_of
from whence.model.relation import Relation

duckdb = pytest.importorskip("duckdb", minversion="2.0", reason="needs duckdb")
pd = pytest.importorskip("pandas", reason="needs pandas")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "raw.csv").write_text("id,age\n1,30\n2,40\n")
    (tmp_path / "more.csv").write_text("id,city\n1,Rome\n")
    return tmp_path


def names(record: Recorded, used: list[tuple[bytes, str]]) -> set[str]:
    return {Path(bytes(record.openings[id].path).decode()).name for id, _ in used}


@pytest.mark.parametrize("result", ["df", "fetchdf", "pl", "to_arrow_table"])
def test_the_result_of_a_query_comes_from_the_files_it_names(folder: Path, result: str) -> None:
    query = "select * from 'raw.csv' join read_csv('more.csv') using (id)"
    with observing(folder, "duckdb") as session:
        frame = getattr(duckdb.sql(query), result)()
    assert frame.shape == (1, 3)
    record = Recorded(folder)
    (read,) = record.activities("read")
    asked, made = record.entity("dataset"), record.entity("frame")
    assert (read.name, read.parent) == ("duckdb.sql", session.run)
    assert names(record, read.used) == {"raw.csv", "more.csv"}
    assert (read.attributes["query"], read.attributes["dialect"]) == (query, "duckdb")
    assert [role for _, role in read.used] == ["raw.csv", "more.csv"]
    assert asked.attributes["columns"] == ["id", "age", "city"]
    assert record.sources(asked.id, Relation.WAS_GENERATED_BY) == {read.id: "duckdb.sql"}
    assert record.sources(asked.id, Relation.WAS_DERIVED_FROM) == {
        id: "duckdb.sql" for id, _ in read.used
    }
    assert record.sources(made.id, Relation.WAS_DERIVED_FROM) == {
        asked.id: "duckdb.df" if result == "fetchdf" else f"duckdb.{result}"
    }
    first, column, _, end = read.attributes["span"]
    text = Path(__file__).read_text().splitlines()[first - 1][column:end]
    assert text == "duckdb.sql(query)"
    assert record.gaps == []


def test_a_query_still_finds_the_variables_of_its_caller(folder: Path) -> None:
    """Also through the functions of the library that are written in C, and on all Pythons."""
    with observing(folder, "pandas", "duckdb"):
        people = pd.read_csv("raw.csv")
        connection = duckdb.connect()
        rows = [
            duckdb.sql("select max(age) from people").fetchall(),
            duckdb.execute("select max(age) from people").fetchall(),
            connection.sql("select max(age) from people").fetchall(),
            connection.execute("select max(age) from people").fetchall(),
        ]
    assert len(people) == 2
    assert rows == [[(40,)]] * 4
    record = Recorded(folder)
    frame = record.entity("frame")
    queries = [read for read in record.activities("read") if read.name.startswith("duckdb")]
    assert [read.name for read in queries] == [
        "duckdb.sql", "duckdb.execute", "duckdb.sql", "duckdb.execute",
    ]  # fmt: skip
    assert [read.used for read in queries] == [[(frame.id, "people")]] * 4


def test_a_table_that_a_connection_made_keeps_its_past(folder: Path) -> None:
    with observing(folder, "duckdb"), duckdb.connect() as connection:
        connection.execute("create table people as select * from 'raw.csv'")
        connection.execute("insert into people values (3, 50)")
        frame = connection.execute("select * from people").df()
    assert len(frame) == 3
    record = Recorded(folder)
    made, read = record.activities("read")
    assert names(record, made.used) == {"raw.csv"}
    table, asked = record.entities_of("dataset", "query")
    assert read.used == [(table.id, "people")]
    assert record.sources(record.entity("frame").id, Relation.WAS_DERIVED_FROM) == {
        asked.id: "duckdb.df"
    }


def test_rows_that_are_added_to_a_table_keep_the_past_of_it(folder: Path) -> None:
    with observing(folder, "duckdb"), duckdb.connect() as connection:
        connection.execute("create table people as select id from 'raw.csv'")
        connection.execute("insert into people select id from 'more.csv'")
        frame = connection.execute("select * from people").df()
    assert len(frame) == 3
    record = Recorded(folder)
    assert record.upstream_files(record.entity("frame").id) == {"raw.csv", "more.csv"}


def test_a_query_is_not_executed_by_being_watched(folder: Path) -> None:
    with observing(folder, "duckdb"):
        asked = duckdb.sql("select cast(city as int) as n from 'more.csv'")
        with pytest.raises(duckdb.ConversionException):
            asked.fetchall()
    made = Recorded(folder).entity("dataset", "query")
    assert {name: made.attributes[name] for name in ("columns", "dtypes")} == {
        "columns": ["n"], "dtypes": ["INTEGER"],
    }  # fmt: skip
    assert "shape" not in made.attributes


def test_values_that_are_bound_are_not_recorded(folder: Path) -> None:
    with observing(folder, "duckdb"):
        duckdb.execute("select * from 'raw.csv' where id = ?", [7654321])
        duckdb.execute("select * from 'raw.csv' where id = $id", {"id": 7654321})
        duckdb.sql("select * from 'raw.csv' where id = ?", params=[7654321])
    record = Recorded(folder)
    assert [read.attributes["parameters"] for read in record.activities("read")] == [1, ["id"], 1]
    assert "7654321" not in repr(record.events)


def test_a_frame_that_was_registered_is_known_by_its_name(folder: Path) -> None:
    with observing(folder, "pandas", "duckdb"), duckdb.connect() as connection:
        connection.register("People", pd.read_csv("raw.csv"))
        connection.sql("select * from people").df()
    record = Recorded(folder)
    read = record.activities("read")[-1]
    frame = record.entity("frame", "raw.csv")
    assert read.used == [(frame.id, "people")]


@pytest.mark.parametrize("how", ["function", "method", "pattern"])
def test_a_reader_reads_its_files(folder: Path, how: str) -> None:
    with observing(folder, "duckdb"):
        connection = duckdb.connect()
        source: Any = {
            "function": lambda: duckdb.read_csv("raw.csv"),
            "method": lambda: connection.read_csv("raw.csv"),
            "pattern": lambda: duckdb.sql("from read_csv('ra*.csv')"),
        }[how]()
        assert source.df().shape == (2, 2)
    record = Recorded(folder)
    (read,) = record.activities("read")
    assert read.name == ("duckdb.sql" if how == "pattern" else "duckdb.read_csv")
    assert names(record, read.used) == {"raw.csv"}
    assert record.upstream_files(record.entity("frame").id) == {"raw.csv"}


@pytest.mark.parametrize("how", ["copy", "write_parquet", "to_csv"])
def test_a_file_that_was_written_comes_from_what_was_read(folder: Path, how: str) -> None:
    with observing(folder, "duckdb"):
        if how == "copy":
            duckdb.execute("copy (select * from 'raw.csv') to 'out.bin' (format parquet)")
        else:
            getattr(duckdb.sql("select * from 'raw.csv'"), how)("out.bin")
    record = Recorded(folder)
    written = record.entity("dataset", "out.bin")
    assert record.openings[written.id].access == "w"
    assert record.upstream_files(written.id) == {"raw.csv"}


def test_what_reads_nothing_is_no_read(folder: Path) -> None:
    with observing(folder, "duckdb"), duckdb.connect() as connection:
        connection.execute("create table t (a int)")
        for n in range(3):
            connection.execute("insert into t values (?)", [n])
        connection.execute("set threads = 1")
    assert Recorded(folder).activities("read") == []


def test_files_that_a_query_is_given_as_values_are_a_gap(folder: Path) -> None:
    with observing(folder, "duckdb"):
        rows = duckdb.execute("select count(*) from read_csv(?)", ["raw.csv"]).fetchall()
    assert rows == [(2,)]
    assert [gap.code for gap in Recorded(folder).gaps] == ["flow-unresolved"]


def test_a_query_that_fails_leaves_nothing(folder: Path) -> None:
    with observing(folder, "duckdb"):
        with pytest.raises(duckdb.CatalogException):
            duckdb.execute("select * from nowhere")
        with pytest.raises(duckdb.ParserException):
            duckdb.execute("select * frm 'raw.csv'")
    record = Recorded(folder)
    assert (record.entities, record.openings, record.gaps) == ({}, {}, [])


def test_a_table_of_a_database_comes_from_its_file(folder: Path) -> None:
    with duckdb.connect(str(folder / "data.duckdb")) as connection:
        connection.execute("create table people as select * from range(3)")
    with observing(folder, "duckdb"), duckdb.connect("data.duckdb") as connection:
        connection.sql("select * from people").df()
    record = Recorded(folder)
    (read,) = record.activities("read")
    assert names(record, read.used) == {"data.duckdb"}


def test_duckdb_is_left_as_it_was_found(tmp_path: Path) -> None:
    owners = (duckdb, duckdb.DuckDBPyConnection, duckdb.DuckDBPyRelation)
    before = [dict(vars(owner)) for owner in owners]
    with observing(tmp_path, "duckdb"):
        assert duckdb.DuckDBPyConnection.execute.__doc__ == before[1]["execute"].__doc__
    assert [dict(vars(owner)) for owner in owners] == before


def test_nothing_of_duckdb_outlives_it(folder: Path) -> None:
    """It writes of each such object to the program's standard error."""
    code = "import duckdb; c = duckdb.connect(); q = c.sql('select 1').df(); c.execute('select 1')"
    (folder / "train.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "whence", "run", "train.py"],
        cwd=folder, env={**os.environ, "WHENCE_HOME": str(folder)}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_flow_of_a_run_names_the_frame_in_memory_and_the_file(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    project = Project(tmp_path / "project")
    project.write("raw.csv", "k,a\n" + "".join(f"{n},{n}\n" for n in range(9)))
    project.write("more.csv", "k,y\n" + "".join(f"{n},{n % 2}\n" for n in range(9)))
    project.run(
        "train.py",
        """
        import duckdb
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        people = pd.read_csv("raw.csv")
        both = duckdb.sql("select a, y from people join 'more.csv' using (k)").df()
        LogisticRegression().fit(both, both["y"])
        """,
    )
    edges = project.json("flow", "train")["edges"]
    assert {(e["source"]["call"], e["source"]["origin"], e["known"]) for e in edges} == {
        ("duckdb.sql", "raw.csv, more.csv", "inferred"),
    }  # fmt: skip
    assert names_of(project.json("trace", "train"), ["file"]) == {"raw.csv", "more.csv"}
