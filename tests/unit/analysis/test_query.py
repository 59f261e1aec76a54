"""Of which columns of tables each column of a query's result is made."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("sqlglot", reason="reads queries")

from whence.analysis.query import columns_of

KNOWN = {"t": ["a", "b", "k"], "u": ["c", "d", "k"]}


def told(query: str, dialect: str = "duckdb", **more: Any) -> dict[str, str | None]:
    """The origins of each column as one text."""
    return {
        name: None if origins is None else " ".join(f"{table}.{one}" for table, one in origins)
        for name, origins in columns_of(query, dialect, **more).columns.items()
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select a, b as c, a + b as d, 1 as e from t",
         {"a": "t.a", "c": "t.b", "d": "t.a t.b", "e": ""}),
        ("select x.a, y.b from t x join 'u.csv' as y on x.k = y.k", {"a": "t.a", "b": "u.csv.b"}),
        ("select r.A, k from read_csv('data/a.csv', header = true) r join u using (k)",
         {"A": "data/a.csv.A", "k": "data/a.csv.k u.k"}),
        ("with c as (select a as n, b * 2 as m from t), d as (select m from c) select m from d",
         {"m": "t.b"}),
        ("select n + 1 as n from (select a as n from t) as q", {"n": "t.a"}),
        ("select a as x from t union all select c as y from u", {"x": "t.a u.c"}),
        ("with r(n, m) as (select a, b from t) select m, n from r", {"m": "t.b", "n": "t.a"}),
        ("with recursive r(n) as (select a from t union all select n + 1 from r) select n from r",
         {"n": "t.a"}),
        ("select (select max(c) from u where u.k = t.k) as m, count(*) as n from t",
         {"m": "u.c", "n": ""}),
        ("select sum(a) over (partition by b order by k) as s from t", {"s": "t.a t.b t.k"}),
        ("select case when a > 1 then b end as c from t where k = 2", {"c": "t.a t.b"}),
        ("select a * 2 as x, x + 1 as y from t", {"x": "t.a", "y": "t.a"}),
        ("select v.p from (values (1, 2)) as v(p, q)", {"p": ""}),
        ("select t.a, l.c from t, lateral (select c from u where u.k = t.k) l",
         {"a": "t.a", "c": "u.c"}),
        ("create table z as select a from t", {"a": "t.a"}),
        ("set threads = 1; select a from t", {"a": "t.a"}),
        ("select a, b from t join u using (k)", {"a": None, "b": None}),
        ("select columns('a.*') from t", {"COLUMNS('a.*')": None}),
        ("select p from t pivot (sum(a) for b in (1, 2))", {"p": None}),
        ("select x.a from t", {"a": None}),
    ],
)  # fmt: skip
def test_a_column_is_made_of(query: str, expected: dict[str, str | None]) -> None:
    assert told(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select * from t join u using (k)",
         {"a": "t.a", "b": "t.b", "k": "t.k u.k", "c": "u.c", "d": "u.d"}),
        ("select B, c from T, u where t.k = u.k", {"B": "t.b", "c": "u.c"}),
        ("select u.*, a from t, u", {"c": "u.c", "d": "u.d", "k": "u.k", "a": "t.a"}),
        ("select * exclude (a) replace (a + b as b) rename (k as key) from t",
         {"b": "t.a t.b", "key": "t.k"}),
        ("select e from t", {"e": None}),
    ],
)  # fmt: skip
def test_columns_that_are_known_decide(query: str, expected: dict[str, str | None]) -> None:
    assert told(query, schema=KNOWN) == expected


def test_the_columns_that_were_seen_decide_where_a_star_stands_for_them() -> None:
    assert told("select * from t") == {}
    assert told("select * from t", names=["p", "Q"]) == {"p": "t.p", "Q": "t.Q"}
    assert told("select q.* from (select *, 1 as one from t) q", names=["p", "one"]) == {
        "p": "t.p", "one": "",
    }  # fmt: skip
    assert told("select * from t join u on true", names=["p"]) == {"p": None}


def test_a_column_without_a_name_is_known_by_its_place() -> None:
    names = ["count_star()", "sum(a)"]
    assert told("select count(*), sum(a) from t", names=names) == {
        "count_star()": "", "sum(a)": "t.a",
    }  # fmt: skip


def test_names_are_quoted_as_the_dialect_has_it() -> None:
    assert told('select "My Col", `x` from [My Table]', "sqlite") == {
        "My Col": "my table.My Col", "x": "my table.x",
    }  # fmt: skip
    assert told("select a from self where b > 1", "polars") == {"a": "self.a"}
    assert told("select a from t", "a dialect of nobody") == {"a": "t.a"}


def test_what_is_read_but_is_not_in_the_result_is_used() -> None:
    found = columns_of("select a from t join u using (k) where u.d > 1 order by b", schema=KNOWN)
    assert found.tables == ("t", "u")
    assert [f"{table}.{one}" for table, one in found.used] == ["t.a", "u.d", "t.b", "t.k", "u.k"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("selec a frm t", "the query can't be parsed"),
        ("", "there is no query"),
        ("drop table t", "there is no query"),
        ("select " + "(" * 4000 + "a" + ")" * 4000 + " from t", "can't be parsed"),
        ("select 'unended from t", "can't be parsed"),
    ],
)
def test_what_can_t_be_read_says_so(query: str, reason: str) -> None:
    found = columns_of(query, "duckdb")
    assert (found.columns, found.tables) == ({}, ())
    (told,) = found.unknown
    assert reason in told


def test_without_sqlglot_the_answer_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['sqlglot'] = None\n"
        "from whence.analysis.query import columns_of\n"
        "print(columns_of('select a from t').unknown)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "pip install 'whence[sql]'" in done.stdout


@pytest.mark.parametrize(
    "query",
    [
        "select a + b as x, c from t join u using (k)",
        "select k, sum(a) as s from t group by k order by k",
        "select t.*, (select sum(d) from u where u.k = t.k) as e from t order by a",
        "with q as (select a * 2 as x, k from t) select q.x, u.c as y from q join u using (k)",
        "select a as x, b as y from t union all select c, d from u order by 1, 2",
        "select a, max(b) over (partition by k) as m from t order by a",
    ],
)
def test_a_result_changes_only_with_the_columns_that_it_is_said_to_read(query: str) -> None:
    """The truth is asked of the database: each column of each table is changed in turn.

    The key of the joins decides which rows there are.
    """
    duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
    found = columns_of(query, "duckdb", KNOWN)
    plain = results(duckdb, query, "")
    assert list(plain) == list(found.columns)
    for table, columns in KNOWN.items():
        for column in columns:
            after = results(duckdb, query, f"{table}.{column}")
            for name, origins in found.columns.items():
                if after[name] != plain[name]:
                    assert (table, column) in found.used
                    assert (table, column) in (origins or ()) or column == "k"


def results(duckdb: Any, query: str, changed: str) -> dict[str, list[Any]]:
    with duckdb.connect() as connection:
        for table, columns in KNOWN.items():
            values = ", ".join(
                f"i * {3 + at} + {1000 if f'{table}.{one}' == changed else 0} as {one}"
                if one != "k" else f"i % 3 + {1 if changed == f'{table}.k' else 0} as k"
                for at, one in enumerate(columns)
            )  # fmt: skip
            connection.execute(f"create table {table} as select {values} from range(6) r(i)")
        done = connection.execute(query)
        names = [one[0] for one in done.description]
        columns = (sorted(column, key=repr) for column in zip(*done.fetchall(), strict=True))
        return dict(zip(names, columns, strict=True))
