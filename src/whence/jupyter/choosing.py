"""Which kernel runs a notebook: the one it names, where that is this environment's Python."""

from __future__ import annotations

import os
import sys
from typing import Any

from whence._base.errors import MissingExtraError, UsageError
from whence.jupyter.document import INSTALL

_NATIVE = "python3"
_HERE = frozenset(
    {"python", f"python{sys.version_info[0]}", f"python{sys.version_info[0]}.{sys.version_info[1]}"}
)


def kernel_for(notebook: Any, named: str | None = None) -> str:
    """The name of the kernel to run ``notebook`` with: ``named``, else the one it names.

    Raises MissingExtraError without ipykernel, UsageError when the kernel is not installed, is not
    Python, or is the Python of another environment, where this Whence can't be loaded.
    """
    try:
        import ipykernel  # noqa: F401
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError as error:
        raise MissingExtraError(f"A notebook is run with ipykernel. {INSTALL}") from error
    metadata = notebook.metadata
    spec = metadata.get("kernelspec") or {}
    name = named or spec.get("name") or _NATIVE
    language = spec.get("language") or (metadata.get("language_info") or {}).get("name") or "python"
    if named is None and language.lower() not in ("python", "ipython"):
        raise UsageError(f"It is a notebook in {language}; only those in Python are recorded")
    specs = KernelSpecManager()
    if name not in specs.find_kernel_specs():
        raise UsageError(
            f"It asks for the kernel {name!r}, which is not installed here. "
            f"Run it with another: --kernel {_NATIVE}"
        )
    _check(name, specs.get_kernel_spec(name))
    return name


def _check(name: str, spec: Any) -> None:
    if spec.language.lower() != "python":
        raise UsageError(f"The kernel {name!r} is {spec.language}; only Python is recorded")
    program = spec.argv[0] if spec.argv else ""
    if not is_here(program):
        other = f"the notebook in this one: --kernel {_NATIVE}"
        if name == _NATIVE:
            other = "make one here: python -m ipykernel install --sys-prefix"
        raise UsageError(
            f"The kernel {name!r} runs {program}, and this is Whence of {sys.executable}. "
            f"Run whence from that environment, or {other}"
        )


def is_here(program: str) -> bool:
    """Whether a kernel's program is the Python of this environment."""
    if program in _HERE:  # what Jupyter takes for the Python that it runs in
        return True
    folder, name = os.path.split(program)
    own = os.path.dirname(os.path.abspath(sys.executable))
    is_python = name.startswith("python")
    return is_python and os.path.isdir(folder) and os.path.samefile(folder, own)
