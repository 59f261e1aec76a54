"""The polars example, run as a user runs it after prepare.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.truth import Project

pytest.importorskip("polars")
pytest.importorskip("sklearn")

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_columns_of_lazy_frames_of_polars_are_followed_to_the_files(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("prepare.py", "polars_train.py"):
        project.write(name, (EXAMPLES / name).read_bytes())
        project.run(name)
    answer = project.json("flow", "models/polars.joblib")
    told = {
        edge["source"]["origin"]: (edge["columns"]["features"], edge["columns"]["derived"])
        for edge in answer["edges"]
    }
    assert told == {
        "data/raw.csv": (
            ["mean radius", "mean area", "mean compactness"],
            ["compactness_per_area"],
        ),
        "data/clinics.csv": (["clinic"], ["is_north"]),
    }
    assert answer["completeness"]["complete"]
