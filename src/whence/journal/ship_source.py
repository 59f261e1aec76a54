"""The bytes of one segment as they are sent: in order, with the CRC-32 of all that went before."""

from __future__ import annotations

import os
import time
from contextlib import closing
from zlib import crc32

from whence._base.clock import machine_id
from whence._base.errors import JournalError, SegmentFormatError
from whence.journal.layout import SegmentFile
from whence.journal.reader import SegmentReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Stream(Protocol):
        """What bytes are read from."""

        def read(self, size: int, /) -> bytes: ...
        def close(self) -> None: ...


_BLOCK = 1 << 18
_HEADER_WITHIN = 1 << 16
_QUIET_S = 120.0
"""A network file system may show the end of what another machine writes as zeros for a while."""


class SegmentSource:
    """A segment, open or sealed, from which pieces are read in any order; forward is cheap.

    ``at`` is the offset of the next byte, ``crc`` the CRC-32 of all bytes before it.
    """

    __slots__ = ("_stream", "at", "crc", "file", "is_at_end")

    def __init__(self, file: SegmentFile, at: int = 0, crc: int = -1) -> None:
        """``at`` and ``crc`` are believed, where they are known from before (``crc`` not below 0).

        Raises OSError; FileNotFoundError when the segment moved meanwhile.
        """
        self.file = file
        self.at = self.crc = 0
        self.is_at_end = False
        self._stream: Stream = self._opened()
        if at and crc >= 0 and not file.sealed:
            os.lseek(self._stream.fileno(), at, os.SEEK_SET)  # type: ignore[attr-defined]  # a file
            self.at, self.crc = at, crc

    def go_to(self, offset: int) -> bool:
        """Be at ``offset``; false where the segment ends before. Raises OSError."""
        if offset < self.at:
            self._stream.close()
            self.at = self.crc = 0
            self._stream = self._opened()
        while self.at < offset:
            if not self._take(min(_BLOCK, offset - self.at)):
                return False
        return True

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes, or fewer at the end. Raises OSError."""
        blocks = []
        self.is_at_end = False
        while size > 0:
            block = self._take(min(_BLOCK, size))
            if not block:
                self.is_at_end = True
                break
            blocks.append(block)
            size -= len(block)
        return b"".join(blocks)

    def sync(self) -> None:
        """Bring what a growing segment has to the disk, so that the server is never ahead of it."""
        if not self.file.sealed:
            os.fdatasync(self._stream.fileno())  # type: ignore[attr-defined]  # a file

    def close(self) -> None:
        self._stream.close()

    def _take(self, size: int) -> bytes:
        block = self._stream.read(size)
        self.at += len(block)
        self.crc = crc32(block, self.crc)
        return block

    def _opened(self) -> Stream:
        raw = open(self.file.path, "rb", buffering=0)  # noqa: SIM115  # `close` closes it
        if not self.file.sealed:
            return raw
        import zstandard

        try:
            return _Unpacked(zstandard.ZstdDecompressor(), raw)
        except BaseException:
            raw.close()
            raise


def may_be_read(file: SegmentFile) -> bool:
    """Whether an open segment in a folder of several machines has its true bytes here by now.

    Those of this machine have; another's once it has not grown for a while. Sealed ones always.
    """
    try:
        with open(file.path, "rb") as f:
            header = SegmentReader(f.read(_HEADER_WITHIN)).header
        quiet_s = time.time() - os.stat(file.path).st_mtime
    except (OSError, SegmentFormatError):
        return False
    is_ours = header.machine == machine_id() and header.host == os.uname().nodename
    return is_ours or quiet_s > _QUIET_S


class _Unpacked:
    """The bytes of a sealed segment. Raises JournalError where it is damaged."""

    def __init__(self, unpacker: object, raw: Stream) -> None:
        self._raw = raw
        self._reader = unpacker.stream_reader(raw, read_across_frames=True)  # type: ignore[attr-defined]

    def read(self, size: int, /) -> bytes:
        import zstandard

        try:
            return bytes(self._reader.read(size))
        except zstandard.ZstdError as error:
            raise JournalError(f"A sealed segment is damaged: {error}") from error

    def close(self) -> None:
        with closing(self._raw):
            self._reader.close()
