"""`whence check x.ipynb`: what a real kernel ran, against the notebook as it is on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.kernel import kernel
from tests.support.notebook_journal import NotebookJournal, write_notebook
from tests.support.program import whence
from whence.service.notebook.checking import check_notebook
from whence.service.questions import open_questions

CELLS = {
    "load": "rows = open('in.txt').read().split()",
    "more": "rows.append('four')",
    "size": "n = len(rows)",
    "show": "print(n, extra)",
}


def checked(folder: Path, *words: str) -> tuple[int, Any]:
    done = whence(folder, "check", "nb.ipynb", "--json", *words)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def found(answer: Any) -> list[tuple[str, str, str]]:
    return [(one["lint"], one["cell"], one["message"]) for one in answer["slips"]]


def test_a_kernel_s_history_gives_the_state_of_its_notebook(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "in.txt").write_text("one two three " * 20)
    path = folder / "nb.ipynb"
    write_notebook(path, CELLS)
    with kernel(folder, JPY_SESSION_NAME=str(path)) as running:
        for cell, source in CELLS.items():
            if cell == "show":
                running.run("extra = 1", "gone")
            running.run(source, cell)

        def states() -> dict[str, str]:
            with open_questions(running.store) as asked:
                return {one.id: one.state for one in check_notebook(asked, path).notebook.cells}

        fresh = dict.fromkeys(("load", "more", "size"), "fresh")
        assert states() == fresh | {"show": "stale", "gone": "edited"}
        running.run(CELLS["more"], "more")
        running.run(CELLS["size"], "size")
        assert states() == fresh | dict.fromkeys(("more", "size", "show"), "stale") | {
            "gone": "edited"
        }
        for cell in ("load", "more", "size"):
            running.run(CELLS[cell], cell)
        assert states() == fresh | {"show": "stale", "gone": "edited"}
        write_notebook(path, CELLS | {"more": "rows.append('five')"})
        assert [states()[cell] for cell in CELLS] == ["fresh", "edited", "stale", "stale"]
        write_notebook(path, CELLS)
        (folder / "in.txt").write_text("other " * 30)
    code, answer = checked(folder)
    assert code == 0
    assert found(answer) == [
        ("cell-stale", "load",
         "cell 1, In [8]: the file in.txt has other content now than when this cell read it"),
        ("cell-stale", "more", "cell 2, In [9]: `rows` came from In [8], whose own values are out "
         "of date"),
        ("cell-stale", "size", "cell 3, In [10]: `rows` came from In [9], whose own values are "
         "out of date"),
        ("cell-stale", "show", "cell 4, In [5]: `n` was changed by In [10] after this cell ran"),
        ("cell-out-of-order", "show", "cell 4, In [5]: cell 3, which gives it `n`, ran again in "
         "In [10] after this cell"),
        ("cell-unreachable", "show", "cell 4, In [5]: `extra` is defined by no cell any more; "
         "In [4] defined it"),
        ("name-only-in-memory", "gone",
         "`extra` was defined by In [4], a cell that is no longer in the notebook"),
    ]  # fmt: skip


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    cells = {"a": "from lib import X, y, LR\nX = X.copy()", "b": "m = LR().fit(X, y)"}
    notebook = NotebookJournal(tmp_path, cells, "nb.ipynb")
    with notebook.session() as session:
        session.cell("a", bound=["X"])
        session.cell("gone", "X['z'] = 0")
        session.cell("b", bound=["m"], doing=lambda cell: session.part(cell, "fit", "LR.fit"))
    return tmp_path


def test_a_model_with_hidden_state_is_named_and_lints_are_switched(recorded: Path) -> None:
    said = "LR, fitted in cell 2: In [2] is behind it, of a cell that is no longer in the notebook"
    code, answer = checked(recorded, "--strict")
    assert (code, ("model-hidden-state", "b", said) in found(answer)) == (1, True)
    schema = json.loads(whence(recorded, "schema", "check").stdout)
    jsonschema.validate(answer, schema)
    lints = sorted({one["lint"] for one in answer["slips"]})
    assert lints == ["cell-stale", "model-hidden-state", "name-only-in-memory"]
    without = [word for lint in lints for word in ("--without", lint)]
    code, answer = checked(recorded, "--strict", *without)
    assert (code, answer["slips"]) == (0, [])
    wrong = whence(recorded, "check", "nb.ipynb", "--without", "nonsense")
    assert (wrong.returncode, "There is no lint 'nonsense'" in wrong.stderr) == (2, True)


def test_without_a_record_the_file_alone_is_checked(tmp_path: Path) -> None:
    write_notebook(tmp_path / "nb.ipynb", {"a": "print(x)", "b": "x = 1"})
    done = whence(tmp_path, "check", "nb.ipynb")
    assert (done.returncode, done.stdout.splitlines()) == (0, [
        "cell-unreachable: cell 1: `x` is defined only below, by cell 2",
        "nb.ipynb: 1 finding of lints",
        "Nothing was recorded of it, so only its file was looked at. To record it: %load_ext "
        "whence in its first cell",
    ])  # fmt: skip
    (tmp_path / "bad.ipynb").write_text("{")
    bad = whence(tmp_path, "check", "bad.ipynb")
    assert (bad.returncode, bad.stderr.startswith("whence: bad.ipynb is no notebook")) == (2, True)


def test_cells_without_ids_are_told_by_their_source_and_number(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"": "x = 1"}, "nb.ipynb")
    with notebook.session() as session:
        session.cell("", "x = 1", bound=["x"])
        session.cell("", "y = x", bound=["y"])
        session.cell("", "x = 2", bound=["x"])
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": source,
         "execution_count": count}
        for source, count in (("x = 2", 3), ("y = x", 2))
    ]  # fmt: skip
    notebook.path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 2}))
    _, answer = checked(tmp_path)
    told = [(one["index"], one["count"], one["state"]) for one in answer["notebook"]["cells"]]
    assert told == [(0, 3, "fresh"), (1, 2, "stale"), (None, 1, "edited")]
