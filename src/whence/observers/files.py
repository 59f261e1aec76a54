"""Watches the files that Python code opens, closes, renames, links and removes.

``io.open`` and the functions of ``os`` are replaced where they are defined and where they are
re-exported, so each call is seen with its result. The close is seen at the raw file below the
buffers, after they have been flushed.

Not replaced: ``io.FileIO`` and ``io.open_code`` (the import system's), ``os.symlink`` (a link has
no bytes of its own; what is opened through it is recorded where it lies).
"""

from __future__ import annotations

import _io
import builtins
import io
import os
import posix
import sys
from collections import deque
from functools import partial
from io import BufferedRandom, BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from operator import call
from stat import S_ISDIR, S_ISREG
from types import FrameType, ModuleType
from typing import Any, ClassVar

from whence.capture.file.locating import path_of
from whence.capture.file.tracker import Access, FileTracker
from whence.capture.guard import guarded
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.observers.descriptors import Descriptors
from whence.observers.stand_in import Placement, StandIn, argument, without_our_frame

_guard = guarded("observer-failed", "files")
_close_raw = FileIO.close
_warns = bool(sys.flags.warn_default_encoding)
_readers = frozenset(
    {
        "tokenize", "linecache", "zipimport", "importlib._bootstrap_external",
        "_frozen_importlib_external",
    }
)  # fmt: skip
"""The modules by which Python itself reads source."""
_of_python = _readers | {"tempfile", None}


def watch_close(descriptors: Descriptors, opening: bytes, raw: FileIO) -> None:
    """Have the first ``close`` of a raw file that lies below buffers told.

    What stands in for it is a chain of functions written in C that first closes the file. No line
    of Python runs until then, so a signal handler that raises comes in only afterwards: the buffers
    never see a file whose close failed for our sake, which they could not close again.

    The chain holds the file and the file holds it, until then: text and buffer layers close what is
    below them when they are closed, dropped or collected, so the circle never lives longer than the
    open file. (A weak reference is of no use: the collector clears it before it closes the file.)
    """
    steps = (partial(_close_raw, raw), partial(_closed, descriptors, opening, raw))
    run: deque[None] = deque(maxlen=0)
    raw.close = partial(run.extend, map(call, steps))  # type: ignore[method-assign]


def _closed(descriptors: Descriptors, opening: bytes, raw: FileIO) -> None:
    vars(raw).pop("close", None)
    if descriptors.tracker is not None:
        descriptors.tracker.closed_here(opening)


class FileStandIn(StandIn):
    """A stand-in that tells a tracker what it saw; without one it only passes the call on."""

    def __init__(self, original: Any, descriptors: Descriptors) -> None:
        super().__init__(original)
        self.descriptors = descriptors


