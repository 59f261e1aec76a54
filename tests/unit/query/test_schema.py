"""What --json prints keeps to the schemas that `whence schema` prints."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.journal import JournalBuilder
from whence.cli.app import main
from whence.cli.schema import SCHEMAS
from whence.model.kind import DATASET, MODEL, SECTION, STAGE

Print = Callable[..., Any]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JournalBuilder:
    """Data prepared, a model trained on it epoch by epoch, and validated."""
    monkeypatch.chdir(tmp_path)
    journal = JournalBuilder(tmp_path)
    (tmp_path / "raw.csv").write_text("a,b\n1,2\n" * 20)
    with journal.run("prepare") as run:
        run.params(cut=5)
        run.entity("file", "raw.csv", id=run.read(tmp_path / "raw.csv"), region="north")
        run.write(tmp_path / "train.bin", b"training data" * 20, kind=DATASET)
    with journal.run("train", attributes={"command": ["python", "train.py"]}) as run:
        run.params(rate=float("nan"))
        run.read(tmp_path / "train.bin")
        stage = run.started(STAGE, "training", parent=run.id)
        epoch = run.started(SECTION, "epoch 0", parent=stage)
        for batch in ("batch 0", "batch 1"):
            run.ended(run.started(SECTION, batch, parent=epoch))
        run.ended(epoch)
        run.ended(stage)
        for name in ("loss", "batch_loss"):
            run.metric(name, 0.5)
        run.write(tmp_path / "model.bin", b"model" * 50, kind=MODEL)
    with journal.run("validate") as run:
        stage = run.started(STAGE, "validation", parent=run.id)
        run.read(tmp_path / "model.bin", activity=stage)
        run.metric("loss", 0.75)
        run.ended(stage)
    return journal


@pytest.fixture
def printed(capfdbinary: pytest.CaptureFixture[bytes]) -> Print:
    """The JSON that a command prints."""

    def run(*words: str) -> Any:
        main(words)
        captured = capfdbinary.readouterr()
        assert captured.err == b""
        return json.loads(captured.out)

    return run


def faults(printed: Print, name: str, answer: Any) -> list[str]:
    schema = printed("schema", name)
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(closed(schema)).iter_errors(answer)]


def closed(schema: Any) -> Any:
    """The schema with nothing allowed that it does not describe: the public one stays open."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(one) for key, one in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        found.setdefault("additionalProperties", False)
    return found


@pytest.mark.parametrize(
    "words",
    [
        ("q1", "--model", "model.bin"), ("q2", "--model", "model.bin"),
        ("q3", "--dataset", "train.bin"), ("q4", "--dataset", "train.bin"),
        ("q5", "--attribute", "cut=5"), ("q6", "--attribute", "cut=5", "--show", "region"),
        ("q7", "--attribute", "cut=5"),
    ],
)  # fmt: skip
def test_the_answers_to_the_questions_about_learning_keep_to_their_schema(
    study: JournalBuilder, printed: Print, words: tuple[str, ...]
) -> None:
    answer = printed("ask", *words, "--json")
    assert (answer["query"]["question"], bool(answer["rows"])) == (words[0], True)
    assert faults(printed, "ask", answer) == []
    others = {"q1": "q2", "q4": "q3"}
    wrong = answer | {"query": {"question": others.get(words[0], "q4")}}
    assert faults(printed, "ask", wrong) != []


@pytest.mark.parametrize("thing", ["model.bin", "raw.csv", "train"])
@pytest.mark.parametrize("view", ["5w1h", "lifecycle"])
def test_the_views_of_a_thing_keep_to_their_schemas(
    study: JournalBuilder, printed: Print, view: str, thing: str
) -> None:
    answer = printed("show", thing, f"--{view}", "--json")
    assert faults(printed, view, answer) == []


def test_what_a_check_comes_to_keeps_to_its_schema(study: JournalBuilder, printed: Print) -> None:
    (study.root / "bad.provn").write_text(
        "document prefix e <http://e.org/> entity(e:a) activity(e:a) endDocument"
    )
    found = printed("check", "--json")
    assert (found["valid"], bool(found["slips"])) == (True, True)
    wrong = printed("check", "bad.provn", "--json")
    assert [one["constraint"] for one in wrong["faults"]] == [55]
    for answer in (found, wrong, printed("check", "model.bin", "--json")):
        assert faults(printed, "check", answer) == []


def test_a_checked_thing_whose_name_is_no_text_is_spelled(
    study: JournalBuilder, printed: Print
) -> None:
    with study.run("odd") as run:
        run.write(os.fsencode(study.root) + b"/caf\xe9.bin", b"odd" * 50)
    answer = printed("check", os.fsdecode(b"caf\xe9.bin"), "--json")
    assert answer["subject"] == "caf\\xe9.bin"


def test_every_schema_is_one(printed: Print) -> None:
    for name in SCHEMAS:
        Draft202012Validator.check_schema(printed("schema", name))
