"""Which data a Keras model was fitted on, asked of a real run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.training import edges, table
from tests.support.truth import Project

pytest.importorskip("torch", reason="is Keras' backend here")
pytest.importorskip("pandas")
pytest.importorskip("keras")

pytestmark = pytest.mark.torch


def test_a_fit_has_its_data_by_role_and_its_settings(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("table.csv", table(80, 0))
    project.write("held_out.csv", table(20, 9))
    project.run(
        "fits.py",
        """
        import keras
        import pandas as pd

        table = pd.read_csv("table.csv")
        unread = pd.read_csv("table.csv")
        held_out = pd.read_csv("held_out.csv")
        model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
        model.compile(optimizer="adam", loss="mse")
        model.fit(
            table[["a", "b"]].to_numpy(), table["y"].to_numpy(), epochs=2, batch_size=20, verbose=0,
            validation_data=(held_out[["a", "b"]], held_out["y"]),
        )
        model.save("model.keras")
        """,
        KERAS_BACKEND="torch",
        KERAS_HOME=str(tmp_path / "home"),
    )
    assert edges(project.json("flow", "model.keras")) == {
        ("table.csv", 5, "Sequential", "fit", 10, "train", "inferred"),
        ("held_out.csv", 7, "Sequential", "fit", 10, "validation", "inferred"),
    }
    nodes = project.json("trace", "model.keras")["nodes"]
    (fit,) = (node for node in nodes if node["kind"] == "fit")
    told = (fit["name"], fit["attributes"]["steps"], fit["attributes"]["library"])
    assert told == ("Sequential.fit", 8, "keras")
