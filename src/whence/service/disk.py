"""The files as they are now: their version stamps and digests, for questions that name a path.

`LocalDisk` is this machine's; `NoDisk` is for a server, whose own files are nobody's question.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from io import FileIO

from whence._base.digest import BLOCK
from whence.capture.file.filesystem import FileSystems
from whence.model.place import Stamp, stamp_key

LARGEST_HASHED = 4 << 30
"""Bytes above which a question does not hash a file to find out what it is; `verify` does."""

Report = Callable[[str, int, int | None], None]
"""Called with what is done, how far it is, and of how much (None where unknown)."""


class LocalDisk:
    """Looks at files of this host. ``report`` hears of the progress of long hashing."""

    is_here = True

    def __init__(self, report: Report | None = None, largest: int = LARGEST_HASHED) -> None:
        self.report = report
        self._largest = largest
        self._systems = FileSystems()

    def spellings(self, path: bytes) -> list[bytes]:
        try:
            return [os.path.realpath(path), os.path.normpath(path)]
        except ValueError:  # a zero byte
            return []

    def is_folder(self, path: bytes) -> bool:
        return os.path.isdir(path)

    def exists(self, path: bytes) -> bool:
        try:
            return os.path.lexists(path)
        except ValueError:
            return False

    def files_below(self, folder: bytes) -> Iterator[bytes]:
        for top, folders, files in os.walk(folder):
            folders[:] = sorted(set(folders) - {b".whence", b".git"})
            yield from (os.path.join(top, name) for name in sorted(files))

    def stamp(self, path: bytes) -> Stamp | None:
        """The version of the regular file at ``path``; None when there is none to see."""
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return None
        return Stamp.of(found) if stat.S_ISREG(found.st_mode) else None

    def stamp_key(self, path: bytes) -> bytes | None:
        stamp = self.stamp(path)
        if stamp is None:
            return None
        filesystem = self._systems.id_of(stamp.device, os.fsdecode(path))
        return stamp_key(filesystem, stamp)

    def digest(self, path: bytes) -> bytes | None:
        stamp = self.stamp(path)
        if stamp is None or stamp.size > self._largest:
            return None
        return self.hash(path, stamp.size)

    def hash(self, path: bytes, size: int) -> bytes | None:
        """The SHA-256 of the file, whatever its size; None when it can't be read."""
        from hashlib import sha256

        state, done, name = sha256(), 0, os.path.basename(os.fsdecode(path))
        buffer = bytearray(BLOCK)
        view = memoryview(buffer)
        try:
            with FileIO(path) as f:  # `open` would be recorded, where a program asks
                while count := f.readinto(buffer):
                    state.update(view[:count])
                    done += count
                    if self.report is not None:
                        self.report(f"hashing {name}", done, size)
        except OSError:
            return None
        return state.digest()


class NoDisk:
    """Knows no file: nothing exists, nothing is hashed, and a path means what was recorded."""

    is_here = False

    def spellings(self, path: bytes) -> list[bytes]:
        return [os.path.normpath(path)] if os.path.isabs(path) else []

    def exists(self, path: bytes) -> bool:
        return False

    def is_folder(self, path: bytes) -> bool:
        return False

    def files_below(self, folder: bytes) -> Iterator[bytes]:
        return iter(())

    def stamp_key(self, path: bytes) -> bytes | None:
        return None

    def digest(self, path: bytes) -> bytes | None:
        return None
