"""Writing a segment: one file per process, opened O_APPEND, one ``write`` for each event.

An event is recorded once it is in the file: the kernel holds it from then on, and a killed process
loses nothing. Many threads and signal handlers may append at once without a lock, because a
sequence number is taken in one step and ``write`` on an O_APPEND file is one step too.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import resource
from errno import ENOSPC
from zlib import crc32

from whence.journal.frame import CHECK, HEAD, Preamble, encode_frame
from whence.journal.header import Header, encode_header

ROLL_OVER_AT = 16 << 20
"""Bytes after which a process begins a new segment."""

_HIGH_DESCRIPTOR = 960


class SegmentWriter:
    """Appends payloads to a new segment file.

    The descriptor is moved up, out of the way of programs that close the low ones or expect the
    next free number to be theirs.
    """

    __slots__ = ("_fd", "_next", "_salt", "_size", "path")

    def __init__(self, path: bytes, header: Header) -> None:
        """Create the file at ``path`` (which must not exist) with its preamble and header."""
        self.path = path
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._fd = _moved_up(os.open(path, flags, 0o600))
        preamble = Preamble.fresh()
        self._salt = preamble.salt
        self._next = itertools.count(1).__next__
        start = preamble.encode() + encode_frame(preamble.salt, 0, encode_header(header))
        self._size = len(start)
        _write_all(self._fd, start)

    @property
    def is_full(self) -> bool:
        """Whether it is time to roll over."""
        return self._size >= ROLL_OVER_AT

    def append(self, payload: bytes) -> int:
        """Put one record into the file; return its sequence number.

        Raises OSError when the file can't take it; what was cut short is skipped by readers.
        """
        sequence = self._next()
        head = HEAD.pack(self._salt, len(payload), sequence, crc32(payload))
        frame = b"".join((head, CHECK.pack(crc32(head)), payload))
        written = os.write(self._fd, frame)
        self._size += written
        if written != len(frame):
            self._write_again(frame)
        return sequence

    def _write_again(self, frame: bytes) -> None:
        """Write a frame that was cut short once more, whole; the stump is skipped by readers."""
        if os.write(self._fd, frame) != len(frame):
            raise OSError(ENOSPC, os.strerror(ENOSPC), os.fsdecode(self.path))

    def is_open(self) -> bool:
        """Whether the descriptor is still ours: a program may close any it likes."""
        try:
            mine, named = os.fstat(self._fd), os.stat(self.path)
        except OSError:
            return False
        return os.path.samestat(mine, named)

    def fileno(self) -> int:
        return self._fd

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def _moved_up(fd: int) -> int:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    lowest = min(_HIGH_DESCRIPTOR, max(limit - 64, 3))
    try:
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, lowest)
    except OSError:
        return fd
    os.close(fd)
    return high


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]
