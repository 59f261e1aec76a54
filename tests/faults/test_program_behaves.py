"""Under ``whence run`` a program behaves as under ``python``, and its end is recorded as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.program import environment, read_when_done, run_both, run_plain, run_recorded

SHOWS_ITSELF = """
import os, sys, threading, signal
print(__name__, __file__, sys.argv, sys.path[0], sys.flags, sys.warnoptions, sorted(sys._xoptions))
print(sys.stdin.read(), os.getcwd(), threading.active_count(), threading.current_thread().name)
print([signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)])
print(sys.gettrace(), sys.getprofile(), sys.excepthook is sys.__excepthook__)
print(__builtins__.__name__, __spec__, __package__, __doc__, sorted(vars()))
try:
    os.wait()
except ChildProcessError as error:
    print(error)
"""

ENDINGS = {
    "returns": ("print('done')", "finished", {}),
    "sys.exit(0)": ("import sys; sys.exit(0)", "finished", {"exit_code": 0}),
    "sys.exit(3)": ("import sys; sys.exit(3)", "failed", {"exit_code": 3}),
    "sys.exit(text)": (
        "import sys; sys.exit('no é')",
        "failed",
        {"exit_code": 1, "message": "no é"},
    ),
    "sys.exit caught": (
        "import sys\ntry:\n    sys.exit(3)\nexcept SystemExit:\n    print('caught')",
        "finished",
        {},
    ),
    "raises": (
        "def f():\n    raise ValueError('boom é')\nf()",
        "failed",
        {"error": "ValueError", "message": "boom é"},
    ),
    "raises its own": (
        "class Oops(Exception):\n    pass\nraise Oops(1, 2)",
        "failed",
        {"error": "__main__.Oops", "message": "(1, 2)"},
    ),
    "raises from": (
        "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e",
        "failed",
        {"error": "KeyError", "message": "'k'"},
    ),
    "raises what has no text": (
        "class Oops(Exception):\n    def __str__(self):\n        return 1/0\nraise Oops",
        "failed",
        {"error": "__main__.Oops", "message": ""},
    ),
    "keyboard": ("raise KeyboardInterrupt", "interrupted", {"error": "KeyboardInterrupt"}),
    "syntax error": ("print('a'\n", "failed", {"error": "SyntaxError"}),
    "os._exit": ("import os; print('x', flush=True); os._exit(7)", "failed", {"exit_code": 7}),
    "SIGKILL": ("import os; os.kill(os.getpid(), 9)", "interrupted", {}),
    "SIGTERM": ("import os; os.kill(os.getpid(), 15)", "interrupted", {}),
    "handled SIGTERM": (
        "import os, signal, sys\nsignal.signal(15, lambda *a: sys.exit(9))\n"
        "os.kill(os.getpid(), 15)",
        "failed",
        {"exit_code": 9},
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_each_way_to_end_looks_the_same_and_is_recorded_as_it_was(
    name: str, tmp_path: Path
) -> None:
    source, status, attributes = ENDINGS[name]
    both = run_both(tmp_path, source)
    both.assert_same()
    recorded_status, recorded = both.recording.run_end()
    assert recorded_status == status
    assert attributes.items() <= recorded.items()


def test_an_exit_code_that_only_the_system_knows_is_recorded(tmp_path: Path) -> None:
    """Of ``raise SystemExit(3)`` no trace is left in the process: Linux tells, since 6.15."""
    if tuple(int(n) for n in os.uname().release.split(".")[:2]) < (6, 15):
        pytest.skip("this kernel does not tell the exit code of processes that are no children")
    both = run_both(tmp_path, "raise SystemExit(3)")
    both.assert_same()
    assert both.recording.run_end() == ("failed", {"exit_code": 3})


@pytest.mark.parametrize(
    "flags",
    [
        [], ["-I"], ["-E"], ["-X", "dev"], ["-W", "error"], ["-O"], ["-OO"], ["-u"], ["-s"], ["-P"],
        ["-Werror", "-Xdev", "-bb"], ["-IBu"], ["-X", "utf8=0"], ["-X", "frozen_modules=off"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_program_sees_the_same_under_any_flags(flags: list[str], tmp_path: Path) -> None:
    both = run_both(tmp_path, SHOWS_ITSELF, "a", "--name", "-c", flags=flags)
    both.assert_same()
    assert both.recorded.stderr == b""
    assert both.recording.run_end() == ("finished", {})
    [run] = both.recording.started("run")
    assert run.attributes["command"] == ["python", *flags, "script.py", "a", "--name", "-c"]
    assert run.name == "script.py"


def test_an_interpreter_without_site_is_recorded_as_unreached(tmp_path: Path) -> None:
    both = run_both(tmp_path, "import sys; print(sys.flags.no_site)", flags=["-S"])
    both.assert_same()
    assert both.recording.gaps()["child-unreached"] == 1
    assert [run.name for run in both.recording.started("run")] == ["script.py"]


@pytest.mark.parametrize(
    "words",
    [
        ["-c", "import sys; print(sys.argv, __name__); x = 1/0", "a"],
        ["-m", "package", "x"],
        ["-m", "package.missing"],
        ["-mpackage"],
        ["package"],
        ["missing.py"],
        ["-"],
    ],
    ids=" ".join,
)
def test_modules_code_folders_and_standard_input_run_the_same(
    words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "package" / "__main__.py").write_text(
        "import sys\nprint(sys.argv, __name__, __package__, sys.path[0])\nraise OSError('x')\n"
    )
    stdin = b"import sys\nprint(sys.argv, __name__)\n"
    plain = run_plain(tmp_path, *words, stdin=stdin)
    store = tmp_path / "store" / ".whence"
    assert run_recorded(tmp_path, "--store", str(store), *words, stdin=stdin) == plain
    status, _ = read_when_done(store).run_end()
    assert status == ("finished" if plain.code == 0 else "failed")


def test_the_process_is_the_same_from_launch_to_end(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "whence",
            "run",
            "-c",
            "import os; print(os.getpid(), os.getppid())",
        ],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    output, _ = process.communicate(timeout=60)
    assert output.split() == [str(process.pid), str(os.getpid())]
    read_when_done(tmp_path / ".whence")


def test_signals_from_outside_reach_the_program(tmp_path: Path) -> None:
    # Python itself sleeps on when a signal comes in just before the system's sleep begins.
    source = "import time\nprint('up', flush=True)\nfor _ in range(600): time.sleep(0.1)\n"
    process = subprocess.Popen(
        [sys.executable, "-m", "whence", "run", "-c", source],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert stderr.endswith(b"KeyboardInterrupt\n")
    assert read_when_done(tmp_path / ".whence").run_end()[0] == "interrupted"


COVERAGE = """
import json, subprocess, sys
def unused():
    return 1
