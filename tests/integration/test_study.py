"""The seven questions about learning, with the golden answers of the study, in call, command and
SPARQL."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import whence
from benchmarks.study.small import play
from whence._base.errors import NotKnownError, UsageError
from whence._base.ids import format_id
from whence.query.ask.registry import QUESTIONS
from whence.service import asking
from whence.service.asking import Asked
from whence.service.exporting import whole
from whence.service.questions import open_questions
from whence.standards.prov.rdf import NQuads
from whence.standards.record.names import ATTRIBUTE, uid_of
from whence.standards.record.outward import document_of

MODEL, DATASET = "models/model-0.pt", "learning/slices-0.npz"
RANGE = {"inline_slices": [100, 425]}
SURVEY = {
    "inline": [100, 750], "crossline": [300, 1250], "geox1": 6054167, "geoy1": 60735564,
    "basin": "Southern North Sea", "field": "F3", "slices": 1602,
}  # fmt: skip
HYPERPARAMETERS = {"batch_size": 60, "max_epochs": 300, "learning_rates": [0.01, 0.001]}
ASKED: dict[str, dict[str, Any]] = {
    "q1": {"model": MODEL},
    "q2": {"model": MODEL},
    "q3": {"dataset": DATASET},
    "q4": {"dataset": DATASET},
    "q5": {"given": RANGE},
    "q6": {"given": RANGE},
    "q7": {"given": {"tile_size": 40, "noise_threshold": 0.3}},
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the study was played in small: two models, four epochs of six batches."""
    folder = tmp_path_factory.mktemp("study")
    play(folder)
    return folder


