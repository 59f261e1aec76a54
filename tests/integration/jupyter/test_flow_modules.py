"""The flow of notebooks whose own modules are edited and loaded again, and of hidden code."""

from __future__ import annotations

import json
import os

import pytest

pytest.importorskip("ipykernel")
pytest.importorskip("sklearn")
pytest.importorskip("pandas")

from tests.support.kernel import kernel
from tests.support.truth import Project

pytestmark = pytest.mark.xdist_group("kernel-flow")

FIRST = """\
import pandas as pd

def load():
    return pd.read_csv("people.csv")

def train(model, frame):
    return model.fit(frame[["age"]], frame["is_well"])
"""
SECOND = """\
import pandas as pd

# The data are others now.

def load():
    # A comment.
    frame = pd.read_csv("towns.csv")
    return frame

def train(model, frame):
    rows = frame
    return model.fit(rows[["rain"]], rows["town"])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("flow-modules") / "work")
    people = "".join(f"{20 + n},{n % 2}\n" for n in range(40))
    project.write("people.csv", "age,is_well\n" + people)
    project.write("towns.csv", "town,rain\n" + "".join(f"{n},{n * 2}\n" for n in range(9)))
    module = project.write("tools.py", FIRST)
    long_ago = module.stat().st_mtime_ns - 10**10
    os.utime(module, ns=(long_ago, long_ago))  # the edit then has another time for sure
    with kernel(project.root, JPY_SESSION_NAME=str(project.root / "none.ipynb")) as running:

        def run(cell: str, source: str) -> None:
            answer = running.run(source, cell)
            assert answer.status == "ok", answer.errors

        run("set", "%load_ext autoreload\n%autoreload 2")
        run("imports", "import tools\nfrom sklearn.linear_model import LinearRegression")
        run("load", "df = tools.load()")
        run("train", "tools.train(LinearRegression(), df)")
        project.write("tools.py", SECOND)
        run("load", "df = tools.load()")
        run("train", "tools.train(LinearRegression(), df)")
        run("hidden", "exec(\"df = tools.pd.read_csv('people.csv')\")")
        run("own", "LinearRegression().fit(df[['age']], df['is_well'])")
        running.shut_down()
    return project


def test_each_call_of_a_module_is_in_the_version_that_was_loaded(project: Project) -> None:
    answer = project.ask("flow", "notebook", "--json").answer
    assert {
        (one["source"]["origin"], one["source"]["file"], one["source"]["line"],
         one["sink"]["file"], one["sink"]["line"])
        for one in answer["edges"]
    } == {
        ("people.csv", "tools.py", 4, "tools.py", 7),
        ("towns.csv", "tools.py", 7, "tools.py", 12),
    }  # fmt: skip


def test_what_code_made_at_run_time_bound_is_told_as_missing(project: Project) -> None:
    answer = project.ask("flow", "notebook", "--json").answer
    assert [gap["detail"] for gap in answer["completeness"]["gaps"]] == [
        f"{one} of LinearRegression at notebook[8]:1: it runs code that is made at run time"
        for one in ("X", "y")
    ]


def test_the_statements_are_those_of_the_version(project: Project) -> None:
    answer = project.ask("flow", "notebook", "--json").answer
    through = {one["sink"]["line"]: one["through"] for one in answer["edges"]}
    assert {json.dumps(one) for one in through[12]} >= {
        json.dumps({"file": "tools.py", "line": line}) for line in (7, 11, 12)
    }
