"""Two runs compared: what a fit has is told once, and two scripts are told against each other."""

from __future__ import annotations

from pathlib import Path

import pytest

import whence
from tests.support.journal import JournalBuilder
from tests.support.truth import Project
from whence._base.ids import format_id
from whence.model.event import ParamsLogged

FIT = """
import sys
from sklearn.linear_model import LogisticRegression
LogisticRegression(C=float(sys.argv[1])).fit([[0.0], [1.0]] * 5, [0, 1] * 5)
"""


def test_a_hyperparameter_of_a_fit_is_told_once_and_two_scripts_against_each_other(
    tmp_path: Path,
) -> None:
    pytest.importorskip("sklearn")
    project = Project(tmp_path)
    project.run("first.py", FIT, "1.0")
    project.run("second.py", FIT.replace("float", "1 + float"), "1.0")
    left, right = sorted(node.id for node in whence.runs(store=tmp_path).nodes)
    found = whence.diff(left, right, store=tmp_path)
    sections = {section.name: section.differences for section in found.sections}
    assert [(one.key, one.left, one.right) for one in sections["parameters"]] == [
        ("LogisticRegression.fit.C", 1.0, 2.0)
    ]
    (script,) = sections["code"]
    assert (script.key, script.change) == ("first.py → second.py", "changed")
    assert [line for line in script.text if line[:1] in "+-"][2:] == [
        "-LogisticRegression(C=float(sys.argv[1])).fit([[0.0], [1.0]] * 5, [0, 1] * 5)",
        "+LogisticRegression(C=1 + float(sys.argv[1])).fit([[0.0], [1.0]] * 5, [0, 1] * 5)",
        "-# first.py",
        "+# second.py",
    ]


def test_a_parameter_that_repeats_a_fit_in_one_run_only_is_compared_as_the_runs_own(
    tmp_path: Path,
) -> None:
    journal, runs = JournalBuilder(tmp_path), []
    for lr in (0.1, 0.2):
        with journal.run("train") as run:
            runs.append(format_id(run.id))
            run.params(lr=lr)
            fit = run.started("fit", "Model.fit", parent=run.id)
            run.record(ParamsLogged(fit, {"lr": 0.1}, journal.clock.tick()[0]))
    found = whence.diff(*runs, store=tmp_path)
    (section,) = [section for section in found.sections if section.name == "parameters"]
    assert [(one.key, one.change, one.left, one.right) for one in section.differences] == [
        ("lr", "changed", 0.1, 0.2)
    ]
    assert section.same == {"Model.fit.lr": 0.1}
