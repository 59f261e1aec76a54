"""What becomes of files besides opening and closing: moved, removed, linked, cut, restamped."""

from __future__ import annotations

import os
from stat import S_ISDIR, S_ISREG

from whence._base.clock import wall_ns
from whence.capture.file.locating import AnyPath, place_of, resolved
from whence.capture.file.log import FileLog
from whence.capture.guard import guarded
from whence.model.event import RelationRecorded
from whence.model.relation import Known, Relation

_guard = guarded("observer-failed", "files")


class Removal:
    """A file that is about to be removed: where it is and its version."""

    __slots__ = ("path", "stat")

    def __init__(self, path: str, stat: os.stat_result) -> None:
        self.path, self.stat = path, stat


class FileChanges:
    """Turns changes of the names and versions of files into events, each just after it."""

    def __init__(self, log: FileLog) -> None:
        self._log, self._rules = log, log.rules

    def moved(
        self,
        source: AnyPath,
        target: AnyPath,
        source_fd: int | None = None,
        target_fd: int | None = None,
    ) -> None:
        """Record that ``source`` was renamed to ``target``.

        What comes out of a place that is left out was written, for all the record knows, here.
        """
        with _guard:
            old, new = place_of(source, source_fd), place_of(target, target_fd)
            lost, kept = self._rules.leaves_out(old), not self._rules.leaves_out(new)
            if lost and not kept:
                return
            stat = os.lstat(new)
            if not (S_ISREG(stat.st_mode) or S_ISDIR(stat.st_mode)):
                return
            if lost:
                self._written(new, stat)
                return
            if S_ISDIR(stat.st_mode):
                self._log.folders.forget()
            self._log.moved(old, new, stat)
            self._log.recent.moved(old, new)
            self._log.unclosed.moved(old, new)

    def about_to_remove(self, path: AnyPath, dir_fd: int | None = None) -> Removal | None:
        """What `removed` needs, or None when the file is left out or is no file."""
        with _guard:
            place = place_of(path, dir_fd)
            if self._rules.leaves_out(place):
                return None
            try:
                stat = os.lstat(place)
            except OSError:
                return None
            return Removal(place, stat) if S_ISREG(stat.st_mode) else None
        return None

    def removed(self, removal: Removal) -> None:
        """Record that a file was removed."""
        with _guard:
            self._log.removed(removal.path, removal.stat)
            self._log.recent.removed(removal.path)

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
            if self._rules.leaves_out(new):
                return
            stat = os.lstat(new)
            if not S_ISREG(stat.st_mode):
                return
            if self._rules.leaves_out(old):
                self._written(new, stat)
                return
            read = self._log.touched(old, "r", stat)
            made = self._log.touched(new, "x", stat)
            self._log.recorder.record(
                RelationRecorded(
                    made, Relation.WAS_DERIVED_FROM, read, Known.OBSERVED, wall_ns(), "hard link"
                )
            )

    def truncated(self, path: AnyPath) -> None:
        """Record that ``path`` was cut or stretched in place."""
        with _guard:
            place = resolved(path)
            if not self._rules.leaves_out(place):
                self._log.touched(place, "u", os.stat(place))

    def restamped(self, path: AnyPath, dir_fd: int | None = None) -> None:
        """Record that the mode, owner or times of ``path`` were changed.

        The bytes are the same and the version stamp is another: as if the file had been moved to
        where it lies. Copying with ``shutil`` ends so. Only for what was written here.
        """
        with _guard:
            place = os.path.realpath(place_of(path, dir_fd))
            if not self._log.recent.was_written(place):
                return
            stat = os.stat(place)
            if S_ISREG(stat.st_mode):
                self._log.moved(place, place, stat)

    def _written(self, place: str, stat: os.stat_result) -> None:
        if S_ISREG(stat.st_mode):
            self._log.touched(place, "w", stat)
