"""What is recorded of models that are converted to ONNX, saved and loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from tests.support.observing import Recorded, observing
from tests.support.truth import Project
from whence.model.relation import Relation

onnx = pytest.importorskip("onnx", reason="needs onnx")
skl2onnx = pytest.importorskip("skl2onnx", reason="needs skl2onnx")

X, Y = load_iris(return_X_y=True)
MODEL = LogisticRegression(max_iter=300).fit(X, Y)


def test_a_converted_model_is_followed_into_its_file_and_out_again(tmp_path: Path) -> None:
    with observing(tmp_path, "sklearn", "onnx", "skl2onnx"):
        model = LogisticRegression(max_iter=300).fit(X, Y)
        onnx.save(skl2onnx.to_onnx(model, X[:1]), "iris.onnx")
        onnx.load("iris.onnx")
    record = Recorded(tmp_path)
    fitted = record.entity("model", "LogisticRegression")
    converted, loaded = record.entities_of("model", "ModelProto")
    saved = record.entity("model", "iris.onnx")
    assert record.sources(converted.id, Relation.WAS_DERIVED_FROM) == {
        fitted.id: "skl2onnx.to_onnx"
    }
    assert record.sources(saved.id, Relation.WAS_DERIVED_FROM) == {converted.id: "onnx.save"}
    assert record.openings[saved.id].access == "w"
    (read,) = record.activities("read")
    assert (read.name, record.upstream_files(read.id)) == ("onnx.load", {"iris.onnx"})
    assert record.sources(loaded.id, Relation.WAS_GENERATED_BY) == {read.id: "onnx.load"}
    assert (saved.attributes["inputs"], saved.attributes["producer"]) == (["X"], "skl2onnx")
    assert saved.attributes["outputs"] == ["output_label", "output_probability"]
    assert converted.digest == loaded.digest
    assert record.gaps == []


def test_a_model_that_was_changed_after_its_conversion_is_another(tmp_path: Path) -> None:
    with observing(tmp_path, "onnx", "skl2onnx"):
        proto = skl2onnx.convert_sklearn(
            MODEL, initial_types=[("X", skl2onnx.common.data_types.FloatTensorType([None, 4]))]
        )
        proto.doc_string = "changed"
        onnx.save(proto, "iris.onnx")
    record = Recorded(tmp_path)
    converted, saved_from = record.entities_of("model", "ModelProto")
    saved = record.entity("model", "iris.onnx")
    assert record.sources(saved.id, Relation.WAS_DERIVED_FROM) == {saved_from.id: "onnx.save"}
    assert record.sources(saved_from.id, Relation.WAS_DERIVED_FROM) == {}
    assert list(record.sources(converted.id, Relation.WAS_DERIVED_FROM).values()) == [
        "skl2onnx.convert_sklearn"
    ]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    with observing(tmp_path, "onnx", "skl2onnx"):
        with pytest.raises(FileNotFoundError):
            onnx.load("none.onnx")
        with pytest.raises(Exception, match="Unable to find"):
            skl2onnx.to_onnx(object(), X[:1])
    assert Recorded(tmp_path).entities == {}


def test_the_data_of_a_model_are_upstream_of_its_onnx_file(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("people.csv", "a,b,y\n" + "1.5,2.5,0\n2.5,3.5,1\n" * 20)
    project.run(
        "export.py",
        """
        import onnx
        import pandas as pd
        from skl2onnx import to_onnx
        from sklearn.tree import DecisionTreeClassifier

        people = pd.read_csv("people.csv")
        model = DecisionTreeClassifier().fit(people[["a", "b"]].to_numpy(), people["y"])
        onnx.save(to_onnx(model, people[["a", "b"]].to_numpy()[:1]), "tree.onnx")
        """,
    )
    edges = project.trace("tree.onnx")
    assert {
        ("tree.onnx", "wasDerivedFrom", "ModelProto in memory", "observed"),
        (
            "ModelProto in memory",
            "wasDerivedFrom",
            "DecisionTreeClassifier in memory",
            "observed",
        ),
        ("pandas.read_csv", "used", "people.csv", "observed"),
    } <= edges
