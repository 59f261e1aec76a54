"""CycloneDX ML-BOMs: valid by the strict validator, which agrees with the official cases."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.support.corpus import archived
from tests.support.exported import REMOTE, Study
from tests.support.scores import assert_score

pytestmark = pytest.mark.xdist_group("exported")

Json = dict[str, Any]

DISAGREE: dict[str, str] = {}
"""Official cases of 1.6 on which the validator has another verdict, with the reason."""


@pytest.fixture(scope="module")
def validator() -> JsonStrictValidator:
    return JsonStrictValidator(SchemaVersion.V1_6)


def components(bom: Json, type_: str) -> dict[str, Json]:
    return {one["name"]: one for one in bom["components"] if one["type"] == type_}


def properties(thing: Json) -> dict[str, str]:
    return {one["name"]: one["value"] for one in thing["properties"]}


def references(value: Any) -> tuple[list[str], set[str]]:
    """The references that a document gives to its parts, and those that it uses."""
    given, used = [], set[str]()
    open_ = [value]
    for one in open_:
        if isinstance(one, dict):
            given += [one["bom-ref"]] if "bom-ref" in one else []
            used |= {one["ref"]} if "ref" in one else set()
            used |= set(one.get("dependsOn", ()))
            open_.extend(one.values())
        elif isinstance(one, list):
            open_.extend(one)
    return given, used


@pytest.mark.parametrize(
    "thing", [None, "model.joblib", "run train.py", "train.csv", "run fail.py"]
)
def test_every_bill_is_strictly_valid_and_closed(
    thing: str | None, study: Study, validator: JsonStrictValidator
) -> None:
    data = study.exported("cyclonedx", thing)
    assert validator.validate_str(data.decode()) is None
    given, used = references(json.loads(data))
    assert len(given) == len(set(given))
    assert used <= set(given)
    assert study.exported("cyclonedx", thing) == data, "the same record gives the same bytes"


def test_the_validator_agrees_with_the_official_cases(validator: JsonStrictValidator) -> None:
    wrong, count = {}, 0
    for path, data in archived("cyclonedx.tar.gz").items():
        name = path.rpartition("/")[2]
        if "/1.6/" not in path or not name.startswith(("valid-", "invalid-")):
            continue
        count += 1
        error = validator.validate_str(data.decode())
        if (error is None) != name.startswith("valid-"):
            wrong[name] = str(error)
    assert count > 60
    assert wrong.keys() == DISAGREE.keys(), wrong
    suite = "CycloneDX 1.6, official valid and invalid bills: our validator's verdict"
    assert_score(suite, count - len(wrong), count)


def test_a_model_has_its_card(study: Study) -> None:
    bom = study.json("cyclonedx", "model.joblib")
    [model] = components(bom, "machine-learning-model").values()
    digest = hashlib.sha256((study.folder / "model.joblib").read_bytes()).hexdigest()
    assert model["hashes"] == [{"alg": "SHA-256", "content": digest}]
    card = model["modelCard"]
    [data] = card["modelParameters"].pop("datasets")
    assert card["modelParameters"] == {
        "approach": {"type": "supervised"},
        "task": "tabular-classification",
        "modelArchitecture": "sklearn.linear_model._logistic.LogisticRegression",
        "inputs": [{"format": "column first size"}, {"format": "column second"}],
    }
    assert data["ref"] == components(bom, "data")["train.csv"]["bom-ref"]
    [metric] = card["quantitativeAnalysis"]["performanceMetrics"]
    assert (metric["type"], 0.5 < float(metric["value"]) <= 1) == ("score", True)
    assert properties(card)["whence:param:C"] == "0.5"


def test_data_libraries_and_the_training_run_are_listed(study: Study) -> None:
    bom = study.json("cyclonedx", "model.joblib")
    data = components(bom, "data")["train.csv"]
    assert properties(data)["whence:column:first size"] == "float64"
    assert data["data"][0]["contents"]["url"] == (study.folder / "train.csv").as_uri()
    library = components(bom, "library")["scikit-learn"]
    assert library["purl"] == f"pkg:pypi/scikit-learn@{library['version']}"
    [workflow] = bom["formulation"][0]["workflows"]
    told = properties(workflow)
    assert (workflow["name"], told["whence:commit"], told["whence:repository"]) == (
        "train.py", study.commit, REMOTE,
    )  # fmt: skip
    assert [(task["name"], task["taskTypes"]) for task in workflow["tasks"]] == [
        ("pandas.read_csv", ["copy"]),
        ("LogisticRegression.fit", ["build"]),
        ("LogisticRegression.score", ["test"]),
    ]
    [model] = components(bom, "machine-learning-model").values()
    depends = {one["ref"]: one["dependsOn"] for one in bom["dependencies"]}[model["bom-ref"]]
    script = components(bom, "file")["train.py"]
    assert {data["bom-ref"], script["bom-ref"], library["bom-ref"]} <= set(depends)
