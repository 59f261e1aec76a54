"""Files that nobody explains: touched by native code or commands, seen from beside."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.truth import Project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is of Linux")

CODE = "file-unexplained"
# The check begins beside the program, and leaves out reads until git has been asked about the
# project: the program waits until the companion watches its folders, and has one thread again.
WAIT = """
import glob, os, time

def is_watched():
    folders = [".", *(one for one in os.listdir() if one[0] != "." and os.path.isdir(one))]
    told = [f"ino:{os.stat(one).st_ino:x} " for one in folders]
    for name in glob.glob("/proc/[0-9]*/fdinfo/*"):
        try:
            with open(name) as file:
                seen = file.read()
            if all(one in seen for one in told):
                return len(os.listdir(os.path.dirname(name) + "/../task")) == 1
        except OSError:
            pass
    return False

until = time.monotonic() + 30
while not is_watched() and time.monotonic() < until:
    time.sleep(0.05)
"""
NATIVE = (
    WAIT
    + """
import ctypes, subprocess

libc = ctypes.CDLL(None)

def write(name):
    fd = libc.open(name, os.O_CREAT | os.O_WRONLY, 0o644)
    libc.write(fd, b"abc", 3)
    libc.close(fd)
"""
)


def unexplained(project: Project, run: str) -> set[str]:
    gaps = project.json("show", project.runs()[run]["id"])["completeness"]["gaps"]
    return {gap["detail"] for gap in gaps if gap["code"] == CODE}


def test_what_native_code_and_commands_touch_is_a_gap_and_no_edge(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("data/in.bin", "i" * 100)
    project.write("table.csv", "a,b\n1,2\n")
    project.run(
        "native.py",
        NATIVE
        + """
write(b"made.bin")
subprocess.run(["cat", "data/in.bin"], stdout=subprocess.DEVNULL)
open("table.csv").read()
open("own.txt", "w").write("x" * 100)
import sqlite3
sqlite3.connect("a.db").execute("create table t (a)")
subprocess.run(["cat", "native.py"], stdout=subprocess.DEVNULL)
""",
    )
    assert unexplained(project, "native") == {"made.bin (written)", "data/in.bin (read)"}
    made = {node["name"] for node in project.json("trace", "own.txt")["nodes"]}
    assert "made.bin" not in made


def test_a_run_that_explains_all_it_touches_has_no_such_gap(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run(
        "plain.py",
        WAIT
        + """
os.mkdir("out")
time.sleep(0.1)
for n in range(20):
    open(f"out/{n}.txt", "w").write("x" * 100)
os.rename("out/0.txt", "out/moved.txt")
open("out/moved.txt").read()
""",
    )
    assert unexplained(project, "plain") == set()


def test_what_is_touched_beside_another_run_is_not_told(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.script("other.py", "import time; time.sleep(3)")
    project.run(
        "first.py",
        NATIVE
        + """
import sys
command = [sys.executable, "-m", "whence", "run", "other.py"]
other = subprocess.Popen(command, env={**os.environ, "WHENCE_RUN": ""})
time.sleep(1)
write(b"made.bin")
other.wait()
""",
    )
    assert unexplained(project, "first") == set()


def test_many_files_are_counted(tmp_path: Path) -> None:
    project = Project(tmp_path)
    program = NATIVE + "\nfor n in range(50):\n    write(b'f%d.bin' % n)\n"
    project.run("many.py", program)
    gaps = project.json("show", project.runs()["many"]["id"])["completeness"]["gaps"]
    told = [gap for gap in gaps if gap["code"] == CODE]
    assert sum(gap["count"] for gap in told) == 50
    assert "further files" in {gap["detail"] for gap in told}
