"""A column is followed back to the columns of the sources that it is made of.

A program says on a sink's line what its columns are made of: ``#= a: one.x two.y; b: one.z``.
"""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.support.anchors import Run
from whence.analysis.columns import ColumnFlow, ColumnSlice
from whence.analysis.site import Anchor

pd = pytest.importorskip("pandas")
pytestmark = pytest.mark.filterwarnings("ignore:The 'lsuffix'")

COLUMNS = {"one": ["k", "a", "b", "c"], "two": ["k", "a", "x", "y"], "three": ["key", "z"]}

PROGRAMS = {
    "columns that are only passed on": """
        d = source("one")
        d = d[d["a"] > 0].dropna().reset_index(drop=True)
        d = d.sort_values("a").copy()
        sink(d)  #= a: one.a; b: one.b
    """,
    "a column that is computed": """
        d = source("one")
        d["new"] = d["a"] + d["b"] * 2
        d["again"] = d["new"].fillna(0) - d.c
        sink(d)  #= new: one.a one.b; again: one.a one.b one.c; a: one.a
    """,
    "a column that is overwritten": """
        d = source("one")
        d["a"] = d["b"]
        sink(d)  #= a: one.b; b: one.b
    """,
    "an attribute is a column": """
        d = source("one")
        d["new"] = d.a.abs()
        sink(d)  #= new: one.a
    """,
    "a selection": """
        d = source("one")
        X = d[["a", "b"]]
        y = d["c"]
        sink(X)  #= a: one.a; b: one.b
    """,
    "a selection by loc": """
        d = source("one")
        X = d.loc[:, ["a", "b"]]
        X.loc[:, "n"] = d.loc[d["a"] > 0, "c"]
        sink(X)  #= a: one.a; n: one.c
    """,
    "assign with values and lambdas": """
        d = source("one").assign(n=1, m=lambda f: f["a"] + f.b)
        e = d.assign(o=lambda f: f["m"], p=d["c"])
        sink(e)  #= m: one.a one.b; o: one.a one.b; p: one.c; k: one.k
    """,
    "rename": """
        d = source("one").rename(columns={"a": "first", "b": "a"})
        sink(d)  #= first: one.a; a: one.b; c: one.c
    """,
    "drop": """
        d = source("one").drop(columns=["a"]).drop("b", axis=1)
        sink(d)  #= c: one.c; a: ; b:
    """,
    "merge with keys and suffixes": """
        one, two = source("one"), source("two")
        d = one.merge(two, on="k", how="left")
        sink(d)  #= k: one.k two.k; a_x: one.a; a_y: two.a; b: one.b; x: two.x
        e = pd.merge(one, two, on="k", suffixes=("_l", "_r"))
        sink(e)  #= a_l: one.a; a_r: two.a; y: two.y
    """,
    "merge with keys of other names": """
        one, three = source("one"), source("three")
        d = one.merge(three, left_on="k", right_on="key")
        sink(d)  #= k: one.k three.key; z: three.z; b: one.b
    """,
    "join": """
        one, two = source("one"), source("two")
        d = one.join(two.set_index("k"), on="k", lsuffix="_1", rsuffix="_2")
        sink(d)  #= a_1: one.a; a_2: two.a; x: two.x
    """,
    "groupby and agg": """
        d = source("one")
        g = d.groupby("k").agg(total=("a", "sum"), b=("b", "mean")).reset_index()
        h = d.groupby("k")["c"].mean().reset_index()
        i = d.groupby("k").agg({"a": "sum"})
        sink(g)  #= total: one.a; b: one.b; k: one.k
        sink(h)  #= c: one.c
        sink(i)  #= a: one.a
    """,
    "transform of a group": """
        d = source("one")
        d["m"] = d.groupby("k")["a"].transform("mean")
        sink(d)  #= m: one.a
    """,
    "get_dummies": """
        d = pd.get_dummies(source("one").assign(a="red"), columns=["a"])
        e = pd.get_dummies(source("one")[["a", "k"]].astype(str), columns=["a"])
        sink(e)  #= a_1: one.a; k: one.k
    """,
    "concat": """
        one, two = source("one"), source("two")
        d = pd.concat([one, two])
        sink(d)  #= a: one.a two.a; b: one.b; x: two.x
    """,
    "a frame of parts": """
        one, two = source("one"), source("two")
        d = pd.DataFrame({"p": one["a"], "q": two["x"] + one["b"]})
        sink(d)  #= p: one.a; q: one.b two.x
    """,
    "apply by row": """
        d = source("one")
        d["n"] = d.apply(lambda r: r["a"] + r["b"], axis=1)
        d["m"] = d["c"].map(lambda v: v + 1)
        sink(d)  #= m: one.c
    """,
    "functions of the user's": """
        def features(d, name):
            d = d.copy()
            d["f"] = ratio(d["a"], d["b"])
            d["g"] = d[name]
            return d
        def ratio(p, q):
            return p / q
        d = features(source("one"), "c")
        sink(d)  #= f: one.a one.b; c: one.c
    """,
    "a loop over columns": """
        d = source("one")
        for name in ["a", "b"]:
            d[name] = d[name].fillna(0)
        sink(d)  #= c: one.c
    """,
    "a split": """
        def train_test_split(*frames):
            return [part for frame in frames for part in (frame[:2], frame[2:])]
        d = source("one")
        X, y = d.drop(columns=["c"]), d["c"]
        X_train, X_test, y_train, y_test = train_test_split(X, y)
        sink(X_train)  #= a: one.a; b: one.b
    """,
    "insert and pop": """
        d = source("one")
        d.insert(0, "n", d["a"] * 2)
        y = d.pop("c")
        d["y"] = y
        sink(d)  #= n: one.a; y: one.c
    """,
    "a column through a table that is aggregated and merged": """
        one = source("one")
        means = one.groupby("k")["a"].mean().reset_index().rename(columns={"a": "mean_a"})
        d = one.merge(means, on="k", how="left")
        d["diff"] = d["a"] - d["mean_a"]
        sink(d)  #= mean_a: one.a; diff: one.a; b: one.b
    """,
    "an object's frame": """
        class Data:
            def __init__(self, d):
                self.d = d
            def clean(self):
                self.d["n"] = self.d["a"].fillna(0)
                return self
        sink(Data(source("one")).clean().d)  #= n: one.a; b: one.b
    """,
}


