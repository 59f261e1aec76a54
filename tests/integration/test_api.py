"""The write API: what a program declares is recorded, and nothing else of the program changes."""

from __future__ import annotations

import asyncio
import json
import math
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import whence
from tests.support.session import of_type, recorded_session
from whence._base.errors import UsageError
from whence._base.ids import derived_id, format_id, parse_id
from whence.capture.session import Session
from whence.journal.home import create_store
from whence.model.event import (
    ActivityEnded,
    ActivityRecorded,
    ActivityStarted,
    EntityRecorded,
    FileOpened,
    GapRecorded,
    MetricLogged,
    MetricsLogged,
    ParamsLogged,
    RelationRecorded,
    TagsSet,
)
from whence.model.relation import Known, Relation


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A launched program's session, in a project folder that is the working folder."""
    monkeypatch.chdir(tmp_path)
    with recorded_session(tmp_path) as made:
        yield made


def test_a_run_inside_a_launched_program_is_part_of_it(session: Session) -> None:
    with whence.run("train", params={"lr": 0.1, "n": 3}, tags={"team": "a"}) as run:
        run.log_param("extra", [1, 2])
        run.set_tag("team", "b")
    started, ended = (of_type(session.store, t)[0] for t in (ActivityStarted, ActivityEnded))
    assert (started.kind, started.name, started.parent) == ("run", "train", session.run)
    assert (ended.id, ended.status, ended.attributes) == (started.id, "finished", {})
    assert run.id == format_id(started.id)
    assert run.name == "train"
    logged = of_type(session.store, ParamsLogged)
    assert [(p.activity, p.params) for p in logged] == [
        (started.id, {"lr": 0.1, "n": 3}), (started.id, {"extra": [1, 2]}),
    ]  # fmt: skip
    assert [t.tags for t in of_type(session.store, TagsSet)] == [{"team": "a"}, {"team": "b"}]


def test_runs_stages_and_sections_nest(session: Session) -> None:
    with whence.run("outer") as outer, outer.stage("training") as stage:
        with outer.section("epoch", 3) as epoch, outer.section("batch") as batch:
            pass
        with whence.run("inner") as inner:
            pass
    ids = {a.id: parse_id(a.id) for a in (outer, stage, epoch, batch, inner)}
    found = {
        a.name: (a.kind, a.parent, a.attributes) for a in of_type(session.store, ActivityStarted)
    }
    assert found == {
        "outer": ("run", session.run, {}),
        "training": ("stage", ids[outer.id], {}),
        "epoch 3": ("section", ids[stage.id], {"section": "epoch", "number": 3}),
        "batch": ("section", ids[epoch.id], {}),
        "inner": ("run", ids[stage.id], {}),
    }


def test_an_exception_marks_what_it_passes_as_failed_and_passes(session: Session) -> None:
    error = ValueError("no connection to https://me:hunter2@host/")
    with pytest.raises(ValueError) as caught, whence.run("train") as run, run.stage("training"):
        raise error
    assert caught.value is error
    ended = of_type(session.store, ActivityEnded)
    assert [e.status for e in ended] == ["failed", "failed"]
    assert ended[0].attributes == {
        "error": "ValueError", "message": "no connection to https://***@host/",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "status"),
    [(SystemExit(0), "finished"), (SystemExit(3), "failed"), (KeyboardInterrupt(), "interrupted")],
)
def test_the_status_is_true(session: Session, error: BaseException, status: str) -> None:
    with pytest.raises(type(error)), whence.run("train"):
        raise error
    assert [e.status for e in of_type(session.store, ActivityEnded)] == [status]


