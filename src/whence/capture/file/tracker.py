"""Which files a process opened and closed, as events; what else became of them is `file_changes`'.

The wrappers around ``open`` and the observers of libraries that read files natively both report
here, so that one opening is one event, whoever saw it.

No file of the user's is ever opened here, only looked at: closing any descriptor of a file would
drop all POSIX locks that the process holds on it. There is no lock either, so a signal handler that
opens a file while one is being recorded can't wait for itself.
"""

from __future__ import annotations

import os
from os import fstat as _fstat
from typing import Any

from whence.capture.file.changes import FileChanges
from whence.capture.file.locating import AnyPath, place_of, resolved
from whence.capture.file.log import Access, FileLog
from whence.capture.file.rules import Rules
from whence.capture.guard import guarded
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.place import Stamp
from whence.model.relation import Known

__all__ = ["Access", "FileTracker"]

_guard = guarded("observer-failed", "files")


class FileTracker:
    """Turns what is seen of files into events of one session, leaving out what the rules say.

    ``rules`` may be asked before a call, to spend nothing on what is left out. ``changes`` takes
    what becomes of files besides opening and closing.
    """

    def __init__(self, session: Session, rules: Rules) -> None:
        self.rules = rules
        self._log = FileLog(session, rules)
        self._kept_place = self._log.folders.kept_place
        self.changes = FileChanges(self._log)
        self.restamped = self.changes.restamped
        self._databases: dict[str, Stamp | None] = {}

    @property
    def count(self) -> int:
        """How many openings were recorded."""
        return self._log.count

    def seen(self, path: AnyPath, access: Access, fd: int) -> bytes | None:
        """As `opened` with a descriptor, for wrappers that have a guard of their own."""
        stat = _fstat(fd)
        place = self._kept_place(path, fd, stat)
        return None if place is None else self._log.opened(place, path, access, stat, fd)

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
            stat = os.stat(path) if fd is None else _fstat(fd)
            is_declared = known is Known.DECLARED
            place = resolved(path) if is_declared else self._kept_place(path, fd, stat)
            if place is None:
                return None
            extra, at = dict(attributes or {}), place if fd is None else fd
            return self._log.opened(place, path, access, stat, at, role, kind, known, extra)
        return None

    def closed(self, opening: bytes, fd: int | None = None) -> None:
        """Record that the opening ended, with the file's version now."""
        with _guard:
            try:
                stat = self._log.unclosed.stat(opening) if fd is None else _fstat(fd)
            except OSError:
                stat = None
            self._log.ended(opening, stat)

    def closed_here(self, opening: bytes) -> None:
        """As `closed`, of a file that the program itself has just closed: it is that very one."""
        with _guard:
            self._log.ended(opening, self._log.unclosed.stat_of_same(opening))

    def opening_of(self, path: AnyPath, access: Access | None = None) -> bytes | None:
        """The id of this process's latest opening of ``path`` (with that access), if it saw one."""
        with _guard:
            return self._log.recent.latest(resolved(path), access or "")
        return None

    def refused(
        self, path: AnyPath, access: Access, error: BaseException, dir_fd: int | None = None
    ) -> None:
        """Record that ``path`` could not be opened."""
        with _guard:
            place = place_of(path, dir_fd)
            if not self.rules.leaves_out(place):
                self._log.refused(place, path, access, error)

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
            self._log.sampled(place, path, "r", stat)
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
                    self._log.sampled(place, place, "u" if before else "w", stat)