@pytest.fixture
def ask(study: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(study)
    monkeypatch.delenv("WHENCE_HOME", raising=False)
    return whence.ask


def test_q1_gives_the_survey_behind_a_model(ask: Any) -> None:
    found = ask("q1", model=MODEL)
    (row,) = found.rows
    assert (row.training_set.name, row.data.name) == (DATASET, "raw/netherlands.sgy")
    assert row.attributes == SURVEY
    assert found.completeness.complete
    chosen = ask("q1", model=MODEL, attributes=["basin", "field"])
    assert [one.attributes for one in chosen.rows] == [
        {"basin": "Southern North Sea", "field": "F3"}
    ]


def test_q2_gives_the_parameters_of_the_preparation(ask: Any) -> None:
    (row,) = ask("q2", model=MODEL).rows
    assert (row.training_set.name, row.run.name) == (DATASET, "preparation 0")
    assert row.parameters == {
        "tile_size": 40, "noise_threshold": 0.3, "inline_slices": [100, 425],
        "crossline_slices": [300, 775],
    }  # fmt: skip


def test_q3_gives_the_model_with_the_least_loss(ask: Any) -> None:
    (row,) = ask("q3", dataset=DATASET, metric="loss").rows
    assert (row.model.name, row.run.name, row.least) == (MODEL, "training 0", 2.2e-3)
    assert row.hyperparameters == HYPERPARAMETERS
    assert row.attributes == {"epoch": 188}
    measures = {one.name: (one.last, one.least, one.greatest, one.points) for one in row.measures}
    assert measures["loss"] == (2.2e-3 * 1.01, 2.2e-3, 2.2e-3 * 1.02, 4)
    assert measures["miou"] == (0.721, 0.720, 0.722, 4)
    assert sorted(measures) == ["batch_loss", "loss", "miou"]


def test_q4_gives_the_times_of_batches_in_each_epoch_over_all_processes(ask: Any) -> None:
    rows = ask("q4", dataset=DATASET).rows
    assert [(row.run.name, row.section, row.count) for row in rows] == [
        ("training 0", f"epoch {number}", 6) for number in (186, 187, 188, 189)
    ]
    assert all(0 < row.least_s <= row.mean_s <= row.greatest_s < 10 for row in rows)


def test_q5_gives_times_and_metrics_of_the_models_of_a_range(ask: Any) -> None:
    (row,) = ask("q5", given=RANGE).rows
    assert (row.model.name, [one.name for one in row.training_sets]) == (MODEL, [DATASET])
    assert row.times == ask("q4", dataset=DATASET).rows
    assert [(one.name, one.least) for one in row.measures] == [
        ("batch_loss", 2.2e-3), ("loss", 2.2e-3), ("miou", 0.72),
    ]  # fmt: skip


def test_q6_gives_the_survey_of_a_range(ask: Any) -> None:
    (row,) = ask("q6", given=RANGE).rows
    assert (row.training_set.name, row.data.name, row.attributes) == (
        DATASET, "raw/netherlands.sgy", SURVEY,
    )  # fmt: skip


def test_q7_ranks_models_and_joins_their_validation(ask: Any) -> None:
    first, second = ask("q7", given={"tile_size": 40}).rows
    assert (first.model.name, first.least) == (MODEL, 2.2e-3)
    assert (second.model.name, second.least) == ("models/model-1.pt", 2.2e-3 * 1.1)
    assert first.hyperparameters == second.hyperparameters == HYPERPARAMETERS
    (validation,) = first.validations
    assert (validation.run.name, validation.hyperparameters) == ("validation 0", {"overlap": 0.5})
    assert {one.name: one.last for one in validation.measures} == {
        "loss": 2.2e-3 * 1.5, "miou": 0.702,
    }  # fmt: skip
    assert [row.model.name for row in ask("q7", given=RANGE).rows] == [MODEL]


def test_a_data_set_is_found_by_its_own_attributes_too(ask: Any) -> None:
    found = ask("q6", given={"tiles": 8000, "tile_size": 40}).rows
    assert [row.training_set.name for row in found] == [DATASET, "learning/slices-1.npz"]
    assert ask("q6", given={"tiles": 2000}).rows == []
    assert ask("q6", given={"tiles": 8000, "tile_size": 41}).rows == []


def test_what_is_not_there_is_said(ask: Any) -> None:
    with pytest.raises(UsageError, match="no question 'q8'; there are: q1, q2"):
        ask("q8")
    with pytest.raises(UsageError, match="q3 needs dataset: the training set"):
        ask("q3")
    with pytest.raises(UsageError, match="q1 has no argument 'range'; it has: model, attributes"):
        ask("q1", model=MODEL, range=1)
    with pytest.raises(NotKnownError, match=r"Nothing is recorded of models/none\.pt"):
        ask("q1", model="models/none.pt")
    with pytest.raises(UsageError, match="given is a mapping of names to values"):
        ask("q5", given="inline")


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_command_prints_what_the_call_gives(question: str, ask: Any, study: Path) -> None:
    found = ask(question, **ASKED[question])
    options = [*_options(ASKED[question]), "--json"]
    printed = json.loads(_whence(study, "ask", question, *options))
    assert printed["rows"] == json.loads(_json(found))["rows"]
    assert printed["completeness"]["complete"] is True
    table = _whence(study, "ask", question, *options[:-1]).splitlines()
    assert len(table) == len(found.records()) + 3
    assert table[-1].startswith("complete: ")


def test_the_command_lists_the_questions(study: Path) -> None:
    listed = _whence(study, "ask", "--list")
    assert all(question.wording in listed for question in QUESTIONS.values())


def test_a_range_of_the_command_is_a_list_of_two(study: Path) -> None:
    text = _whence(study, "ask", "q6", "--range", "inline_slices=426..750", "--show", "field")
    row = text.splitlines()[1].split()
    assert row == ["learning/slices-1.npz", "raw/netherlands.sgy", "field", "F3"]


@pytest.fixture(scope="module")
def graph(study: Path) -> Any:
    """The whole record of the study in an RDF store."""
    pyoxigraph = pytest.importorskip("pyoxigraph")
    with open_questions(cwd=study) as asked:
        out = io.BytesIO()
        NQuads().write(document_of(whole(asked.store)), out)
    store = pyoxigraph.Store()
    store.load(out.getvalue(), format=pyoxigraph.RdfFormat.N_QUADS)
    return store


@pytest.mark.parametrize("question", QUESTIONS)
def test_sparql_over_the_projection_gives_the_same(
    question: str, ask: Any, study: Path, graph: Any
) -> None:
    with open_questions(cwd=study) as asked:
        text = asking.sparql(asked.store, asked.node_of, question, ASKED[question])
    found = ask(question, **ASKED[question])
    by_call = set(_FLAT[question](found))
    assert by_call
    by_graph = [
        tuple(_plain(row[name]) for name in _COLUMNS[question]) for row in graph.query(text)
    ]
    assert set(by_graph) == by_call


def _sources(found: Asked) -> Iterator[tuple[Any, ...]]:
    for row in found.rows:
        for key, value in row.attributes.items():
            yield row.training_set.id, row.data.id, key, _text(value)


def _preparations(found: Asked) -> Iterator[tuple[Any, ...]]:
    for row in found.rows:
        for key, value in row.parameters.items():
            yield row.training_set.id, row.run.id, key, _text(value)


def _trained(found: Asked) -> Iterator[tuple[Any, ...]]:
    for row in found.rows:
        for said in _said(row.attributes, row.hyperparameters, row.measures):
            yield row.model.id, row.run.id, _text(row.least), *said


def _times(found: Asked) -> Iterator[tuple[Any, ...]]:
    for row in found.rows:
        times = (row.mean_s, row.least_s, row.greatest_s)
        yield row.run.id, row.section, _text(row.count), *(_nano(time) for time in times)


def _model_times(found: Asked) -> Iterator[tuple[Any, ...]]:
    for row in found.rows:
        for one in row.times:
            yield row.model.id, "mean_s", one.run.id, one.section, _nano(one.mean_s)
        for one in row.measures:
            yield row.model.id, "measure", one.activity, one.name, _text(one.last)


def _ranked(found: Asked) -> Iterator[tuple[Any, ...]]:
    for row in found.rows:
        for said in _said(row.attributes, row.hyperparameters, row.measures):
            yield row.model.id, _text(row.least), "learning", row.run.id, *said
        for one in row.validations:
            for said in _said({}, one.hyperparameters, one.measures):
                yield row.model.id, _text(row.least), "validation", one.run.id, *said


def _said(attributes: Any, hyperparameters: Any, measures: Any) -> Iterator[tuple[Any, ...]]:
    for what, values in (("attribute", attributes), ("hyperparameter", hyperparameters)):
        for key, value in values.items():
            yield what, key, _text(value), None
    for one in measures:
        yield "measure", one.name, _text(one.last), _text(one.least)


_COLUMNS = {
    "q1": ("set", "data", "key", "value"),
    "q2": ("set", "preparation", "name", "value"),
    "q3": ("model", "run", "least", "what", "name", "value", "lowest"),
    "q4": ("run", "sectionName", "count", "mean", "least", "greatest"),
    "q5": ("model", "what", "of", "name", "value"),
    "q6": ("set", "data", "key", "value"),
    "q7": ("model", "least", "stage", "process", "what", "name", "value", "lowest"),
}
_FLAT = {
    "q1": _sources, "q2": _preparations, "q3": _trained, "q4": _times, "q5": _model_times,
    "q6": _sources, "q7": _ranked,
}  # fmt: skip


def _plain(term: Any) -> str | None:
    """A term as the call has it: ids, keys of attributes, and texts of values."""
    if term is None:
        return None
    if not hasattr(term, "datatype"):
        key = term.value.removeprefix(ATTRIBUTE)
        return key if key != term.value else format_id(uid_of(term.value))
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "decimal":
        return _nano(float(term.value))
    return _text(float(term.value)) if kind == "double" else _text(_json_of(term.value, kind))


def _json_of(text: str, kind: str) -> Any:
    return text if kind == "string" else json.loads(text)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _nano(seconds: float) -> str:
    """To a tenth of a nanosecond: averages are rounded differently."""
    return f"{seconds:.10f}"


def _options(arguments: dict[str, Any]) -> list[str]:
    options = []
    for name, value in arguments.items():
        if name == "given":
            for key, one in value.items():
                options += ["--attribute", f"{key}={json.dumps(one)}"]
        else:
            options += [f"--{name}", value]
    return options


def _whence(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "whence", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def _json(found: Asked) -> bytes:
    import msgspec

    return msgspec.json.encode(found)