print(sum(range(4)))
"""


def test_coverage_sees_what_it_sees_without_us(tmp_path: Path) -> None:
    pytest.importorskip("coverage")
    (tmp_path / "script.py").write_text(COVERAGE)
    words = ["-m", "coverage", "run", "--source", ".", "--data-file", "data", "script.py"]
    report = ["-m", "coverage", "report", "--data-file", "data", "-m"]
    plain = run_plain(tmp_path, *words), run_plain(tmp_path, *report)
    os.unlink(tmp_path / "data")
    recorded = run_recorded(tmp_path, *words), run_plain(tmp_path, *report)
    assert recorded == plain
    assert read_when_done(tmp_path / ".whence").run_end()[0] == "finished"


def test_a_debugger_works_the_same(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text("x = 1\ny = x + 1\nprint(y)\nraise ValueError(y)\n")
    commands = b"b 3\nc\np y\nn\nc\nbt\nq\n"
    plain = run_plain(tmp_path, "-m", "pdb", "script.py", stdin=commands)
    recorded = run_recorded(tmp_path, "-m", "pdb", "script.py", stdin=commands)
    assert recorded == plain
    assert read_when_done(tmp_path / ".whence").run_end()[0] == "finished"


PICKLES_AT_EXIT = """
import atexit, pickle
class Thing:
    def __init__(self, x): self.x = x
def save():
    with open("thing.pkl", "wb") as f:
        pickle.dump([Thing(1), Thing], f)
    with open("thing.pkl", "rb") as f:
        print(pickle.load(f)[0].x, flush=True)
atexit.register(save)
"""


def test_a_program_may_pickle_its_own_classes_at_exit(tmp_path: Path) -> None:
    both = run_both(tmp_path, PICKLES_AT_EXIT)
    both.assert_same()
    paths = [os.path.basename(event.path) for event in both.recording.of_files()]
    assert paths.count(b"thing.pkl") >= 2
    assert both.recording.run_end() == ("finished", {})


THREADS = """
import threading
def work(n):
    for i in range(20):
        with open(f"out-{n}-{i}.txt", "w") as f:
            f.write("x" * (100 + n))
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for t in threads: t.start()
for t in threads: t.join()
print("done")
"""


def test_files_written_by_threads_are_each_recorded_once(tmp_path: Path) -> None:
    both = run_both(tmp_path, THREADS)
    both.assert_same()
    written = [e.path for e in both.recording.of_files() if e.access == "w"]
    assert len(written) == len(set(written)) == 160


DAEMON_THREAD = """
import threading, time
def work():
    while True:
        with open("beat.txt", "w") as f:
            f.write("beat")
