"""What is recorded of fits, scores, splits and data sets of scikit-learn."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.datasets import load_iris, make_classification
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import accuracy_score, classification_report, f1_score, mean_squared_error
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.integration.test_observers_transparency import OBSERVED
from tests.support.observing import Recorded, observing
from whence.capture.guard import failures
from whence.model.event import ActivityEnded, ActivityStarted, TagsSet
from whence.model.relation import Relation

X, Y = make_classification(n_samples=60, random_state=0)


class Early(ClassifierMixin, BaseEstimator):
    """Defined before the observer is attached; its fit is made of others."""

    def __init__(self, depth: int = 2) -> None:
        self.depth = depth

    def fit(self, X: Any, y: Any) -> Early:
        self.inner_ = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
        return self

    def predict(self, X: Any) -> Any:
        return self.inner_.predict(X)


def names(record: Recorded, kind: str) -> list[str]:
    return [activity.name for activity in record.activities(kind)]


def test_a_fit_is_an_activity_with_its_hyperparameters_and_its_model(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn") as session:
        model = LogisticRegression(C=0.5)
        model.fit(X, Y)
        fitted_at = inspect.currentframe().f_lineno - 1  # type: ignore[union-attr]
    record = Recorded(tmp_path)
    (fit,) = record.activities("fit")
    assert (fit.name, fit.parent) == ("LogisticRegression.fit", session.run)
    assert fit.attributes | {"version": "", "callers": [], "mono": 0} == {
        "call": "LogisticRegression.fit",
        "file": __file__,
        "line": fitted_at,
        "function": "test_a_fit_is_an_activity_with_its_hyperparameters_and_its_model",
        "class": "sklearn.linear_model._logistic.LogisticRegression",
        "library": "sklearn",
        "version": "",
        "n_samples": 60,
        "n_features": 20,
        "span": [fitted_at, 8, fitted_at, 23],
        "callers": [],
        "mono": 0,
        "data": {"X": 0, "y": 1},
        "role": "train",
    }
    assert record.params(fit.id) == model.get_params()
    assert record.end(fit).status == "finished"
    made = record.entity("model", "LogisticRegression")
    assert record.sources(made.id, Relation.WAS_GENERATED_BY) == {fit.id: ""}
    assert made.attributes["n_features"] == 20


def test_the_run_has_the_hyperparameters_of_its_models_too(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn") as session:
        scaled = StandardScaler(with_mean=False).fit_transform(X)
        for c in (0.5, 0.5, 2.0, 3.0):
            LogisticRegression(C=c).fit(scaled, Y)
    run = Recorded(tmp_path).params(session.run)
    assert {key: value for key, value in run.items() if key.endswith("C")} == {
        "C": 0.5,
        "LogisticRegression.C": 2.0,
    }
    assert "with_mean" not in run


def test_only_what_the_users_code_fits_is_a_fit(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)
        Early().fit(X, Y)
        GridSearchCV(Early(), {"depth": [1, 2]}, cv=2).fit(X, Y)
        cross_val_score(LogisticRegression(), X, Y, cv=2)
    record = Recorded(tmp_path)
    assert names(record, "fit") == ["Pipeline.fit", "Early.fit", "GridSearchCV.fit"]
    assert names(record, "score") == ["cross_val_score"]
    assert record.params(record.activities("fit")[0].id)["logisticregression__C"] == 1.0
    assert record.params(record.activities("fit")[1].id) == {"depth": 2}


def test_fits_inside_worker_threads_of_a_search_are_not_the_users(tmp_path: Path) -> None:
    import joblib

    with observing(tmp_path, "sklearn"), joblib.parallel_backend("threading", n_jobs=2):
        GridSearchCV(Early(), {"depth": [1, 2]}, cv=2).fit(X, Y)
    assert names(Recorded(tmp_path), "fit") == ["GridSearchCV.fit"]


def test_a_fit_in_a_thread_of_the_user_is_the_users(tmp_path: Path) -> None:
    def work() -> None:
        LogisticRegression().fit(X, Y)

    with observing(tmp_path, "sklearn"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert names(Recorded(tmp_path), "fit") == ["LogisticRegression.fit"]


def test_the_users_own_estimators_are_seen_whenever_they_are_defined(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):

        class Late(TransformerMixin, BaseEstimator):
            def fit(self, X: Any, y: Any = None) -> Late:
                return self

            def transform(self, X: Any) -> Any:
                return np.asarray(X)[:, :1]

        class Later(Late):
            def fit_transform(self, X: Any, y: Any = None) -> Any:
                return self.transform(X)

        Early(depth=7).fit(X, Y)
        Late().fit(X)
        Late().fit_transform(X)
        Later().fit(X)
        Later().fit_transform(X)
    record = Recorded(tmp_path)
    assert names(record, "fit") == [
        "Early.fit", "Late.fit", "Late.fit_transform", "Later.fit", "Later.fit_transform",
    ]  # fmt: skip
    assert {a.attributes["library"] for a in record.activities("fit")} == {__name__.split(".")[0]}


def test_a_fit_uses_data_that_are_known_by_identity(tmp_path: Path) -> None:
    frame = pd.DataFrame(X, columns=[f"c{n}" for n in range(20)]).assign(y=Y)
    frame.to_csv(tmp_path / "raw.csv", index=False)
    with observing(tmp_path, "pandas", "sklearn"):
        raw = pd.read_csv("raw.csv")
        train, test = train_test_split(raw, random_state=3)
        scaled = StandardScaler().fit_transform(train)
        model = LogisticRegression().fit(scaled, train["y"])
        model.score(test, test["y"])
        model.fit(scaled + 1, train["y"])
    record = Recorded(tmp_path)
    read = record.entity("frame", "raw.csv")
    (split,) = record.activities("call")
    assert (split.name, split.params) == (
        "train_test_split",
        {"random_state": 3, "shuffle": True, "stratify": False},
    )
    assert split.used == [(read.id, "")]
    assert [role for _, role in split.generated] == ["train", "test"]
    scaling, fit, refit = record.activities("fit")
    (train_id, _), (test_id, _) = split.generated
    assert record.sources(scaling.id, Relation.USED) == {train_id: "X"}
    output = record.entity("array", "StandardScaler.fit_transform")
    assert record.sources(output.id, Relation.WAS_GENERATED_BY) == {scaling.id: "output"}
    (column,) = record.entities_of("frame", "y")[:1]
    assert record.sources(fit.id, Relation.USED) == {output.id: "X", column.id: "y"}
    assert column.attributes["columns"] == ["y"]
    assert sorted(record.sources(refit.id, Relation.USED).values()) == ["X", "y"]
    for unknown in record.sources(refit.id, Relation.USED):
        assert record.sources(unknown, Relation.WAS_DERIVED_FROM) == {}
    (score,) = record.activities("score")
    assert {role for _, role in score.used} == {"model", "X"}
    assert {role: id for id, role in score.used}["X"] == test_id
    first, second = record.entities_of("model", "LogisticRegression")
    assert record.upstream_files(first.id) == {"raw.csv"}
    assert record.upstream_files(second.id) == set()


def test_partial_fits_make_one_model_after_the_other(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        model = SGDClassifier(random_state=0)
        for _ in range(3):
            model.partial_fit(X, Y, classes=[0, 1])
    record = Recorded(tmp_path)
    one, two, three = (e.id for e in record.entities_of("model"))
    assert record.sources(one, Relation.WAS_REVISION_OF) == {}
    assert record.sources(two, Relation.WAS_REVISION_OF) == {one: ""}
    assert record.sources(three, Relation.WAS_REVISION_OF) == {two: ""}


def test_a_fit_that_raises_is_failed_and_makes_no_model(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        with pytest.raises(ValueError, match="must be a float"):
            LogisticRegression(C=-1).fit(X, Y)
        with pytest.raises(ValueError, match="inconsistent"):
            LogisticRegression().fit(X, Y[:3])
    record = Recorded(tmp_path)
    ends = [record.end(fit) for fit in record.activities("fit")]
    assert [(end.status, end.attributes) for end in ends] == [
        ("failed", {"error": "InvalidParameterError"}),
        ("failed", {"error": "ValueError"}),
    ]
    assert record.entities_of("model") == []


def test_a_fit_that_is_killed_has_begun(tmp_path: Path) -> None:
    program = """
