"""`whence reproduce x.ipynb`: run anew in a copy, and compared with the recorded session."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.notebook_journal import NotebookJournal, write_notebook
from tests.support.program import whence
from whence._base.errors import UsageError
from whence.jupyter.reproducing import Wanted, reproduce
from whence.jupyter.workcopy import copy_folder
from whence.service.questions import open_questions

pytestmark = pytest.mark.xdist_group("reproduce")

STEADY = {
    "read": "rows = open('in.txt').read().split()",
    "write": "with open('out.txt', 'w') as f:\n    f.write(' '.join(rows * times))\nlen(rows)",
}


def folder_of(tmp_path: Path, cells: dict[str, str], *given: str) -> Path:
    folder = tmp_path / "work"
    (folder / ".whence").mkdir(parents=True)
    (folder / "in.txt").write_text("one two three " * 20)
    write_notebook(folder / "nb.ipynb", cells)
    recorded = whence(folder, "run", "nb.ipynb", *given)
    assert recorded.returncode == 0, recorded.stderr
    return folder


def reproduced(folder: Path, *words: str) -> tuple[int, Any]:
    done = whence(folder, "reproduce", "nb.ipynb", "--json", *words)
    assert "Traceback" not in done.stderr
    answer = json.loads(done.stdout)
    schema = json.loads(files("whence.query").joinpath("notebook.schema.json").read_text())
    jsonschema.validate(answer, schema)
    return done.returncode, answer


def states(answer: Any) -> dict[tuple[str, str], str]:
    return {(one["kind"], one["name"]): one["state"] for one in answer["items"]}


def test_what_gives_the_same_is_reproduced_and_no_file_is_touched(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, STEADY, "-p", "times", "9")
    (folder / "out.txt").write_text("mine now")
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    code, answer = reproduced(folder)
    assert (code, answer["status"], answer["failure"]) == (0, "finished", "")
    assert states(answer) == {
        ("cell", "injected-parameters"): "same", ("cell", "read"): "same",
        ("cell", "write"): "same", ("file", "out.txt"): "same",
        ("output", "execute_result text/plain"): "same",
    }  # fmt: skip
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_what_chance_the_order_and_memory_did_is_told(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        {
            "chance": "import random\nwith open('r.txt', 'w') as f:\n"
            "    f.write(str(random.random()) * 20)",
            "near": "import os\nprint('loss', 0.5 + len(os.getcwd()) * 1e-12)",
            "memory": "left_over = 1",
        },
    )
    cells = {"chance": "import random\nwith open('r.txt', 'w') as f:\n"
             "    f.write(str(random.random()) * 20)",
             "near": "import os\nprint('loss', 0.5 + len(os.getcwd()) * 1e-12)",
             "fails": "1 / 0"}  # fmt: skip
    write_notebook(folder / "nb.ipynb", cells)
    code, answer = reproduced(folder, "--tolerance", "1e-6")
    assert (code, answer["status"]) == (1, "failed")
    assert answer["failure"] == "cell fails: ZeroDivisionError: division by zero"
    found = states(answer)
    assert found["file", "r.txt"] == "differs"
    assert found["output", "stream text/plain"] == "same"
    assert found["cell", "memory"] == found["variable", "left_over"] == "differs"


def test_what_can_not_be_run_or_compared_is_said(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": f"open('{os.path.realpath(tmp_path)}/x', 'w')"})
    with notebook.session() as session:
        session.cell("a")
    (tmp_path / "bad.ipynb").write_text("no notebook")
    (tmp_path / "other.ipynb").write_text('{"cells": [], "nbformat": 4, "nbformat_minor": 5}')
    for name, said in {
        "bad.ipynb": "is no notebook",
        "none.ipynb": "There is no notebook",
        "other.ipynb": "No session of",
        "train.ipynb": "so what it writes there would be written to your own files",
    }.items():
        done = whence(tmp_path, "reproduce", name)
        assert (done.returncode, done.stdout) == (2, ""), name
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_session_that_wrote_outside_of_the_copy_is_not_run_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    notebook = NotebookJournal(folder, {"a": "1"})
    with notebook.session() as session:
        place = tmp_path / "outside.txt"
        session.cell("a", doing=lambda cell: session.write(place, b"mine" * 50, activity=cell))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    with (
        open_questions(notebook.store, folder) as asked,
        pytest.raises(UsageError, match=r"outside\.txt, which lies outside"),
    ):
        reproduce(asked, Wanted(notebook.path))


def test_a_copy_has_what_a_notebook_may_use_and_no_way_back(tmp_path: Path) -> None:
    source, outside = tmp_path / "work", tmp_path / "outside.txt"
    outside.write_text("outside")
    for name in ("sub", ".git", ".whence", "env", "node_modules"):
        (source / name).mkdir(parents=True)
        (source / name / "file").write_text(name)
    (source / "env" / "pyvenv.cfg").write_text("")
    (source / "inner").symlink_to("sub/file")
    (source / "outer").symlink_to(outside)
    (source / "folder").symlink_to(source / "sub")
    (source / "broken").symlink_to("nowhere")
    os.mkfifo(source / "pipe")
    target = tmp_path / "copy" / "work"
    target.parent.mkdir()
    copy_folder(source, target)
    assert sorted(path.name for path in target.iterdir()) == [
        "broken", "folder", "inner", "outer", "sub",
    ]  # fmt: skip
    for name in ("inner", "outer", "folder/file"):
        (target / name).write_text("written")
    assert ((source / "sub" / "file").read_text(), outside.read_text()) == ("sub", "outside")


def test_a_copy_that_has_no_room_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "file").write_text("some")
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1})())
    with pytest.raises(UsageError, match="name a larger folder"):
        copy_folder(tmp_path / "work", tmp_path / "copy")
