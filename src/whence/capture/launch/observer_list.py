"""The list of observers of this environment, kept between runs: scanning entry points costs.

The text is ``pandas=whence.observers.pandas:PandasObserver,...``; it lies in the store's cache,
keyed by the folders that packages are installed in and when these changed. It names code that the
program will run, so it is believed only where no one else can write. An observer that the settings
switch off stays in the list without a place (``numpy=``), so that its absence can be told.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from whence._base.errors import UsageError
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


def without(text: str, off: Sequence[str]) -> str:
    """The list with the observers in ``off`` switched off; ``*`` is all.

    Raises UsageError for one that is not there.
    """
    known = parse_observers(text)
    for name in off:
        if name != "*" and name not in known:
            there = ", ".join(known)
            raise UsageError(
                f"Settings: [observers] off: no observer {name!r} here; known: {there}"
            )
    return ",".join(
        f"{name}=" if "*" in off or name in off else f"{name}={place}"
        for name, place in known.items()
    )


def parse_observers(text: str) -> dict[str, str]:
    """The observers in ``text``: library -> ``module:class``."""
    pairs = (part.partition("=") for part in text.split(",") if part)
    return {name: value for name, _, value in pairs}


def _scan() -> dict[str, str]:
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}
