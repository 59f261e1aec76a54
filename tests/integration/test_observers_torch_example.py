"""The torch example, run as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.training import edges
from tests.support.truth import Project

pytest.importorskip("torch", reason="needs PyTorch")
pytest.importorskip("pandas")
pytest.importorskip("sklearn")

pytestmark = pytest.mark.torch

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_example_tells_which_table_trained_the_network(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("prepare.py", "torch_train.py"):
        project.write(name, (EXAMPLES / name).read_bytes())
        project.run(name)
    answer = project.json("flow", "models/network.pt")
    assert edges(answer) == {("data/train.csv", 50, "Sequential", "step", 38, "train", "inferred")}
    (edge,) = answer["edges"]
    assert edge["arguments"] == ["train_data", "validation_data"]
    assert answer["completeness"]["complete"] is True
    names = {node["name"] for node in project.json("trace", "models/network.pt")["nodes"]}
    assert {"raw.csv", "clinics.csv", "train.csv", "Adam.step"} <= names
