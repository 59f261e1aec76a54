"""Branches that were not taken, in code between calls that all ran."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.truth import Project

pytest.importorskip("sklearn")

TELLS_LINES = sys.version_info >= (3, 12)
SCRIPT = """
import sys
import numpy as np
from sklearn.datasets import load_iris, load_wine
from sklearn.svm import SVC
import choosing

X, y = load_iris(return_X_y=True)
other = load_wine(return_X_y=True)
if len(sys.argv) > 3:
    X, y = other
X, y = choosing.choose((np.array(X), np.array(y)), other)
SVC().fit(X, y)
"""
CHOOSING = """
def choose(one, other):
    if len(one) == 2:
        return one
    return other
"""


def sources(project: Project) -> set[str]:
    answer = project.ask("flow", "train", "--json").answer
    assert answer["completeness"]["complete"]
    return {edge["source"]["origin"] for edge in answer["edges"]}


def test_data_of_a_branch_that_was_not_taken_make_no_edge(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("choosing.py", CHOOSING)
    project.run("train.py", SCRIPT)
    assert sources(project) == ({"load_iris"} if TELLS_LINES else {"load_iris", "load_wine"})


def test_where_a_process_was_killed_all_branches_count(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("choosing.py", CHOOSING)
    project.run("train.py", SCRIPT + "\nimport os\nos.kill(os.getpid(), 9)\n", code=-9)
    assert sources(project) == {"load_iris", "load_wine"}


def test_a_tool_that_watches_lines_itself_is_not_disturbed(tmp_path: Path) -> None:
    if not TELLS_LINES:
        pytest.skip("this Python has no sys.monitoring")
    project = Project(tmp_path)
    ran = project.run(
        "own.py",
        """
        import sys

        told = []
        tool = sys.monitoring.PROFILER_ID
        sys.monitoring.use_tool_id(tool, "own")
        events = sys.monitoring.events
        sys.monitoring.register_callback(tool, events.LINE, lambda code, line: told.append(line))

        def work():
            a = 1
            return a

        sys.monitoring.set_local_events(tool, work.__code__, events.LINE)
        for _ in range(3):
            work()
        sys.monitoring.set_local_events(tool, work.__code__, 0)
        print(told)
        """,
    )
    assert ran.out == f"{[11, 12] * 3}\n"
