"""Where the notebook lies that a kernel runs; front ends say it each in a way of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from whence.jupyter.handed import NOTEBOOK

_SERVER = "JPY_SESSION_NAME"
VSCODE = "__vsc_ipynb_file__"
"""The global that VS Code sets, some time after the kernel has started."""


def notebook_of(shell: Any) -> str:
    """The absolute path of the notebook, empty where no front end says it."""
    for named in _named(shell):
        path = _found(named)
        if path:
            return path
    return ""


def _named(shell: Any) -> Iterator[str]:
    """What is said: by ``whence run``, by VS Code, by a Jupyter server."""
    yield os.environ.get(NOTEBOOK, "")
    named = shell.user_ns.get(VSCODE)
    yield named if isinstance(named, str) else ""
    yield os.environ.get(_SERVER, "")


def _found(named: str) -> str:
    """The file that is meant: a server may name it relative to a folder above the kernel's.

    A console has a name too, and no file.
    """
    if not named:
        return ""
    try:
        folder = os.getcwd()
    except OSError:
        return named if os.path.isabs(named) and os.path.isfile(named) else ""
    while True:
        path = os.path.normpath(os.path.join(folder, named))
        if os.path.isfile(path):
            return path
        above = os.path.dirname(folder)
        if above == folder or os.path.isabs(named):
            return ""
        folder = above
