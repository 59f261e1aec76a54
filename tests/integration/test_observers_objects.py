"""What is recorded of objects that joblib and pickle write and read."""

from __future__ import annotations

import gzip
import pickle
from pathlib import Path

import joblib
import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression

from tests.support.observing import Recorded, observing
from whence.model.relation import Relation

X, Y = np.array([[0.0], [1.0], [2.0]]), np.array([0, 0, 1])


def test_a_dumped_model_is_a_model_that_the_fit_made(tmp_path: Path) -> None:
    with observing(tmp_path, "joblib", "sklearn"):
        joblib.dump(LogisticRegression().fit(X, Y), "model.joblib")
        joblib.load("model.joblib")
    record = Recorded(tmp_path)
    file = record.entity("model", "model.joblib")
    fitted, loaded = record.entities_of("model", "LogisticRegression")
    (fit,) = record.activities("fit")
    assert file.attributes["class"] == "sklearn.linear_model._logistic.LogisticRegression"
    assert file.attributes["n_features"] == 1
    assert record.sources(file.id, Relation.WAS_DERIVED_FROM) == {fitted.id: ""}
    assert record.sources(fitted.id, Relation.WAS_GENERATED_BY) == {fit.id: ""}
    assert record.upstream_files(loaded.id) == {"model.joblib"}


def test_members_of_a_container_keep_their_roles(tmp_path: Path) -> None:
    with observing(tmp_path, "pickle", "sklearn"):
        one, two = LogisticRegression().fit(X, Y), LinearRegression().fit(X, Y)
        with gzip.open("both.pkl.gz", "wb") as f:
            pickle.dump({"one": one, "two": two, "note": "text"}, f)
        with gzip.open("both.pkl.gz", "rb") as f:
            pickle.load(f)
    record = Recorded(tmp_path)
    file = record.entity("model", "both.pkl.gz")
    assert file.attributes["members"] == {"one": "LogisticRegression", "two": "LinearRegression"}
    sources = record.sources(file.id, Relation.WAS_DERIVED_FROM)
    assert {record.entities[s].name: role for s, role in sources.items()} == {
        "LogisticRegression": "one",
        "LinearRegression": "two",
    }
    for name in ("LogisticRegression", "LinearRegression"):
        _, loaded = record.entities_of("model", name)
        assert record.upstream_files(loaded.id) == {"both.pkl.gz"}


def test_what_is_no_model_and_no_data_stays_a_plain_file(tmp_path: Path) -> None:
    with observing(tmp_path, "pickle"):
        with open("settings.pkl", "wb") as f:
            pickle.dump({"a": 1}, f)
        pickle.loads(pickle.dumps({"a": 1}))
    record = Recorded(tmp_path)
    (entity,) = record.entities.values()
    assert (entity.kind, entity.name, entity.attributes["class"]) == (
        "file",
        "settings.pkl",
        "builtins.dict",
    )
