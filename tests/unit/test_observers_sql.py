"""What statements of SQL name, as far as their tokens tell."""

from __future__ import annotations

from typing import Any

import pytest

from whence.observers.tokens import Texts

duckdb = pytest.importorskip("duckdb", reason="its tokens are those of duckdb")


def named(query: str) -> list[dict[str, Any]]:
    from whence.observers.duckdb_tokens import tokens_of
    from whence.observers.sql import statements

    return [
        {
            key: value
            for key, value in {
                "tables": list(found.tables), "files": list(found.files),
                "written": list(found.written), "made": found.made, "unsure": found.is_unsure,
            }.items()
            if value
        }
        for found in statements(tokens_of(duckdb, query))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select 1", {}),
        ("select * from t", {"tables": ["t"]}),
        ('from "My ""T""" -- from x', {"tables": ['my "t"']}),
        ("select a from s.t as x, u y join v using (a), 'b.csv'",
         {"tables": ["s.t", "u", "v"], "files": ["b.csv"]}),
        ("select * from 'data/é.csv' where x in ('k') and y = 'from z'", {"files": ["data/é.csv"]}),
        ("select * from read_csv('a*.csv', delim=';') r join read_parquet(['b', 'c']) s on true",
         {"files": ["a*.csv", "b", "c"]}),
        ("select * from read_csv(?, header=true)", {"unsure": True}),
        ("with t(a) as (select * from 'a.csv'), u as materialized (from t) select * from u, w",
         {"tables": ["w"], "files": ["a.csv"]}),
        ("select * from (select * from t where a > (select max(b) from u)) x",
         {"tables": ["t", "u"]}),
        ("select * from t where a in (from u) and exists (select 1 from v, w)",
         {"tables": ["t", "u", "v", "w"]}),
        ("select * from ((t join u on t.a = u.a))", {"tables": ["t", "u"]}),
        ("select extract(year from d), trim(both from e), a is distinct from b from t",
         {"tables": ["t"]}),
        ("select * from range(3), unnest([1, 2]), t", {"tables": ["t"]}),
        ("select a from t union all select a from u order by a, b", {"tables": ["t", "u"]}),
        ("create or replace table if not exists t as select * from 'a.csv'",
         {"made": "t", "files": ["a.csv"]}),
        ("insert into s.t select * from u", {"made": "s.t", "tables": ["u"]}),
        ("insert into t values (1, 'x')", {"made": "t"}),
        ("copy (select * from t) to 'out.parquet' (format parquet)",
         {"tables": ["t"], "written": ["out.parquet"]}),
        ("copy t to 'out.csv'", {"tables": ["t"], "written": ["out.csv"]}),
        ("select 'unterminated", {}),
        ("))) from from ,", {}),
        ("", None),
    ],
)  # fmt: skip
def test_a_statement_names(query: str, expected: dict[str, Any] | None) -> None:
    assert named(query) == ([] if expected is None else [expected])


def test_each_statement_is_told_by_itself() -> None:
    assert named("create table t as from 'a.csv'; select * from t;") == [
        {"made": "t", "files": ["a.csv"]},
        {"tables": ["t"]},
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select a.x from [My T] a, `u` -- from v\nwhere n = 'from w'", ["my t", "u"]),
        ('with c as (select 1 from t) select * from c, "Q ""q"""', ["t", 'q "q"']),
        ("select /* from x */ extract(year from d) from $$a$$, t", ["t"]),
        ("select 'unended from t", []),
    ],
)
def test_a_text_is_parted_also_without_a_database(query: str, expected: list[str]) -> None:
    (found,) = Texts().named(query)
    assert list(found.tables) == expected


@pytest.mark.parametrize(
    ("query", "made"),
    [
        ("insert or replace into main.people (a) values (?)", "main.people"),
        ("REPLACE INTO z VALUES (1)", "z"),
        ("update only people set a = (select max(b) from u)", "people"),
        ("create temp table if not exists x as select * from y", "x"),
        ("merge into t using u on t.a = u.a when matched then update set b = 1", "t"),
        ("delete from t", ""),
        ("select a into_it from t", ""),
    ],
)
def test_a_statement_makes_a_table(query: str, made: str) -> None:
    (found,) = Texts().named(query)
    assert found.made == made


def test_a_text_is_read_up_to_a_bound_and_says_so() -> None:
    (found,) = Texts().named("select * from t where a in (" + "1, " * 40_000 + "1)")
    assert (list(found.tables), found.is_unsure) == (["t"], True)
