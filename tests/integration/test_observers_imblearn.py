"""The estimators of imbalanced-learn are seen by the observer of scikit-learn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.observing import Recorded, observing
from whence.model.relation import Relation

pytest.importorskip("imblearn", reason="needs imbalanced-learn")
np = pytest.importorskip("numpy", reason="needs numpy")


def test_what_a_resampler_gives_comes_from_what_it_was_given(tmp_path: Path) -> None:
    from imblearn.over_sampling import RandomOverSampler
    from sklearn.linear_model import LogisticRegression

    data, labels = np.arange(20.0).reshape(-1, 1), np.array([0] * 15 + [1] * 5)
    np.save(tmp_path / "data.npy", data)
    np.save(tmp_path / "labels.npy", labels)
    with observing(tmp_path, "numpy", "sklearn"):
        more, more_labels = RandomOverSampler(random_state=0).fit_resample(
            np.load("data.npy"), np.load("labels.npy")
        )
        LogisticRegression().fit(more, more_labels)
    assert more.shape == (30, 1)
    record = Recorded(tmp_path)
    resampling, fit = record.activities("fit")
    assert resampling.name == "RandomOverSampler.fit_resample"
    assert (resampling.attributes["role"], resampling.attributes["data"]) == (
        "resample", {"X": 0, "y": 1},
    )  # fmt: skip
    assert record.params(resampling.id)["random_state"] == 0
    used = record.sources(fit.id, Relation.USED)
    assert sorted(used.values()) == ["X", "y"]
    for entity in used:
        assert record.sources(entity, Relation.WAS_GENERATED_BY) == {resampling.id: "output"}
    assert record.upstream_files(fit.id) == {"data.npy", "labels.npy"}


def test_a_pipeline_that_resamples_is_one_fit(tmp_path: Path) -> None:
    from imblearn.over_sampling import RandomOverSampler
    from imblearn.pipeline import make_pipeline
    from sklearn.linear_model import LogisticRegression

    with observing(tmp_path, "sklearn"):
        model = make_pipeline(RandomOverSampler(random_state=0), LogisticRegression(C=2.0))
        model.fit(np.arange(20.0).reshape(-1, 1), np.array([0] * 15 + [1] * 5))
    record = Recorded(tmp_path)
    (fit,) = record.activities("fit")
    assert (fit.name, fit.attributes["role"]) == ("Pipeline.fit", "train")
    assert record.params(fit.id)["logisticregression__C"] == 2.0