class OpenStandIn(FileStandIn):
    """``io.open``."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        frames = 1
        try:
            if (_warns or kwargs or len(args) > 2) and _may_warn(args, kwargs):
                frames = 3
                file = _call_as(_caller(), self.original, args, kwargs)
            else:
                file = self.original(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error, frames)
            self._refused(args, kwargs, error)
            raise
        tracker = self.descriptors.tracker
        if tracker is None:
            return file
        path = args[0] if args else kwargs["file"]
        if path.__class__ is str and path.startswith(tracker.rules.surely) and "/.." not in path:
            return file
        with _guard:
            self._opened(tracker, file, path, args, kwargs)
        return file

    def _opened(
        self, tracker: FileTracker, file: Any, path: Any, args: tuple[Any, ...], kwargs: Any
    ) -> None:
        descriptors = self.descriptors
        if descriptors.unbuffered:
            descriptors.look()
        raw = _raw_of(file)
        if raw is None:
            return
        fd = raw.fileno()
        opening = None
        if path.__class__ is int or (kwargs and kwargs.get("opener") is not None) or len(args) > 7:
            opening = descriptors.take(fd)
        elif descriptors.openings:
            descriptors.forget(fd)
        if opening is None:
            if path.__class__ is int:
                if not S_ISREG(os.fstat(fd).st_mode):
                    return
                path = path_of(fd)
            caller = _caller(3)
            module = None if caller is None else caller.f_globals.get("__name__")
            if module in _of_python and _is_of_python(path, caller):
                return
            if module == "runpy":
                opening = tracker.opened(path, "r", fd=fd, role="code", kind=kinds.CODE)
            else:
                mode = args[1] if len(args) > 1 else kwargs.get("mode", "r") if kwargs else "r"
                opening = tracker.seen(path, _ACCESS.get(mode) or _access_of_mode(mode), fd)
        if opening is None:
            return
        if raw is file:
            descriptors.watch_unbuffered(raw, opening)
        else:
            watch_close(descriptors, opening, raw)

    def _refused(self, args: tuple[Any, ...], kwargs: Any, error: BaseException) -> None:
        tracker = self.descriptors.tracker
        path = argument(args, kwargs, 0, "file")
        if tracker is None or not isinstance(error, OSError) or not _is_path(path):
            return
        mode = argument(args, kwargs, 1, "mode") or "r"
        tracker.refused(path, _access_of_mode(mode), error)


class OsOpenStandIn(FileStandIn):
    """``os.open``."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            fd = self.original(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error)
            self._refused(args, kwargs, error)
            raise
        tracker = self.descriptors.tracker
        if tracker is None:
            return fd
        path = args[0] if args else kwargs["path"]
        self.descriptors.forget(fd)
        if path.__class__ is str and path.startswith(tracker.rules.surely) and "/.." not in path:
            return fd
        flags = args[1] if len(args) > 1 else kwargs["flags"]
        with _guard:
            self.descriptors.look()
            if _is_of_python(path, _caller(2)):
                return fd
            stat = os.fstat(fd)
            if not S_ISDIR(stat.st_mode) and not flags & getattr(os, "O_PATH", 0):
                opening = tracker.opened(path, _access_of_flags(flags, stat.st_size), fd=fd)
                if opening is not None:
                    self.descriptors.add(fd, opening, stat)
        return fd

    def _refused(self, args: tuple[Any, ...], kwargs: Any, error: BaseException) -> None:
        tracker = self.descriptors.tracker
        path, flags = argument(args, kwargs, 0, "path"), argument(args, kwargs, 1, "flags")
        if tracker is None or not isinstance(error, OSError) or not isinstance(flags, int):
            return
        if _is_path(path) and not flags & os.O_DIRECTORY:
            tracker.refused(path, _access_of_flags(flags, 0), error, kwargs.get("dir_fd"))


class OsCloseStandIn(FileStandIn):
    """``os.close``."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tracker = self.descriptors.tracker
        fd = argument(args, kwargs, 0, "fd")
        if tracker is not None and fd.__class__ is int:
            with _guard:
                opening = self.descriptors.take(fd)
                if opening is not None:
                    tracker.closed(opening, fd)
        try:
            return self.original(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error)
            raise


class PairStandIn(FileStandIn):
    """``os.rename``, ``os.replace`` and ``os.link``: what is told after a call with two paths."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            result = self.original(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error)
            raise
        tracker = self.descriptors.tracker
        if tracker is not None:
            self.descriptors.look()
            changes = tracker.changes
            tell = changes.linked if self.original.__name__ == "link" else changes.moved
            source, target = argument(args, kwargs, 0, "src"), argument(args, kwargs, 1, "dst")
            tell(source, target, kwargs.get("src_dir_fd"), kwargs.get("dst_dir_fd"))
        return result


class RemoveStandIn(FileStandIn):
    """``os.remove`` and ``os.unlink``."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tracker, removal = self.descriptors.tracker, None
        path = argument(args, kwargs, 0, "path")
        if tracker is not None and _is_path(path):
            self.descriptors.look()
            removal = tracker.changes.about_to_remove(path, kwargs.get("dir_fd"))
        try:
            result = self.original(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error)
            raise
        if tracker is not None and removal is not None:
            tracker.changes.removed(removal)
        return result


class ChangeStandIn(FileStandIn):
    """``os.truncate`` of a path; and ``os.chmod``, ``os.chown`` and ``os.utime``, which change a
    file's version stamp and not its bytes."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            result = self.original(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error)
            raise
        tracker, path = self.descriptors.tracker, argument(args, kwargs, 0, "path")
        if tracker is not None and _is_path(path):
            if self.original.__name__ == "truncate":
                tracker.changes.truncated(path)
            else:
                tracker.changes.restamped(path, kwargs.get("dir_fd"))
        return result