def _frame(names: list[str]):
    return pd.DataFrame({name: [1, 2, 3] for name in names})


def _run(title: str) -> Run:
    values = {name: _frame(columns) for name, columns in COLUMNS.items()}
    return Run("import pandas as pd\n" + dedent(PROGRAMS[title]), values=values)


def _flow(run: Run) -> ColumnFlow:
    known = {source.id: COLUMNS[run.name_of(source)] for source in run.sources}
    return ColumnFlow(run.program(), known)


def _told(run: Run, found: ColumnSlice) -> set[str]:
    return {f"{run.name_of(one.source)}.{one.column}" for one in found.origins}


def _wanted(run: Run, anchor: Anchor) -> dict[str, set[str]]:
    line = run.files["main"].splitlines()[anchor.stack[0].line - 1]
    parts = [part.partition(":") for part in line.partition("#=")[2].split(";")]
    return {name.strip(): set(origins.split()) for name, _, origins in parts}


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_column_is_made_of(title: str):
    run = _run(title)
    flow = _flow(run)
    assert run.sinks
    for sunk in run.sinks:
        wanted = _wanted(run, sunk.anchor)
        found = {name: _told(run, flow.origins(sunk.anchor, 0, name)) for name in wanted}
        assert found == wanted


def test_a_column_that_cannot_be_told_is_unknown():
    run = Run(
        "d = source('one').pipe(lambda f: f)\nd.columns = ['p', 'q', 'r', 's']\nsink(d)",
        values={"one": _frame(COLUMNS["one"])},
    )
    found = _flow(run).origins(run.sinks[0].anchor, 0, "nothing")
    assert found.origins == ()
    assert [one.reason for one in found.unknown] == [
        "no source has a column that nothing can be told to come from"
    ]


def test_the_way_of_a_column_is_told():
    run = Run(
        "d = source('one')\nd['n'] = d['a']\ne = d['b']\nsink(d)",
        values={"one": _frame(COLUMNS["one"])},
    )
    (origin,) = _flow(run).origins(run.sinks[0].anchor, 0, "n").origins
    assert [site.line for site in origin.through] == [4, 2, 1]
