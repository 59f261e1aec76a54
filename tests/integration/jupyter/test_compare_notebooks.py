"""Notebooks, and recorded versions of them, compared by their cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.notebook_journal import NotebookJournal, write_notebook
from whence._base.errors import DocumentError, NotKnownError, UsageError
from whence.query.diff.cells import Comparison
from whence.service.notebook.compare_named import NotebookComparing
from whence.service.notebook.versions import cells_in, file_cells, split, versions_of
from whence.service.questions import open_questions

CELLS = {"a": "x = 1", "b": "y = x + 1", "c": "print(y)"}


def compared(folder: Path, left: str, right: str) -> Comparison:
    with open_questions(folder / ".whence", folder) as asked:
        return NotebookComparing(asked).two(left, right)


def changes(found: Comparison) -> dict[str, str]:
    return {cell.id: cell.change for cell in found.cells}


def test_two_notebooks_are_aligned_by_id_and_by_code(tmp_path: Path) -> None:
    NotebookJournal(tmp_path, CELLS, "first.ipynb")
    write_notebook(tmp_path / "second.ipynb", {"c": "print(y)", "a": "x = 2", "bb": "y = x + 1"})
    found = compared(tmp_path, "first.ipynb", "second.ipynb")
    assert changes(found) == {"a": "changed", "c": "moved", "b": "same"}
    assert found.cells[0].source_diff.splitlines()[-2:] == ["-x = 1", "+x = 2"]
    assert found.notes == [
        "Only code is compared: no session of first.ipynb and second.ipynb is recorded"
    ]


def test_the_newest_sessions_of_two_notebooks_are_compared_too(tmp_path: Path) -> None:
    first = NotebookJournal(tmp_path, CELLS, "first.ipynb")
    second = NotebookJournal(tmp_path, CELLS, "second.ipynb", first.journal)
    (tmp_path / "one.csv").write_text("1" * 40)
    (tmp_path / "two.csv").write_text("2" * 40)
    for notebook, data in ((first, "one.csv"), (second, "two.csv")):
        with notebook.session() as session:
            place = tmp_path / data
            session.cell("a", doing=lambda cell, s=session, p=place: s.read(p, activity=cell))
    found = compared(tmp_path, "first.ipynb", "second.ipynb")
    inputs = next(one for one in found.sections if one.name == "inputs")
    assert {one.key for one in inputs.differences} >= {"one.csv", "two.csv"}
    assert (changes(found), found.notes) == ({"a": "same", "b": "same", "c": "same"}, [])


def test_a_recorded_version_is_compared_by_the_cells_that_ran(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, CELLS)
    with notebook.session() as session:
        for cell in CELLS:
            session.cell(cell)
    notebook.cells["b"] = "y = x + 2"
    notebook.save()
    with notebook.session() as session:
        for cell in CELLS:
            session.cell(cell)
    with open_questions(notebook.store, tmp_path) as asked:
        sessions = NotebookComparing(asked).sessions("train.ipynb")
        digests = [one.digest.hex() for one in versions_of(asked.store, sessions)]
    assert len(digests) == 2
    found = compared(tmp_path, f"train.ipynb@{digests[0][:8]}", "train.ipynb")
    assert (found.kind, found.left) == ("versions", f"train.ipynb@{digests[0][:10]}")
    assert changes(found) == {"b": "changed", "a": "same", "c": "same"}
    assert found.notes == [
        f"train.ipynb@{digests[0][:10]}: the file is not kept; its cells are those that ran"
    ]
    # The newest version lies on disk as it was recorded, so it is read there.
    assert compared(tmp_path, f"train.ipynb@{digests[1]}", "train.ipynb").notes == []


def test_cells_without_ids_are_aligned_by_their_code(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {})
    for step in ("1", "2"):
        with notebook.session() as session:
            session.cell("", "import math")
            session.cell("", f"value = math.sqrt({step}) + 100")
            session.cell("", "import math")
    with open_questions(notebook.store, tmp_path) as asked:
        found = NotebookComparing(asked).one("train.ipynb")
    assert sorted(changes(found).values()) == ["changed", "same"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a.ipynb", ("a.ipynb", "", "")),
        ("dir/a.ipynb#load", ("dir/a.ipynb", "#", "load")),
        ("a.ipynb@5f3a", ("a.ipynb", "@", "5f3a")),
        ("a#b.ipynb#c", ("a#b.ipynb", "#", "c")),
        ("a.ipynb.bak", ("a.ipynb.bak", "", "")),
        ("run", ("run", "", "")),
    ],
)
def test_a_name_may_have_a_cell_or_a_version_behind_it(
    text: str, parts: tuple[str, str, str]
) -> None:
    assert split(text) == parts


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no json", "is no JSON"),
        (b"[]", "has no list of cells"),
        (b'{"cells": 3}', "has no list of cells"),
        (b"[" * 100_000, "is no JSON"),
    ],
)
def test_a_file_that_is_no_notebook_is_told_as_such(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "x.ipynb").write_bytes(content)
    with pytest.raises(DocumentError, match=said):
        file_cells(str(tmp_path / "x.ipynb"))


def test_notebooks_of_old_formats_and_odd_ones_are_read() -> None:
    old: dict[str, Any] = {
        "worksheets": [{"cells": [{"cell_type": "code", "input": ["a\n", "b"]}]}]
    }
    assert [one.source for one in cells_in(json.dumps(old).encode(), "x")] == ["a\nb"]
    odd = {"cells": ["text", {"cell_type": "code"}, {"id": 7, "source": "z"}]}
    assert [(one.id, one.source) for one in cells_in(json.dumps(odd).encode(), "x")] == [
        ("", ""), ("7", "z"),
    ]  # fmt: skip


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    NotebookJournal(tmp_path, CELLS)
    with pytest.raises(NotKnownError, match="There is no notebook"):
        compared(tmp_path, "train.ipynb", "none.ipynb")
    with pytest.raises(UsageError, match="Two cells of notebooks are not compared"):
        compared(tmp_path, "train.ipynb#a", "train.ipynb#b")