class FilesObserver:
    """Watches files. ``session.files`` must be there; C code that opens files is not seen here."""

    library: ClassVar[str] = "io"
    tested: ClassVar[str] = ""

    def __init__(self) -> None:
        self._placement = Placement()
        self._descriptors: Descriptors | None = None

    def attach(self, module: ModuleType, session: Session) -> None:
        """Begin to watch. ``module`` is ``io``; where its functions are re-exported is known."""
        descriptors = self._descriptors = Descriptors(session.files)
        put = self._placement.put
        put(OpenStandIn(io.open, descriptors), "open", _io, module, builtins)
        put(OsOpenStandIn(os.open, descriptors), "open", posix, os)
        put(OsCloseStandIn(os.close, descriptors), "close", posix, os)
        for name in ("rename", "replace", "link"):
            put(PairStandIn(getattr(os, name), descriptors), name, posix, os)
        for name in ("remove", "unlink"):
            put(RemoveStandIn(getattr(os, name), descriptors), name, posix, os)
        for name in ("truncate", "chmod", "chown", "utime"):
            put(ChangeStandIn(getattr(os, name), descriptors), name, posix, os)
        if session.is_midway:
            self._placement.spread()

    def detach(self) -> None:
        """Put everything back. Files that are open are no longer followed."""
        self._placement.undo()
        if self._descriptors is not None:
            self._descriptors.look()
            tracker, self._descriptors.tracker = self._descriptors.tracker, None
            if tracker is not None:
                tracker.finish()


def _raw_of(file: Any) -> FileIO | None:
    """The raw file below what ``io.open`` gave."""
    if file.__class__ is TextIOWrapper:
        file = file.buffer
    if file.__class__ in (BufferedReader, BufferedWriter, BufferedRandom):
        file = file.raw
    return file if file.__class__ is FileIO else None


_ACCESS: dict[str, Access] = {"r": "r", "rb": "r", "w": "w", "wb": "w", "a": "a", "ab": "a"}


def _access_of_mode(mode: str) -> Access:
    if "+" in mode and "r" in mode:
        return "u"
    if "w" in mode:
        return "w"
    if "a" in mode:
        return "a"
    return "x" if "x" in mode else "r"


def _access_of_flags(flags: int, size: int) -> Access:
    if flags & (os.O_WRONLY | os.O_RDWR) == 0:
        return "r"
    if flags & os.O_CREAT and flags & os.O_EXCL:
        return "x"
    if flags & os.O_TRUNC or (flags & os.O_CREAT and size == 0):
        return "w"
    return "a" if flags & os.O_APPEND else "u"


def _is_path(path: object) -> bool:
    return isinstance(path, str | bytes | os.PathLike)


def _caller(depth: int = 2) -> FrameType | None:
    """Who called us; None when it is the interpreter itself, to show a traceback."""
    try:
        return sys._getframe(depth)
    except ValueError:
        return None


def _is_of_python(path: Any, caller: FrameType | None) -> bool:
    """Whether Python opens a file for itself.

    That is source text which is shown in a traceback or a warning, imported (the import is seen
    elsewhere, also when its bytes are cached) or taken for an archive; or the trial by which
    ``tempfile`` finds out where it may write.
    """
    if caller is not None and caller.f_code.co_name == "_get_default_tempdir":
        return True
    if not (path.__class__ is str and path.endswith(".py")):
        return False
    return caller is None or caller.f_globals.get("__name__") in _readers


def _may_warn(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether ``open`` could warn about its arguments, in the name of the line that called it."""
    return _warns or argument(args, kwargs, 2, "buffering") == 1


def _call_as(caller: FrameType | None, function: Any, args: Any, kwargs: Any) -> Any:
    """Call ``function`` from a frame that passes for the caller's: warnings name its line."""
    if caller is None:
        return function(*args, **kwargs)
    text = "\n" * (caller.f_lineno - 1) + "function(*args, **kwargs)"
    code = compile(text, caller.f_code.co_filename, "eval")
    names = {"function": function, "args": args, "kwargs": kwargs}
    return eval(code, caller.f_globals, names)