import prelude, os, signal
from sklearn.base import BaseEstimator
class Endless(BaseEstimator):
    def __init__(self, lr=0.1):
        self.lr = lr
    def fit(self, X):
        os.kill(os.getpid(), signal.SIGKILL)
Endless().fit([[1]])
"""
    (tmp_path / "prelude.py").write_text(OBSERVED)
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, env=dict(os.environ), check=False
    )
    assert done.returncode == -signal.SIGKILL
    record = Recorded(tmp_path)
    (fit,) = record.of(ActivityStarted)
    assert (fit.name, record.params(fit.id)) == ("Endless.fit", {"lr": 0.1})
    assert fit.attributes["class"] == "__main__.Endless"
    assert (fit.attributes["file"], fit.attributes["line"]) == ("program.py", 9)
    assert record.of(ActivityEnded) == []


def test_a_search_gives_its_best_model_and_score(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2).fit(X, Y)
    record = Recorded(tmp_path)
    (fit,) = record.activities("fit")
    params = record.params(fit.id)
    assert (params["estimator"], params["param_grid"]) == ("LogisticRegression", {"C": [0.1, 1.0]})
    assert record.end(fit).attributes == {
        "best_params": search.best_params_,
        "best_score": search.best_score_,
        "best_index": search.best_index_,
        "n_candidates": 2,
        "n_splits": 2,
        "n_folds": 4,
    }
    best = record.entity("model", "LogisticRegression")
    assert record.sources(best.id, Relation.WAS_GENERATED_BY) == {fit.id: "best_estimator_"}
    assert record.series() == {"best_score": [search.best_score_]}


def test_metrics_are_series_of_the_run_and_scores_say_where(tmp_path: Path) -> None:
    predicted = np.roll(Y, 1)
    with observing(tmp_path, "sklearn"):
        accuracies = [accuracy_score(Y, Y), accuracy_score(Y, predicted)]
        f1 = f1_score(Y, predicted, average="macro")
        error = mean_squared_error(Y, predicted)
        classification_report(Y, predicted)
        mean_squared_error(X, X, multioutput="raw_values")
    record = Recorded(tmp_path)
    assert record.series() == {
        "accuracy_score": accuracies,
        "f1_score": [f1],
        "mean_squared_error": [error],
    }
    scores = record.activities("score")
    assert [(s.name, s.attributes["value"]) for s in scores] == [
        ("accuracy_score", accuracies[0]),
        ("accuracy_score", accuracies[1]),
        ("f1_score", f1),
        ("mean_squared_error", error),
    ]
    assert scores[2].params["average"] == "macro"
    assert {s.attributes["file"] for s in scores} == {__file__}


def test_cross_validation_gives_a_point_for_each_fold(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        scores = cross_val_score(LogisticRegression(C=0.2), X, Y, cv=3)
        result = cross_validate(
            LogisticRegression(), X, Y, cv=2, scoring=["accuracy", "f1"], return_train_score=True
        )
    record = Recorded(tmp_path)
    assert record.series() == {
        "cross_val_score": list(scores),
        **{key: list(result[key]) for key in result if not key.endswith("_time")},
    }
    first, _ = record.activities("score")
    assert (record.params(first.id)["cv"], record.params(first.id)["C"]) == (3, 0.2)
    assert record.end(first).status == "finished"


def test_a_data_set_that_ships_with_sklearn_is_the_same_entity_in_every_run(
    tmp_path: Path,
) -> None:
    records = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with observing(tmp_path / name, "sklearn"):
            data = load_iris()
            LogisticRegression(max_iter=500).fit(data.data, data.target)
        records.append(Recorded(tmp_path / name))
    one, two = (record.entity("dataset") for record in records)
    assert one.id == two.id
    assert (one.name, one.attributes["shape"]) == ("load_iris", [150, 4])
    assert one.attributes["columns"][0] == "sepal length (cm)"
    (fit,) = records[0].activities("fit")
    assert set(records[0].sources(fit.id, Relation.USED)) == {one.id}


def test_made_up_data_are_new_each_time_with_their_seed(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        for _ in range(2):
            make_classification(n_samples=30, random_state=5)
    made = Recorded(tmp_path).entities_of("dataset", "make_classification")
    assert len({e.id for e in made}) == 2
    assert all(e.attributes["synthetic"] for e in made)
    assert made[0].attributes["params"]["random_state"] == 5
    assert made[0].attributes["shape"] == [30, 20]


def test_an_estimator_that_answers_badly_is_fitted_all_the_same(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):

        class Bad(BaseEstimator):
            def __init__(self, a: int = 1) -> None:
                pass

            @property
            def warm_start(self) -> bool:
                raise RuntimeError("no")

            def __getattr__(self, name: str) -> Any:
                raise RuntimeError(name)

            def fit(self, X: Any) -> str:
                return "fitted"

        assert Bad().fit(X) == "fitted"
        assert names(Recorded(tmp_path), "fit") == ["Bad.fit"]
    assert failures == {}


def test_namespaces_are_the_same_objects_after_detach(tmp_path: Path) -> None:
    packages = ("sklearn", "pandas", "numpy", "joblib", "pickle", "_pickle")

    def namespaces() -> dict[str, dict[str, Any]]:
        modules = {
            name: module
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] in packages and module is not None
        }
        spaces = {name: dict(vars(module)) for name, module in modules.items()}
        for name, module in modules.items():
            for key, value in list(vars(module).items()):
                if isinstance(value, type):
                    spaces[f"{name}:{key}"] = dict(vars(value))
        return spaces

    def changed() -> list[tuple[str, str]]:
        now = namespaces()
        assert now.keys() == before.keys()
        return [
            (space, key)
            for space, names in before.items()
            for key in names.keys() | now[space].keys()
            if names.get(key) is not now[space].get(key) and not key.startswith("_abc_")
        ]

    before, meta_path = namespaces(), list(sys.meta_path)
    with observing(tmp_path, "pandas", "numpy", "joblib", "pickle", "sklearn"):
        patched = {key for _, key in changed()}
    assert {"fromfile", "dump"} <= patched
    assert ("fit" in patched) == (sys.version_info < (3, 12))
    assert changed() == []
    assert sys.meta_path == meta_path


def test_very_many_fits_from_one_place_are_counted_and_their_models_known(tmp_path: Path) -> None:
    from whence.observers.sklearn.fit import MOST_FITS

    with observing(tmp_path, "sklearn") as session:
        models = [DummyClassifier().fit(X, Y) for _ in range(MOST_FITS + 20)]
        for finish in session.at_end:
            finish()
    record = Recorded(tmp_path)
    fits = record.activities("fit")
    assert len(fits) == MOST_FITS
    (tags,) = [event for event in record.events if isinstance(event, TagsSet)]
    assert (tags.node, tags.tags) == (fits[-1].id, {"calls": 21})
    made = record.entities_of("model")
    assert len(made) == len(models)
    assert record.sources(made[-1].id, Relation.WAS_GENERATED_BY) == {fits[-1].id: ""}
