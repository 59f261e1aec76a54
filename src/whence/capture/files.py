"""Which files a process opened, closed, moved and removed, as events.

The wrappers around ``open`` and the observers of libraries that read files natively both report
here, so that one opening is one event, whoever saw it.

No file of the user's is ever opened here, only looked at: closing any descriptor of a file would
drop all POSIX locks that the process holds on it. There is no lock either, so a signal handler that
opens a file while one is being recorded can't wait for itself.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Mapping
from os import close as _close
from os import open as _open
from stat import S_IFMT, S_IFREG, S_ISDIR, S_ISREG
from typing import Any, Literal

from whence._base.clock import mono_ns, wall_ns
from whence.capture.filesystem import FileSystems
from whence.capture.guard import guarded
from whence.capture.rules import Rules
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import (
    FileClosed,
    FileMoved,
    FileOpened,
    FileRemoved,
    RelationRecorded,
)
from whence.model.place import Stamp
from whence.model.relation import Known, Relation

Access = Literal["r", "w", "x", "a", "u"]
AnyPath = str | bytes | os.PathLike[Any]

REMEMBERED = 20_000
"""How many openings of a process can be asked for by path, at least; older ones are forgotten."""

_guard = guarded("observer-failed", "files")
_DECLARED = Known.DECLARED
_LOOK_ONLY = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_ENCODING = sys.getfilesystemencoding()
_DELETED = " (deleted)"
_NONE: dict[str, Any] = {}
_KIND, _REGULAR = S_IFMT(0o177777), S_IFREG


class Removal:
    """A file that is about to be removed: where it is and its version."""

    __slots__ = ("path", "stat")

    def __init__(self, path: str, stat: os.stat_result) -> None:
        self.path, self.stat = path, stat


class FileTracker:
    """Turns what is seen of files into events of one session, leaving out what the rules say.

    ``rules`` may be asked before a call, to spend nothing on what is left out.
    """

    def __init__(self, session: Session, rules: Rules) -> None:
        self.rules = rules
        self._session = session
        self._recorder = session.recorder
        self.count = 0
        self._filesystems = FileSystems()
        self._recent: deque[tuple[bytes, str, str]] = deque(maxlen=REMEMBERED)
        self._paths: dict[bytes, str] = {}
        self._latest: dict[tuple[str, str], bytes] = {}
        self._older: dict[tuple[str, str], bytes] = {}
        self._folders: dict[str, tuple[str, bool]] = {}
        self._databases: dict[str, Stamp | None] = {}

    def opened(
        self,
        path: AnyPath,
        access: Access,
        *,
        fd: int | None = None,
        role: str = "",
        kind: str = kinds.FILE,
        known: Known = Known.OBSERVED,
        attributes: dict[str, Any] | None = None,
    ) -> bytes | None:
        """Record that ``path`` was opened; give the opening's id, or None when it is left out.

        With ``fd`` the version is that of the open descriptor, else that of the path. For a write
        the id is also the id of the entity (the occurrence) that is written. What a program
        declares is recorded whatever the rules say.
        """
        with _guard:
            stat = os.stat(path) if fd is None else os.fstat(fd)
            place = resolved(path) if known is _DECLARED else self._kept_place(path, fd, stat)
            if place is None:
                return None
            extra = dict(attributes) if attributes else _NONE
            if stat.st_mode & _KIND != _REGULAR:
                kind, extra = _sampled(kind, stat.st_mode, extra)
            at = place if fd is None else fd
            return self._record(place, path, access, stat, at, role, kind, known, extra)
        return None

    def closed(self, opening: bytes, *, fd: int | None = None) -> None:
        """Record that the opening ended, with the file's version now."""
        with _guard:
            stamp: Stamp | None = None
            try:
                if fd is not None:
                    stamp = Stamp.of(os.fstat(fd))
                else:
                    self._sort_recent()
                    if path := self._paths.pop(opening, None):
                        stamp = Stamp.of(os.stat(path))
            except OSError:
                pass
            self._recorder.record(FileClosed(opening, stamp, wall_ns(), mono_ns()))

    def opening_of(self, path: AnyPath, access: Access | None = None) -> bytes | None:
        """The id of this process's latest opening of ``path`` (with that access), if it saw one."""
        with _guard:
            self._sort_recent()
            key = (resolved(path), access or "")
            return self._latest.get(key) or self._older.get(key)
        return None

    def refused(
        self, path: AnyPath, access: Access, error: BaseException, dir_fd: int | None = None
    ) -> None:
        """Record that ``path`` could not be opened."""
        with _guard:
            place = place_of(path, dir_fd)
            if self.rules.leaves_out(place):
                return
            filesystem = self._filesystem_of_folder(place)
            now, mono, new_id = wall_ns(), mono_ns(), self._recorder.new_id()
            event = FileOpened(
                new_id, self._session.activity(), access, filesystem, _raw(place), None,
                now, mono, asked=_asked(path, place), error=type(error).__name__,
            )  # fmt: skip
            self._recorder.record(event)

    def moved(
        self,
        source: AnyPath,
        target: AnyPath,
        source_fd: int | None = None,
        target_fd: int | None = None,
    ) -> None:
        """Record that ``source`` was renamed to ``target``, just now.

        What comes out of a place that is left out was written, for all the record knows, here.
        """
        with _guard:
            old, new = place_of(source, source_fd), place_of(target, target_fd)
            lost, kept = self.rules.leaves_out(old), not self.rules.leaves_out(new)
            if lost and not kept:
                return
            stat = os.lstat(new)
            if not (S_ISREG(stat.st_mode) or S_ISDIR(stat.st_mode)):
                return
            if lost:
                self._written(new, stat)
                return
            if S_ISDIR(stat.st_mode):
                self._folders = {}
            stamp, filesystem = Stamp.of(stat), self._filesystems.id_of(stat.st_dev, new)
            self._recorder.record(
                FileMoved(
                    self._session.activity(),
                    filesystem,
                    _raw(old),
                    _raw(new),
                    stamp,
                    wall_ns(),
                    mono_ns(),
                )
            )
            self._follow_move(old, new)

    def about_to_remove(self, path: AnyPath, dir_fd: int | None = None) -> Removal | None:
        """What `removed` needs, or None when the file is left out or is no file."""
        with _guard:
            place = place_of(path, dir_fd)
            if self.rules.leaves_out(place):
                return None
            try:
                stat = os.lstat(place)
            except OSError:
                return None
            return Removal(place, stat) if S_ISREG(stat.st_mode) else None
        return None

    def removed(self, removal: Removal) -> None:
        """Record that a file was removed, just now."""
        with _guard:
            stat, path = removal.stat, removal.path
            filesystem = self._filesystems.id_of(stat.st_dev, os.path.dirname(path))
            self._recorder.record(
                FileRemoved(
                    self._session.activity(),
                    filesystem,
                    os.fsencode(path),
                    Stamp.of(stat),
                    wall_ns(),
                    mono_ns(),
                )
            )
            self._sort_recent()
            for access in ("", "r", "w", "x", "a", "u"):
                self._forget(path, access)

    def linked(
        self,
        source: AnyPath,
        target: AnyPath,
        source_fd: int | None = None,
        target_fd: int | None = None,
    ) -> None:
        """Record that ``target`` is a further name of the file ``source`` from now on."""
        with _guard:
            old, new = place_of(source, source_fd), place_of(target, target_fd)
            if self.rules.leaves_out(new):
                return
            stat = os.lstat(new)
            if not S_ISREG(stat.st_mode):
                return
            if self.rules.leaves_out(old):
                self._written(new, stat)
                return
            read = self._touched(old, "r", stat)
            made = self._touched(new, "x", stat)
            self._recorder.record(
                RelationRecorded(
                    made, Relation.WAS_DERIVED_FROM, read, Known.OBSERVED, wall_ns(), "hard link"
                )
            )

    def truncated(self, path: AnyPath) -> None:
        """Record that ``path`` was cut or stretched in place, just now."""
        with _guard:
            place = resolved(path)
            if not self.rules.leaves_out(place):
                self._touched(place, "u", os.stat(place))

    def restamped(self, path: AnyPath, dir_fd: int | None = None) -> None:
        """Record that the mode, owner or times of ``path`` were changed, just now.

        The bytes are the same and the version stamp is another: as if the file had been moved to
        where it lies. Copying with ``shutil`` ends so. Only for what was written here.
        """
        with _guard:
            place = os.path.realpath(place_of(path, dir_fd))
            self._sort_recent()
            if not any((place, access) in self._latest for access in "wxau"):
                return
            stat = os.stat(place)
            if S_ISREG(stat.st_mode):
                filesystem, raw = self._filesystems.id_of(stat.st_dev, place), _raw(place)
                activity, stamp = self._session.activity(), Stamp.of(stat)
                self._recorder.record(
                    FileMoved(activity, filesystem, raw, raw, stamp, wall_ns(), mono_ns())
                )

    def connected(self, path: AnyPath) -> None:
        """Record that a database file was opened: by version only, and saying so.

        Whether it was written is seen by `finish`, when its version has changed by then.
        """
        with _guard:
            place = resolved(path)
            if self.rules.leaves_out(place):
                return
            try:
                stat = os.stat(place)
            except FileNotFoundError:
                self._databases.setdefault(place, None)
                return
            self._sampled_opening(place, path, "r", stat)
            self._databases.setdefault(place, Stamp.of(stat))

    def finish(self) -> None:
        """Record what became of databases; called once, when recording ends in this process."""
        with _guard:
            databases, self._databases = self._databases, {}
            for place, before in databases.items():
                try:
                    stat = os.stat(place)
                except OSError:
                    continue
                if Stamp.of(stat) != before:
                    self._sampled_opening(place, place, "u" if before else "w", stat)

    def _kept_place(self, path: AnyPath, fd: int | None, stat: os.stat_result) -> str | None:
        """The path, absolute with links resolved, of what was opened; None when it is left out.

        The system's word on a descriptor costs as much as a second open. So folders are remembered
        by the text they were asked by, with whether the rules keep all that is in them, and one
        look tells whether the file below is the very one that is open.
        """
        text = path if path.__class__ is str else os.fsdecode(path)
        head, _, tail = text.rpartition("/")
        if text[:1] != "/":
            head = f"{_working_folder()}/{head}"
        known = self._folders.get(head)
        if known is not None:
            place = known[0] + tail
            try:
                there = os.lstat(place)
            except OSError:
                pass
            else:
                if there.st_ino == stat.st_ino and there.st_dev == stat.st_dev:
                    return place if known[1] or not self.rules.leaves_out(place) else None
        place = resolved(path) if fd is None else path_of(fd)
        if tail and place.endswith("/" + tail):
            if len(self._folders) > REMEMBERED:
                self._folders = {}
            folder = place[: -len(tail)]
            self._folders[head] = (folder, self.rules.keeps_all_in(folder))
        if stat.st_nlink == 0 or self.rules.leaves_out(place):
            return None
        return place

    def _sampled_opening(
        self, place: str, path: AnyPath, access: Access, stat: os.stat_result
    ) -> None:
        extra = {"sampled": True}
        opening = self._record(
            place, path, access, stat, place, "", kinds.STREAM, Known.OBSERVED, extra
        )
        self._ended(opening, stat)

    def _written(self, place: str, stat: os.stat_result) -> None:
        if S_ISREG(stat.st_mode):
            self._touched(place, "w", stat)

    def _touched(self, place: str, access: Access, stat: os.stat_result) -> bytes:
        """Record an opening that has ended already."""
        opening = self._record(
            place, place, access, stat, place, "", kinds.FILE, Known.OBSERVED, _NONE
        )
        self._ended(opening, stat)
        return opening

    def _ended(self, opening: bytes, stat: os.stat_result) -> None:
        self._recorder.record(FileClosed(opening, Stamp.of(stat), wall_ns(), mono_ns()))

    def _record(
        self,
        place: str,
        asked: AnyPath,
        access: Access,
        stat: os.stat_result,
        at: int | str,
        role: str,
        kind: str,
        known: Known,
        attributes: Mapping[str, Any],
    ) -> bytes:
        opening, activity = self._recorder.new_id(), self._session.activity()
        self.count += 1
        self._recorder.record(
            FileOpened(
                opening,
                activity,
                access,
                self._filesystems.id_of(stat.st_dev, at),
                _raw(place),
                Stamp.of(stat),
                wall_ns(),
                mono_ns(),
                role,
                kind,
                _asked(asked, place),
                known,
                "",
                attributes,  # type: ignore[arg-type]  # msgspec encodes any mapping as a map
            )
        )
        if "sampled" in attributes:
            self._recorder.count_gap("sampled", activity, opening)
        self._recent.append((opening, place, access))
        return opening

    def _sort_recent(self) -> None:
        """Make what was opened lately findable; put off until somebody asks."""
        recent = self._recent
        while recent:
            opening, place, access = recent.popleft()
            self._paths[opening] = place
            self._latest[place, access] = self._latest[place, ""] = opening
        if len(self._paths) > REMEMBERED:
            self._paths = {}
        if len(self._latest) > REMEMBERED:
            self._older, self._latest = self._latest, {}

    def _follow_move(self, old: str, new: str) -> None:
        self._sort_recent()
        for access in ("", "r", "w", "x", "a", "u"):
            opening = self._forget(old, access)
            if opening is not None:
                self._latest[new, access] = opening

    def _forget(self, place: str, access: str) -> bytes | None:
        older = self._older.pop((place, access), None)
        return self._latest.pop((place, access), older)

    def _filesystem_of_folder(self, place: str) -> bytes:
        folder = os.path.dirname(place)
        while True:
            try:
                return self._filesystems.id_of(os.stat(folder).st_dev, folder)
            except OSError:
                parent = os.path.dirname(folder)
                if parent == folder:
                    return b""
                folder = parent


def path_of(fd: int) -> str:
    """The absolute path, with links resolved, of what ``fd`` is open on.

    Raises OSError when the system doesn't say.
    """
    path = os.readlink(f"/proc/self/fd/{fd}")
    if path.endswith(_DELETED) and os.fstat(fd).st_nlink == 0:
        return path.removesuffix(_DELETED)
    return path


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


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


def _asked(path: AnyPath, place: str) -> bytes | None:
    if path.__class__ is str:
        return None if path == place else _raw(path)
    raw = os.fsencode(path)
    return None if raw == _raw(place) else raw


def _raw(path: str) -> bytes:
    """The bytes of a path, as the system has them (file names are UTF-8 or undecodable bytes)."""
    return path.encode(_ENCODING, "surrogateescape")


def _sampled(kind: str, mode: int, extra: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if kind == kinds.FILE:
        kind = kinds.DIRECTORY if S_ISDIR(mode) else kinds.STREAM
    return kind, {**extra, "sampled": True, "type": _TYPES.get(S_IFMT(mode), "other")}


_TYPES = {0o010000: "fifo", 0o020000: "device", 0o040000: "directory", 0o060000: "device"}
_TYPES[0o140000] = "socket"
