"""The state of the code, asked of git: commit, branch, remote, and what is not committed.

git runs without locks, pager, hooks, file-system monitor, textconv, terminal and network, and not
for long. The filters of a repository are commands too and do not run, so a file that one would
change is compared as it lies; submodules, with settings of their own, are told by commit only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from whence.capture.environment.untracked import IsPart, untracked_diff

TIMEOUT_S = 20.0
LARGEST_DIFF = 4 << 20
LARGEST_COMPARED = 1 << 20
"""A tracked file of more bytes, before or after, is compared by git's hash only."""
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_OFF = ("clean=", "smudge=", "process=", "required=false")
_QUIET = (
    "--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null", "-c", "color.ui=false", "-c", "core.quotePath=false",
    "-c", "protocol.allow=never", "-c", f"core.bigFileThreshold={LARGEST_COMPARED}",
)  # fmt: skip


class GitError(Exception):
    """git is there and this is a repository, but it does not answer; the text says why."""


class CodeState(NamedTuple):
    """``commit`` is empty before the first one, ``branch`` on a detached HEAD.

    ``files`` are those that differ from the commit: tracked ones, and those that git does not track
    but that are code or configuration. ``diff`` is text, cut when ``is_cut``.
    """

    top: str
    commit: str
    branch: str
    remote: str
    files: list[str]
    diff: str
    is_cut: bool


def code_state(folder: str, is_part: IsPart) -> CodeState | None:
    """The state of the repository around ``folder``; None when there is none, or no git.

    ``is_part`` tells which untracked files are part of the changes. Raises GitError when git fails
    or does not answer in time.
    """
    try:
        where = _git(folder, "rev-parse", ["--is-inside-work-tree", "--show-toplevel"])
    except FileNotFoundError:
        return None
    except GitError as error:
        if "not a git repository" in str(error) or "must be run in a work tree" in str(error):
            return None
        raise
    inside, _, top = where[0].rstrip("\n").partition("\n")
    if inside != "true":
        return None
    off = _filters_off(top)
    asked = ["--porcelain=v2", "--branch", "-z", "-uall", "--ignore-submodules=dirty"]
    status, status_cut = _git(top, "status", asked, off)
    commit, branch, changed, untracked = _read_status(status)
    remote = _remote(top)
    diff, is_cut = _diff(top, commit, off) if changed else ("", False)
    untracked = [path for path in untracked if is_part(top, path)]
    added, some_left = untracked_diff(top, untracked)
    return CodeState(
        top, commit, branch, remote, sorted(changed + untracked), diff + added,
        is_cut or some_left or status_cut,
    )  # fmt: skip


def _read_status(text: str) -> tuple[str, str, list[str], list[str]]:
    """Commit, branch, changed and untracked paths of ``git status --porcelain=v2 -z``."""
    commit = branch = ""
    changed: list[str] = []
    untracked: list[str] = []
    records = iter(text.split("\0"))
    for record in records:
        if record.startswith("# branch.oid "):
            commit = record[13:]
        elif record.startswith("# branch.head "):
            branch = record[14:]
        elif record.startswith("1 "):
            changed.append(record.split(" ", 8)[8])
        elif record.startswith("2 "):
            changed.append(record.split(" ", 9)[9])
            next(records, None)
        elif record.startswith("u "):
            changed.append(record.split(" ", 10)[10])
        elif record.startswith("? "):
            untracked.append(record[2:])
    commit = "" if commit == "(initial)" else commit
    return commit, "" if branch == "(detached)" else branch, changed, untracked


def _remote(top: str) -> str:
    try:
        return _git(top, "config", ["--get", "remote.origin.url"])[0].strip()
    except GitError:
        return ""


def _filters_off(top: str) -> list[str]:
    """The options that switch off every filter that the settings know.

    Raises GitError when they can't all be switched off.
    """
    keys, is_cut = _git(top, "config", ["-z", "--name-only", "--list"])
    found = {key.rpartition(".")[0] for key in keys.split("\0") if key.startswith("filter.")}
    filters = sorted(name for name in found if name.startswith("filter."))
    if is_cut or any("=" in name for name in filters):
        raise GitError("git was not asked: its settings hold filters that can't be switched off")
    return [word for name in filters for setting in _OFF for word in ("-c", f"{name}.{setting}")]


def _diff(top: str, commit: str, off: list[str]) -> tuple[str, bool]:
    options = [
        "--no-ext-diff", "--no-textconv", "--no-color", "--full-index", "--src-prefix=a/",
        "--dst-prefix=b/", "--ignore-submodules=dirty", "--submodule=short",
    ]  # fmt: skip
    return _git(top, "diff", [*options, commit or _EMPTY_TREE], off)


def _git(
    folder: str, command: str, arguments: Sequence[str], options: Sequence[str] = ()
) -> tuple[str, bool]:
    """What git prints, cut at `LARGEST_DIFF`, and whether it was cut.

    Raises FileNotFoundError without git, GitError when it fails or takes too long.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            ["git", *_QUIET, "-C", folder, *options, command, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            env=_environment(), start_new_session=True,
        )  # fmt: skip
        out, timed_out = _output(process)
        errors.seek(0)
        error = errors.read(4096).decode("utf-8", "replace").strip()
    is_cut = len(out) > LARGEST_DIFF
    if timed_out:
        raise GitError(f"git {command} did not answer within {TIMEOUT_S:g} seconds")
    if process.returncode != 0 and not is_cut:
        raise GitError(error or f"git {command} ended with {process.returncode}")
    return out[:LARGEST_DIFF].decode("utf-8", "replace"), is_cut


def _output(process: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
    """What a process prints, a byte more than is wanted at most, and whether time ran out.

    It and all that it started are killed when time runs out or enough is read.
    """
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        _kill_group(process)

    timer = threading.Timer(TIMEOUT_S, expire)
    timer.start()
    try:
        with process:
            assert process.stdout is not None  # it is a pipe, as its maker asked for
            out = process.stdout.read(LARGEST_DIFF + 1)
            if len(out) > LARGEST_DIFF:
                _kill_group(process)
            process.wait()
    finally:
        timer.cancel()
    return out, expired.is_set()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a session's first process, unless it was waited for, and all others in its group."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C",
    }  # fmt: skip
