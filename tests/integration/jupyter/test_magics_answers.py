"""`%whence`: questions asked in a notebook, of its variables, files and runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from tests.support.kernel import Kernel, kernel

pytestmark = pytest.mark.xdist_group("kernel")

CELLS = {
    "data": """
import numpy as np, pandas as pd, joblib
rng = np.random.default_rng(0)
rows = pd.DataFrame({"a": rng.random(200), "b": rng.random(200), "y": rng.integers(0, 2, 200)})
rows.to_csv("raw.csv", index=False)
""",
    "read": 'df = pd.read_csv("raw.csv")\npath = "raw.csv"\nnumber = 3',
    "derive": 'df["c"] = df["a"] * df["b"]',
    "fit": """
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit(df[["a", "c"]], df["y"])
""",
    "save": 'joblib.dump(model, "m.joblib");',
}


class Shown(NamedTuple):
    """What a cell showed: its text, the texts in its drawing, what it said on stderr."""

    status: str
    text: str
    drawn: list[str]
    errors: str


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with kernel(tmp_path_factory.mktemp("magics") / "work") as running:
        for cell, source in CELLS.items():
            answer = running.run(source, cell)
            assert answer.status == "ok", answer.reply
        yield running


def ask(notebook: Kernel, line: str) -> Shown:
    answer = notebook.run(f"%whence {line}", "ask")
    data = next((content["data"] for content in answer.of("display_data")), {})
    svg = data.get("image/svg+xml")
    drawn = [] if svg is None else [
        "".join(one.itertext()) for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]  # fmt: skip
    return Shown(answer.status, data.get("text/plain", ""), drawn, answer.errors)


def test_a_model_in_memory_is_traced_to_its_file_with_a_drawing(notebook: Kernel) -> None:
    shown = ask(notebook, "trace model")
    assert (shown.status, shown.errors) == ("ok", "")
    assert shown.text.startswith("LogisticRegression  model  in memory\n")
    assert "of raw.csv" in shown.text
    assert {"model", "LogisticRegression.fit", "raw.csv", "df", "pandas.read_csv"} <= {*shown.drawn}
    assert "nothing is missing" in shown.drawn[-1]


@pytest.mark.parametrize("thing", ["model", "m.joblib", "./m.joblib"])
def test_why_finds_the_way_from_a_file_to_a_variable_or_a_file(
    notebook: Kernel, thing: str
) -> None:
    shown = ask(notebook, f"why raw.csv {thing}")
    assert {"raw.csv", "LogisticRegression.fit"} <= {*shown.drawn}
    assert 'df = pd.read_csv("raw.csv")' in shown.text


def test_what_came_of_a_frame_includes_what_learned_from_it(notebook: Kernel) -> None:
    shown = ask(notebook, "impact df")
    assert shown.text.splitlines()[0] == "df  raw.csv · frame · 200 × 3"
    assert {"LogisticRegression.fit", "model", "m.joblib"} <= {*shown.drawn}
    assert "m.joblib" in shown.text


def test_a_variable_that_holds_a_path_stands_for_the_file(notebook: Kernel) -> None:
    assert ask(notebook, "impact path").drawn == ask(notebook, "impact raw.csv").drawn


def test_flow_and_columns_are_those_of_this_session_unless_something_is_named(
    notebook: Kernel,
) -> None:
    flow = ask(notebook, "flow")
    assert flow.drawn[:4] == [
        "train",
        "raw.csv",
        "pandas.read_csv · In [2], …",
        "LogisticRegression",
    ]
    assert "X, y from raw.csv" in flow.text
    columns = ask(notebook, "columns m.joblib")
    assert {"a", "c", "y"} <= {*columns.drawn}
    assert "feature" in columns.text


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("show", "run notebook  running"),
        ("show m.joblib", "model m.joblib"),
        ("log -n 1", "id        name      status"),
        ("status", "store      "),
        ("", "  %whence trace"),
        ("trace model --text", "LogisticRegression  model"),
        ("diff m.joblib", ""),
        ("check", ""),
    ],
)  # fmt: skip
def test_other_answers_are_text(notebook: Kernel, line: str, start: str) -> None:
    shown = ask(notebook, line)
    assert (shown.status, shown.errors, shown.drawn) == ("ok", "", [])
    assert shown.text.startswith(start)
    assert shown.text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("trace nothing", "whence: Nothing is recorded of nothing: no such path, id,"),
        ("trace number", "whence: Nothing is recorded of number, the int that is in this"),
        ("trace np", "whence: Nothing is recorded of np: no such path"),
    ],
)  # fmt: skip
def test_of_what_is_not_known_one_sentence_tells(notebook: Kernel, line: str, told: str) -> None:
    shown = ask(notebook, line)
    assert (shown.status, shown.text) == ("ok", "")
    assert shown.errors.startswith(told)
    assert shown.errors.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("trase model", "UsageError: %whence has no question 'trase'; did you mean 'trace'?"),
        ("why model", "UsageError: %whence why: "),
        ("trace --depth x", "UsageError: %whence trace: argument --depth: invalid int value"),
        ("trace a b", "UsageError: %whence trace takes one thing"),
        ("diff a b c", "UsageError: %whence diff compares two things"),
        ("trace 'a", "UsageError: %whence: No closing quotation"),
    ],
)
def test_wrong_use_is_one_sentence_without_a_traceback(
    notebook: Kernel, line: str, told: str
) -> None:
    answer = notebook.run(f"%whence {line}", "ask")
    assert answer.status == "error"
    assert answer.errors.startswith(told)
    assert "Traceback" not in answer.errors


def test_asking_leaves_no_trace_of_itself_but_its_cell(notebook: Kernel) -> None:
    notebook.run("open('asked.txt', 'w').write('x' * 100);", "file")
    (notebook.folder / "copy.csv").write_bytes((notebook.folder / "raw.csv").read_bytes())
    assert "the same bytes as" in ask(notebook, "trace copy.csv").text
    recording = notebook.recorded()
    names = {Path(str(one.path)).name for one in recording.of_files()}
    assert not {"copy.csv", "index.sqlite"} & names
    assert recording.started("cell")[-1].attributes["cell"] == "ask"


def test_questions_variables_and_files_are_completed(notebook: Kernel) -> None:
    def completed(text: str) -> set[str]:
        reply = notebook.client.complete(text, reply=True, timeout=60)
        return set(reply["content"]["matches"])

    assert {"trace", "impact"} <= completed("%whence ")
    assert "model" in completed("%whence trace mo")
    assert "raw.csv" in completed("%whence trace ra")
    assert "--columns" in completed("%whence trace --co")
