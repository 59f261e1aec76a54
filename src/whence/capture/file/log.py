"""Writes events of files: openings and their ends, moves, removals."""

from __future__ import annotations

import os
from collections.abc import Mapping
from stat import S_IFMT, S_IFREG, S_ISDIR
from typing import Any, Literal

from whence._base.clock import mono_ns, wall_ns
from whence.capture.file.filesystem import FileSystems
from whence.capture.file.locating import AnyPath, Folders, asked, raw
from whence.capture.file.recent import RecentOpenings
from whence.capture.file.rules import Rules
from whence.capture.file.unclosed import UnclosedFiles
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import FileClosed, FileMoved, FileOpened, FileRemoved
from whence.model.place import Stamp
from whence.model.relation import Known

Access = Literal["r", "w", "x", "a", "u"]

_KIND, _REGULAR = S_IFMT(0o177777), S_IFREG
_FILE, _OBSERVED = kinds.FILE, Known.OBSERVED
_NOTHING: dict[str, Any] = {}
_TYPES = {0o010000: "fifo", 0o020000: "device", 0o040000: "directory", 0o060000: "device"}
_TYPES[0o140000] = "socket"


class FileLog:
    """Records what is known of one file at a time, and remembers it.

    ``count`` is how many openings were recorded.
    """

    def __init__(self, session: Session, rules: Rules) -> None:
        self.session, self.recorder, self.rules = session, session.recorder, rules
        self.filesystems, self.folders = FileSystems(), Folders(rules)
        self.recent, self.unclosed = RecentOpenings(), UnclosedFiles()
        self.count = 0

    def opened(
        self,
        place: str,
        path: AnyPath,
        access: Access,
        stat: os.stat_result,
        at: int | str,
        role: str = "",
        kind: str = _FILE,
        known: Known = _OBSERVED,
        attributes: Mapping[str, Any] = _NOTHING,
    ) -> bytes:
        """Record that what lies at ``place`` was opened as ``path``; give the opening's id.

        ``at`` is a descriptor or path on the same file system.
        """
        if stat.st_mode & _KIND != _REGULAR:
            kind, attributes = _sampled(kind, stat.st_mode, attributes)
        opening, activity, device = self.recorder.new_id(), self.session.activity(), stat.st_dev
        self.count += 1
        self.recorder.record(
            FileOpened(
                opening,
                activity,
                access,
                self.filesystems.id_of(device, at),
                raw(place),
                Stamp(device, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns),
                wall_ns(),
                mono_ns(),
                role,
                kind,
                None if path is place else asked(path, place),
                known,
                "",
                attributes,  # type: ignore[arg-type]  # msgspec encodes any mapping as a map
            )
        )
        self.recent.note((opening, place, access))
        self.unclosed.add(opening, place, device, stat.st_ino)
        if attributes and "sampled" in attributes:
            self.recorder.count_gap("sampled", activity, opening)
        return opening

    def ended(self, opening: bytes, stat: os.stat_result | None) -> None:
        """Record that an opening ended, with the file's version now if that is known."""
        stamp = None
        if stat is not None:
            stamp = Stamp(
                stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
            )
        self.unclosed.forget(opening)
        self.recorder.record(FileClosed(opening, stamp, wall_ns(), mono_ns()))

    def touched(
        self, place: str, access: Access, stat: os.stat_result, path: AnyPath | None = None
    ) -> bytes:
        """Record an opening that has ended already."""
        opening = self.opened(place, place if path is None else path, access, stat, place)
        self.ended(opening, stat)
        return opening

    def sampled(self, place: str, path: AnyPath, access: Access, stat: os.stat_result) -> None:
        """Record the opening of a file that is known by its version only, and has ended."""
        extra = {"sampled": True}
        opening = self.opened(
            place, path, access, stat, place, "", kinds.STREAM, _OBSERVED, extra
        )  # fmt: skip
        self.ended(opening, stat)

    def refused(self, place: str, path: AnyPath, access: Access, error: BaseException) -> None:
        """Record that what would lie at ``place`` could not be opened."""
        filesystem = self._filesystem_of_folder(place)
        now, mono, opening = wall_ns(), mono_ns(), self.recorder.new_id()
        event = FileOpened(
            opening, self.session.activity(), access, filesystem, raw(place), None, now, mono,
            asked=asked(path, place), error=type(error).__name__,
        )  # fmt: skip
        self.recorder.record(event)

    def moved(self, old: str, new: str, stat: os.stat_result) -> None:
        """Record that what lay at ``old`` lies at ``new`` now."""
        filesystem = self.filesystems.id_of(stat.st_dev, new)
        activity, stamp = self.session.activity(), Stamp.of(stat)
        self.recorder.record(
            FileMoved(activity, filesystem, raw(old), raw(new), stamp, wall_ns(), mono_ns())
        )

    def removed(self, place: str, stat: os.stat_result) -> None:
        """Record that what lay at ``place`` is gone."""
        filesystem = self.filesystems.id_of(stat.st_dev, os.path.dirname(place))
        activity, stamp = self.session.activity(), Stamp.of(stat)
        self.recorder.record(
            FileRemoved(activity, filesystem, raw(place), stamp, wall_ns(), mono_ns())
        )

    def _filesystem_of_folder(self, place: str) -> bytes:
        folder = os.path.dirname(place)
        while True:
            try:
                return self.filesystems.id_of(os.stat(folder).st_dev, folder)
            except OSError:
                parent = os.path.dirname(folder)
                if parent == folder:
                    return b""
                folder = parent


def _sampled(kind: str, mode: int, attributes: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if kind == kinds.FILE:
        kind = kinds.DIRECTORY if S_ISDIR(mode) else kinds.STREAM
    return kind, {**attributes, "sampled": True, "type": _TYPES.get(S_IFMT(mode), "other")}
