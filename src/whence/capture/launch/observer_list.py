"""The list of observers of this environment, kept between runs: scanning entry points costs.

The text is ``pandas=whence.observers.pandas:PandasObserver,...``; it lies in the store's cache,
keyed by the folders that packages are installed in and when these changed.
"""

from __future__ import annotations

import os
import sys

from whence._base.ids import derived_id
from whence.journal.home import cache_path

GROUP = "whence.observers"


def observers_here(store: str) -> str:
    """The observers of this environment, as text; from the cache while nothing was installed."""
    path = cache_path(store, f"observers-{_environment_key().hex()}")
    try:
        with open(path, encoding="utf-8") as f:
            return f.read()
    except OSError:
        pass
    text = ",".join(f"{name}={value}" for name, value in sorted(_scan().items()))
    _keep(path, text)
    return text


def parse_observers(text: str) -> dict[str, str]:
    """The observers in ``text``: library -> ``module:class``."""
    pairs = (part.partition("=") for part in text.split(",") if part)
    return {name: value for name, _, value in pairs}


def _scan() -> dict[str, str]:
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}


def _environment_key() -> bytes:
    parts: list[str | int] = [sys.prefix, sys.hexversion]
    for folder in sys.path[1:]:
        try:
            parts += [folder, os.stat(folder).st_mtime_ns]
        except OSError:
            continue
    return derived_id(*parts)


def _keep(path: str, text: str) -> None:
    partial = f"{path}.{os.getpid()}"
    try:
        with open(partial, "w", encoding="utf-8") as f:
            f.write(text)
        os.rename(partial, path)
    except OSError:
        pass
