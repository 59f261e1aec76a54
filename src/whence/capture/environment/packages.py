"""The packages of this Python environment, with versions, asked again only when one has changed."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import msgspec

from whence.capture.cache import environment_key, keep, kept


def installed_packages(cache_folder: str) -> dict[str, str]:
    """Name -> version of every installed distribution that ``sys.path`` reaches.

    Kept in ``cache_folder``, keyed by the folders of ``sys.path`` and when these changed.
    """
    key = environment_key(b"packages", sys.path)
    path = os.path.join(cache_folder, f"packages-{key.hex()}.json")
    with suppress(msgspec.MsgspecError):
        if (data := kept(path)) is not None:
            return msgspec.json.decode(data, type=dict[str, str])
    packages = _ask()
    keep(path, msgspec.json.encode(packages))
    return packages


def _ask() -> dict[str, str]:
    from importlib.metadata import distributions

    found: dict[str, str] = {}
    for distribution in distributions():
        metadata = distribution.metadata
        name = metadata["Name"] if metadata is not None else None
        if name and name not in found:
            found[name] = metadata["Version"] or ""
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))
