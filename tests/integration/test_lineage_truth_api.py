"""Is it true? What programs declare, alone and under ``whence run``, from the outside."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.support.program import environment, wait_for_companions
from tests.support.truth import Project, facts, made, named, names_of, part, shared, used

PROGRAM = """
    import whence
    with whence.run("train", params={"lr": 0.1}, tags={"team": "a"}, experiment="sweep") as run:
        run.use("raw.txt", role="training data")
        with run.stage("training") as stage:
            for n in range(2):
                with run.section("epoch", n):
                    run.log_metric("loss", 1 / (n + 1))
            open("model.bin", "w").write("m" * 100)
            run.produce("model.bin", kind="model", role="best")
    with whence.run("second") as run:
        run.use("model.bin")
        open("report.txt", "w").write("r" * 100)
        run.produce("report.txt")
    try:
        with whence.run("fails"), whence.run("within"):
            raise RuntimeError("no")
    except RuntimeError:
        pass

    @whence.run()
    def decorated(x):
        open("decorated.txt", "w").write("d" * 100)
        return x + 1
    assert decorated(1) == 2

    from concurrent.futures import ThreadPoolExecutor
    def work(n):
        with whence.run(f"thread {n}") as run:
            with open(f"thread {n}.txt", "w") as file:
                file.write(f"{n}" * 100)
            run.produce(f"thread {n}.txt")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
"""


def build_alone(project: Project) -> None:
    """The program by plain ``python``: only what it declares is recorded."""
    project.write("raw.txt", "raw\n" * 40)
    project.script("program.py", PROGRAM)
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=project.root, capture_output=True, text=True,
        timeout=60, check=False, env=environment(),
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    wait_for_companions(project.root / ".whence")


def build_under(project: Project) -> None:
    """The program under ``whence run``: what it declares refines what is observed."""
    project.write("raw.txt", "raw\n" * 40)
    ran = project.run("program.py", PROGRAM)
    assert (ran.out, ran.err) == ("", "")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "alone", build_alone)


@pytest.fixture(scope="module")
def under(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "under", build_under)


RUNS = {
    "train": "finished",
    "second": "finished",
    "fails": "failed",
    "within": "failed",
    "decorated": "finished",
    "thread 0": "finished",
    "thread 1": "finished",
    "thread 2": "finished",
}


def statuses(project: Project) -> dict[str, str]:
    return {name: node["attributes"]["status"] for name, node in project.runs().items()}


def test_each_declared_run_has_its_true_status(alone: Project, under: Project) -> None:
    assert statuses(alone) == RUNS
    assert statuses(under) == RUNS | {"program": "finished"}


def declared(run: str, *files: str) -> set[Any]:
    return used(run, *files, known="declared")


def test_a_declared_chain_is_known_as_declared(alone: Project) -> None:
    answer = alone.json("trace", "report.txt")
    assert facts(answer) == (
        made("second", "report.txt", known="declared")
        | declared("second", "model.bin")
        | made("training", "model.bin", known="declared")
        | part("train", "training")
        | part("training", "epoch 0", "epoch 1")
        | declared("train", "raw.txt")
    )
    (model,) = [n for n in answer["nodes"] if n["name"] == "model.bin"]
    assert (model["kind"], model["digest"] is not None) == ("model", True)
    roles = {(e["relation"], e["role"]) for e in answer["edges"] if e["known"] == "declared"}
    assert {("used", "training data"), ("wasGeneratedBy", "best")} <= roles


def test_what_is_not_declared_is_not_recorded(alone: Project) -> None:
    assert alone.ask("trace", "decorated.txt").code == 1
    code = names_of(alone.json("trace", "report.txt"), ["code"])
    assert code == {"program.py"}


def test_runs_of_one_program_do_not_share_their_pasts(alone: Project) -> None:
    assert alone.trace("thread 1.txt") == made("thread 1", "thread 1.txt", known="declared")
    names = names_of(alone.json("impact", "raw.txt"))
    assert not {"thread 0", "thread 1.txt", "decorated", "fails"} & names
    assert {"train", "model.bin", "second", "report.txt"} <= names


def test_under_whence_run_the_files_belong_to_the_innermost_activity(under: Project) -> None:
    found = under.trace("decorated.txt")
    assert made("decorated", "decorated.txt") <= found
    assert part("program", "decorated") <= found
    assert made("thread 2", "thread 2.txt") <= under.trace("thread 2.txt")
    of_model = {f for f in under.trace("model.bin") if f[0] == "model.bin"}
    both = made("training", "model.bin") | made("training", "model.bin", known="declared")
    assert of_model == both


def test_the_parameters_metrics_and_tags_of_a_declared_run_are_shown(
    alone: Project, under: Project
) -> None:
    for project in (alone, under):
        shown = project.json("show", project.runs()["train"]["id"])
        assert shown["params"] == {"lr": 0.1}
        assert shown["tags"] == {"team": "a"}
        names = named(shown)
        groups = {names[n["id"]] for n in shown["nodes"] if n["kind"] == "experiment"}
        assert groups == {"sweep"}
        epochs = project.json("show", project.runs()["train"]["id"])
        assert {"epoch 0", "epoch 1", "training"} <= names_of(epochs)


def test_runs_are_found_by_experiment_tag_and_parameter(alone: Project) -> None:
    for words in ("tags.team = 'a'", "params.lr > 0.05", "experiment = 'sweep'"):
        assert [n["name"] for n in alone.json("log", "--filter", words)["nodes"]] == ["train"]
