"""The state of the code, asked of git: commit, branch, remote, and what is not committed.

git runs without locks, pager, hooks, file-system monitor, textconv and terminal, and not for long.
"""

from __future__ import annotations

import os
import subprocess
import threading
from typing import NamedTuple

from whence.capture.environment.untracked import IsPart, untracked_diff

TIMEOUT_S = 20.0
LARGEST_DIFF = 4 << 20
LARGEST_COMPARED = 1 << 20
"""A tracked file of more bytes, before or after, is compared by git's hash only."""
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
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
        where = _git(folder, "rev-parse", "--is-inside-work-tree", "--show-toplevel")
    except FileNotFoundError:
        return None
    except GitError as error:
        if "not a git repository" in str(error) or "must be run in a work tree" in str(error):
            return None
        raise
    inside, _, top = where[0].rstrip("\n").partition("\n")
    if inside != "true":
        return None
    status, status_cut = _git(top, "status", "--porcelain=v2", "--branch", "-z", "-uall")
    commit, branch, changed, untracked = _read_status(status)
    remote = _remote(top)
    diff, is_cut = _diff(top, commit) if changed else ("", False)
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
        return _git(top, "config", "--get", "remote.origin.url")[0].strip()
    except GitError:
        return ""


def _diff(top: str, commit: str) -> tuple[str, bool]:
    options = (
        "--no-ext-diff", "--no-textconv", "--no-color", "--full-index", "--src-prefix=a/",
        "--dst-prefix=b/",
    )  # fmt: skip
    return _git(top, "diff", *options, commit or _EMPTY_TREE)


def _git(folder: str, *arguments: str) -> tuple[str, bool]:
    """What git prints, cut at `LARGEST_DIFF`, and whether it was cut.

    Raises FileNotFoundError without git, GitError when it fails or takes too long.
    """
    process = subprocess.Popen(
        ["git", *_QUIET, "-C", folder, *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=_environment(), start_new_session=True,
    )  # fmt: skip
    timer = threading.Timer(TIMEOUT_S, process.kill)
    timer.start()
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        out = process.stdout.read(LARGEST_DIFF + 1)
        is_cut = len(out) > LARGEST_DIFF
        if is_cut:
            process.kill()
        error = process.stderr.read(4096).decode("utf-8", "replace").strip()
        code = process.wait()
    finally:
        timed_out = timer.finished.is_set()
        timer.cancel()
        process.kill()
        process.stdout.close()  # type: ignore[union-attr]  # it is a pipe, as asked for above
        process.stderr.close()  # type: ignore[union-attr]
        process.wait()
    if timed_out:
        raise GitError(f"git {arguments[0]} did not answer within {TIMEOUT_S:g} seconds")
    if code != 0 and not is_cut:
        raise GitError(error or f"git {arguments[0]} ended with {code}")
    return out[:LARGEST_DIFF].decode("utf-8", "replace"), is_cut


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
