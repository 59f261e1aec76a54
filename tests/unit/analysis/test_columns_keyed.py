"""Columns whose names the code makes: in loops, by class attributes, under masks and by place."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.support.columns import answers, run_of

pd = pytest.importorskip("pandas")
pytest.importorskip("sklearn")

IMPORTS = """
import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
"""

COLUMNS = {"one": ["k", "a", "b", "c"], "two": ["k", "a", "x", "y"]}

PROGRAMS = {
    "each turn of a loop writes one column": """
        d = source("one")
        for name in ["a", "b"]:
            d["log " + name] = np.log1p(d[name])
        d["sum"] = d["log a"] + d["c"]
        sink(d)  #= log a: one.a; log b: one.b; sum: one.a one.c; a: one.a; c: one.c
    """,
    "a loop that mends columns leaves the others": """
        d = source("one")
        d["ratio"] = d["a"] / d["b"]
        for name in ("a", "c"):
            d[name] = d[name].fillna(0)
        sink(d)  #= a: one.a; b: one.b; c: one.c; ratio: one.a one.b
    """,
    "loops over pairs, dictionaries and numbers": """
        d = source("one")
        for new, old in [("n", "a"), ("m", "b")]:
            d[new] = d[old]
        for new, old in {"p": "a", "q": "c"}.items():
            d[new] = d[old] * 2
        for number, name in enumerate(["a", "b"]):
            d[f"{name}_{number}"] = d[name]
        for lag in (1, 7):
            d[f"lag{lag}"] = d["c"].shift(lag)
        sink(d)  #= n: one.a; m: one.b; p: one.a; q: one.c; a_0: one.a; b_1: one.b; lag7: one.c
    """,
    "a loop in a loop": """
        d = source("one")
        for name in ("a", "b"):
            for lag in (1, 2):
                d[f"{name}_{lag}"] = d[name].shift(lag)
        sink(d)  #= a_1: one.a; a_2: one.a; b_1: one.b
    """,
    "names that a class keeps": """
        class Table:
            LAGGED = ("a", "b")
            def __init__(self):
                self.d = source("one")
                self.kept = ["a_lag", "c"]
            def lag(self):
                for name in self.LAGGED:
                    self.d[f"{name}_lag"] = self.d[name].shift(1)
            def fit(self):
                sink(self.d[self.kept])  #= a_lag: one.a; c: one.c; b:
        table = Table()
        table.lag()
        table.fit()
    """,
    "names made at run time keep what a column is": """
        d = source("one")
        d["r"] = d["a"] / d["b"]
        e = d[[name for name in d.select_dtypes("number").columns if d[name].nunique() > 1]]
        sink(e)  #= r: one.a one.b; c: one.c
        sink(d[d["a"] > 1])  #= r: one.a one.b; c: one.c
        sink(d.iloc[[1, 2]].copy())  #= r: one.a one.b; c: one.c
        sink(d.loc[d["a"] > 1, "a":"b"])  #= a: one.a; b: one.b
    """,
    "several columns at once, by their place": """
        d = source("one")
        d[["m", "n"]] = StandardScaler().fit_transform(d[["a", "b"]])
        names = ["a", "c"]
        d[names] = StandardScaler().fit_transform(d[names])
        sink(d)  #= m: one.a; n: one.b; a: one.a; c: one.c
    """,
    "what decides which rows get a value": """
        d = source("one")
        d["flag"] = 0
        d.loc[d["a"] == 1, "flag"] = 1
        sink(d)  #= flag: one.a; b: one.b
    """,
    "a series by its own name": """
        d = source("one")
        d["y"] = d["a"].eq("Y").astype("int8")
        sink(d["y"])  #= y: one.a
        sink(d.y)  #= y: one.a
    """,
    "parts of a split": """
        d = source("one")
        d["y"] = d["c"] > 1
        X, y = d[["a", "b"]], d["y"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=2)
        sink(X_train)  #= a: one.a; b: one.b; c:
        sink(y_test.to_frame("y"))  #= y: one.c
    """,
    "counts of groups, functions of a group": """
        d = source("one")
        d["nth"] = d.groupby("k").cumcount()
        g = d.groupby("k", as_index=False)["a"].agg(["mean", "std"]).rename(columns={"mean": "m"})
        sink(d)  #= nth: one.k; a: one.a
        sink(g)  #= m: one.a; std: one.a
    """,
    "frames that functions only ask": """
        def show(d):
            print(d.head())
            return d
        d = source("one")
        show(d)
        e = d.rename(columns=lambda name: name.upper()).pipe(show)
        sink(e)  #= A: one.a; a:
    """,
    "several frames joined at once": """
        one, two = source("one").set_index("k"), source("two").set_index("k")
        sink(two[["x"]].join([one, two[["y"]]]))  #= x: two.x; b: one.b; y: two.y
    """,
    "new columns of a transformer": """
        d = source("one")
        p = pd.DataFrame(PCA(1).fit_transform(d[["a", "b"]]), columns=["p"])
        sink(p)  #= p: one.a one.b
    """,
    "a prefix in each turn": """
        d, e = source("two"), source("one")
        for side in ("l", "r"):
            d = d.merge(e.add_suffix("_" + side), left_on="k", right_on="k_" + side)
        sink(d)  #= a_l: one.a; b_r: one.b; x: two.x
    """,
    "a pivot makes no name that a source has": """
        one, two = source("one"), source("two")
        wide = one.pivot_table(index="k", columns="b", values="a").reset_index()
        sink(wide.merge(two, on="k"))  #= x: two.x; 3: one.a one.b
    """,
    "dummies of a series have its prefix": """
        d = source("one")
        both = pd.concat([d, pd.get_dummies(d["a"], prefix="p")], axis=1)
        sink(both)  #= b: one.b; p_1: one.a
    """,
}


def _values() -> dict[str, object]:
    one = pd.DataFrame({"k": [1, 2, 3, 4], "a": [1, 2, 1, 3], "b": [4, 5, 6, 4], "c": [1, 2, 1, 2]})
    two = pd.DataFrame({"k": [1, 2, 3, 4], "a": [1, 2, 3, 4], "x": [4, 5, 6, 7], "y": [7, 8, 9, 0]})
    return {"one": one, "two": two}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_column_is_made_of(name: str) -> None:
    run = run_of(IMPORTS + dedent(PROGRAMS[name]), _values())
    assert run.sinks
    found, wishes = answers(run, COLUMNS)
    assert found == wishes
