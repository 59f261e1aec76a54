"""The packages of the Python that a notebook's kernel would run in, on this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from whence.capture.environment.packages import installed_packages
from whence.journal.home import cache_path

TIMEOUT_S = 30.0
_ASK = (
    "import json, sys; from importlib.metadata import distributions as d; "
    "found = {}; "
    "[found.setdefault(x.metadata['Name'], x.metadata['Version'] or '') for x in d() "
    "if x.metadata is not None and x.metadata['Name']]; "
    "print(json.dumps([sys.version.split(' ')[0], found]))"
)


def normal(name: str) -> str:
    """The name of a package as indexes compare it: ``Scikit_Learn`` is ``scikit-learn``."""
    return re.sub(r"[-_.]+", "-", name).lower()


def packages_of_notebook(
    folder: Path, notebook: Path
) -> tuple[dict[str, str] | None, str | None, str]:
    """The packages with their versions, the version of Python, and a note on what was asked.

    ``folder`` is the store, in which our own are remembered. None where the other Python does not
    answer.
    """
    python, spec = _python_of(notebook)
    if python is None or _is_ours(python):
        note = (
            ""
            if python or not spec
            else (
                f"the kernel {spec!r} is not installed here; packages are those of {sys.executable}"
            )
        )
        return installed_packages(cache_path(folder)), sys.version.partition(" ")[0], note
    try:
        done = subprocess.run(
            [python, "-I", "-c", _ASK], capture_output=True, text=True, timeout=TIMEOUT_S,
            check=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        version, found = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None, None, f"{python} of the kernel {spec!r} does not answer; no package is known"
    return dict(found), str(version), f"packages are those of the kernel {spec!r}: {python}"


def _python_of(notebook: Path) -> tuple[str | None, str]:
    """The Python that the notebook's kernel is started with; None where that is not known."""
    name = _kernel_name(notebook)
    try:
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError:
        return None, ""
    try:
        spec: Any = KernelSpecManager().get_kernel_spec(name)
    except (KeyError, OSError, ValueError):  # none of that name, or its file does not read
        return None, name
    words = spec.argv or [""]
    if os.path.basename(words[0]) == words[0]:  # "python": that of whoever starts it
        return sys.executable, name
    return (words[0], name) if "python" in os.path.basename(words[0]) else (None, name)


def _kernel_name(notebook: Path) -> str:
    try:
        found = json.loads(notebook.read_bytes())["metadata"]["kernelspec"]["name"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "python3"
    return found if isinstance(found, str) else "python3"


def _is_ours(python: str) -> bool:
    """Whether it is this Python with these packages; links of one environment are one."""
    if python == sys.executable:
        return True
    same_folder = os.path.dirname(os.path.abspath(python)) == os.path.dirname(sys.executable)
    return same_folder and os.path.realpath(python) == os.path.realpath(sys.executable)
