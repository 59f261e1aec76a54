"""``whence run`` from the command line to the sealed journal."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.support.program import environment, read_when_done, run_recorded
from whence._base.ids import derived_id
from whence.model.event import ContentHashed, FileOpened, GapRecorded, RelationRecorded, TagsSet
from whence.model.relation import Relation


def test_name_tags_and_experiment_are_recorded(tmp_path: Path) -> None:
    words = ["--name", "first try", "--tag", "team=a=b", "--tag", "x=", "--experiment", "exp é"]
    outcome = run_recorded(tmp_path, *words, "-c", "print(1)")
    assert outcome == (0, b"1\n", b"")
    recording = read_when_done(tmp_path / ".whence")
    [run] = recording.started("run")
    assert run.name == "first try"
    groups = [e for e in recording.of(RelationRecorded) if e.relation == Relation.PART_OF_GROUP]
    assert [(e.source, e.target) for e in groups] == [(run.id, derived_id(b"experiment", "exp é"))]
    assert [event.tags for event in recording.of(TagsSet) if event.node == run.id] == [
        {"team": "a=b", "x": ""}
    ]


@pytest.mark.parametrize("words", [["--nme", "x", "s.py"], ["--tag", "x", "s.py"], ["-I"]])
def test_wrong_use_ends_with_code_2_and_makes_no_store(words: list[str], tmp_path: Path) -> None:
    outcome = run_recorded(tmp_path, *words)
    assert (outcome.code, outcome.stdout) == (2, b"")
    assert outcome.stderr.startswith(b"whence: ")
    assert os.listdir(tmp_path) == []


def test_wrong_settings_are_told_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / ".whence").mkdir()
    (tmp_path / ".whence" / "config.toml").write_text("[files]\nexcluded = ['x']\n")
    outcome = run_recorded(tmp_path, "-c", "print('ran')")
    assert (outcome.code, outcome.stdout) == (2, b"")
    assert b"'excluded'" in outcome.stderr


def test_an_observer_that_is_switched_off_records_nothing_and_that_is_told(tmp_path: Path) -> None:
    (tmp_path / ".whence").mkdir(0o700)
    (tmp_path / ".whence" / "config.toml").write_text("[observers]\noff = ['sqlite3']\n")
    program = "import sqlite3; sqlite3.connect('a.db').execute('create table t (a)')"
    assert run_recorded(tmp_path, "-c", program).code == 0
    read = read_when_done(tmp_path / ".whence")
    gaps = [(gap.code, gap.detail) for gap in read.of(GapRecorded)]
    assert gaps == [("observer-off", "sqlite3")]
    assert not [opened for opened in read.of(FileOpened) if opened.path.endswith(b"a.db")]


def test_an_observer_that_is_not_there_can_not_be_switched_off(tmp_path: Path) -> None:
    (tmp_path / ".whence").mkdir(0o700)
    (tmp_path / ".whence" / "config.toml").write_text("[observers]\noff = ['panda']\n")
    outcome = run_recorded(tmp_path, "-c", "print('ran')")
    assert (outcome.code, outcome.stdout) == (2, b"")
    assert b"no observer 'panda' here; known: " in outcome.stderr


def test_the_store_is_found_above_or_by_the_environment(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / ".whence").mkdir(0o700)
    run_recorded(inner, "-c", "pass")
    assert len(read_when_done(tmp_path / ".whence").started("run")) == 1
    run_recorded(inner, "-c", "pass", env=environment(WHENCE_HOME=str(tmp_path / "other")))
    assert len(read_when_done(tmp_path / "other" / ".whence").started("run")) == 1
    assert os.listdir(inner) == []


def test_what_was_read_and_written_is_hashed_and_code_is_code(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("i" * 100)
    (tmp_path / "helper.py").write_text("def go(): open('out.txt', 'w').write('o' * 100)\n")
    (tmp_path / "s.py").write_text("import helper\nopen('in.txt').read()\nhelper.go()\n")
    assert run_recorded(tmp_path, "s.py").code == 0
    recording = read_when_done(tmp_path / ".whence")
    seen = sorted((os.path.basename(e.path), e.access, e.role) for e in recording.of_files())
    assert seen == [
        (b"helper.py", "r", "code"),
        (b"in.txt", "r", ""),
        (b"out.txt", "w", ""),
        (b"s.py", "r", "code"),
    ]
    digests = {os.path.basename(e.path): e.digest for e in recording.of(ContentHashed)}
    assert digests == {
        os.fsencode(name): hashlib.sha256((tmp_path / name).read_bytes()).digest()
        for name in ("helper.py", "in.txt", "out.txt", "s.py")
    }


def test_digests_are_kept_between_runs(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("i" * 100)
    for _ in range(2):
        run_recorded(tmp_path, "-c", "open('in.txt').read()")
        recording = read_when_done(tmp_path / ".whence")
    assert len({(e.stamp, e.digest) for e in recording.of(ContentHashed)}) == 1
    assert len(recording.of(ContentHashed)) == 2


def test_a_run_inside_a_run_is_a_run_of_its_own(tmp_path: Path) -> None:
    source = (
        "import subprocess, sys\n"
        "words = ['-m', 'whence', 'run', '--name', 'inner', '-c', 'print(2)']\n"
        "subprocess.run([sys.executable, *words])"
    )
    assert run_recorded(tmp_path, "--name", "outer", "-c", source) == (0, b"2\n", b"")
    recording = read_when_done(tmp_path / ".whence")
    assert {run.name for run in recording.started("run")} == {"outer", "inner"}
    assert {recording.end_of(run.id).status for run in recording.started("run")} == {"finished"}
