"""Which openings the descriptors and unbuffered files of this process stand for."""

from __future__ import annotations

import os
import weakref
from io import FileIO

from whence.capture.file.tracker import FileTracker


class Descriptors:
    """The openings of this process that are known by descriptor, and unbuffered ones by weakref.

    A descriptor may be closed behind our back and its number used again, so each is kept with the
    device and inode it stood for.
    """

    def __init__(self, tracker: FileTracker) -> None:
        self.tracker: FileTracker | None = tracker
        self.openings: dict[int, tuple[bytes, int, int]] = {}
        self.unbuffered: list[tuple[weakref.ref[FileIO], bytes]] = []

    def add(self, fd: int, opening: bytes, stat: os.stat_result) -> None:
        self.openings[fd] = (opening, stat.st_dev, stat.st_ino)

    def take(self, fd: int) -> bytes | None:
        """The opening that ``fd`` stands for, which is forgotten here; None when there is none."""
        if fd not in self.openings:
            return None
        known = self.openings.pop(fd, None)
        if known is None:
            return None
        try:
            stat = os.fstat(fd)
        except OSError:
            return None
        return known[0] if known[1:] == (stat.st_dev, stat.st_ino) else None

    def forget(self, fd: int) -> None:
        self.openings.pop(fd, None)

    def watch_unbuffered(self, raw: FileIO, opening: bytes) -> None:
        """See the end of a file without buffers when it is gone, or at the next look.

        A hook on the file itself would have to hold it: it would no longer be closed at once when
        it is dropped.
        """
        self.unbuffered.append((weakref.ref(raw, self._dropped), opening))

    def look(self) -> None:
        """Record the end of the unbuffered files that have been closed since."""
        if self.unbuffered:
            self._dropped(None)

    def _dropped(self, _: object) -> None:
        waiting, self.unbuffered = self.unbuffered, []
        for reference, opening in waiting:
            raw = reference()
            if raw is not None and not raw.closed:
                self.unbuffered.append((reference, opening))
            elif self.tracker is not None:
                self.tracker.closed(opening)
