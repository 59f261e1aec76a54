"""SQL reads the documented views, and can do nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.property.segments import segment_bytes
from whence._base.errors import UsageError
from whence._base.ids import format_id
from whence.model.event import (
    ActivityEnded,
    ActivityStarted,
    EntityRecorded,
    MetricsLogged,
    ParamsLogged,
    RelationRecorded,
    TagsSet,
)
from whence.model.relation import Relation
from whence.service.duckdb import duckdb_query
from whence.service.index import fold_segment
from whence.store.sqlite import SqliteStore
from whence.store.sqlite.querying import Limits, Table, query, views_named
from whence.store.sqlite.views import DEFINITIONS, VIEWS

RUN, STAGE, FRAME, ENVIRONMENT = (bytes([n]) * 16 for n in (1, 2, 3, 4))
DIGEST = b"d" * 32
EVENTS = [
    ActivityStarted(RUN, "run", "train", None, 1_000_000_000, 1, {}),
    ActivityStarted(STAGE, "stage", "training", RUN, 1_500_000_000, 1, {}),
    ActivityEnded(RUN, "finished", 3_000_000_000, 1, {}),
    ParamsLogged(RUN, {"lr": 0.5, "deep": [1, "a"], "flag": True, "big": 1 << 62, "no": None}, 2),
    MetricsLogged(STAGE, {"acc": 0.25}, 0, 2_000_000_000),
    MetricsLogged(STAGE, {"acc": 0.75}, 1, 2_000_000_001),
    EntityRecorded(
        FRAME, "frame", "table", 2, {"columns": ["a", 1], "dtypes": ["int64", "float64"]}, DIGEST, 9
    ),
    RelationRecorded(FRAME, Relation.WAS_GENERATED_BY, STAGE, 0, 2_000_000_000, "out"),
    EntityRecorded(ENVIRONMENT, "environment", "Python", 2, {"packages": {"numpy": "2.0"}}, None),
    RelationRecorded(RUN, Relation.USED, ENVIRONMENT, 0, 2, ""),
    TagsSet(RUN, {"team": "a"}, 2),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with one run."""
    place = tmp_path_factory.mktemp("store") / "index.sqlite"
    with SqliteStore(place) as store:
        fold_segment(store, segment_bytes(0, EVENTS))
    return place


def rows(place: Path, statement: str) -> list[tuple[object, ...]]:
    """The rows of both engines, which must be the same."""
    found = query(place, statement)
    assert duckdb_query(place, statement, Limits()) == found
    return found.rows


def test_each_view_has_the_columns_that_are_documented(place: Path) -> None:
    assert DEFINITIONS.keys() == VIEWS.keys()
    for view, columns in VIEWS.items():
        assert query(place, f"SELECT * FROM {view}").columns == [one.name for one in columns]


def test_the_views_say_what_was_recorded(place: Path) -> None:
    run, stage, frame = format_id(RUN), format_id(STAGE), format_id(FRAME)
    assert rows(
        place, "SELECT id, name, status, started_at, ended_at, duration_s, part_of FROM runs"
    ) == [
        (run, "train", "finished", "1970-01-01T00:00:01.000000Z", "1970-01-01T00:00:03.000000Z",
         2.0, None),
    ]  # fmt: skip
    assert rows(place, "SELECT * FROM entities WHERE kind = 'frame'") == [
        (frame, "frame", "table", format_id(DIGEST), 9, None, run)
    ]
    assert rows(place, f"SELECT * FROM edges WHERE source = '{frame}' AND role = 'out'") == [
        (frame, "wasGeneratedBy", stage, "out", "observed", "1970-01-01T00:00:02.000000Z",
         "frame", "stage"),
    ]  # fmt: skip
    assert rows(place, "SELECT * FROM params ORDER BY key") == [
        (run, run, "big", str(1 << 62), float(1 << 62), "int"),
        (run, run, "deep", '[1, "a"]', None, "list"),
        (run, run, "flag", "true", 1.0, "bool"),
        (run, run, "lr", "0.5", 0.5, "float"),
        (run, run, "no", None, None, "NoneType"),
    ]
    assert rows(place, "SELECT * FROM metrics") == [
        (run, stage, "acc", 2, 0.25, 0.75, 0.25, 0.75, 1)
    ]
    assert rows(place, "SELECT * FROM points ORDER BY step") == [
        (run, stage, "acc", 0, 0.25, "1970-01-01T00:00:02.000000Z"),
        (run, stage, "acc", 1, 0.75, "1970-01-01T00:00:02.000000Z"),
    ]
    assert rows(place, "SELECT * FROM columns ORDER BY position") == [
        (frame, 0, "a", "int64"),
        (frame, 1, "1", "float64"),
    ]
    assert rows(place, "SELECT * FROM packages") == [(run, format_id(ENVIRONMENT), "numpy", "2.0")]


