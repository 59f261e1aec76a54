"""What models are made of, what they make of data, and the folds in which they are tried."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.datasets import make_classification
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    HalvingGridSearchCV,
    KFold,
    LeaveOneOut,
    RandomizedSearchCV,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    StratifiedShuffleSplit,
    TimeSeriesSplit,
    cross_val_score,
    cross_validate,
)
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests.support.observing import Recorded, observing
from whence.model.relation import Relation
from whence.observers.sklearn.folds import MOST_FOLDS, sizes_of

X, Y = make_classification(n_samples=61, random_state=0)
PEOPLE = pd.DataFrame({"age": range(40), "town": list("abcd") * 10, "y": [0, 1] * 20})


class Own(TransformerMixin, BaseEstimator):
    """A transformer of the user's that can't tell its names."""

    def __init__(self, power: int = 2) -> None:
        self.power = power

    def fit(self, X: Any, y: Any = None) -> Own:
        self.feature_names_in_ = np.array(["age"])
        return self

    def transform(self, X: Any) -> Any:
        return np.asarray(X) ** self.power

    def get_feature_names_out(self, given: Any = None) -> Any:
        raise RuntimeError("never asked")


def folds(record: Recorded) -> list[dict[str, Any]]:
    return [fold.attributes for fold in record.activities("section")]


def test_each_fold_of_a_cross_validation_is_a_section_with_its_score_and_sizes(
    tmp_path: Path,
) -> None:
    with observing(tmp_path, "sklearn"):
        scores = cross_val_score(LogisticRegression(), X, Y, cv=4)
    record = Recorded(tmp_path)
    (validation,) = record.activities("score")
    real = [(len(train), len(test)) for train, test in StratifiedKFold(4).split(X, Y)]
    assert folds(record) == [
        {
            "fold": at, "n_splits": 4, "scores": {"test_score": scores[at]}, "value": scores[at],
            "n_train": real[at][0], "n_test": real[at][1],
        }
        for at in range(4)
    ]  # fmt: skip
    assert {fold.parent for fold in record.activities("section")} == {validation.id}
    assert record.end(validation).attributes == {"n_splits": 4, "n_folds": 4}


def test_the_folds_of_a_search_are_told_from_its_results_also_of_worker_processes(
    tmp_path: Path,
) -> None:
    with observing(tmp_path, "sklearn"):
        model = make_pipeline(StandardScaler(), LogisticRegression())
        grid = {"logisticregression__C": [0.001, 1.0]}
        search = GridSearchCV(model, grid, cv=3, n_jobs=2, return_train_score=True).fit(X, Y)
    results = search.cv_results_
    order = sorted(range(2), key=lambda at: results["rank_test_score"][at])
    assert [(one["candidate"], one["fold"], one["params"], one["value"], one["rank"],
             one["scores"]["train_score"]) for one in folds(Recorded(tmp_path))] == [
        (at, n, results["params"][at], results[f"split{n}_test_score"][at],
         results["rank_test_score"][at], results[f"split{n}_train_score"][at])
        for at in order for n in range(3)
    ]  # fmt: skip


def test_of_very_many_folds_those_of_the_best_candidates_are_recorded(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        search = RandomizedSearchCV(
            LogisticRegression(), {"C": list(np.logspace(-4, 2, 40))}, n_iter=40, cv=2,
            random_state=0,
        ).fit(X, Y)  # fmt: skip
    record = Recorded(tmp_path)
    told = folds(record)
    assert len(told) == MOST_FOLDS
    assert told[0]["params"] == search.best_params_
    assert all(one["rank"] <= other["rank"] for one, other in pairwise(told))
    outcome = record.end(record.activities("fit")[0]).attributes
    assert (outcome["n_candidates"], outcome["n_folds"], outcome["n_folds_recorded"]) == (
        40,
        80,
        MOST_FOLDS,
    )


def test_the_folds_of_a_halving_search_say_with_how_many_resources(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        search = HalvingGridSearchCV(
            LogisticRegression(), {"C": [0.01, 0.1, 1.0, 10.0]}, cv=2, random_state=0
        ).fit(X, Y)
    told = folds(Recorded(tmp_path))
    expected = {(int(i), int(n)) for i, n in zip(
        search.cv_results_["iter"], search.cv_results_["n_resources"], strict=True)}  # fmt: skip
    assert {(one["iter"], one["n_resources"]) for one in told} == expected
    assert "n_train" not in told[0]


def test_a_fold_in_which_the_fit_raised_has_failed(tmp_path: Path) -> None:
    class Moody(LogisticRegression):
        def fit(self, X: Any, y: Any) -> Moody:
            if X[0, 0] == FIRST:
                raise RuntimeError("not these")
            return super().fit(X, y)

    FIRST = X[0, 0]
    with (
        observing(tmp_path, "sklearn"),
        pytest.warns(match="fits failed"),
    ):
        cross_validate(Moody(), X, Y, cv=KFold(3))
    record = Recorded(tmp_path)
    assert [one.status for one in record.activities("section")] == ["finished", "failed", "failed"]
    assert all(one["fit_time"] >= 0 for one in folds(record))


@pytest.mark.parametrize(
    "splitter",
    [
        KFold(4), KFold(4, shuffle=True, random_state=1), StratifiedKFold(5),
        StratifiedKFold(3, shuffle=True, random_state=0), LeaveOneOut(),
        RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=0),
        ShuffleSplit(3, random_state=0), ShuffleSplit(3, test_size=7, random_state=0),
        StratifiedShuffleSplit(3, train_size=0.3, random_state=0), TimeSeriesSplit(3),
        TimeSeriesSplit(3, gap=2, max_train_size=20), list(KFold(3).split(X)),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_the_sizes_of_folds_are_those_that_the_splitter_gives(splitter: Any) -> None:
    given = splitter if isinstance(splitter, list) else list(splitter.split(X, Y))
    real = [(len(train), len(test)) for train, test in given]
    assert sizes_of(splitter, X, len(real)) == real


def test_sizes_that_groups_decide_are_not_told() -> None:
    assert sizes_of(GroupKFold(3), X, 3) == []


def test_the_steps_of_a_pipeline_are_members_of_its_model(tmp_path: Path) -> None:
    prepare = ColumnTransformer(
        [("scale", make_pipeline(StandardScaler()), ["age"]), ("town", OneHotEncoder(), ["town"]),
         ("own", Own(3), ["age"]), ("not", "drop", ["y"])]
    )  # fmt: skip
    with observing(tmp_path, "sklearn"):
        Pipeline([("prepare", prepare), ("model", LogisticRegression(C=3.0))]).fit(
            PEOPLE, PEOPLE["y"]
        )
    record = Recorded(tmp_path)
    (fit,) = record.activities("fit")
    pipeline = record.entities_of("model")[0]
    assert [one.attributes.get("step") for one in record.entities_of("model")] == [
        None, "prepare", "prepare__scale", "prepare__scale__standardscaler", "prepare__town",
        "prepare__own", "model",
    ]  # fmt: skip
    members = record.sources(pipeline.id, Relation.HAD_MEMBER)
    assert list(members.values()) == ["prepare", "model"]
    prepared, model = (record.entities[one] for one in members)
    inner = record.sources(prepared.id, Relation.HAD_MEMBER)
    assert list(inner.values()) == ["scale", "town", "own"]
    scale, town, own = (record.entities[one] for one in inner)
    assert model.attributes["params"]["C"] == 3.0
    assert (model.name, town.name, own.name) == ("LogisticRegression", "OneHotEncoder", "Own")
    assert prepared.attributes["params"]["transformers"] == ["scale", "town", "own", "not"]
    assert town.attributes["given_columns"] == ["town"]
    assert town.attributes["feature_names_out"] == ["town_a", "town_b", "town_c", "town_d"]
    assert own.attributes["params"] == {"power": 3}
    assert "feature_names_out" not in own.attributes
    assert all(
        record.sources(one.id, Relation.WAS_GENERATED_BY).keys() == {fit.id}
        for one in (prepared, model, scale, town, own)
    )


def test_the_parts_of_a_union_and_of_a_search_are_members(tmp_path: Path) -> None:
    union = FeatureUnion([("one", StandardScaler()), ("two", StandardScaler(with_mean=False))])
    with observing(tmp_path, "sklearn"):
        union.fit(X)
        GridSearchCV(make_pipeline(union, LogisticRegression()), {}, cv=2).fit(X, Y)
    steps = [one.attributes.get("step") for one in Recorded(tmp_path).entities_of("model")]
    assert steps == [
        None, "one", "two",
        None, "best_estimator", "best_estimator__featureunion",
        "best_estimator__featureunion__one", "best_estimator__featureunion__two",
        "best_estimator__logisticregression",
    ]  # fmt: skip


def test_predictions_and_transformed_data_come_from_the_model_and_the_data(
    tmp_path: Path,
) -> None:
    with observing(tmp_path, "sklearn"):
        scaler = StandardScaler().fit(X)
        model = LogisticRegression().fit(scaler.transform(X), Y)
        predicted = model.predict(scaler.transform(X))
        accuracy_score(Y, predicted)
    record = Recorded(tmp_path)
    scaling, _, prediction = record.activities("call")
    assert (scaling.name, prediction.name) == (
        "StandardScaler.transform",
        "LogisticRegression.predict",
    )
    roles = {role: record.entities[one].name for one, role in prediction.used}
    assert roles == {"X": "StandardScaler.transform", "model": "LogisticRegression"}
    ((made, role),) = prediction.generated
    assert (record.entities[made].name, role) == ("LogisticRegression.predict", "prediction")
    (score,) = record.activities("score")
    assert {role: one for one, role in score.used}["y_pred"] == made


def test_very_many_predictions_and_scores_from_one_place_are_counted(tmp_path: Path) -> None:
    from whence.observers.sklearn.apply import MOST_CALLS
    from whence.observers.sklearn.score import MOST_SCORES

    model = LogisticRegression().fit(X, Y)
    with observing(tmp_path, "sklearn"):
        for row in range(MOST_CALLS + 10):
            model.predict(X[row % 60 : row % 60 + 1])
        for _ in range(MOST_SCORES + 10):
            accuracy_score(Y, Y)
    record = Recorded(tmp_path)
    assert len(record.activities("call")) == MOST_CALLS
    assert len(record.activities("score")) == MOST_SCORES
    assert len(record.series()["accuracy_score"]) == MOST_SCORES + 10


def test_a_splitter_that_the_users_code_asks_is_a_call_with_its_numbers(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn"):
        for train, _ in StratifiedKFold(3).split(X, Y):
            LogisticRegression().fit(X[train], Y[train])
        cross_val_score(LogisticRegression(), X, Y, cv=KFold(3))
    (split,) = Recorded(tmp_path).activities("call")
    assert (split.name, split.params) == (
        "StratifiedKFold.split",
        {"n_splits": 3, "shuffle": False},
    )
