"""A segment of another machine that grows in a project's journal: its file, length and CRC-32."""

from __future__ import annotations

import os
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from zlib import crc32

from whence._base.errors import SegmentFormatError
from whence._base.private import opener
from whence.journal.frame import FRAMES_AT, decode_preamble, read_frame
from whence.journal.layout import SegmentFile
from whence.journal.reader import SegmentReader
from whence.journal.seal import seal

NO_ROOM = frozenset({ENOSPC, EDQUOT, EFBIG})
_BLOCK = 1 << 20
HEADER_WITHIN = 1 << 16
"""Bytes in which the header of a segment ends."""


class Growing:
    """``size`` bytes are in the file, with the CRC-32 ``crc``; one thread at a time may use it.

    ``is_named`` says whether the file's name is safe on disk too.
    """

    sealed = False

    def __init__(self, file: SegmentFile, fd: int, is_named: bool) -> None:
        self.file, self.is_named = file, is_named
        self.size = self.crc = 0
        self._fd = fd
        self._is_synced = True

    @classmethod
    def fresh(cls, file: SegmentFile) -> Growing:
        """A new one. Raises OSError."""
        return cls(file, opener(str(file.path), os.O_RDWR | os.O_CREAT | os.O_EXCL), False)

    @classmethod
    def found(cls, file: SegmentFile) -> Growing | None:
        """The one that lies there; None where there is none, or not even its header is whole.

        What lies after the last whole frame may be from a write that was cut short, so it is cut
        off: whoever sent it is told, and sends it again. Raises SegmentFormatError where the header
        is whole and does not read, as one of a later version; the segment stays as it is.
        """
        try:
            fd = opener(str(file.path), os.O_RDWR)
        except FileNotFoundError:
            return None
        self = cls(file, fd, False)
        try:
            self._recover()
        except SegmentFormatError:
            has_header = self._has_header()
            self.close()
            if has_header:
                raise
            file.path.unlink()
            return None
        except OSError:
            self.close()
            raise
        return self

    def append(self, data: bytes) -> None:
        """Write ``data`` at the end; all or nothing. `sync` makes it safe. Raises OSError."""
        if not data:
            return
        fd, at, left = self._opened(), self.size, memoryview(data)
        self._is_synced = False
        try:
            while left:
                done = os.pwrite(fd, left, at)
                at, left = at + done, left[done:]
        except OSError:
            os.ftruncate(fd, self.size)
            raise
        self.size = at
        self.crc = crc32(data, self.crc)

    def sync(self) -> None:
        """Bring what was appended to the disk. Raises OSError."""
        if not self._is_synced:
            os.fdatasync(self._opened())
            self._is_synced = self.is_named = True

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` to before ``end``."""
        return b"".join(_blocks(self._opened(), start, min(end, self.size)))

    def seal(self, folder: Path) -> SegmentFile:
        """Seal it in the project at ``folder``, and give where it lies then. Raises OSError."""
        return seal(folder, self.file)

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _opened(self) -> int:
        if self._fd < 0:
            self._fd = opener(str(self.file.path), os.O_RDWR)
        return self._fd

    def _has_header(self) -> bool:
        """Whether there is a whole header, though it does not read."""
        start = os.pread(self._fd, HEADER_WITHIN, 0)
        try:
            salt = decode_preamble(start).salt
        except SegmentFormatError:
            return False
        return read_frame(start, FRAMES_AT, salt) is not None

    def _recover(self) -> None:
        data = b"".join(_blocks(self._fd, 0, os.fstat(self._fd).st_size))
        reader = SegmentReader(data)
        for _ in reader.frames():
            pass
        if reader.end < len(data):
            os.ftruncate(self._fd, reader.end)
        self.size, self.crc = reader.end, crc32(memoryview(data)[: reader.end])
        self._is_synced = False


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk. Raises OSError."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _blocks(fd: int, start: int, end: int) -> list[bytes]:
    blocks = []
    while start < end and (block := os.pread(fd, min(_BLOCK, end - start), start)):
        blocks.append(block)
        start += len(block)
    return blocks
