"""OpenLineage events: valid by the published schemas, and with the lineage that was recorded."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

import whence.standards.openlineage
from tests.support.corpus import archived
from tests.support.exported import REMOTE, Study
from tests.support.scores import assert_score
from whence.journal.home import create_store
from whence.model.kind import NodeType
from whence.service.exporting import whole
from whence.service.importing import import_document
from whence.service.index import open_store
from whence.standards.openlineage import OpenLineage
from whence.standards.prov.statement import PROV, Document, Literal, Name, Statement
from whence.standards.vocabulary import terms

pytestmark = pytest.mark.xdist_group("exported")

CORE = "https://openlineage.io/spec/2-0-2/OpenLineage.json"
OURS = Path(whence.standards.openlineage.__file__).parent / "schema"

Json = dict[str, Any]


@pytest.fixture(scope="module")
def registry() -> Registry[Any]:
    spec = [
        json.loads(data)
        for name, data in archived("openlineage.tar.gz").items()
        if name.startswith("openlineage/spec/") and "/tests/" not in name
        and name.endswith(".json")
    ]  # fmt: skip
    ours = [json.loads(file.read_bytes()) for file in OURS.glob("*.json")]
    assert (len(spec), len(ours)) == (39, 3)
    found: Registry[Any] = Registry()
    return found.with_resources([(s["$id"], Resource.from_contents(s)) for s in (*spec, *ours)])


def faults(registry: Registry[Any], reference: str, value: Any) -> list[str]:
    schema = {"$ref": reference}
    validator = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
    return [
        f"{reference} {list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(value)
    ]


def facets_in(value: Any) -> list[tuple[str, Json]]:
    if isinstance(value, list):
        return [found for one in value for found in facets_in(one)]
    if not isinstance(value, dict):
        return []
    own = [(k, v) for k, v in value.items() if isinstance(v, dict) and "_schemaURL" in v]
    return own + [found for one in value.values() for found in facets_in(one)]


def events(study: Study, thing: str | None = None) -> list[Json]:
    return [json.loads(line) for line in study.exported("openlineage", thing).splitlines()]


def end_of(study: Study, thing: str) -> Json:
    return events(study, thing)[-1]


def test_every_event_and_facet_is_valid_by_its_schema(
    study: Study, registry: Registry[Any]
) -> None:
    told, found = set(), []
    for event in events(study):
        found += faults(registry, CORE, event)
        for key, facet in facets_in(event):
            told.add(key)
            found += faults(registry, facet["_schemaURL"], facet)
            found += faults(registry, facet["_schemaURL"].split("#")[0], {key: facet})
    assert found == []
    assert told == {
        "dataSource", "datasetType", "documentation", "environmentVariables", "errorMessage",
        "executionParameters", "inputStatistics", "jobType", "lineage", "outputStatistics",
        "ownership", "parent", "processing_engine", "schema", "sourceCode", "sourceCodeLocation",
        "tags", "version", "whence_content", "whence_mlTraining",
    }  # fmt: skip
    suite = "OpenLineage schemas, kinds of facets that we write"
    assert_score(suite, len(told), len(told))


def test_each_run_starts_once_and_ends_once(study: Study) -> None:
    found = [(e["job"]["name"], e["eventType"]) for e in events(study)]
    assert found == [
        ("prepare.py", "START"), ("prepare.py", "COMPLETE"),
        ("train.py", "START"), ("train.py", "COMPLETE"),
        ("fail.py", "START"), ("odd | `values`", "START"),
        ("odd | `values`", "FAIL"), ("fail.py", "FAIL"),
    ]  # fmt: skip
    times = [event["eventTime"] for event in events(study)]
    assert times == sorted(times)


def test_a_model_is_an_output_with_its_lineage(study: Study) -> None:
    event = end_of(study, "run train.py")
    [read], [made] = event["inputs"], event["outputs"]
    assert (read["namespace"], read["name"]) == ("file", str(study.folder / "train.csv"))
    assert [(f["name"], f["type"]) for f in read["facets"]["schema"]["fields"]] == [
        ("first size", "float64"), ("second", "float64"), ("label", "int64"),
    ]  # fmt: skip
    assert made["facets"]["datasetType"]["datasetType"] == "MODEL"
    [entry] = event["job"]["facets"]["lineage"]["entries"]
    assert (entry["name"], entry["type"]) == (str(study.folder / "model.joblib"), "DATASET")
    assert [source["name"] for source in entry["inputs"]] == [str(study.folder / "train.csv")]


def test_code_commit_and_training_are_told(study: Study) -> None:
    event = end_of(study, "run train.py")
    location = event["job"]["facets"]["sourceCodeLocation"]
    assert (location["type"], location["url"], location["version"], location["path"]) == (
        "git", REMOTE, study.commit, "train.py",
    )  # fmt: skip
    source = event["job"]["facets"]["sourceCode"]
    assert source["sourceCode"] == (study.folder / "train.py").read_text()
    training = event["run"]["facets"]["whence_mlTraining"]
    [metric] = training["metrics"]
    assert (metric["name"], metric["count"]) == ("score", 1)
    assert [(call["kind"], call["name"]) for call in training["calls"]] == [
        ("fit", "LogisticRegression.fit"), ("score", "LogisticRegression.score"),
    ]  # fmt: skip
    assert training["calls"][0]["params"]["C"] == 0.5


def test_a_failure_says_why_and_odd_values_stay_json(study: Study) -> None:
    event = next(e for e in events(study) if e["eventType"] == "FAIL")
    assert event["run"]["facets"]["errorMessage"]["message"] == "ValueError: it went <wrong>"
    training = event["run"]["facets"]["whence_mlTraining"]
    assert training["params"] == {"rate": 0.1, "inf": "inf", "bytes": "b'\\x00'"}
    [metric] = training["metrics"]
    assert (metric["name"], metric["value"], metric["count"]) == ("loss", "nan", 3)
    parent = event["run"]["facets"]["parent"]
    assert parent["run"] == parent["root"]["run"] != {"runId": event["run"]["runId"]}


def test_columns_keep_their_lineage_and_only_what_is_recorded(
    tmp_path: Path, registry: Registry[Any]
) -> None:
    """Two data sets with columns, as another tool may tell them in PROV."""
    base = "http://example.org/"

    def entity(name: str, kind: str) -> Statement:
        said = (
            (PROV + "type", Name(terms.class_of(kind, NodeType.ENTITY))),
            (PROV + "label", Literal(name)),
        )
        return Statement("entity", base + name, (), said)

    def binary(kind: str, source: str, target: str) -> Statement:
        rest: tuple[None, ...] = () if kind == "hadMember" else (None,)
        if kind == "wasDerivedFrom":
            rest = (None, None, None)
        return Statement(kind, None, (base + source, base + target, *rest), ())

    start, end = "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"
    statements = [
        *(entity(name, "dataset") for name in ("in", "other", "out")),
        *(entity(name, "column") for name in ("in_a", "in_b", "live", "out_x", "out_y")),
        Statement("activity", base + "run", (start, end), (
            (PROV + "type", Name(terms.class_of("run", NodeType.ACTIVITY))),)),
        *(binary("hadMember", *pair) for pair in
          (("in", "in_a"), ("in", "in_b"), ("out", "out_x"), ("out", "out_y"))),
        binary("used", "run", "in"), binary("used", "run", "other"),
        binary("wasGeneratedBy", "out", "run"), binary("wasDerivedFrom", "out", "in"),
        binary("wasDerivedFrom", "out_x", "live"), binary("wasDerivedFrom", "live", "in_b"),
    ]  # fmt: skip
    store = create_store(tmp_path / ".whence")
    out = io.BytesIO()
    with open_store(store) as index:
        import_document(store, index, Document(statements))
    with open_store(store) as index:
        OpenLineage().export(whole(index), out)
    event = json.loads(out.getvalue().splitlines()[-1])
    assert faults(registry, CORE, event) == []
    facet = event["outputs"][0]["facets"]["columnLineage"]
    assert faults(registry, facet["_schemaURL"], facet) == []
    [(column, past)] = facet["fields"].items()
    assert column == "out_x"
    assert [(f["name"], f["field"]) for f in past["inputFields"]] == [("in", "in_b")]
    [entry] = event["job"]["facets"]["lineage"]["entries"]
    assert [(one["name"], one["transformations"][0]["type"]) for one in entry["inputs"]] == [
        ("in", "DIRECT"), ("other", "INDIRECT"),
    ]  # fmt: skip
