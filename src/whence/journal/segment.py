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
from collections.abc import Callable
from errno import ENOSPC
from os import close, fstat, pread, stat, write
from os import open as open_file
from zlib import crc32

from whence.journal.frame import HEAD, HEAD_SIZE, Preamble, encode_frame
from whence.journal.header import Header, encode_header

ROLL_OVER_AT = 16 << 20
"""Bytes after which a process begins a new segment."""

LOOK_EVERY = 0x3F
"""A mask: the size is looked at after each 64th record."""

_HIGHEST_ASKED = 1 << 16
_WINDOW = 1 << 18


class SegmentWriter:
    """Appends payloads to a new segment file.

    ``append(payload)`` puts one record into the file and gives True; now and then it looks at the
    size and gives False when it is time for the next segment. It raises OSError when the file can't
    take the record; what was cut short is skipped by readers.

    The descriptor is moved up, out of the reach of programs that close the low ones, and where the
    system allows it above all numbers that the program can be given.
    """

    __slots__ = ("_fd", "_limit", "_salt", "append", "path")

    def __init__(self, path: bytes, header: Header, roll_over_at: int = ROLL_OVER_AT) -> None:
        """Create the file at ``path`` (which must not exist) with its preamble and header."""
        self.path, self._limit = path, roll_over_at
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._fd = moved_up(open_file(path, flags, 0o600))
        preamble = Preamble.fresh()
        self._salt = preamble.salt
        start = preamble.encode() + encode_frame(preamble.salt, 0, encode_header(header)) * 2
        if write(self._fd, start) != len(start):
            raise _no_room(path)
        self.append = self._appender()

    def _appender(self) -> Callable[[bytes], bool]:
        """The function that appends. All it needs is in its own variables, which is quickest."""
        fd, salt, pack, next_number = self._fd, self._salt, HEAD.pack, itertools.count(1).__next__

        def append(payload: bytes) -> bool:
            size, number = len(payload), next_number()
            frame = pack(salt, size, number, crc32(payload, number)) + payload
            if write(fd, frame) - size != HEAD_SIZE and write(fd, frame) - size != HEAD_SIZE:
                raise _no_room(self.path)
            return True if number & LOOK_EVERY else not self.is_full

        return append

    @property
    def is_full(self) -> bool:
        """Whether it is time for the next segment."""
        return fstat(self._fd).st_size >= self._limit

    def holds(self, payload: bytes) -> bool:
        """Whether a whole frame with ``payload`` is among the last ones of the file.

        For the rare moment after something broke into `append`: it may have been before the
        ``write`` or after it.
        """
        end = fstat(self._fd).st_size
        size = min(end, _WINDOW + len(payload) + HEAD_SIZE)
        tail = pread(self._fd, size, end - size)
        start = self._salt + len(payload).to_bytes(4, "little")
        at = tail.rfind(payload)
        while at >= HEAD_SIZE:
            if tail.startswith(start, at - HEAD_SIZE):
                return True
            at = tail.rfind(payload, 0, at + len(payload) - 1)
        return False

    def is_open(self) -> bool:
        """Whether the descriptor is still ours: a program may close any it likes."""
        try:
            mine, named = fstat(self._fd), stat(self.path)
        except OSError:
            return False
        return (mine.st_dev, mine.st_ino) == (named.st_dev, named.st_ino)

    def fileno(self) -> int:
        return self._fd

    def close(self) -> None:
        """Close the file, if the descriptor is still ours; a second call does nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            close(fd)


def _no_room(path: bytes) -> OSError:
    return OSError(ENOSPC, os.strerror(ENOSPC), os.fsdecode(path))


def moved_up(fd: int) -> int:
    """A high number for the open file ``fd``, which is closed; ``fd`` itself where there is none.

    Above the soft limit no number is ever given to the program, nor closed by one that closes all
    it may have; the limit is raised for the moment of the call. Where it can't be raised, the
    number is just below it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= _HIGHEST_ASKED:
        return _duplicate(fd, _HIGHEST_ASKED - 1024)
    room = _HIGHEST_ASKED if hard == resource.RLIM_INFINITY else hard
    if room <= soft:
        return _duplicate(fd, max(soft - 64, 3))
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft + 1024, room), hard))
    try:
        return _duplicate(fd, soft)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _duplicate(fd: int, lowest: int) -> int:
    try:
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, lowest)
    except OSError:
        return fd
    close(fd)
    return high
