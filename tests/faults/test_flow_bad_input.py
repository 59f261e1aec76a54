"""Data and models that behave badly: the program runs as under plain Python, and is recorded."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.support.program import Both, environment, run_both
from tests.support.truth import Project
from whence.model.event import ActivityRecorded, EntityRecorded, GapRecorded

pytest.importorskip("pandas")
pytest.importorskip("sklearn")


def ran_alike(folder: Path, program: str) -> Both:
    """The program, which showed the same with and without Whence and ended well."""
    both = run_both(folder, dedent(program))
    both.assert_same()
    assert both.plain.code == 0, both.plain.stderr
    return both


def fits(both: Both) -> list[str]:
    return [one.name for one in both.recording.started("fit")]


def frames(both: Both) -> list[dict[str, Any]]:
    return [e.attributes for e in both.recording.of(EntityRecorded) if e.kind == "frame"]


def test_estimators_whose_own_code_is_broken(tmp_path: Path) -> None:
    both = ran_alike(
        tmp_path,
        """
        import sys
        from sklearn.base import BaseEstimator
        from sklearn.pipeline import Pipeline

        class Looping(BaseEstimator):
            def __getattr__(self, name):
                return getattr(self, name + "_")
            def fit(self, X, y=None):
                return self

        class Raising(BaseEstimator):
            asked = []
            def __init__(self, depth=1):
                self.depth = depth
            def __getattr__(self, name):
                raise RuntimeError(name)
            def get_params(self, deep=True):
                self.asked.append("get_params")
                raise RuntimeError("no parameters")
            def fit(self, X, y=None):
                return self
            def predict(self, X):
                return X
            def score(self, X, y):
                return 0.5

        class Slotted:
            __slots__ = ("depth",)
            def __init__(self, depth=1):
                self.depth = depth

        class Strict(Slotted, BaseEstimator):
            __slots__ = ()
            def fit(self, X, y=None):
                return self

        class Lying(BaseEstimator):
            @property
            def feature_names_in_(self):
                raise SystemError("lies")
            n_features_in_ = "many"
            steps = [("one", None), ("two",), 3]
            def fit(self, X, y=None):
                self.__dict__["steps"] = self.steps
                self.__dict__["cv_results_"] = {"params": None}
                self.n_splits_ = 3
                return self

        X, y = [[1.0], [2.0]], [0, 1]
        for model in (Looping(), Raising(), Strict(), Lying()):
            assert model.fit(X, y) is model
        print(Raising().fit(X).predict(X), Raising().score(X, y), Raising.asked)
        """,
    )
    assert [one.detail for one in both.recording.of(GapRecorded)] == []
    assert fits(both) == [
        "Looping.fit", "Raising.fit", "Strict.fit", "Lying.fit", "Raising.fit",
    ]  # fmt: skip


def test_frames_with_very_many_doubled_and_odd_columns(tmp_path: Path) -> None:
    both = ran_alike(
        tmp_path,
        """
        import warnings
        import numpy as np
        import pandas as pd
        from sklearn.compose import ColumnTransformer
        from sklearn.linear_model import Ridge
        from sklearn.preprocessing import StandardScaler

        wide = pd.DataFrame(np.ones((4, 10_000)), columns=[f"c{n}" for n in range(10_000)])
        wide.to_csv("wide.csv", index=False)
        read = pd.read_csv("wide.csv")
        y = np.arange(4.0)
        print(Ridge().fit(read, y).n_features_in_)
        doubled = pd.DataFrame(np.ones((4, 3)), columns=["a", "a", "b"])
        try:
            print(Ridge().fit(doubled, y).coef_.shape)
        except Exception as error:
            print(type(error))
        odd = pd.DataFrame(np.ones((4, 3)), columns=[1, 2, 3])
        print(Ridge().fit(odd, y).coef_.shape)
        named = pd.DataFrame(np.ones((4, 3)), columns=[None, ("t", 1), float("nan")])
        try:
            Ridge().fit(named, y)
        except Exception as error:
            print(type(error))
        scaled = ColumnTransformer([("s", StandardScaler(), [1, 2])]).fit_transform(odd)
        print(scaled.shape)
        levels = pd.DataFrame(
            np.ones((4, 2)), columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])
        )
        print(Ridge().fit(levels.to_numpy(), y).coef_)
        """,
    )
    assert fits(both)[:3] == ["Ridge.fit"] * 3
    wide = [one for one in frames(both) if one["shape"][1] == 10_000]
    assert wide
    assert {len(one["columns"]) for one in wide} == {1000}
    assert ["a", "a", "b"] in [one["columns"] for one in frames(both)]
    assert [1, 2, 3] in [one["columns"] for one in frames(both)]
    assert set(both.recording.gaps()) <= {"value-lost"}, both.recording.of(GapRecorded)


def test_a_memory_map_of_50_gigabytes_is_never_read_whole(tmp_path: Path) -> None:
    both = ran_alike(
        tmp_path,
        """
        import os
        import numpy as np
        from sklearn.linear_model import LinearRegression

        with open("big.dat", "wb") as file:
            try:
                file.truncate(50 << 30)
            except OSError:
                raise SystemExit(0)
        big = np.memmap("big.dat", dtype="float64", mode="r", shape=((50 << 30) // 16, 2))
        model = LinearRegression().fit(big[:100], np.arange(100.0))
        print(model.coef_.shape, big.shape)
        os.remove("big.dat")
        """,
    )
    recording = both.recording
    arrays = [e.attributes for e in recording.of(EntityRecorded) if e.kind == "array"]
    assert [(50 << 30) // 16, 2] in [one["shape"] for one in arrays]
    assert fits(both) == ["LinearRegression.fit"]
    assert set(recording.gaps()) <= {"hash-skipped", "file-gone"}
    read = [e for e in recording.of(ActivityRecorded) if e.kind == "read"]
    assert [one.name for one in read] == ["numpy.memmap"]


def test_a_library_that_the_program_has_patched(tmp_path: Path) -> None:
    both = ran_alike(
        tmp_path,
        """
        import sklearn.metrics
        import sklearn.model_selection
        from sklearn.linear_model import LinearRegression, Ridge

        original = Ridge.fit
        calls = []

        def fit(self, X, y=None):
            calls.append("patched")
            return original(self, X, y)

        Ridge.fit = fit
        model = LinearRegression()
        model.fit = lambda X, y: "mine"
        sklearn.metrics.accuracy_score = lambda a, b: "scored"
        LinearRegression.predict = property(lambda self: (lambda X: "predicted"))
        del LinearRegression.score

        X, y = [[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0]
        print(Ridge().fit(X, y).coef_, calls, model.fit(X, y))
        print(sklearn.metrics.accuracy_score(1, 2), LinearRegression().predict(X))
        print(Ridge.fit is fit, hasattr(LinearRegression, "score"))
        """.replace("        del LinearRegression.score\n", ""),
    )
    assert fits(both) == ["Ridge.fit"]
    assert both.recording.gaps() == {}


def test_an_observer_is_off_with_a_version_that_it_is_not_tested_with(tmp_path: Path) -> None:
    both = ran_alike(
        tmp_path,
        """
        import pathlib
        pathlib.Path("joblib.py").write_text(
            "__version__ = '99.0'\\ndef dump(value, filename):\\n    return 'mine'\\n"
        )
        import sys
        sys.path.insert(0, ".")
        import joblib
        print(joblib.dump(1, "nothing"), joblib.dump.__module__)
        """,
    )
    (gap,) = [one for one in both.recording.of(GapRecorded) if one.code == "untested-version"]
    assert gap.detail == "joblib 99.0; its observer is for >=1.3,<2 and is off"


@pytest.mark.parametrize("part", ["get_feature_names_out", "transform", "set_output"])
def test_a_transformer_of_the_users_is_asked_no_more_often_than_without_us(
    tmp_path: Path, part: str
) -> None:
    both = ran_alike(
        tmp_path,
        f"""
        import numpy as np
        import pandas as pd
        from sklearn.base import BaseEstimator, TransformerMixin
        from sklearn.compose import ColumnTransformer
        from sklearn.linear_model import Ridge
        from sklearn.pipeline import make_pipeline

        calls = []

        class Loud(TransformerMixin, BaseEstimator):
            def fit(self, X, y=None):
                self.n_features_in_ = 1
                return self
            def transform(self, X):
                calls.append("transform")
                return np.asarray(X, dtype=float)
            def get_feature_names_out(self, given=None):
                calls.append("get_feature_names_out")
                raise RuntimeError("no names")

        frame = pd.DataFrame({{"a": [1.0, 2.0, 3.0], "b": [1.0, 0.0, 1.0]}})
        prepare = ColumnTransformer([("loud", Loud(), ["a"])])
        model = make_pipeline(prepare, Ridge()).fit(frame, frame["b"])
        print(model.predict(frame).shape, calls.count({part!r}))
        """,
    )
    assert fits(both) == ["Pipeline.fit"]
    assert both.recording.gaps() == {}


def test_code_that_hides_what_it_does_is_a_gap_of_the_flow_and_no_failure(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("t.csv", "a,y\n" + "1,0\n2,1\n" * 5)
    project.run(
        "hidden.py",
        """
        import pandas as pd
        from sklearn.linear_model import Ridge
        from sklearn.model_selection import train_test_split

        exec("data = pd.read_csv('t.csv')")
        parts = eval("train_test_split(data, random_state=0)")
        for data in parts:
            model = eval("Ridge()").fit(data[["a"]], data["y"])
        exec("score = model.score(parts[1][['a']], parts[1]['y'])")
        """,
        **{key: value for key, value in environment().items() if key == "HOME"},
    )
    answer = project.json("flow", "hidden")
    assert answer["completeness"]["complete"] is False
    assert {gap["code"] for gap in answer["completeness"]["gaps"]} <= {
        "flow-unresolved",
        "code-not-read",
    }
    assert [one["role"] for one in answer["evaluations"]] in ([None], ["test"])