def test_metrics_count_their_steps_up(session: Session) -> None:
    with whence.run("train") as run:
        for value in (0.5, 1, math.inf):
            run.log_metric("loss", value)
        run.log_metric("loss", 0.25, step=10)
        run.log_metric("loss", 0.125)
        run.log_metrics({"loss": 1 / 3, "acc": 1e-7})
    points = [(m.key, m.value, m.step) for m in of_type(session.store, MetricLogged)]
    assert points == [
        ("loss", 0.5, 0), ("loss", 1.0, 1), ("loss", math.inf, 2), ("loss", 0.25, 10),
        ("loss", 0.125, 11),
    ]  # fmt: skip
    (several,) = of_type(session.store, MetricsLogged)
    assert (several.metrics, several.step) == ({"loss": 1 / 3, "acc": 1e-7}, 12)


def test_a_metric_may_be_a_number_of_any_library(session: Session) -> None:
    numpy = pytest.importorskip("numpy")
    with whence.run("train") as run:
        run.log_metric("a", numpy.float32(0.5), step=numpy.int64(2))
    (point,) = of_type(session.store, MetricLogged)
    assert (point.value, type(point.value), point.step) == (0.5, float, 2)


def test_a_declared_file_is_read_or_written_by_the_innermost_activity(session: Session) -> None:
    Path("raw.csv").write_text("1,2\n" * 30)
    with whence.run("train") as run:
        run.use("raw.csv", role="training data")
        with run.stage("training") as stage:
            Path("m.bin").write_bytes(b"m" * 100)
            made = run.produce(Path("m.bin"), kind="model", role="best", version="2")
    read, written = of_type(session.store, FileOpened)
    assert (read.access, read.role, read.known) == ("r", "training data", Known.DECLARED)
    assert (read.activity, read.path) == (parse_id(run.id), os.fsencode(session.root / "raw.csv"))
    assert (written.access, written.role, written.kind) == ("w", "best", "model")
    assert (written.activity, written.attributes) == (parse_id(stage.id), {"version": "2"})
    assert (made.id, made.name, made.kind) == (format_id(written.id), "m.bin", "model")


def test_a_declaration_refines_what_was_observed(session: Session) -> None:
    Path("m.bin").write_bytes(b"m" * 100)
    written = session.files.opened("m.bin", "w")
    assert written is not None
    session.files.closed(written)
    with whence.run("train") as run:
        made = run.produce("m.bin", kind="model", role="best")
    assert made.id == format_id(written)
    assert len(of_type(session.store, FileOpened)) == 1
    (entity,) = of_type(session.store, EntityRecorded)
    assert (entity.id, entity.kind, entity.name) == (written, "model", "m.bin")
    (relation,) = of_type(session.store, RelationRecorded)
    assert (relation.source, relation.relation, relation.target, relation.role) == (
        written, Relation.WAS_GENERATED_BY, parse_id(run.id), "best",
    )  # fmt: skip


def test_a_uri_is_a_stream_known_by_its_version(session: Session) -> None:
    with whence.run("train") as run:
        first = run.use("s3://bucket/t?token=abc", version="7")
        run.use("postgresql://u:hunter2@db/t")
    one, two = of_type(session.store, EntityRecorded)
    assert (one.kind, one.name, one.attributes) == (
        "stream", "s3://bucket/t?token=***", {"uri": "s3://bucket/t?token=***", "version": "7"},
    )  # fmt: skip
    assert (first.id, one.id) == (format_id(one.id), derived_id(b"uri", one.name, "7"))
    assert two.name == "postgresql://***@db/t"
    assert [g.subject for g in of_type(session.store, GapRecorded)] == [two.id]


def test_an_experiment_is_one_group_for_all_its_runs(session: Session) -> None:
    for _ in range(2):
        with whence.run("train", experiment="sweep"):
            pass
    groups = of_type(session.store, ActivityRecorded)
    assert {(g.id, g.kind, g.name) for g in groups} == {
        (derived_id(b"experiment", "sweep"), "experiment", "sweep")
    }
    relations = of_type(session.store, RelationRecorded)
    assert [(r.relation, r.target) for r in relations] == [
        (Relation.PART_OF_GROUP, groups[0].id)
    ] * 2


