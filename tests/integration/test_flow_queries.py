"""Columns through queries: of a database, of files and of frames in memory, asked of a real run."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.support.truth import Project

pytest.importorskip("duckdb")
pytest.importorskip("pandas")
pytest.importorskip("sklearn")
pytest.importorskip("sqlglot")

pytestmark = pytest.mark.xdist_group("flow_queries")

SCRIPT = """
import sqlite3

import duckdb
import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression

QUERY = '''
select p.id, p.age as years, v.total / v.visits as spend, p.label
from people p join visits v on v.person = p.id where p.city = 'here'
'''

def fitted(table, features, label, name):
    model = LogisticRegression().fit(table[features], table[label])
    joblib.dump(model, name)

people = pd.read_sql(QUERY, sqlite3.connect("people.db"))
fitted(people, ["years", "spend"], "label", "database.joblib")

raw = pd.read_csv("raw.csv")
halved = duckdb.sql("select x * 2 as twice, z, y from raw").df()
fitted(halved, ["twice", "z"], "y", "frame.joblib")

summed = duckdb.sql("select x + z as both, 1 as one, y from 'raw.csv'").df()
fitted(summed, ["both", "one"], "y", "file.joblib")

with duckdb.connect() as connection:
    connection.execute("create table kept as select x as first, y from 'raw.csv'")
    again = connection.execute("select first, y as label from kept").df()
fitted(again, ["first"], "label", "table.joblib")
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("queries"))
    project.write("raw.csv", "x,z,y\n" + "".join(f"{n},{n % 5},{n % 2}\n" for n in range(30)))
    _database(project.root / "people.db")
    project.run("asks.py", SCRIPT)
    return project


def _database(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("create table people (id integer, age integer, city text, label integer)")
        base.execute("create table visits (person integer, total real, visits integer, shop text)")
        for n in range(40):
            base.execute("insert into people values (?, ?, 'here', ?)", (n, n, n % 2))
            base.execute("insert into visits values (?, ?, ?, 's')", (n, n * 2.5, n % 5 + 1))
    base.close()


def origins(project: Project, model: str) -> dict[str, set[tuple[str, str]]]:
    """Of each feature and label of a model the columns of files that it was made of."""
    answer = project.json("trace", model, "--columns")
    return {
        one["column"]: {(origin["of"], origin["column"]) for origin in one["origins"]}
        for one in answer["columns"]
    }


def test_columns_of_a_database_are_named_with_their_tables(project: Project) -> None:
    assert origins(project, "database.joblib") == {
        "years": {("people.db", "people.age")},
        "spend": {("people.db", "visits.total"), ("people.db", "visits.visits")},
        "label": {("people.db", "people.label")},
    }


def test_a_query_of_a_frame_is_a_step_on_the_way_from_its_file(project: Project) -> None:
    assert origins(project, "frame.joblib") == {
        "twice": {("raw.csv", "x")},
        "z": {("raw.csv", "z")},
        "y": {("raw.csv", "y")},
    }
    [edge] = [
        one
        for one in project.json("flow", "frame.joblib")["edges"]
        if 23 in {statement["line"] for statement in one["through"]}
    ]
    assert (edge["source"]["call"], edge["columns"]["features"]) == ("pandas.read_csv", ["x", "z"])


def test_a_query_of_a_file_tells_its_columns_and_constants_come_of_none(project: Project) -> None:
    assert origins(project, "file.joblib") == {
        "both": {("raw.csv", "x"), ("raw.csv", "z")},
        "one": set(),
        "y": {("raw.csv", "y")},
    }


def test_a_table_that_a_query_made_is_a_step_on_the_way(project: Project) -> None:
    assert origins(project, "table.joblib") == {
        "first": {("raw.csv", "x")},
        "label": {("raw.csv", "y")},
    }


def test_a_column_of_a_database_can_be_asked_what_it_reaches(project: Project) -> None:
    answer = project.json("impact", "people.db:people.age")
    assert "years" in {one["name"] for one in answer["nodes"] if one["kind"] == "column"}
    assert "people.age" in project.ask("impact", "people.db:age").err
