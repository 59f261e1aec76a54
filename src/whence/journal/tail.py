"""Following a segment while it grows: each look gives the records that came since the last one."""

from __future__ import annotations

import os
from collections.abc import Iterator

from whence._base.errors import SegmentFormatError
from whence.journal.frame import FRAMES_AT, Frame, Preamble, decode_preamble, read_frame
from whence.journal.header import Header, decode_header

_BLOCK = 1 << 20


class SegmentTail:
    """One growing segment. ``header`` is there once the segment has one.

    What can't be read yet is looked at again. When whole frames follow after damage, the reading
    goes on there; readers of the whole segment report the hole.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Raises OSError when the file can't be opened."""
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._at = 0
        self._rest = b""
        self._preamble: Preamble | None = None
        self.header: Header | None = None
        self._synced = 0

    def records(self) -> Iterator[bytes]:
        """The payloads that came since the last look, in file order."""
        while block := os.pread(self._fd, _BLOCK, self._at):
            self._at += len(block)
            data = self._rest + block
            at = 0
            while (frame := self._next(data, at)) is not None:
                at = frame.end
                if self.header is None:
                    self._take_header(frame)
                elif frame.sequence:
                    yield frame.payload
            self._rest = data[at:]

    def size(self) -> int:
        """The size of the file now, in bytes."""
        return os.fstat(self._fd).st_size

    @property
    def has_grown(self) -> bool:
        """Whether there is something that `records` has not read."""
        return self.size() > self._at

    def sync(self) -> None:
        """Bring what the file has to the disk, if it grew since the last time."""
        size = self.size()
        if size > self._synced:
            os.fdatasync(self._fd)
            self._synced = size

    def close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _next(self, data: bytes, at: int) -> Frame | None:
        if self._preamble is None:
            if len(data) < FRAMES_AT:
                return None
            self._preamble = decode_preamble(data)
            at = FRAMES_AT
        salt = self._preamble.salt
        frame = read_frame(data, at, salt)
        candidate = at
        while frame is None and (candidate := data.find(salt, candidate + 1)) >= 0:
            frame = read_frame(data, candidate, salt)
        return frame

    def _take_header(self, frame: Frame) -> None:
        if frame.sequence != 0:
            raise SegmentFormatError("A segment does not begin with its header")
        self.header = decode_header(frame.payload)


def tag_of(payload: bytes) -> int:
    """The number of the event in ``payload`` without decoding it; 0 when it is none."""
    if len(payload) > 1 and 0x90 < payload[0] <= 0x9F:
        return payload[1]
    return payload[3] if len(payload) > 3 and payload[0] == 0xDC else 0