def test_each_call_of_a_decorated_function_is_a_run(session: Session) -> None:
    @whence.run(params={"a": 1})
    def double(n: int) -> int:
        """Twice."""
        return 2 * n

    @whence.run("later")
    async def later() -> int:
        await asyncio.sleep(0)
        return 5

    assert (double(2), double(3), double.__name__, double.__doc__) == (4, 6, "double", "Twice.")
    assert asyncio.run(later()) == 5
    names = [a.name.rpartition(".")[2] for a in of_type(session.store, ActivityStarted)]
    assert names == ["double", "double", "later"]
    assert len(of_type(session.store, ParamsLogged)) == 2


def test_threads_record_into_their_run(session: Session) -> None:
    with whence.run("train") as run:
        threads = [
            threading.Thread(target=lambda: [run.log_metric("m", 0.5) for _ in range(100)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    points = of_type(session.store, MetricLogged)
    assert len(points) == 400
    assert {p.activity for p in points} == {parse_id(run.id)}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda run: whence.run(3), "The name of a run is a text"),
        (lambda run: whence.run(len), "write @whence.run\\(\\)"),
        (lambda run: whence.run("a", params=[1]), "params must be a mapping"),
        (lambda run: whence.run("a", tags={1: 2}), "A name among tags must be a text"),
        (lambda run: whence.run("a", observe="yes"), "observe is True or False"),
        (lambda run: whence.run("a").log_metric("x", 1.0), "The run has not begun"),
        (lambda run: run.__enter__(), "has begun already"),
        (lambda run: run.log_metric("x", "0.5"), "Metric 'x' must be a number"),
        (lambda run: run.log_metric("x", None), "Metric 'x' must be a number"),
        (lambda run: run.log_metric(5, 0.5), "The name of a metric must be a text"),
        (lambda run: run.log_metric("x", 0.5, step=1.5), "A step must be a whole number"),
        (lambda run: run.log_metric("x", 0.5, step=1 << 70), "A step must fit into 64 bits"),
        (lambda run: run.log_params("lr"), "params must be a mapping"),
        (lambda run: run.log_param("", 1), "A name among params must be a text"),
        (lambda run: run.stage("cooking"), "the stages are curation, preparation, training"),
        (lambda run: run.section(""), "A section needs a name"),
        (lambda run: run.use("missing.csv"), "There is no file missing.csv to use"),
        (lambda run: run.produce([1, 2]), "A path or a URI is needed"),
        (lambda run: run.produce("", kind="model"), "A path or a URI is needed"),
        (lambda run: run.use("s3://x", role=5), "The role of what a run uses is a text"),
        (lambda run: whence.run("b", store="elsewhere").__enter__(), "records into"),
    ],
)
def test_wrong_use_is_told_at_once(session: Session, wrong: Any, message: str) -> None:
    with whence.run("train") as run, pytest.raises(UsageError, match=message):
        wrong(run)


def test_the_program_goes_on_when_the_journal_is_lost(session: Session) -> None:
    with whence.run("train") as run:
        session.recorder.stop()
        run.log_metric("m", 0.5)
        run.log_params({"a": 1})
        run.use(__file__)
        with run.stage("training"):
            pass
    assert session.recorder.dropped > 0


