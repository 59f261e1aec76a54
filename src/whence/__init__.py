"""Ask any model, dataset or file where it came from and what it touched.

    print(whence.trace("models/model.joblib"))

Everything here is loaded when it is first used, so ``import whence`` costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from whence._base.errors import (
        AmbiguousError,
        FilterError,
        MissingExtraError,
        NotKnownError,
        StoreError,
        UsageError,
        WhenceError,
    )
    from whence.capture.declared.api import run
    from whence.jupyter.kernel import load_ipython_extension, unload_ipython_extension
    from whence.service.api import ask, columns, diff, flow, impact, runs, show, trace, why
    from whence.service.sparql import sparql
    from whence.service.sql import sql

__all__ = [
    "AmbiguousError",
    "FilterError",
    "MissingExtraError",
    "NotKnownError",
    "StoreError",
    "UsageError",
    "WhenceError",
    "ask",
    "columns",
    "diff",
    "flow",
    "impact",
    "load_ipython_extension",
    "run",
    "runs",
    "show",
    "sparql",
    "sql",
    "trace",
    "unload_ipython_extension",
    "why",
]

_HOMES = {
    "whence.capture.declared.api": ("run",),
    "whence.service.api": (
        "trace", "impact", "why", "show", "diff", "runs", "flow", "columns", "ask",
    ),
    "whence.jupyter.kernel": ("load_ipython_extension", "unload_ipython_extension"),
    "whence.service.sparql": ("sparql",),
    "whence.service.sql": ("sql",),
    "whence._base.errors": (
        "WhenceError", "UsageError", "FilterError", "NotKnownError", "AmbiguousError",
        "MissingExtraError", "StoreError",
    ),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """The public name, from the module where it lives."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'whence' has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(home), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
