"""Sessions and executions of a real kernel compared, cell by cell."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from tests.support.kernel import kernel
from tests.support.notebook_journal import write_notebook
from tests.support.program import whence
from whence._base.ids import format_id
from whence.service.notebook.compare_named import NotebookComparing
from whence.service.questions import open_questions

pytest.importorskip("pandas")
pytest.importorskip("sklearn")

pytestmark = pytest.mark.xdist_group("compare_sessions")

LOAD = "import pandas as pd\ndf = pd.read_csv('a.csv')"
FIT = (
    "from sklearn.linear_model import LogisticRegression\n"
    "m = LogisticRegression(C={}).fit(df[['x']], df['y'])\n"
    "print('C is', m.C)\nprint('end')"
)
ROWS = "x,y\n" + "".join(f"{n},{int(n > 20)}\n" for n in range(40))


class Recorded(NamedTuple):
    folder: Path
    first: str
    second: str

    def json(self, *words: str) -> Any:
        done = whence(self.folder, "diff", *words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Two sessions of a notebook: the second with another C, more data, another order."""
    folder = tmp_path_factory.mktemp("compare") / "work"
    folder.mkdir()
    (folder / "a.csv").write_text(ROWS)
    cells = {"load": LOAD, "fit": FIT.format(1.0), "old": "total = df.x.sum()"}
    write_notebook(folder / "nb.ipynb", cells)
    extra = {"WHENCE_NOTEBOOK": str(folder / "nb.ipynb")}
    with kernel(folder, **extra) as running:
        for cell, source in cells.items():
            assert running.run(source, cell).status == "ok"
        running.shut_down()
    (folder / "a.csv").write_text(ROWS + "99,1\n")
    with kernel(folder, **extra) as running:
        running.run(LOAD, "load")
        running.run("note = 'of this session'", "new")
        running.run("total = df.x.sum()", "old")
        running.run(FIT.format(0.001), "fit")
        running.run(FIT.format(0.5), "fit")
        running.shut_down()
    with open_questions(folder / ".whence") as asked:
        second, first = (format_id(node.uid) for node in asked.store.runs())
    return Recorded(folder, first, second)


def valid(answer: Any, name: str) -> Any:
    schema = json.loads(files("whence.query").joinpath(f"{name}.schema.json").read_text())
    jsonschema.validate(answer, schema)
    return answer


def changes(answer: Any) -> dict[str, str]:
    return {one["id"]: one["change"] for one in answer["cells"]}


def told(cell: Any) -> dict[tuple[str, str], tuple[Any, Any]]:
    return {(d["section"], d["key"]): (d["left"], d["right"]) for d in cell["differences"]}


def test_two_sessions_are_compared_cell_by_cell_differences_first(recorded: Recorded) -> None:
    answer = valid(recorded.json(recorded.first, recorded.second), "answer")
    assert changes(answer) == {
        "load": "changed", "fit": "changed", "new": "added", "old": "same",
    }  # fmt: skip
    assert list(changes(answer)) == ["load", "fit", "new", "old"]
    cells = {one["id"]: one for one in answer["cells"]}
    load = told(cells["load"])
    assert load["columns", "a.csv: rows"] == (40, 41)
    assert {key for key in load if key[0] == "inputs"} == {("inputs", "a.csv")}
    assert cells["load"]["source_diff"] == ""
    fit = told(cells["fit"])
    assert fit["parameters", "LogisticRegression.fit.C"] == (1.0, 0.5)
    assert (fit["executions", "times"], fit["order", "place"]) == ((1, 2), (2, 4))
    assert "+m = LogisticRegression(C=0.5)" in cells["fit"]["source_diff"]
    assert (cells["fit"]["left"]["execution"], cells["fit"]["right"]["execution"]) == (2, 5)
    assert cells["new"]["source_diff"].splitlines()[-1] == "+note = 'of this session'"
    sections = {one["name"]: one for one in answer["sections"]}
    assert [d["key"] for d in sections["inputs"]["differences"]] == ["a.csv"]
    assert "fit: LogisticRegression.fit.C" in {
        d["key"] for d in sections["parameters"]["differences"]
    }
    assert sections["code"]["differences"] == []  # the cells tell it


def test_the_notebook_alone_stands_for_its_newest_two_sessions(recorded: Recorded) -> None:
    answer = valid(recorded.json("nb.ipynb"), "notebook")
    assert (answer["kind"], answer["left"], answer["right"]) == (
        "sessions", recorded.first, recorded.second,
    )  # fmt: skip
    by_run = recorded.json(recorded.first, recorded.second)
    assert recorded.json(recorded.first, "nb.ipynb") == answer
    assert answer["cells"] == by_run["cells"]
    differing = [bool(one["differences"]) for one in answer["sections"]]
    assert differing == sorted(differing, reverse=True)
    flow = next(one for one in answer["sections"] if one["name"] == "flow")
    assert {d["key"] for d in flow["differences"]} >= {
        "LogisticRegression.fit: parameter C", "a.csv: rows",
    }  # fmt: skip


def test_a_cell_stands_for_its_newest_two_executions(recorded: Recorded) -> None:
    answer = valid(recorded.json("nb.ipynb#fit"), "notebook")
    assert (answer["kind"], answer["left"], answer["right"]) == ("executions", "4", "5")
    (cell,) = answer["cells"]
    found = told(cell)
    assert found["parameters", "LogisticRegression.fit.C"] == (0.001, 0.5)
    shown = next(d for d in cell["differences"] if d["section"] == "shown")
    assert shown["text"][3:] == ["-C is 0.001", "+C is 0.5", " end"]
    assert recorded.json("nb.ipynb", "--executions", "4", "5") == answer
    # A cell that ran once in each session is compared across the two.
    across = recorded.json("nb.ipynb#old")
    assert (across["kind"], list(changes(across))) == ("sessions", ["old"])


def test_the_python_of_it_takes_nodes_and_gives_the_same(recorded: Recorded) -> None:
    with open_questions(recorded.folder / ".whence") as asked:
        comparing = NotebookComparing(asked)
        right, left = comparing.sessions(str(recorded.folder / "nb.ipynb"))
        found = comparing.sessions_compared(left, right)
    assert found.differs
    assert (found.left, found.right) == (recorded.first, recorded.second)


def test_text_says_it_in_words(recorded: Recorded) -> None:
    done = whence(recorded.folder, "diff", "nb.ipynb")
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "cells  3 differences, 1 the same" in lines
    assert "columns a.csv: rows  40 → 41" in lines
    assert "order place  2 → 4" in lines
    assert any(line.startswith("new") and "only in b" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none.ipynb",), "No session of none.ipynb is recorded"),
        (("nb.ipynb#nothing",), "nb.ipynb has no recorded cell 'nothing'"),
        (("nb.ipynb#new",), "Cell new of nb.ipynb ran once only"),
        (("nb.ipynb", "--executions", "1", "99"), "nb.ipynb has no execution 99: it has 5"),
        (("nb.ipynb@ffffff", "nb.ipynb"), "nb.ipynb has no recorded version 'ffffff'"),
        (("nb.ipynb", "a.csv.ipynb"), "There is no notebook"),
    ],
)
def test_what_can_not_be_compared_is_said_in_one_sentence(
    recorded: Recorded, words: tuple[str, ...], said: str
) -> None:
    done = whence(recorded.folder, "diff", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