def plain_run(folder: Path, program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script with plain Python; then wait until its companion is done."""
    (folder / "program.py").write_text(dedent(program))
    done = subprocess.run(
        [sys.executable, "-W", "error", "program.py"], cwd=folder, capture_output=True, text=True,
        timeout=60, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    open_journal = folder / ".whence" / "journal" / "open"
    deadline = time.monotonic() + 30
    while open_journal.exists() and any(open_journal.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return done


def asked(folder: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "whence", *arguments, "--json"],
        cwd=folder, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_a_plain_program_records_what_it_declares_and_its_code(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("VALUE = 1\n")
    (tmp_path / "raw.csv").write_text("1,2\n" * 50)
    done = plain_run(
        tmp_path,
        """
        import helper, pathlib, whence
        with whence.run("train", params={"lr": 0.1}) as run:
            run.use("raw.csv")
            pathlib.Path("unsaid.txt").write_text("x" * 100)
            pathlib.Path("model.bin").write_text("m" * 100)
            run.produce("model.bin", kind="model")
        with whence.run("again"):
            pass
        """,
    )
    assert (done.returncode, done.stdout) == (0, "")
    shown = asked(tmp_path, "trace", "model.bin")
    names = {node["name"]: node["kind"] for node in shown["nodes"]}
    assert names["model.bin"] == "model"
    assert names["raw.csv"] == "file"
    assert names["program.py"] == names["helper.py"] == "code"
    assert "unsaid.txt" not in names
    code = {n["name"]: n["digest"] for n in shown["nodes"] if n["kind"] == "code"}
    digest = code["program.py"].removeprefix("sha256:")
    kept = tmp_path / ".whence" / "content" / digest[:2] / digest
    assert kept.read_text() == (tmp_path / "program.py").read_text()
    again = asked(tmp_path, "show", "again")
    used = {e["role"] for e in again["edges"] if e["relation"] == "used"}
    assert {"code", "environment"} <= used


def test_a_plain_program_that_observes_records_files_while_the_run_lasts(
    tmp_path: Path,
) -> None:
    done = plain_run(
        tmp_path,
        """
        import pathlib, whence
        open("before.txt", "w").close()
        with whence.run("train", observe=True):
            pathlib.Path("during.txt").write_text("x" * 100)
        open("after.txt", "w").close()
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    shown = asked(tmp_path, "show", "train")
    names = {node["name"] for node in shown["nodes"]}
    assert "during.txt" in names
    assert not {"before.txt", "after.txt"} & names


def test_a_program_that_can_not_record_runs_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file, no folder")
    done = plain_run(
        tmp_path,
        """
        import whence
        with whence.run("train", params={"a": 1}) as run:
            run.log_metric("m", 0.5)
            run.use("program.py")
            print("done")
        """,
        WHENCE_HOME=str(tmp_path / "blocked" / ".whence"),
    )
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert done.stderr.startswith("whence: recording could not start (")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_the_store_of_another_user_is_recorded_into_by_no_run(tmp_path: Path) -> None:
    theirs = create_store(tmp_path / ".whence")
    os.chown(theirs, 12345, 12345)
    program = 'import whence\nwith whence.run("train"):\n    print("done")\n'
    here = plain_run(tmp_path, program)
    assert (here.returncode, here.stdout) == (0, "done\n")
    assert here.stderr.startswith("whence: recording could not start (")
    assert "belongs to another user" in here.stderr
    below = tmp_path / "work"
    below.mkdir()
    done = plain_run(below, program)
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert f"recording into {below / '.whence'} instead" in done.stderr
    assert asked(below, "show", "train")["nodes"]
    assert [p.name for p in (theirs / "journal" / "open").iterdir()] == []


def test_a_fork_in_a_run_loses_nothing(tmp_path: Path) -> None:
    done = plain_run(
        tmp_path,
        """
        import os, whence
        with whence.run("train") as run:
            if os.fork() == 0:
                for n in range(50):
                    run.log_metric("child", float(n))
                os._exit(0)
            for n in range(50):
                run.log_metric("parent", float(n))
            os.wait()
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    metrics = asked(tmp_path, "show", "train")["metrics"]
    assert (metrics["child"]["count"], metrics["parent"]["count"]) == (50, 50)


def test_a_bad_setting_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / ".whence").mkdir()
    (tmp_path / ".whence" / "config.toml").write_text("[files]\nexclud = []\n")
    done = plain_run(tmp_path, "import whence\nwith whence.run('a'): print('never')\n")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "[files] has no 'exclud'; known: exclude, hash_limit, include" in done.stderr
