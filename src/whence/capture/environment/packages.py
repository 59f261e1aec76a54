"""The packages of this Python environment, with versions, asked again only when one has changed."""

from __future__ import annotations

import os
import sys

import msgspec

from whence._base.ids import derived_id


def installed_packages(cache_folder: str) -> dict[str, str]:
    """Name -> version of every installed distribution that ``sys.path`` reaches.

    Kept in ``cache_folder``, keyed by the folders of ``sys.path`` and when these changed:
    installing, upgrading and removing change the folder.
    """
    path = os.path.join(cache_folder, f"packages-{_environment_key().hex()}.json")
    try:
        with open(path, "rb") as f:
            return msgspec.json.decode(f.read(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        pass
    packages = _ask()
    _keep(path, msgspec.json.encode(packages))
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


def _environment_key() -> bytes:
    parts: list[str | int] = [sys.prefix, sys.hexversion]
    for folder in sys.path:
        try:
            parts += [folder, os.stat(folder).st_mtime_ns]
        except OSError:
            continue
    return derived_id(b"packages", *parts)


def _keep(path: str, data: bytes) -> None:
    partial = f"{path}.{os.getpid()}"
    try:
        with open(partial, "wb") as f:
            f.write(data)
        os.rename(partial, path)
    except OSError:
        return