def test_views_join_and_aggregate(place: Path) -> None:
    assert rows(
        place,
        "WITH best AS (SELECT run, max(last) AS acc FROM metrics GROUP BY run)"
        " SELECT r.name, b.acc, p.number FROM best b JOIN runs r ON r.id = b.run"
        " JOIN params p ON p.run = r.id AND p.key = 'lr'",
    ) == [("train", 0.75, 0.5)]


def test_only_what_a_statement_names_is_made() -> None:
    assert views_named("SELECT name FROM runs") == {("runs", "name")}
    assert {view for view, _ in views_named("SELECT count(*) FROM entities")} == {"entities"}
    assert views_named("WITH runs AS (SELECT 1 AS a) SELECT a FROM runs") == set()


HOSTILE = [
    "DELETE FROM runs",
    "INSERT INTO runs(id) VALUES('x')",
    "UPDATE runs SET name = ''",
    "DROP VIEW runs",
    "CREATE TABLE t(a)",
    "CREATE TEMP TABLE t(a)",
    "CREATE TEMP TRIGGER t INSTEAD OF INSERT ON runs BEGIN SELECT 1; END",
    "ATTACH DATABASE ':memory:' AS other",
    "ATTACH '/etc/passwd' AS other",
    "DETACH temp",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "SELECT * FROM pragma_table_info('node')",
    "SELECT * FROM pragma_database_list",
    "SELECT load_extension('/tmp/x.so')",
    "SELECT * FROM node",
    "SELECT * FROM main.node",
    "SELECT count(*) FROM main.facet",
    "SELECT * FROM made_run_of",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM temp.sqlite_temp_schema",
    "WITH runs AS (SELECT * FROM node) SELECT * FROM runs",
    "WITH x AS (SELECT 1) DELETE FROM runs",
    "VACUUM INTO '/tmp/stolen.sqlite'",
    "BEGIN",
    "COMMIT",
    "REINDEX",
    "ANALYZE",
    "SELECT 1; DROP VIEW runs",
    "SELECT 1; SELECT 2",
    "EXPLAIN SELECT 1",
    "SELECT writefile('/tmp/x', 'y')",
    "SELECT readfile('/etc/passwd')",
    "SELECT fts3_tokenizer('simple')",
    "SELEC",
    "",
    "SELECT '\x00' FROM nothing",
    "SELECT " + "(" * 5000,
]


def test_sqlite_refuses_all_but_reading_the_views(place: Path) -> None:
    before = place.read_bytes()
    passed = []
    for statement in HOSTILE:
        try:
            query(place, statement)
        except UsageError:
            continue
        passed.append(statement)
    assert passed == []
    assert place.read_bytes() == before


def test_duckdb_reaches_neither_files_nor_settings(place: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    local = [1, 2]  # what DuckDB would find by its name in Python
    assert local
    hostile = [
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM '{secret}'",
        f"SELECT * FROM read_text('{secret}')",
        f"SELECT * FROM glob('{tmp_path}/*')",
        "SELECT * FROM local",
        f"COPY runs TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "CREATE TABLE t(a INT)",
        "DELETE FROM runs",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_csv('http://127.0.0.1/x')",
        f"EXPORT DATABASE '{tmp_path}/out'",
        "CALL pragma_version()",
        "SELEC",
        "",
    ]
    passed = []
    for statement in hostile:
        try:
            duckdb_query(place, statement, Limits())
        except UsageError:
            continue
        passed.append(statement)
    assert passed == []
    assert [one.name for one in tmp_path.iterdir()] == ["secret.csv"]


ENDLESS = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"


@pytest.mark.parametrize("ask", [query, duckdb_query])
def test_an_endless_statement_ends_at_the_time_limit(place: Path, ask: object) -> None:
    with pytest.raises(UsageError, match=r"took longer than 0\.3 s"):
        ask(place, ENDLESS, Limits(timeout_s=0.3))  # type: ignore[operator]


@pytest.mark.parametrize("ask", [query, duckdb_query])
def test_an_answer_has_so_many_rows_and_no_more(place: Path, ask: object) -> None:
    statement = "SELECT key FROM params ORDER BY key"
    assert ask(place, statement, Limits(max_rows=5)) == Table(  # type: ignore[operator]
        ["key"], [("big",), ("deep",), ("flag",), ("lr",), ("no",)]
    )
    with pytest.raises(UsageError, match="more than 4 rows"):
        ask(place, statement, Limits(max_rows=4))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SELECT * FROM nope", "There is no view 'nope'; there are: runs, entities, edges"),
        ("SELECT nope FROM runs", "no such column: nope"),
        ("DELETE FROM runs", "may only read: SELECT from runs"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
        ("EXPLAIN SELECT 1", "EXPLAIN is not answered"),
        ("SELEC 1", 'near "SELEC": syntax error'),
    ],
)
def test_errors_say_what_is_wrong(place: Path, statement: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        query(place, statement)
