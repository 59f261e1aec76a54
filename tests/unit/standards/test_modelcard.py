"""Model cards: the front matter is YAML that the Hub reads, the text is what was recorded."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
import yaml

from tests.support.exported import REMOTE, Study
from whence._base.errors import DocumentError

pytestmark = pytest.mark.xdist_group("exported")


def card(study: Study, thing: str, **how: bool) -> tuple[dict[str, Any], str]:
    _, front, text = study.exported("model-card", thing, **how).decode().split("---\n", 2)
    return yaml.safe_load(front), text


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^(#+ .*)$", text, flags=re.MULTILINE)
    return {head.lstrip("# "): body for head, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_the_front_matter_has_the_models_own_figures(study: Study) -> None:
    front, _ = card(study, "model.joblib")
    [entry] = front.pop("model-index")
    assert front == {
        "library_name": "sklearn",
        "pipeline_tag": "tabular-classification",
        "tags": ["whence"],
    }
    [result] = entry.pop("results")
    assert entry == {"name": "model.joblib"}
    [metric] = result.pop("metrics")
    assert 0.5 < metric.pop("value") <= 1
    assert metric == {"type": "score", "name": "score"}
    assert result == {
        "task": {"type": "tabular-classification"},
        "dataset": {"name": "train.csv", "type": "train.csv"},
        "source": {"name": "whence run train.py"},
    }


def test_the_card_tells_data_code_parameters_and_runs(study: Study) -> None:
    _, text = card(study, "model.joblib")
    found = sections(text)
    assert list(found) == [
        "model.joblib", "Data", "Training", "Parameters", "Evaluation", "Provenance",
        "Completeness",
    ]  # fmt: skip
    data = hashlib.sha256((study.folder / "train.csv").read_bytes()).hexdigest()
    model = hashlib.sha256((study.folder / "model.joblib").read_bytes()).hexdigest()
    assert f"| SHA-256 | `{model}` |" in found["model.joblib"]
    assert f"| `train.csv` | dataset | 40 | 3 | `{data}` |" in found["Data"]
    assert f"| Commit | `{study.commit}` |" in found["Training"]
    assert f"| Repository | `{REMOTE}` |" in found["Training"]
    assert "Fitted by: `LogisticRegression.fit`" in found["Training"]
    assert "| `C` | `0.5` |" in found["Parameters"]
    assert found["Evaluation"].count("| `score` |") == 1
    assert "- Run: <https://w3id.org/whence/id/" in found["Provenance"]


def test_the_run_of_a_model_gives_the_same_card(study: Study) -> None:
    assert card(study, "run train.py") == card(study, "model.joblib")


def test_what_a_name_holds_does_not_break_the_table(study: Study) -> None:
    front, text = card(study, "odd name %.bin")
    found = sections(text)
    assert front == {"tags": ["whence"]}, "NaN is no figure"
    assert "| `loss` | nan | 3 | odd \\| \\`values\\` |" in found["Evaluation"]
    assert "| Status | failed |" in found["Training"]
    assert "| Tag team | `red` |" in found["Training"]
    assert "- The run that made the model has the status failed." in found["Completeness"]


def test_without_one_model_there_is_no_card(study: Study) -> None:
    with pytest.raises(DocumentError, match="needs a model, and there is none"):
        study.exported("model-card", "train.csv")
    with pytest.raises(DocumentError, match=r"here are 2; name one: model\.joblib, odd name"):
        study.exported("model-card")
