"""A column is followed through calls of pandas that name, reshape and compute columns."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.support.columns import answers, flow_of, run_of

pd = pytest.importorskip("pandas")

COLUMNS = {"one": ["k", "a", "b", "c"], "two": ["k", "a", "x", "y"], "three": ["key", "z"]}

PROGRAMS = {
    "names that stand in variables": """
        d = source("one")
        keep, extra = ["a", "b"], ["k"]
        X = d[keep + extra]
        sink(X)  #= a: one.a; k: one.k; c:
        drop = [n for n in d.columns if n not in ("a", "k")]
        sink(d.drop(columns=drop))  #= a: one.a; b:
        sink(d.rename(columns={n: f"{n}_1" for n in keep}))  #= a_1: one.a; c: one.c; b:
        e = d[[n for n in d.columns if n != "c"]]
        sink(e.sum(axis=1).to_frame("s"))  #= s: one.k one.a one.b
    """,
    "names that a function is given": """
        def pick(d, names):
            return d[names]
        sink(pick(source("one"), ["a", "b"]))  #= a: one.a; c:
    """,
    "a selection of which all is used": """
        d = source("one")
        names = ["a", "b"]
        d["s"] = d[names].mean(axis=1)
        sink(d)  #= s: one.a one.b
    """,
    "melt": """
        d = source("one")
        m = d.melt(id_vars=["k"], value_vars=["a", "b"])
        sink(m)  #= k: one.k; value: one.a one.b; variable: ?; c:
        n = pd.melt(d, id_vars="k", var_name="what", value_name="v")
        sink(n)  #= v: one.a one.b one.c; k: one.k; what: ?
    """,
    "pivot": """
        d = source("one")
        p = d.pivot_table(index="k", columns="b", values="a").reset_index()
        sink(p)  #= k: one.k; 2: one.a one.b
        q = d.pivot(index="k", columns="b")
        sink(q)  #= anything: one.a one.b one.c
        sink(pd.crosstab(d["a"], d["b"]))  #= 1: one.a one.b
    """,
    "stack and unstack": """
        d = source("one")
        u = d.groupby(["k", "b"])["a"].mean().unstack()
        sink(u)  #= 2: one.a
        sink(d.stack().to_frame("v"))  #= v: ?
    """,
    "concat of columns": """
        one, two = source("one"), source("two")
        d = pd.concat([one[["b"]], two["x"], two["y"].rename("n")], axis=1)
        sink(d)  #= b: one.b; x: two.x; n: two.y
        e = pd.concat([one["a"], two["a"]], axis=1, keys=["p", "q"])
        sink(e)  #= p: one.a; q: two.a
        frames = [one, two]
        sink(pd.concat(frames))  #= a: one.a two.a; b: one.b
        sink(pd.concat([f for f in frames]))  #= x: two.x
    """,
    "explode, clip, where and fillna": """
        one, two = source("one"), source("two")
        sink(one.explode("a").clip(0, 2))  #= a: one.a
        sink(one.where(one["b"] > 1, two))  #= a: one.a two.a; b: one.b
        sink(one.fillna(one.mean()).ffill())  #= a: one.a
        sink(one.fillna({"a": one["b"].mean()}))  #= a: one.a one.b; c: one.c
        one["w"] = one["a"].where(one["b"] > 1, one["c"])
        sink(one)  #= w: one.a one.b one.c
    """,
    "eval and query": """
        d = source("one")
        rate = source("two")["x"]
        e = d.eval("n = a + b * 2").query("n > c")
        sink(e)  #= n: one.a one.b; c: one.c
        d["m"] = d.eval("a * c")
        sink(d)  #= m: one.a one.c
        sink(d.eval("p = a * @rate"))  #= p: one.a two.x
    """,
    "apply by row": """
        d = source("one")
        d["n"] = d.apply(lambda r: r["a"] + r["b"], axis=1)
        d["o"] = d.apply(lambda row: row.c * row.a, axis=1)
        def ratio(row):
            return row["b"] / row["k"]
        d["p"] = d.apply(ratio, axis=1)
        sink(d)  #= n: one.a one.b; o: one.a one.c; p: one.b one.k
        sink(d.apply(lambda r: pd.Series({"u": r["a"]}), axis=1))  #= u: one.a
        sink(d[["a", "b"]].apply(lambda c: c / c.max()))  #= a: one.a
    """,
    "groups": """
        d = source("one")
        d["s"] = d.groupby("k")["a"].cumsum()
        d["l"] = d.groupby("k")["b"].shift(1) - d.groupby("k").c.transform(lambda v: v.mean())
        sink(d)  #= s: one.a; l: one.b one.c
        sink(d.groupby("k")["c"].agg(low="min").reset_index())  #= low: one.c; k: one.k
    """,
    "bins, texts and times": """
        d = source("one")
        d["bin"] = pd.cut(d["a"], [0, 1, 5], labels=False)
        d["part"] = pd.qcut(d.b, 2, labels=False, duplicates="drop")
        d["text"] = d["c"].astype(str).str.upper().str.len()
        d["year"] = pd.to_datetime(d["k"]).dt.year
        sink(d)  #= bin: one.a; part: one.b; text: one.c; year: one.k
    """,
    "other names for all columns": """
        d = source("one")
        d.columns = ["p", "q", "r", "s"]
        d["t"] = d["q"] + d.s
        sink(d)  #= p: one.k; q: one.a; t: one.a one.c; a:
        e = source("two").set_axis(["p", "q", "r", "s"], axis=1)
        sink(e)  #= r: two.x
        f = source("two")
        f.columns = f.columns.str.upper()
        sink(f)  #= X: two.x
        g = source("two")
        g.columns = [c.upper() + "_1" for c in g.columns]
        sink(g)  #= X_1: two.x
        sink(source("one").rename(columns=str.upper))  #= A: one.a
        sink(source("one").rename(columns=lambda c: f"{c}_x"))  #= a_x: one.a; k_x: one.k; a:
    """,
    "names after other changes": """
        d = source("one").drop(columns=["k"])
        d["n"] = d["a"] * 2
        d.insert(0, "first", d["c"])
        d.columns = ["f", "x", "y", "z", "m"]
        sink(d)  #= f: one.c; x: one.a; m: one.a; z: one.c
    """,
    "names after frames were merged": """
        d = source("one").merge(source("two"), on="k")
        d.columns = [c.upper() for c in d.columns]
        sink(d)  #= A_X: one.a; A_Y: two.a; K: one.k two.k; X: two.x; C: one.c
        e = source("one").merge(source("three"), left_on="k", right_on="key", indicator=True)
        e.columns = ["k", "a", "b", "c", "other", "last", "side"]
        sink(e)  #= other: three.key one.k; last: three.z; c: one.c
    """,
    "names in one branch": """
        d = source("one")
        if len(d) > 2:
            d.columns = ["p", "q", "r", "s"]
        sink(d)  #= p: one.k; s: one.c
    """,
    "names for a frame whose columns nobody knows": """
        d = source("one").groupby("k").describe()
        d = d.iloc[:, :2]
        d.columns = ["p", "q"]
        sink(d)  #= p: ?
    """,
    "prefixes and suffixes": """
        d = source("one").add_prefix("p_")
        sink(d)  #= p_a: one.a; a:
        sink(source("one")[["a"]].add_suffix("_s"))  #= a_s: one.a; b_s:
    """,
    "columns by position": """
        d = source("one")
        d["n"] = d.iloc[:, 1] * 2
        y = d.iloc[:, -1]
        sink(d.iloc[:, :-1])  #= k: one.k; b: one.b
        sink(y.to_frame("y"))  #= y: one.a
        d["t"] = d.iloc[:, 2:4].sum(axis=1)
        sink(d)  #= t: one.b one.c
        sink(d.iloc[:, [0, 1]])  #= k: one.k; c:
    """,
    "a position of a frame whose columns nobody knows": """
        d = source("one").describe(include="all").T
        d["n"] = d.iloc[:, 0]
        sink(d)  #= n: ?
    """,
    "filter and select_dtypes": """
        d = source("one")
        sink(d.filter(items=["a"]))  #= a: one.a; b:
        sink(d.filter(like="b"))  #= b: one.b; a:
        sink(d.filter(regex="^[ab]$"))  #= a: one.a; c:
        sink(d.select_dtypes("number"))  #= a: one.a
    """,
    "a frame of arrays": """
        import numpy as np
        d = source("one")
        both = np.c_[d.a, d["b"] + d["c"]]
        sink(pd.DataFrame(both, columns=["p", "q"]))  #= p: one.a; q: one.b one.c
        stack = np.column_stack([d["c"], d["a"]])
        sink(pd.DataFrame(stack, columns=["p", "q"]))  #= p: one.c; q: one.a
        sink(pd.DataFrame(d[["a", "b"]].values, columns=["p", "q"]))  #= p: one.a; q: one.b
        sink(pd.DataFrame(d.to_numpy(), columns=d.columns))  #= a: one.a
    """,
    "a frame that is scaled": """
        from sklearn.preprocessing import StandardScaler
        d = source("one")
        scaled = StandardScaler().fit_transform(d[["a", "c"]])
        sink(pd.DataFrame(scaled, columns=["p", "q"]))  #= p: one.a; q: one.c
        part = d[["a", "b"]]
        sink(pd.DataFrame(StandardScaler().fit_transform(part), columns=part.columns))  #= b: one.b
    """,
    "in place": """
        d = source("one")
        d.rename(columns={"a": "n"}, inplace=True)
        d.drop(["b"], axis=1, inplace=True)
        d.fillna(0, inplace=True)
        sink(d)  #= n: one.a; a: ; b: ; c: one.c
    """,
    "assign with a dictionary": """
        d = source("one")
        sink(d.assign(**{"n": d["a"], "m": lambda f: f["b"]}))  #= n: one.a; m: one.b; c: one.c
    """,
    "indicator columns": """
        d = source("one")[["a", "b", "k"]].astype(str)
        cats = ["a"]
        sink(pd.get_dummies(d, columns=cats))  #= a_1: one.a; b: one.b; a:
        sink(pd.get_dummies(d, columns=["a", "b"], prefix=["p", "q"]))  #= p_1: one.a; q_2: one.b
        sink(pd.get_dummies(d, columns=["a"], prefix={"a": "x"}, prefix_sep="="))  #= x=1: one.a
        sink(pd.get_dummies(d["a"], prefix="z"))  #= z_1: one.a
    """,
}


def _frame(names: list[str]):
    return pd.DataFrame({name: [1, 2, 3] for name in names})


def _values() -> dict[str, object]:
    return {name: _frame(columns) for name, columns in COLUMNS.items()}


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_column_is_made_of(title: str):
    run = run_of("import pandas as pd\n" + dedent(PROGRAMS[title]), _values())
    assert run.sinks
    found, wishes = answers(run, COLUMNS)
    assert found == wishes


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("d = source('one').melt()", "variable", "its values are the names of columns"),
        (
            "d = source('one').stack().to_frame('v')",
            "v",
            "stack puts the columns of the frame into one: it may come from any of them",
        ),
        (
            "d = source('one').describe().T\nd.columns = list('abcdefgh')",
            "b",
            "the columns of the frame before are not known",
        ),
    ],
)
def test_what_can_not_be_decided_is_said_with_a_reason(text: str, column: str, reason: str):
    run = run_of(f"{text}\nsink(d)", _values())
    found = flow_of(run, COLUMNS).origins(run.sinks[0].anchor, 0, column)
    assert [one.reason for one in found.unknown] == [reason]
    assert found.origins == ()
