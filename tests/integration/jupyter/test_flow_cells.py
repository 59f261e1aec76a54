"""Which data fed which model in a notebook, asked of real kernels that ran cells in any order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("ipykernel")
pytest.importorskip("sklearn")
pytest.importorskip("pandas")

from tests.support.kernel import kernel
from tests.support.truth import Project

pytestmark = pytest.mark.xdist_group("kernel-flow")

NAME = "train.ipynb"
IMPORTS = """\
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression
"""

Told = tuple[str, str, int, str, int]
"""A file, then line and execution of the call that read it, then those of the call that learned."""


def ask(project: Project, question: str, thing: str = NAME) -> dict[str, Any]:
    answer: dict[str, Any] = project.ask(question, thing, "--json").answer
    schema = "flow" if question in ("flow", "columns") else "answer"
    text = files("whence.query").joinpath(f"{schema}.schema.json").read_text()
    jsonschema.validate(answer, json.loads(text))
    return answer


def edges(answer: dict[str, Any]) -> set[Told]:
    ends = ((one["source"], one["sink"]) for one in answer["edges"])
    return {
        (
            source["origin"], source["line"], source["cell"]["execution"],
            sink["line"], sink["cell"]["execution"],
        )
        for source, sink in ends
    }  # fmt: skip


def tables(project: Project) -> None:
    people = "".join(f"{n % 4},{20 + n},{n % 2}\n" for n in range(40))
    project.write("people.csv", "town,age,is_well\n" + people)
    project.write(
        "towns.csv", "town,rain,name\n" + "".join(f"{n},{n * 2},n{n}\n" for n in range(9))
    )


def recorded(folder: Path, cells: Sequence[tuple[str, str]]) -> Project:
    """A session of those cells. The notebook is gone then, so that its name is the session's."""
    project = Project(folder / "work")
    tables(project)
    project.write(NAME, '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    with kernel(project.root, JPY_SESSION_NAME=str(project.root / NAME)) as running:
        for cell, source in cells:
            answer = running.run(source.removeprefix(FAILS), cell)
            expected = "error" if source.startswith(FAILS) else "ok"
            assert answer.status == expected, (source, answer.errors)
        running.shut_down()
    (project.root / NAME).unlink()
    return project


FAILS = "# fails\n"

CELLS = [
    ("imports", IMPORTS),
    ("people", "people = pd.read_csv('people.csv')"),
    ("towns", "towns = pd.read_csv('towns.csv')"),
    ("log", "people['age_log'] = np.log(people['age'])"),
    ("join", "df = people.merge(towns, on='town')\nX = df[['age_log', 'rain']]"),
    ("first", "model = LogisticRegression()\nmodel.fit(X, df['is_well'])"),
    # The cell of people runs again, edited: what was made of it before stays what it was.
    ("people", "people = pd.read_csv('towns.csv')"),
    ("second", "LinearRegression().fit(people[['rain']], people['town'])"),
    ("third", "%%time\nLinearRegression().fit(df[['age']], df['town'])"),
    ("drop", "df.drop(columns='age', inplace=True)\ndf['rain'] = people['rain'].sum()"),
    ("fourth", "%time LinearRegression().fit(df[['rain']], df['is_well'])"),
    ("define", "def train(model):\n    return model.fit(X, y)"),
    ("use", "y = people['town']\nX = people[['rain']]\ntrain(LinearRegression())"),
    ("fail", FAILS + "people = pd.read_csv('people.csv')\nX = people.boom"),
    ("use", "y = people['town'][:9]\ntrain(LinearRegression())"),
    ("gone", "del people\n%reset_selective -f towns"),
    ("again", "people = pd.read_csv('people.csv')"),
    ("again", "people = pd.read_csv('people.csv')"),
    ("fifth", "LinearRegression().fit(people[['age']], people['town'])"),
    ("await", "async def load():\n    return pd.read_csv('towns.csv')\ntowns = await load()"),
    ("sixth", "!true\nLinearRegression().fit(towns[['rain']], towns['town'])"),
    ("seventh", "%%capture\nLinearRegression().fit(towns[['rain']], towns['town'])"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return recorded(tmp_path_factory.mktemp("flow-cells"), CELLS)


def test_each_fit_has_the_data_that_its_cell_had_when_it_ran(project: Project) -> None:
    found = edges(ask(project, "flow"))
    told = {one for one in found if not one[3].startswith("define:")}
    assert told == {
        ("people.csv", "people:1", 2, "first:2", 6),
        ("towns.csv", "towns:1", 3, "first:2", 6),
        ("towns.csv", "people:1", 7, "second:1", 8),
        ("people.csv", "people:1", 2, "third:2", 9),
        ("towns.csv", "towns:1", 3, "third:2", 9),
        ("people.csv", "people:1", 2, "fourth:1", 11),
        ("towns.csv", "towns:1", 3, "fourth:1", 11),
        ("towns.csv", "people:1", 7, "fourth:1", 11),
        ("people.csv", "again:1", 18, "fifth:1", 19),
        ("towns.csv", "await:2", 20, "sixth:2", 21),
        ("towns.csv", "await:2", 20, "seventh:2", 22),
    }


def test_a_function_has_the_globals_of_the_time_of_its_call(project: Project) -> None:
    """Its second call came after a cell that read people anew and then failed."""
    found = edges(ask(project, "flow"))
    assert {one for one in found if one[3].startswith("define:")} == {
        ("towns.csv", "people:1", 7, "define:2", 12),
        ("people.csv", "fail:1", 14, "define:2", 12),
    }


def test_people_read_the_number_of_the_prompt_and_the_line(project: Project) -> None:
    shown = project.ask("flow", NAME).out
    assert (
        """\
LinearRegression.fit  train.ipynb[8]:1
└─ X, y from towns.csv  pandas.read_csv  train.ipynb[7]:1
     features rain
     labels town
     unused name
     inferred from line 1 of train.ipynb[7]; line 1 of train.ipynb[8]
"""
        in shown
    )
    traced = project.ask("trace", NAME).out
    assert "/ipykernel_" not in project.ask("show", NAME).out + traced + shown


def test_the_columns_are_those_that_the_cells_made(project: Project) -> None:
    (first,) = {
        (one["column"], one["use"]): one["sinks"][0]["line"]
        for one in ask(project, "columns")["columns"]
        if one["use"] == "derived"
    }.items()
    assert first == (("age_log", "derived"), "first:2")


def test_a_notebook_that_is_only_read_is_taken_from_top_to_bottom(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / ".whence").mkdir()
    code = [
        "%matplotlib inline\nimport pandas as pd\nfrom sklearn.svm import SVC",
        "df = pd.read_csv('a.csv')\n!ls",
        "%%bash\nls (((",
        "%%time\nSVC().fit(df[['a']], df['b'])",
    ]
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": text.splitlines(keepends=True),
         "execution_count": None, "metadata": {}, "outputs": []}
        for n, text in enumerate(code)
    ]  # fmt: skip
    cells.insert(1, {"cell_type": "markdown", "id": "text", "source": "# words", "metadata": {}})
    project.write("x.ipynb", json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))
    answer = ask(project, "flow", "x.ipynb")
    assert answer["edges"] == [
        {
            "source": {
                "call": "pandas.read_csv", "file": "x.ipynb", "line": "c1:1", "origin": "",
                "synthetic": False, "cell": {"id": "c1", "count": None, "execution": 2},
            },
            "sink": {
                "call": "fit", "class": "SVC", "file": "x.ipynb", "line": "c3:2",
                "cell": {"id": "c3", "count": None, "execution": 4},
            },
            "role": "train", "known": "inferred", "arguments": ["X", "y"], "through": [],
            "columns": answer["edges"][0]["columns"],
        }
    ]  # fmt: skip
    assert answer["completeness"] == {"complete": True, "truncated": [], "gaps": []}


def test_what_is_no_notebook_is_told_so(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / ".whence").mkdir()
    project.write("x.ipynb", "{]")
    asked = project.ask("flow", "x.ipynb")
    assert (asked.code, asked.err) == (
        2, "whence: x.ipynb is no notebook: it has no cells that can be read\n"
    )  # fmt: skip
