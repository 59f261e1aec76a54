"""Is it true? What children, forks, pools and threads of a run read and write, from the outside."""

from __future__ import annotations

import pytest

from tests.support.truth import Fact, Project, facts, gaps_of, made, named, part, shared, used

INPUT = "row\n" * 40
CHILDREN = {
    "child": """
        import subprocess, sys
        subprocess.run([sys.executable, "child_script.py", "child"], check=True)
    """,
    "fork": """
        import os
        if os.fork() == 0:
            open("fork.out", "w").write("fork of " + open("in.txt").read())
            os._exit(0)
        os.wait()
    """,
    "pool_fork": """
        import multiprocessing
        def work(name):
            open(name, "w").write(name + " of " + open("in.txt").read())
        if __name__ == "__main__":
            with multiprocessing.get_context("fork").Pool(1) as pool:
                pool.map(work, ["pool_fork.out"])
    """,
    "pool_spawn": """
        import multiprocessing
        def work(name):
            open(name, "w").write(name + " of " + open("in.txt").read())
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                pool.map(work, ["pool_spawn.out"])
    """,
    "executor": """
        from concurrent.futures import ProcessPoolExecutor
        def work(name):
            open(name, "w").write(name + " of " + open("in.txt").read())
        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                list(pool.map(work, ["executor.out"]))
    """,
    "loky": """
        from joblib import Parallel, delayed
        def work(name):
            open(name, "w").write(name + " of " + open("in.txt").read())
        Parallel(n_jobs=2)(delayed(work)(name) for name in ["loky.out", "loky.more"])
    """,
}


def build_children(project: Project) -> None:
    """One run for each way of having a child do the work, all in one folder."""
    project.write("in.txt", INPUT)
    project.script(
        "child_script.py",
        """
        import sys
        name = sys.argv[1]
        open(name + ".out", "w").write(name + " of " + open("in.txt").read())
        """,
    )
    for name, program in CHILDREN.items():
        project.run(f"{name}.py", program)


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "children", build_children)


@pytest.mark.parametrize("way", list(CHILDREN))
def test_what_a_child_does_belongs_to_the_run(children: Project, way: str) -> None:
    answer = children.json("trace", f"{way}.out")
    found = facts(answer)
    (child,) = {target for source, _, target, _ in found if source == f"{way}.out"}
    assert child != way
    assert made(child, f"{way}.out") | used(child, "in.txt") <= found
    parents = {source: target for source, relation, target, _ in found if relation == "partOf"}
    top = child
    while top in parents:
        top = parents[top]
    assert top == way
    assert {n["kind"] for n in answer["nodes"] if n["type"] == "activity"} == {"run", "process"}
    runs = [n["name"] for n in answer["nodes"] if n["kind"] == "run"]
    assert runs == [way]


@pytest.mark.parametrize("way", list(CHILDREN))
def test_children_that_join_leave_no_gap_and_end_well(children: Project, way: str) -> None:
    answer = children.json("trace", f"{way}.out")
    assert gaps_of(answer) == {}
    names = named(answer)
    statuses = {
        names[n["id"]]: n["attributes"]["status"]
        for n in answer["nodes"]
        if n["type"] == "activity"
    }
    assert statuses[way] == "finished"
    made_by = {t for s, r, t, _ in facts(answer) if r == "wasGeneratedBy"}
    if way not in ("pool_fork", "pool_spawn"):  # whose workers `with` kills
        assert {statuses[name] for name in made_by} == {"finished"}


def test_the_log_lists_runs_with_what_their_children_did(children: Project) -> None:
    runs = children.runs()
    assert set(runs) == set(CHILDREN)
    for way in set(CHILDREN) - {"loky"}:
        assert runs[way]["attributes"]["inputs"] == ["in.txt"], way
        assert runs[way]["attributes"]["outputs"] == [f"{way}.out"], way
    assert sorted(runs["loky"]["attributes"]["outputs"]) == ["loky.more", "loky.out"]
    impact = children.json("impact", "in.txt")
    made_of_it = {s for s, r, _, _ in facts(impact) if r == "wasGeneratedBy"}
    assert made_of_it == {f"{way}.out" for way in CHILDREN} | {"loky.more"}


def build_pipeline(project: Project) -> None:
    """A driver whose steps are children that hand files on, with commands between; and threads."""
    project.write("raw.txt", "raw\n" * 40)
    project.script("clean.py", 'open("clean.txt", "w").write("clean " + open("raw.txt").read())')
    project.script("model.py", 'open("model.txt", "w").write("model " + open("copy.txt").read())')
    project.run(
        "driver.py",
        """
        import subprocess, sys
        subprocess.run([sys.executable, "clean.py"], check=True)
        subprocess.run(["cp", "clean.txt", "copy.txt"], check=True)
        subprocess.run([sys.executable, "model.py"], check=True)
        subprocess.run(["sh", "-c", "exit 3"])
        """,
    )
    project.run("inner.py", 'open("inner.txt", "w").write("i" * 100)')
    project.run(
        "outer.py",
        """
        import subprocess, sys
        subprocess.run([sys.executable, "-m", "whence", "run", "--name", "nested", "inner.py"],
                       check=True)
        open("outer.txt", "w").write("of " + open("inner.txt").read())
        """,
    )
    project.run(
        "threads.py",
        """
        from concurrent.futures import ThreadPoolExecutor
        def work(n):
            with open(f"thread_{n}.txt", "w") as file:
                file.write(f"{n} of " + open("raw.txt").read())
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(20)))
        """,
    )


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "pipeline", build_pipeline)


def test_steps_in_children_hand_files_on(pipeline: Project) -> None:
    found = pipeline.trace("model.txt")
    expected: set[Fact] = (
        made("model.py", "model.txt")
        | used("model.py", "copy.txt")
        | {("copy.txt", "alternateOf", "clean.txt", "inferred")}
        | made("clean.py", "clean.txt")
        | used("clean.py", "raw.txt")
        | part("driver", "clean.py", "model.py", "cp", "sh")
    )
    assert found == expected


def test_a_command_is_recorded_with_its_status(pipeline: Project) -> None:
    answer = pipeline.json("trace", "model.txt")
    commands = {
        n["name"]: (n["attributes"]["command"], n["attributes"]["status"])
        for n in answer["nodes"] if n["kind"] == "command"
    }  # fmt: skip
    assert commands == {
        "cp": (["cp", "clean.txt", "copy.txt"], "finished"),
        "sh": (["sh", "-c", "exit 3"], "failed"),
    }


def test_a_run_within_a_run_joins_it(pipeline: Project) -> None:
    answer = pipeline.json("trace", "outer.txt")
    names = named(answer)
    kinds = {names[n["id"]]: n["kind"] for n in answer["nodes"] if n["type"] == "activity"}
    assert kinds.pop("outer") == "run"
    found = facts(answer)
    assert made("outer", "outer.txt") | used("outer", "inner.txt") <= found
    assert made("nested", "inner.txt") <= found
    assert set(kinds) >= {"nested"}


def test_threads_write_for_their_run(pipeline: Project) -> None:
    outputs = [f"thread_{n}.txt" for n in range(20)]
    found = pipeline.trace("thread_7.txt")
    assert found == made("threads", "thread_7.txt") | used("threads", "raw.txt")
    listed = pipeline.runs()["threads"]["attributes"]
    assert (listed["inputs"], sorted(listed["outputs"])) == (["raw.txt"], sorted(outputs))
