"""`whence run x.ipynb`: executed in a fresh kernel, recorded, told of, left as it is."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.support.program import environment, read_when_done, whence
from whence.jupyter.executed import ExecutedNotebook
from whence.jupyter.running import run_notebook

pytestmark = pytest.mark.xdist_group("kernel")

v4: Any = nbformat.v4
PATIENCE_S = 120
READS = "rows = open('in.txt').read().split()"
WRITES = "with open('out.txt', 'w') as f:\n    f.write(' '.join(rows * times))"


def write(path: Path, *sources: str, kernel: str = "python3", language: str = "python") -> Path:
    """A notebook whose cells are called ``c1``, ``c2`` and so on."""
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Title", id="title")])
    for number, source in enumerate(sources, 1):
        cell = v4.new_code_cell(source, id=f"c{number}")
        if source.startswith("times ="):
            cell.metadata["tags"] = ["parameters"]
        notebook.cells.append(cell)
    spec = {"name": kernel, "display_name": kernel, "language": language}
    notebook.metadata["kernelspec"] = spec
    path.write_text(v4.writes(notebook))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    (work / "in.txt").write_text("one two three " * 20)
    return work


def test_a_notebook_is_run_and_recorded_and_stays_as_it_is(folder: Path) -> None:
    notebook = write(folder / "n.ipynb", "times = 2", READS, WRITES, "len(rows)", "print('done')")
    before = notebook.read_bytes()
    done = whence(
        folder, "run", "--name", "base", "--experiment", "e", "n.ipynb", "--tag", "k=v",
        "-p", "times", "3", "--output", "executed.ipynb",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "whence: cell 6 of 6: " in done.stderr
    assert notebook.read_bytes() == before
    assert (folder / "out.txt").read_text() == " ".join(["one", "two", "three"] * 60)

    executed = v4.reads((folder / "executed.ipynb").read_text())
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3, 4, 5, 6]
    assert code[1].source == "# Parameters\ntimes = 3"
    assert [cell.outputs[0]["output_type"] for cell in code[4:]] == ["execute_result", "stream"]

    recording = read_when_done(folder / ".whence")
    assert recording.run_end()[0] == "finished"
    cells = {cell.attributes["cell"]: cell.name for cell in recording.started("cell")}
    assert {key: name for key, name in cells.items() if key in ("c1", "c2", "c5")} == {
        "c1": "In [1]", "c2": "In [3]", "c5": "In [6]",
    }  # fmt: skip
    shown = json.loads(whence(folder, "show", "base", "--json").stdout)
    assert (shown["params"], shown["tags"]) == ({"times": 3}, {"k": "v"})
    assert recording.started("run")[0].attributes["notebook"] == str(notebook)
    traced = json.loads(whence(folder, "trace", "out.txt", "--json").stdout)
    assert {"in.txt", "out.txt"} <= {node["name"] for node in traced["nodes"]}
    made = json.loads(whence(folder, "trace", "executed.ipynb", "--json").stdout)
    assert ("base", "run") in {(node["name"], node["kind"]) for node in made["nodes"]}
    assert "file-unexplained" not in recording.gaps()


def test_a_cell_that_fails_ends_the_run_as_failed_with_its_traceback(folder: Path) -> None:
    notebook = write(folder / "n.ipynb", "a = 1", "b = a\n1 / 0", "c = 3")
    notebook.chmod(0o640)
    done = whence(folder, "run", "n.ipynb", "--inplace")
    assert done.returncode == 1
    assert "whence: cell 2 of 3 failed: ZeroDivisionError\n" in done.stderr
    assert "----> 2 1 / 0" in done.stderr
    assert "\x1b" not in done.stderr
    code = v4.reads(notebook.read_text()).cells[1:]
    assert [cell.execution_count for cell in code] == [1, 2, None]
    assert code[1].outputs[0]["ename"] == "ZeroDivisionError"
    assert notebook.stat().st_mode & 0o777 == 0o640
    recording = read_when_done(folder / ".whence")
    status, told = recording.run_end()
    assert (status, told["error"]) == ("failed", "ZeroDivisionError")
    assert [recording.end_of(one.id).status for one in recording.started("cell")] == [
        "finished", "failed",
    ]  # fmt: skip


def test_an_interrupt_stops_the_cell_and_is_told_truly(folder: Path) -> None:
    slow = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(600)"
    write(folder / "n.ipynb", slow, "a = 1")
    command = [sys.executable, "-m", "whence", "run", "n.ipynb"]
    run = subprocess.Popen(command, cwd=folder, env=environment(), stderr=subprocess.PIPE)
    try:
        wait_for(folder / "begun", run)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=PATIENCE_S)
    finally:
        run.kill()
    assert run.returncode == 128 + signal.SIGINT
    assert b"whence: the notebook was interrupted after" in errors
    recording = read_when_done(folder / ".whence")
    assert recording.run_end()[0] == "interrupted"
    assert [recording.end_of(one.id).status for one in recording.started("cell")] == ["interrupted"]


def test_a_cell_that_takes_too_long_is_interrupted_and_the_kernel_may_be_killed(
    folder: Path,
) -> None:
    long = write(folder / "long.ipynb", "import time\ntime.sleep(600)")
    ran = run_notebook(long, store=folder / ".whence", timeout=1)
    assert (ran.status, ran.failure and ran.failure[:4]) == (
        "failed", (1, "c1", "Timeout", "The cell took longer than 1 s and was interrupted"),
    )  # fmt: skip
    # A loop runs already, as in a kernel that runs another notebook.
    dying = write(folder / "dying.ipynb", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")

    async def from_a_loop() -> ExecutedNotebook:
        return run_notebook(dying, store=folder / ".whence", name="dying")

    ran = asyncio.run(from_a_loop())
    assert (ran.status, ran.failure and ran.failure.error) == ("failed", "DeadKernel")
    recording = read_when_done(folder / ".whence")
    [dead] = [one for one in recording.started("run") if one.name == "dying"]
    assert recording.end_of(dead.id).status == "interrupted"


@pytest.mark.parametrize(
    ("content", "words", "told"),
    [
        (None, [], "There is no notebook n.ipynb"),
        ("{", [], "n.ipynb is no notebook: it is no JSON"),
        ("[]", [], "n.ipynb is no notebook: it has no field nbformat"),
        ('{"nbformat": 9}', [], "n.ipynb is a notebook of format 9"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}', [], "no valid"),
        ("R", [], "It is a notebook in R; only those in Python are recorded"),
        ("away", [], "asks for the kernel 'away', which is not installed here"),
        ("elsewhere", [], "The kernel 'elsewhere' runs /opt/other/bin/python"),
        ("python3", ["--kernel", "none"], "asks for the kernel 'none'"),
        ("python3", ["--inplace", "--output", "x"], "Give --output or --inplace, not both"),
        ("python3", ["--output", "none/x.ipynb"], "There is no folder "),
        ("python3", ["-p", "a b", "1"], "'a b' is no name of one"),
        ("python3", ["--frob"], "No such option"),
    ],
)  # fmt: skip
def test_what_can_not_be_run_is_one_sentence(
    folder: Path, content: str | None, words: list[str], told: str
) -> None:
    specs = folder.parent / "jupyter" / "kernels" / "elsewhere"
    specs.mkdir(parents=True)
    argv = ["/opt/other/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "x", "language": "python"}
    (specs / "kernel.json").write_text(json.dumps(spec))
    path = folder / "n.ipynb"
    if content is not None and content[0] in "{[":
        path.write_text(content)
    elif content is not None:
        write(path, "1", kernel=content, language="R" if content == "R" else "python")
    done = whence(folder, "run", "n.ipynb", *words, JUPYTER_PATH=str(specs.parents[1]))
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (folder / ".whence").exists()


def test_flags_of_the_interpreter_and_options_before_the_notebook_are_refused(folder: Path) -> None:
    write(folder / "n.ipynb", "1")
    flags = whence(folder, "run", "-u", "n.ipynb")
    assert (flags.returncode, flags.stderr) == (
        2, "whence: Flags of the interpreter are not for the kernel of a notebook: -u\n",
    )  # fmt: skip
    before = whence(folder, "run", "--output", "x.ipynb", "n.ipynb")
    assert (before.returncode, before.stderr) == (
        2, "whence: --output is no option here; those of a notebook come after its name\n",
    )  # fmt: skip


@pytest.mark.parametrize("library", ["nbformat", "nbclient", "ipykernel"])
def test_a_missing_library_names_the_extra(folder: Path, library: str) -> None:
    write(folder / "n.ipynb", "1")
    hidden = folder.parent / "hidden"
    hidden.mkdir()
    (hidden / f"{library}.py").write_text(f"raise ImportError('no {library}')")
    done = whence(folder, "run", "n.ipynb", PYTHONPATH=f"{hidden}{os.pathsep}{os.getcwd()}")
    assert done.returncode == 2
    assert f"with {library}. Run: pip install 'whence[notebook]'\n" in done.stderr


def test_another_runner_records_a_notebook_that_loads_whence(folder: Path) -> None:
    write(folder / "n.ipynb", "%load_ext whence", "times = 2", READS, WRITES)
    (folder / ".whence").mkdir()
    plain = textwrap.dedent("""
        import nbclient, nbformat
        nbclient.NotebookClient(nbformat.read("n.ipynb", 4)).execute()
        import papermill
        papermill.execute_notebook(
            "n.ipynb", "p.ipynb", {"times": 4}, progress_bar=False, log_output=False
        )
    """)
    done = subprocess.run(
        [sys.executable, "-c", plain], cwd=folder, env=environment(PYTHONPATH=os.getcwd()),
        capture_output=True, text=True, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    recording = read_when_done(folder / ".whence")
    runs = recording.started("run")
    assert [recording.end_of(run.id).status for run in runs] == ["finished", "finished"]
    cells = [cell.name for cell in recording.started("cell")]
    assert sorted(cells) == [f"In [{n}]" for n in (1, 1, 2, 2, 3, 3, 4, 4, 5)]
    traced = json.loads(whence(folder, "trace", "out.txt", "--json").stdout)
    assert "in.txt" in {node["name"] for node in traced["nodes"]}


def wait_for(path: Path, run: subprocess.Popen[bytes]) -> None:
    """Wait until the program has made a file."""
    import time

    until = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert run.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
