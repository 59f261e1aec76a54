"""A project with a past, as the command line finds it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from tests.support.journal import JournalBuilder
from whence._base.ids import format_id
from whence.capture.file.filesystem import FileSystems
from whence.cli.app import main


class Result(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def shape(self) -> list[str]:
        """The lines with ids, digests, times and durations blotted out, since they vary."""
        return [_VARYING.sub(lambda match: f"<{match.lastgroup}>", line) for line in self.lines]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


_VARYING = re.compile(
    r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}(-[0-9a-f]{4}){0,2}(-[0-9a-f]{12})?)"
    r"|(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)|(?P<took>\d+\.\d\d s)|(?P<digest>\b[0-9a-f]{10}\b)"
)


class Project(NamedTuple):
    """prepare.py made clean.csv from raw.csv, train.py a model of it, twice; eval.py failed."""

    root: Path
    journal: JournalBuilder
    prepare: str
    train: str
    again: str
    failed: str


def builder_at(root: Path) -> JournalBuilder:
    """A journal whose file system is the true one, so that files are found by their stamps."""
    device = root.stat().st_dev
    return JournalBuilder(root, filesystem=FileSystems().id_of(device, str(root)))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "UTC")
    journal = builder_at(tmp_path)
    (tmp_path / "raw.csv").write_text("a,b\n" + "1,2\n" * 50)
    command = {"command": ["python", "prepare.py"]}
    with journal.run("prepare.py", attributes=command) as prepare:
        prepare.read(tmp_path / "raw.csv")
        prepare.write(tmp_path / "clean.csv", b"a,b\n" + b"1,2\n" * 40)
    trained = []
    for lr, model, acc in ((0.1, b"one" * 50, 0.8), (0.2, b"two" * 50, 0.9)):
        with journal.run("train.py", attributes={"command": ["python", "train.py"]}) as train:
            train.params(lr=lr, seed=1)
            train.read(tmp_path / "clean.csv")
            train.write(tmp_path / "model.bin", model, kind="model")
            train.metric("acc", 0.5, step=0)
            train.metric("acc", acc, step=1)
            trained.append(format_id(train.id))
    failed = journal.run("eval.py")
    failed.read(tmp_path / "model.bin")
    failed.ended(status="failed")
    failed.close()
    ids = (format_id(prepare.id), *trained, format_id(failed.id))
    return Project(tmp_path, journal, *ids)


@pytest.fixture
def whence(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Result]:
    """Runs a command in this process."""

    def run(*arguments: str) -> Result:
        code = main(arguments)
        captured = capfdbinary.readouterr()
        return Result(code, captured.out.decode(), captured.err.decode())

    return run


def strict(schema: Any) -> Any:
    """The schema with nothing allowed that it does not describe: the public one stays open."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(one) for key, one in schema.items()}
    if "properties" in schema and "required" in schema and "question" not in schema["properties"]:
        closed.setdefault("additionalProperties", False)
    return closed


@pytest.fixture(scope="session")
def validator() -> Draft202012Validator:
    from importlib.resources import files

    text = files("whence.query").joinpath("answer.schema.json").read_text("utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(strict(schema))
