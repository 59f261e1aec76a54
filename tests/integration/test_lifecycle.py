"""The six questions about an artifact, and its life by phase and person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import read_when_done, run_recorded, whence

SCRIPT = """
from pathlib import Path
import whence

with whence.run("clean") as run:
    with run.stage("curation"):
        Path("clean.csv").write_text("a,b\\n" * 30)
        run.produce("clean.csv", kind="dataset")
with whence.run("learn", params={"lr": 0.1}) as run:
    run.set_tag("why", "the old model drifts")
    run.use("clean.csv")
    with run.stage("training"):
        Path("model.bin").write_bytes(b"m" * 100)
    run.produce("model.bin", kind="model")
with whence.run("look") as run:
    run.use("model.bin")
"""


def answer(folder: Path, *words: str) -> str:
    done = whence(folder, *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("life")
    (folder / "script.py").write_text(SCRIPT)
    assert run_recorded(folder, "script.py").code == 0
    read_when_done(folder / ".whence")
    return folder


pytestmark = pytest.mark.xdist_group("lifecycle")


def test_six_questions_are_answered_from_the_thing_and_the_run_that_made_it(study: Path) -> None:
    sheet = json.loads(answer(study, "show", "model.bin", "--5w1h", "--json"))
    assert (sheet["what"]["kind"], sheet["what"]["size"]) == ("model", 100)
    assert sheet["when"].keys() == {
        "made", "first_used", "last_used", "run_started", "run_ended",
    }  # fmt: skip
    assert sheet["why"] == {"why": "the old model drifts"}
    assert sheet["where"]["places"] == [str(study / "model.bin")]
    assert sheet["who"].keys() <= {"people", "user"}
    assert sheet["how"]["params"] == {"lr": 0.1}
    assert sheet["how"]["inputs"] == ["clean.csv"]
    text = answer(study, "show", "model.bin", "--5w1h")
    assert [line for line in text.splitlines() if not line.startswith(" ")][:6] == [
        "What", "When", "Why", "Where", "Who", "How",
    ]  # fmt: skip


def test_a_run_in_a_script_answers_who_and_where_by_the_script_and_says_so(study: Path) -> None:
    inner = json.loads(answer(study, "show", "learn", "--5w1h", "--json"))
    script = json.loads(answer(study, "show", inner["part_of"]["id"], "--5w1h", "--json"))
    assert inner["part_of"] == {
        "id": script["id"],
        "name": "script.py",
        "answers": [
            "where.host", "where.folder", *(f"who.{key}" for key in script["who"]),
            *(f"how.{key}" for key in ("command", "code", "commit", "uncommitted_changes",
                                       "environment") if key in script["how"]),
        ],
    }  # fmt: skip
    assert (inner["where"], inner["who"]) == (script["where"], script["who"])
    assert inner["how"]["command"] == script["how"]["command"]
    assert inner["how"]["params"] == {"lr": 0.1}
    assert inner["why"] == {"why": "the old model drifts"}
    assert script["part_of"] is None
    line = next(
        one for one in answer(study, "show", "learn", "--5w1h").splitlines() if "folder" in one
    )
    assert line.endswith("(of script.py)")


def test_why_is_never_guessed(study: Path) -> None:
    assert "not recorded; say it with" in answer(study, "show", "clean.csv", "--5w1h")


def test_a_life_is_told_by_phase_and_says_what_it_does_not_know(study: Path) -> None:
    life = json.loads(answer(study, "show", "model.bin", "--lifecycle", "--json"))
    told = [(one["name"], one["phase"], one["known"]) for one in life["steps"]]
    assert ("clean", "curation", "declared") in told
    assert ("learn", "training", "declared") in told
    assert ("look", "", "") in told
    text = answer(study, "show", "model.bin", "--lifecycle")
    heads = [line for line in text.splitlines() if not line.startswith(" ")]
    assert heads[:3] == ["Curation", "Training", "Phase not known"]
