"""A piece of a segment as a client sends it: what is right about it, and what is new in it."""

from __future__ import annotations

from typing import Annotated, Protocol
from zlib import crc32

import msgspec

from whence._base.errors import SegmentConflictError, SegmentFormatError, TooLargeError
from whence._base.ids import format_id
from whence.journal.frame import FRAMES_AT, decode_preamble
from whence.journal.header import Header
from whence.journal.reader import SegmentReader
from whence.service.growing import HEADER_WITHIN

LARGEST_SEGMENT = 1 << 28
"""Bytes that one segment may have; a client begins the next one after 16 MiB."""
_ID_SIZE = 16
_LAST_MS = 253_402_300_799_999
"""The end of the year 9999, which is as far as the names of folders go."""


class Chunk(msgspec.Struct, frozen=True):
    """Bytes of one segment as a client sends them: ``data`` belongs at ``offset``.

    ``crc`` is the CRC-32 of all bytes of the segment before ``offset``; ``seal`` says that the
    segment ends with ``data``.
    """

    run: bytes
    segment: bytes
    offset: Annotated[int, msgspec.Meta(ge=0)]
    crc: int
    data: bytes
    seal: bool = False


class Refusal(msgspec.Struct, frozen=True):
    """Why a chunk was not taken."""

    code: str
    detail: str


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the server has of a segment by now: all bytes before ``offset``, safe on disk."""

    segment: str
    offset: int
    sealed: bool
    problem: Refusal | None = None


class Held(msgspec.Struct, frozen=True):
    """What the server has of a segment, and the CRC-32 of it."""

    segment: str
    offset: int
    sealed: bool
    crc: int


class Had(Protocol):
    """What there is of a segment already; nothing is added to one that is ``sealed``."""

    size: int
    crc: int

    @property
    def sealed(self) -> bool: ...
    def read(self, start: int, end: int) -> bytes: ...


def check_ids(run: bytes, segment: bytes) -> None:
    """Raises SegmentFormatError where these can't be ids of a run and a segment."""
    whole = len(run) == len(segment) == _ID_SIZE
    if not whole or int.from_bytes(segment[:6], "big") > _LAST_MS:
        raise SegmentFormatError(
            "A run and a segment have ids of 16 bytes; a segment's begins with its time"
        )


def begins_segment(chunk: Chunk) -> bool:
    """Whether a segment can be begun with this chunk: it begins with the whole header.

    False where more is to come first. Raises SegmentFormatError where it is no segment, or another.
    """
    if chunk.offset:
        return False
    is_all = chunk.seal or len(chunk.data) >= HEADER_WITHIN
    try:
        if len(chunk.data) >= FRAMES_AT:
            decode_preamble(chunk.data)
        header = SegmentReader(chunk.data).header
    except SegmentFormatError:
        if is_all or not _may_be_preamble(chunk.data):
            raise
        return False
    _check_header(header, chunk)
    return True


def _may_be_preamble(data: bytes) -> bool:
    try:
        decode_preamble(data)
    except SegmentFormatError:
        return len(data) < FRAMES_AT
    return True


def _check_header(header: Header, chunk: Chunk) -> None:
    if (header.run, header.segment) != (chunk.run, chunk.segment):
        raise SegmentFormatError(
            f"Segment {format_id(chunk.segment)} of run {format_id(chunk.run)} was sent, but its "
            f"header says segment {format_id(header.segment)} of run {format_id(header.run)}"
        )


def what_is_new(chunk: Chunk, state: Had) -> bytes:
    """The bytes of the chunk that are to be appended; none where it leaves a gap.

    Raises SegmentConflictError where what is there already differs, TooLargeError.
    """
    end = chunk.offset + len(chunk.data)
    if chunk.offset > state.size:
        if chunk.seal and state.sealed:
            raise _conflict(chunk, f"ends at {state.size:,} here")
        return b""
    if chunk.offset == state.size:
        before = state.crc
    else:
        before = crc32(state.read(0, chunk.offset))
    if before != chunk.crc:
        raise _conflict(chunk, f"has other bytes here before {chunk.offset:,}")
    there = min(end, state.size) - chunk.offset
    if there and state.read(chunk.offset, chunk.offset + there) != chunk.data[:there]:
        raise _conflict(chunk, f"has other bytes here from {chunk.offset:,} on")
    if chunk.seal and end < state.size:
        raise _conflict(chunk, f"goes on to {state.size:,} here, and is said to end at {end:,}")
    if state.sealed and end > state.size:
        raise _conflict(chunk, f"ends at {state.size:,} here, and goes on to {end:,} there")
    if end > LARGEST_SEGMENT:
        raise TooLargeError(
            f"Segment {format_id(chunk.segment)} has more than {LARGEST_SEGMENT:,} bytes"
        )
    return chunk.data[there:]


def _conflict(chunk: Chunk, what: str) -> SegmentConflictError:
    return SegmentConflictError(
        f"Segment {format_id(chunk.segment)} {what}. Find out which copy is the true one; "
        "this one was left as it is"
    )
