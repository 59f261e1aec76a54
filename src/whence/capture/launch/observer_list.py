"""The list of observers of this environment, kept between runs: scanning entry points costs.

The text is ``pandas=whence.observers.pandas:PandasObserver,...``; it lies in the store's cache,
keyed by the folders that packages are installed in and when these changed. It names code that the
program will run, so it is believed only where no one else can write.
"""

from __future__ import annotations

import sys

from whence.capture.cache import environment_key, keep, kept
from whence.journal.home import cache_path

GROUP = "whence.observers"


def observers_here(store: str) -> str:
    """The observers of this environment, as text; from the cache while nothing was installed."""
    key = environment_key(b"observers", sys.path[1:])
    path = cache_path(store, f"observers-{key.hex()}")
    if (data := kept(path)) is not None:
        return data.decode("utf-8", "replace")
    text = ",".join(f"{name}={value}" for name, value in sorted(_scan().items()))
    keep(path, text.encode("utf-8", "replace"))
    return text


def parse_observers(text: str) -> dict[str, str]:
    """The observers in ``text``: library -> ``module:class``."""
    pairs = (part.partition("=") for part in text.split(",") if part)
    return {name: value for name, _, value in pairs}


def _scan() -> dict[str, str]:
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}
