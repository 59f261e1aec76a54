"""Where a file lies: absolute paths with links resolved, of what is open, asked for or moved."""

from __future__ import annotations

import os
import sys
from os import close as _close
from os import lstat as _lstat
from os import open as _open
from typing import Any

from whence.capture.file.rules import Rules

AnyPath = str | bytes | os.PathLike[Any]

_ENCODING = sys.getfilesystemencoding()
_LOOK_ONLY = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_DELETED = " (deleted)"
_MOST_FOLDERS = 20_000


class Folders:
    """Finds where open files lie, quickly.

    The system's word on a descriptor costs as much as a second open. So folders are remembered by
    the text they were asked by, with whether the rules keep all that is in them, and one look tells
    whether the file below is the very one that is open.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._known: dict[str, tuple[str, bool]] = {}

    def kept_place(self, path: AnyPath, fd: int | None, stat: os.stat_result) -> str | None:
        """Where what was opened as ``path`` lies; None when the rules leave it out.

        ``stat`` is of ``fd``, or of the path when there is none. Raises OSError.
        """
        text = path if path.__class__ is str else os.fsdecode(path)
        head, _, tail = text.rpartition("/")
        if text[:1] != "/":
            head = f"{_working_folder()}/{head}"
        known = self._known.get(head)
        if known is not None:
            place = known[0] + tail
            try:
                there = _lstat(place)
                if there.st_ino == stat.st_ino and there.st_dev == stat.st_dev:
                    return place if known[1] or not self._rules.leaves_out(place) else None
            except OSError:
                pass
        place = resolved(path) if fd is None else path_of(fd)
        if tail and place.endswith("/" + tail):
            self._remember(head, place[: -len(tail)])
        if stat.st_nlink == 0 or self._rules.leaves_out(place):
            return None
        return place

    def forget(self) -> None:
        """A folder has been moved: none is where it was for sure."""
        self._known = {}

    def _remember(self, asked: str, folder: str) -> None:
        if len(self._known) > _MOST_FOLDERS:
            self._known = {}
        self._known[asked] = (folder, self._rules.keeps_all_in(folder))


def path_of(fd: int) -> str:
    """The absolute path, with links resolved, of what ``fd`` is open on.

    Raises OSError when the system doesn't say.
    """
    path = os.readlink(f"/proc/self/fd/{fd}")
    if path.endswith(_DELETED) and os.fstat(fd).st_nlink == 0:
        return path.removesuffix(_DELETED)
    return path


def resolved(path: AnyPath) -> str:
    """``path``, absolute and with all links resolved."""
    return os.path.realpath(os.fsdecode(path))


def place_of(path: AnyPath, dir_fd: int | None = None) -> str:
    """``path``, absolute and with all links resolved but the last part's own.

    The folder is looked up by the system in one step, which is exact and quicker than resolving
    each part; ``dir_fd`` is what a relative path is relative to, if not the working folder.
    """
    text = os.fsdecode(path)
    head, _, tail = text.rstrip("/").rpartition("/")
    if tail in ("", ".", ".."):
        return os.path.realpath(text)
    if text.startswith("/"):
        head += "/"
    try:
        fd = _open(head or ".", _LOOK_ONLY, dir_fd=dir_fd)
    except OSError:
        return os.path.join(os.path.realpath(head), tail)
    try:
        folder = path_of(fd)
    finally:
        _close(fd)
    return folder.rstrip("/") + "/" + tail


def raw(path: str) -> bytes:
    """The bytes of a path, as the system has them (file names are UTF-8 or undecodable bytes)."""
    return path.encode(_ENCODING, "surrogateescape")


def asked(path: AnyPath, place: str) -> bytes | None:
    """The path as it was asked for; None when that is where it lies."""
    if path.__class__ is str:
        return None if path == place else raw(path)
    given = os.fsencode(path)
    return None if given == raw(place) else given


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""
