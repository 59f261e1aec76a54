"""The command as a process: pipes, encodings, terminals, and how it ends."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Project

COMMAND = [sys.executable, "-m", "whence"]


def whence(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, **options)  # type: ignore[call-overload,no-any-return]  # options of run, whichever


def on_a_terminal(*arguments: str, **environment: str) -> bytes:
    """What the command writes to a terminal."""
    main, side = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", **environment}
    done = subprocess.Popen([*COMMAND, *arguments], stdout=side, stdin=side, env=environ)
    os.close(side)
    written = b""
    try:
        while block := os.read(main, 4096):
            written += block
    except OSError:
        pass
    finally:
        os.close(main)
    assert done.wait() == 0
    return written


def test_a_terminal_gets_colour_and_a_pipe_none(project: Project) -> None:
    assert b"\x1b[" in on_a_terminal("log")
    assert b"\x1b[" not in on_a_terminal("log", NO_COLOR="1")
    assert b"\x1b[" not in on_a_terminal("log", TERM="dumb")
    assert b"\x1b[" not in whence("log").stdout


def test_a_hostile_name_reaches_no_terminal(project: Project) -> None:
    with project.journal.run("evil") as run:
        run.write(os.fsencode(project.root) + b"/a\x1b[2Jb\xff.bin", b"x" * 99)
    written = on_a_terminal("impact", "evil", NO_COLOR="1") + on_a_terminal("log", NO_COLOR="1")
    assert b"\x1b" not in written
    assert rb"a\x1b[2J" in written


def test_a_reader_that_goes_away_early_is_no_error(project: Project) -> None:
    command = " ".join([*COMMAND, "log", "|", "true"])
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_said_in_one_line(project: Project) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, "log"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"whence: No space left on device\n")


def test_output_that_is_not_utf_8_gets_plain_lines(project: Project) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    lines = whence("trace", "model.bin", env=environ).stdout.decode("ascii").splitlines()
    assert lines[1].startswith("`- made by run train.py")


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    done = whence(cwd=tmp_path)
    assert (done.returncode, done.stdout.split()[:2], done.stderr) == (
        0,
        [b"Usage:", b"whence"],
        b"",
    )


def test_listing_runs_loads_no_parser_and_no_colour(project: Project) -> None:
    code = (
        "import sys; from whence.cli.app import main; main(['log']); "
        "print(*[m for m in ('lark', 'rich', 'pandas', 'difflib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("whence tra", b"plain,trace\n"),
        ("whence trace mod", b"file,mod\n"),
        ("whence why raw.csv mod", b"file,mod\n"),
        ("whence run tra", b"file,tra\n"),
        ("whence trace --dep", b"plain,--depth\n"),
    ],
)
def test_a_shell_completes_commands_options_and_paths(words: str, offered: bytes) -> None:
    at = str(len(words.split()) - 1)
    environ = {**os.environ, "_WHENCE_COMPLETE": "bash_complete", "COMP_WORDS": words}
    code = "import sys; sys.argv[:] = ['whence']; from whence.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env={**environ, "COMP_CWORD": at}
    )
    assert (done.stdout, done.stderr) == (offered, b"")
