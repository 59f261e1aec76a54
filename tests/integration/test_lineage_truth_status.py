"""Is it true? How runs ended, and what they wrote before, from the outside."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.support.program import wait_for_companions
from tests.support.truth import Project, facts, gaps_of, made, names_of, shared, used, version


def build_endings(project: Project) -> None:
    """Runs that end in every way, each after it wrote a file."""
    project.write("in.txt", "in" * 50)
    ends = {
        "well": "",
        "raises": "raise ValueError('no')",
        "exits_3": "import sys; sys.exit(3)",
        "exits_0": "import sys; sys.exit(0)",
        "says_no": "import sys; sys.exit('no more')",
        "os_exit_0": "import os; os._exit(0)",
        "os_exit_5": "import os; os._exit(5)",
        "aborts": "import os; os.abort()",
        "killed": "import os; os.kill(os.getpid(), 9)",
        "terminated": "import os; os.kill(os.getpid(), 15)",
        "interrupted": "raise KeyboardInterrupt",
        "no_syntax": None,
    }
    for name, end in ends.items():
        begin = f"""
text = open("in.txt").read()
with open("{name}.out", "w") as file:
    file.write("{name} of " + text)
"""
        program = f"{begin}{end}\n" if end is not None else "def f(:\n"
        project.run(f"{name}.py", program, code=None)


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "endings", build_endings)


STATUSES = {
    "well": ("finished", {}),
    "raises": ("failed", {"error": "ValueError", "message": "no"}),
    "exits_3": ("failed", {"exit_code": 3}),
    "exits_0": ("finished", {}),
    "says_no": ("failed", {"exit_code": 1}),
    "os_exit_0": ("finished", {}),
    "os_exit_5": ("failed", {"exit_code": 5}),
    "aborts": ("interrupted", {"signal": "SIGABRT"}),
    "killed": ("interrupted", {"signal": "SIGKILL"}),
    "terminated": ("interrupted", {"signal": "SIGTERM"}),
    "interrupted": ("interrupted", {}),
    "no_syntax": ("failed", {}),
}


@pytest.mark.parametrize("way", list(STATUSES))
def test_the_status_is_true_and_what_was_written_keeps_its_origin(
    endings: Project, way: str
) -> None:
    status, details = STATUSES[way]
    shown = endings.json("show", endings.runs()[way]["id"])
    assert shown["status"] == status
    attributes = shown["nodes"][0]["attributes"]
    assert {key: attributes.get(key) for key in details} == details
    if way != "no_syntax":
        answer = endings.json("trace", f"{way}.out")
        assert facts(answer) == made(way, f"{way}.out") | used(way, "in.txt")
        (file,) = [n for n in answer["nodes"] if n["name"] == f"{way}.out"]
        assert file["digest"] is not None


def test_runs_are_found_by_their_status(endings: Project) -> None:
    for status in ("finished", "failed", "interrupted"):
        listed = endings.json("log", "--filter", f"status = '{status}'")["nodes"]
        assert {n["name"] for n in listed} == {w for w, s in STATUSES.items() if s[0] == status}


def wait_for(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert path.exists()


def test_a_run_may_be_asked_about_while_it_runs(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("in.txt", "in" * 50)
    running = project.start(
        "slow.py",
        """
        import sys
        text = open("in.txt").read()
        with open("done.out", "w") as file:
            file.write("done of " + text)
        half = open("half.out", "w")
        half.write("half of " + text); half.flush()
        open("go", "w").close()
        sys.stdin.read()
        half.write("the rest"); half.close()
        """,
    )
    try:
        wait_for(project.root / "go")
        time.sleep(0.5)
        (run,) = project.json("log")["nodes"]
        assert (run["name"], run["attributes"]["status"]) == ("slow", "running")
        answer = project.json("trace", "done.out")
        assert facts(answer) == made("slow", "done.out") | used("slow", "in.txt")
        half = project.json("trace", "half.out")
        assert facts(half) == made("slow", "half.out") | used("slow", "in.txt")
        assert half["completeness"]["complete"] is False
    finally:
        running.communicate(timeout=30)
    wait_for_companions(project.root / ".whence")
    (run,) = project.json("log")["nodes"]
    assert run["attributes"]["status"] == "finished"
    half = project.json("trace", "half.out")
    raw = (project.root / "half.out").read_bytes()
    assert half["nodes"][0]["digest"][7:13] == version("x", raw)[2:]
    assert half["completeness"] == {"complete": True, "truncated": [], "gaps": []}


def test_a_run_killed_from_outside_is_interrupted_at_once(tmp_path: Path) -> None:
    project = Project(tmp_path)
    running = project.start(
        "victim.py",
        """
        import time
        file = open("part.out", "w")
        file.write("x" * 10_000); file.flush()
        open("go", "w").close()
        time.sleep(60)
        """,
    )
    wait_for(project.root / "go")
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=30)
    (run,) = project.json("log")["nodes"]
    assert run["attributes"]["status"] == "interrupted"
    wait_for_companions(project.root / ".whence")
    answer = project.json("trace", "part.out")
    assert made("victim", "part.out") <= facts(answer)
    assert answer["nodes"][0]["digest"] is not None
    assert gaps_of(answer) == {"not-closed": 1}


def test_two_runs_at_once_in_one_folder_stay_apart(tmp_path: Path) -> None:
    project = Project(tmp_path)
    program = """
    import sys, time
    name = sys.argv[1]
    for n in range(20):
        with open(f"{name}_{n}.txt", "w") as file:
            file.write(f"{name} {n} " * 20)
        time.sleep(0.01)
    """
    project.write("left.py", "")
    both = [project.start(f"{name}.py", program, name) for name in ("left", "right")]
    for one in both:
        _, err = one.communicate(timeout=60)
        assert (one.returncode, err) == (0, b"")
    wait_for_companions(project.root / ".whence")
    runs = project.runs()
    for name in ("left", "right"):
        expected = sorted(f"{name}_{n}.txt" for n in range(20))
        assert sorted(runs[name]["attributes"]["outputs"]) == expected
    assert project.trace("left_7.txt") == made("left", "left_7.txt")


def test_a_reader_at_the_same_time_reads_the_version_that_was_there(tmp_path: Path) -> None:
    """One run writes, a second reads while the first still runs, the first writes again."""
    project = Project(tmp_path)
    writer = project.start(
        "writer.py",
        """
        import sys
        open("data.txt", "w").write("1" * 100)
        open("go", "w").close()
        sys.stdin.readline()
        open("data.txt", "w").write("2" * 100)
        """,
    )
    wait_for(project.root / "go")
    project.script("reader.py", 'open("out.txt", "w").write("of " + open("data.txt").read())')
    project.shell(f"'{sys.executable}' -m whence run --name reader reader.py")
    writer.communicate(b"\n", timeout=30)
    wait_for_companions(project.root / ".whence")
    answer = project.json("trace", "out.txt")
    first = version("data.txt", "1" * 100)
    (read,) = [n for n in answer["nodes"] if n["name"] == "data.txt"]
    assert read["digest"][7:13] == first.partition("~")[2]
    assert made("reader", "out.txt") | used("reader", "data.txt") <= facts(answer)
    assert "go" not in names_of(answer)
