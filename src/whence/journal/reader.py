"""Reading a segment: every whole frame, and a report of every hole.

Damage is skipped: the reader looks for the next whole frame and says what lies between. What looks
damaged at the very end may be a frame in the making: while the writer may still live it means "end
for now"; once it is dead it is a torn tail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from whence._base.errors import SegmentFormatError
from whence.journal.frame import FRAMES_AT, Frame, decode_preamble, read_frame
from whence.journal.header import Header, decode_header


class Hole(NamedTuple):
    """Bytes of a segment that could not be read: where, how many, and why."""

    offset: int
    length: int
    reason: str


class SegmentReader:
    """The frames of one segment, given as bytes (or a memory map).

    After iteration ``end`` is the offset after the last whole frame: reading goes on there once
    the segment has grown. ``holes`` are the damaged stretches before ``end``; `tail` judges what
    lies after it.
    """

    def __init__(self, data: bytes) -> None:
        """Raises SegmentFormatError when preamble or header don't read."""
        self._data = data
        self.preamble = decode_preamble(data[:FRAMES_AT])
        self.holes: list[Hole] = []
        first = self._next_frame(FRAMES_AT)
        if first is None or first.sequence != 0:
            raise SegmentFormatError("The segment's header frame is damaged or not yet written")
        self.header: Header = decode_header(first.payload)
        again = read_frame(data, first.end, self.preamble.salt)
        is_copy = again is not None and again.sequence == 0
        self.start = self.end = again.end if again is not None and is_copy else first.end
        self.holes.clear()

    def frames(self, offset: int = 0) -> Iterator[Frame]:
        """Every whole frame that begins at ``offset`` or after, in file order."""
        self.end = max(offset, self.start)
        while (frame := self._next_frame(self.end)) is not None:
            self.end = frame.end
            yield frame

    def tail(self) -> Hole | None:
        """What lies after the last whole frame, or None when nothing does.

        Zeros are room given by the file system; anything else is a frame cut short.
        """
        rest = self._data[self.end :]
        if not rest:
            return None
        reason = "zeros at the tail" if not bytes(rest).strip(b"\0") else "torn tail"
        return Hole(self.end, len(rest), reason)

    def _next_frame(self, at: int) -> Frame | None:
        frame = read_frame(self._data, at, self.preamble.salt)
        return frame if frame is not None else self._resynchronise(at)

    def _resynchronise(self, at: int) -> Frame | None:
        salt, candidate = self.preamble.salt, at
        while (candidate := self._data.find(salt, candidate + 1)) >= 0:
            frame = read_frame(self._data, candidate, salt)
            if frame is not None:
                self.holes.append(Hole(at, candidate - at, "damaged"))
                return frame
        return None
