"""The flow of a script that is only read: names by imports, edges by definitions."""

from __future__ import annotations

from textwrap import dedent

import pytest

from whence.analysis.module import read_module
from whence.analysis.static import StaticFlow, static_flow


def _flow(text: str, **others: str) -> StaticFlow:
    modules = {
        f"{name}.py": read_module(dedent(one).encode(), f"{name}.py")
        for name, one in others.items()
    }
    return static_flow(
        read_module(dedent(text).encode(), "train.py"),
        lambda name: "read_" in name or name.startswith("sklearn.datasets."),
        lambda name: name.endswith((".fit", ".fit_transform", "lightgbm.train")),
        modules,
    )


def _edges(flow: StaticFlow) -> list[tuple[str, int, str, int, str | int]]:
    return [
        (
            edge.source.call,
            edge.source.site.line,
            edge.sink.call,
            edge.sink.site.line,
            edge.argument,
        )
        for edge in flow.edges
    ]


CLASSIFIER = "sklearn.ensemble.RandomForestClassifier"


def test_a_script_has_edges_from_its_sources_to_its_fits():
    flow = _flow("""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split

        raw = pd.read_csv("raw.csv")
        labels = pd.read_csv("labels.csv")
        unused = pd.read_csv("unused.csv")
        X_train, X_test = train_test_split(raw[["a", "b"]])
        model = RandomForestClassifier(n_estimators=10)
        model.fit(X_train, y=labels["y"])
    """)
    sink = f"{CLASSIFIER}.fit"
    assert _edges(flow) == [
        ("pandas.read_csv", 6, sink, 11, 0),
        ("pandas.read_csv", 7, sink, 11, "y"),
    ]
    assert [(sink.call, sink.receiver) for sink in flow.sinks] == [(sink, CLASSIFIER)]


@pytest.mark.parametrize(
    "text",
    [
        "import sklearn.ensemble\nsklearn.ensemble.RandomForestClassifier().fit(x)",
        "import sklearn.ensemble as e\nm = e.RandomForestClassifier()\nm.fit(x)",
        "from sklearn import ensemble\nmake = ensemble.RandomForestClassifier\nmake().fit(x)",
        "from sklearn.ensemble import *\nfrom sklearn.ensemble import RandomForestClassifier as R\n"
        "models = {'a': R(), 'b': R()}\nfor name, m in models.items():\n    m.fit(x)",
        "from sklearn.ensemble import RandomForestClassifier as R\n"
        "for m in [R(n_estimators=n) for n in (1, 2)]:\n    m.fit(x)",
        "from sklearn.ensemble import RandomForestClassifier as R\n"
        "class T:\n    def __init__(self):\n        self.m = R()\n"
        "    def run(self, x):\n        self.m.fit(x)\nT().run(x)",
        "from sklearn.ensemble import RandomForestClassifier as R\n"
        "def make():\n    return R()\nmake().set_params(a=1).fit(x).predict(x)",
        "from sklearn.ensemble import RandomForestClassifier as R\n"
        "def run(m, x):\n    m.fit(x)\nrun(R(), x)",
    ],
)
def test_the_class_of_a_sink_is_found(text: str):
    flow = _flow("import pandas as pd\nx = pd.read_csv('x.csv')\n" + text)
    assert [(edge.source.call, edge.sink.call) for edge in flow.edges] == [
        ("pandas.read_csv", f"{CLASSIFIER}.fit")
    ]


def test_a_class_of_the_users_goes_by_its_bases_too():
    flow = _flow("""
        from pandas import read_csv
        from sklearn.base import BaseEstimator

        class Mine(BaseEstimator):
            def fit(self, X):
                return self

        Mine().fit(read_csv("a.csv"))
    """)
    assert _edges(flow) == [("pandas.read_csv", 9, "Mine.fit", 9, 0)]
    assert flow.sinks[0].receiver == "Mine"


def test_a_parameter_takes_what_any_caller_gives():
    flow = _flow("""
        import pandas as pd
        import lightgbm

        def train(data):
            lightgbm.train({}, data)

        def main():
            train(pd.read_csv("a.csv"))
            train(pd.read_parquet("b.parquet"))
    """)
    assert _edges(flow) == [
        ("pandas.read_csv", 9, "lightgbm.train", 6, 1),
        ("pandas.read_parquet", 10, "lightgbm.train", 6, 1),
    ]


def test_modules_of_the_users_are_entered():
    flow = _flow(
        """
        from helpers import load
        from sklearn.preprocessing import StandardScaler
        StandardScaler().fit_transform(load())
        """,
        helpers="""
        import pandas
        def load():
            return pandas.read_csv("a.csv")
        """,
    )
    source = flow.edges[0].source
    assert (source.call, source.site.file, source.site.line) == ("pandas.read_csv", "helpers.py", 4)
    assert [sink.call for sink in flow.sinks] == [
        "sklearn.preprocessing.StandardScaler.fit_transform"
    ]


def test_what_runs_code_of_its_own_is_told():
    flow = _flow("""
        from sklearn.svm import SVC
        SVC().fit(eval("x"))
    """)
    assert flow.edges == ()
    assert [(one.site.line, one.reason) for one in flow.unknown] == [
        (3, "it runs code that is made at run time")
    ]


def test_a_script_without_sinks_has_no_flow():
    assert _flow("x = 1") == StaticFlow()