threading.Thread(target=work, daemon=True).start()
time.sleep(0.2)
print("main is done")
"""


def test_a_daemon_thread_at_work_while_the_interpreter_ends_is_no_trouble(tmp_path: Path) -> None:
    both = run_both(tmp_path, DAEMON_THREAD)
    both.assert_same()
    assert both.recording.run_end()[0] == "finished"


def test_the_program_can_delete_its_working_folder(tmp_path: Path) -> None:
    source = (
        "import os, shutil\nshutil.rmtree(os.getcwd())\n"
        "open('/dev/null').close()\n"
        "try:\n    os.getcwd()\nexcept FileNotFoundError as e:\n    print(e)\n"
        "try:\n    open('x')\nexcept FileNotFoundError as e:\n    print(e)\n"
    )
    both = run_both(tmp_path, source)
    both.assert_same()
    assert both.recording.run_end() == ("finished", {})


def test_a_program_may_start_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    script = f"cd {folder} && rmdir {folder} && exec {sys.executable}"
    outcomes = []
    for words in ("", f" -m whence run --store {tmp_path}/.whence"):
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            ["sh", "-c", f"{script}{words} -c 'print(1)'"],
            capture_output=True,
            env=environment(PYTHONSAFEPATH="1"),
            timeout=60,
        )
        outcomes.append((done.returncode, done.stdout))
    assert outcomes[0] == outcomes[1] == (0, b"1\n")


def test_exec_of_another_program_is_the_end_of_this_one(tmp_path: Path) -> None:
    source = (
        "import os, sys\nprint('a', flush=True)\nos.execvp('sh', ['sh', '-c', 'echo b; exit 4'])"
    )
    both = run_both(tmp_path, source)
    both.assert_same()
    assert both.recorded.code == 4
    status, attributes = both.recording.run_end()
    assert attributes.get("replaced_by") == ["sh", "-c", "echo b; exit 4"] or status == "failed"


def test_exec_of_nothing_raises_as_ever(tmp_path: Path) -> None:
    both = run_both(tmp_path, "import os\nos.execv('/nonexistent', ['x'])")
    both.assert_same()
    assert both.recording.run_end()[0] == "failed"


def test_a_failed_import_has_the_traceback_of_plain_python(tmp_path: Path) -> None:
    source = (
        "import pathlib, sys\n"
        "pathlib.Path('broken.py').write_text('import json\\ndef f():\\n    1/0\\nf()\\n')\n"
        "pathlib.Path('outer.py').write_text('import broken\\n')\n"
        "import outer\n"
    )
    both = run_both(tmp_path, source)
    both.assert_same()
    code = {os.path.basename(e.path) for e in both.recording.of_files() if e.role == "code"}
    assert code == {b"script.py", b"outer.py", b"broken.py"}


def test_a_command_that_is_not_there_has_the_traceback_of_plain_python(tmp_path: Path) -> None:
    run_both(tmp_path, "import subprocess\nsubprocess.run(['/nonexistent/x'])").assert_same()


def test_the_companion_is_no_child_and_takes_no_time_to_speak_of(tmp_path: Path) -> None:
    source = (
        "import os, time, signal\n"
        "seen = []\nsignal.signal(signal.SIGCHLD, lambda *a: seen.append(a))\n"
        "time.sleep(1.0)\nprint(seen, os.times()[2:4])\n"
    )
    both = run_both(tmp_path, source)
    assert both.recorded.stdout.startswith(b"[] ")
    assert both.plain.stdout.startswith(b"[] ")


def test_nothing_is_recorded_without_whence_run(tmp_path: Path) -> None:
    source = "import sys; print([name for name in sys.modules if name.startswith('whence')])"
    assert run_plain(tmp_path, "-c", source).stdout == b"[]\n"


def test_a_terminal_stays_the_terminal(tmp_path: Path) -> None:
    import pty

    source = "import os, sys; print(os.isatty(0), os.isatty(1), os.tcgetpgrp(0) == os.getpgrp())"
    seen = []
    for words in ([sys.executable], [sys.executable, "-m", "whence", "run"]):
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(tmp_path)
            os.execve(words[0], [*words, "-c", source], environment())
        time.sleep(0.1)
        output = b""
        while True:
            try:
                block = os.read(fd, 4096)
            except OSError:
                break
            if not block:
                break
            output += block
        seen.append((os.waitpid(pid, 0)[1], output))
        os.close(fd)
    assert seen[0] == seen[1] == (0, b"True True True\r\n")
    read_when_done(tmp_path / ".whence")
