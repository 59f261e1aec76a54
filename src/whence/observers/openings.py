"""Which opening of a file belongs to a library's call, also when the library opened it natively."""

from __future__ import annotations

import os
import re
from typing import Any, NamedTuple

from whence.capture.file.tracker import Access, FileTracker
from whence.capture.guard import asked

_NO_PATH: tuple[str | None, bool] = (None, False)
_URL = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+://")
_CREDENTIALS = re.compile(r"//[^/@]*@")


class Target(NamedTuple):
    """What a call read or wrote. ``before`` is the latest opening when the call began.

    ``is_open``: the program handed over an open file, so the opening is ``before`` itself.
    """

    path: str
    is_open: bool
    before: bytes | None


def target_of(files: FileTracker, value: Any, access: Access | None) -> Target | None:
    """The file that an argument names (a path or an open file), or None."""
    path, is_open = asked(lambda: _path_of(value), _NO_PATH)
    if path is None or is_url(path):
        return None
    return Target(path, is_open, files.opening_of(path, access))


def is_url(value: object) -> bool:
    return isinstance(value, str) and bool(_URL.match(value))


def public_url(url: str) -> str:
    """A URL without user, password, query and fragment, which may hold secrets."""
    return _CREDENTIALS.sub("//", re.split(r"[?#]", url, maxsplit=1)[0])


def opening(
    files: FileTracker, target: Target, access: Access, suffixes: tuple[str, ...] = ()
) -> bytes | None:
    """The opening that the call made of its target, or None when the rules leave the file out.

    When nobody saw one, the library opened the file natively: it is recorded here, after the fact.
    ``suffixes`` are what the library may have added to the path.
    """
    asked_access = None if access == "w" else access
    for path in (target.path, *(target.path + suffix for suffix in suffixes)):
        latest = files.opening_of(path, asked_access)
        if latest is not None and (target.is_open or latest != target.before):
            return latest
    for path in (target.path, *(target.path + suffix for suffix in suffixes)):
        if not target.is_open and os.path.exists(path):
            return _opened_natively(files, path, access)
    return None


def _opened_natively(files: FileTracker, path: str, access: Access) -> bytes | None:
    made = files.opened(path, access)
    if made is not None:
        files.closed(made)
    return made


def _path_of(value: Any) -> tuple[str | None, bool]:
    if isinstance(value, str | bytes | os.PathLike):
        return os.fsdecode(value), False
    for attribute in ("name", "path"):
        name = getattr(value, attribute, None)
        if isinstance(name, str | bytes | os.PathLike) and name:
            return os.fsdecode(name), True
    return None, False
