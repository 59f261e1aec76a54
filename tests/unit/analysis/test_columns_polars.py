"""A column is followed through expressions and calls of polars."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.support.columns import answers, flow_of, run_of

pl = pytest.importorskip("polars")

COLUMNS = {"one": ["k", "a", "b", "c"], "two": ["k", "a", "x", "y"], "three": ["key", "z"]}

PROGRAMS = {
    "select": """
        d = source("one").select("k", pl.col("a"), (pl.col("b") + pl.col("c")).alias("s"))
        sink(d)  #= k: one.k; a: one.a; s: one.b one.c; b:
        e = source("one").select(["a", "b"], n=pl.col("c") * 2, m="k")
        sink(e)  #= b: one.b; n: one.c; m: one.k; c:
        sink(source("one").select(pl.col("a", "b") * 2))  #= a: one.a; b: one.b; c:
        sink(source("one").select(pl.col.a, 1 - pl.col("b")))  #= a: one.a; b: one.b
    """,
    "with_columns": """
        d = source("one").with_columns(
            (pl.col("a") / pl.col("b")).alias("r"),
            pl.col("c").fill_null(0),
            n=pl.col("k").cast(pl.Float64).log(),
        ).with_columns(pl.col("r") + pl.col("n"))
        sink(d)  #= r: one.a one.b one.k; c: one.c; n: one.k; a: one.a
    """,
    "a choice": """
        d = source("one").with_columns(
            pl.when(pl.col("a") > 1).then(pl.col("b")).otherwise(pl.col("c")).alias("n"),
            m=pl.when(pl.col("a") > 1).then(1).when(pl.col("k") > 1).then(2).otherwise(0),
        )
        sink(d)  #= n: one.a one.b one.c; m: one.a one.k; b: one.b
        sink(d.select(pl.when(pl.col("a") > 1).then("b")))  #= b: one.a one.b
    """,
    "group_by and agg": """
        d = source("one")
        g = d.group_by("k").agg(
            pl.col("a").mean().alias("m"), pl.col("b").sum(), n=pl.len(), t=pl.col("c").max()
        )
        sink(g)  #= k: one.k; m: one.a; b: one.b; t: one.c; n: ; a:
        h = d.group_by(pl.col("k").alias("g"), "b").agg(pl.sum("a", "c"))
        sink(h)  #= g: one.k; b: one.b; a: one.a; c: one.c; k:
    """,
    "join": """
        one, two, three = source("one"), source("two"), source("three")
        d = one.join(two, on="k", how="left")
        sink(d)  #= k: one.k two.k; a: one.a; a_right: two.a; x: two.x
        e = one.join(two, on="k", suffix="_2")
        sink(e)  #= a: one.a; a_2: two.a; y: two.y
        f = one.join(three, left_on="k", right_on="key")
        sink(f)  #= k: one.k three.key; z: three.z; b: one.b
    """,
    "rename and drop": """
        d = source("one").rename({"a": "n"}).drop("b")
        sink(d)  #= n: one.a; a: ; b: ; c: one.c
        sink(source("one").drop("a", "b"))  #= a: ; b: ; k: one.k
        sink(source("one").drop(["a", "b"]))  #= a: ; c: one.c
    """,
    "pivot and unpivot": """
        d = source("one")
        p = d.pivot("b", index="k", values="a", aggregate_function="first")
        sink(p)  #= k: one.k; 2: one.a one.b
        u = d.unpivot(on=["a", "b"], index="k", variable_name="what", value_name="v")
        sink(u)  #= v: one.a one.b; k: one.k; what: ?; c:
        sink(d.unpivot(["a", "c"], index=["k"]))  #= value: one.a one.c
        sink(d.unpivot(index=["k"]))  #= value: one.a one.b one.c
    """,
    "all columns": """
        d = source("one")
        sink(d.select(pl.all()))  #= a: one.a; k: one.k
        sink(d.select(pl.all().exclude("a")))  #= b: one.b; a:
        sink(d.select(pl.exclude("k") * 2))  #= a: one.a; k:
        sink(d.with_columns(pl.exclude("k").name.suffix("_2")))  #= a_2: one.a; k_2: ; a: one.a
        sink(d.select(pl.col("^[ab]$").name.prefix("p_")))  #= p_a: one.a; p_c: ; a:
        sink(d.select("a", n="b").with_columns(pl.all().name.suffix("_s")))  #= n_s: one.b; c_s:
    """,
    "columns by their type": """
        d = source("one").with_columns(pl.col(pl.Int64).name.suffix("_i"))
        sink(d)  #= a_i: ?
    """,
    "lazy": """
        d = source("one").lazy().filter(pl.col("a") > 0).with_columns(n=pl.col("b") * 2)
        sink(d.sort("a").collect())  #= n: one.b; a: one.a
        sink(d.head(2).unique().collect().clone())  #= n: one.b; c: one.c
    """,
    "expressions in variables": """
        ratio = (pl.col("a") / pl.col("b")).alias("r")
        both = [ratio, pl.col("c").alias("d")]
        sink(source("one").with_columns(ratio))  #= r: one.a one.b
        sink(source("one").select(both))  #= r: one.a one.b; d: one.c; a:
        sink(source("one").select(*both, "k"))  #= d: one.c; k: one.k
        names = ["a", "b"]
        many = [(pl.col(n) * 2).alias(f"{n}_2") for n in names]
        sink(source("one").with_columns(many))  #= a_2: one.a; b_2: one.b; c: one.c
        sink(source("one").select(pl.col(names)))  #= a: one.a; c:
    """,
    "functions of several columns": """
        d = source("one").with_columns(
            pl.sum_horizontal("a", "b").alias("s"),
            pl.max_horizontal(pl.col("b"), "c").alias("m"),
            pl.concat_str([pl.col("k"), pl.col("a")], separator="-").alias("t"),
            pl.col("a").sum().over("k").alias("o"),
            pl.col("a").add(pl.col("c")).alias("p"),
            pl.lit(1).alias("l"),
        )
        sink(d)  #= s: one.a one.b; m: one.b one.c; t: one.k one.a; o: one.a; p: one.a one.c; l:
    """,
    "a series of another frame": """
        one, two = source("one"), source("two")
        sink(one.with_columns(two["x"], n=two["y"]))  #= x: two.x; n: two.y; a: one.a
    """,
    "functions of the user's": """
        def half(name):
            return (pl.col(name) / 2).alias(name + "_half")
        def features(d):
            return d.with_columns(half("a"), n=pl.col("b"))
        sink(features(source("one")))  #= n: one.b; a_half: one.a; c: one.c
        sink(source("one").pipe(features))  #= n: one.b; c: one.c
    """,
    "a struct": """
        d = source("one").select(pl.struct("a", "b").alias("s")).unnest("s")
        sink(d)  #= a: ?
    """,
    "concat and frames of columns": """
        one, two = source("one"), source("two")
        sink(pl.concat([one.select("a"), two.select("x")], how="horizontal"))  #= a: one.a; x: two.x
        sink(pl.DataFrame({"p": one["a"], "q": two["x"]}))  #= p: one.a; q: two.x
    """,
}


def _values() -> dict[str, object]:
    frames = COLUMNS.items()
    return {name: pl.DataFrame({one: [1, 2, 3] for one in names}) for name, names in frames}


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_column_is_made_of(title: str):
    run = run_of("import polars as pl\n" + dedent(PROGRAMS[title]), _values())
    assert run.sinks
    found, wishes = answers(run, COLUMNS)
    assert found == wishes


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        (
            "d = source('one').select(pl.col(pl.Int64))",
            "a",
            "which columns pl.col takes is made at run time, or goes by their type",
        ),
        (
            "d = source('one').select(pl.struct('a').alias('s')).unnest('s')",
            "a",
            "it may be a field of a struct, whose fields are not followed",
        ),
    ],
)
def test_what_can_not_be_decided_is_said_with_a_reason(text: str, column: str, reason: str):
    run = run_of(f"import polars as pl\n{text}\nsink(d)", _values())
    found = flow_of(run, COLUMNS).origins(run.sinks[0].anchor, 0, column)
    assert [one.reason for one in found.unknown] == [reason]
    assert found.origins == ()
