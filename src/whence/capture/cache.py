"""What is kept in the store's cache between runs, and believed only if nobody else can write it.

Lean: the launch uses it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable

from whence._base.ids import derived_id
from whence._base.private import replace


def kept(path: str) -> bytes | None:
    """The content of a file of the cache; None when there is none, or others may have written it.

    It, and the folder it lies in, must be this user's and writable for no one else.
    """
    try:
        folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return _read(folder, os.path.basename(path)) if _is_ours_alone(os.fstat(folder)) else None
    except OSError:
        return None
    finally:
        os.close(folder)


def keep(path: str, data: bytes) -> None:
    """Keep ``data`` in the cache; where that fails it is found out again."""
    try:
        replace(path, data)
    except OSError:
        return


def environment_key(purpose: bytes, folders: Iterable[str]) -> bytes:
    """What tells whether packages may have changed: the interpreter, ``folders``, their times.

    Installing, upgrading and removing a package change the folder it lies in.
    """
    parts: list[str | int] = [sys.prefix, sys.hexversion]
    for folder in folders:
        try:
            parts += [folder, os.stat(folder).st_mtime_ns]
        except OSError:
            continue
    return derived_id(purpose, *parts)


def _read(folder: int, name: str) -> bytes | None:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with open(os.open(name, flags, dir_fd=folder), "rb") as f:
        found = os.fstat(f.fileno())
        return f.read() if stat.S_ISREG(found.st_mode) and _is_ours_alone(found) else None


def _is_ours_alone(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
