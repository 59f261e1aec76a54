"""The header of a segment: its first frame, which says who writes it, where and since when."""

from __future__ import annotations

import msgspec

from whence._base.errors import SegmentFormatError

SCHEMA = 1


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes a segment. Self-describing (a map), so that any version reads what it knows.

    ``schema`` is the version of the events; ``writer`` the version of Whence; ``role`` is
    ``program`` or ``companion``; ``activity`` the innermost activity at the start (the run, or a
    child process); ``root`` the folder that holds ``.whence``; ``number`` counts the segments that
    one process rolls over; ``wall`` and ``mono`` are the two clocks, read together.
    """

    schema: int
    writer: str
    segment: bytes
    run: bytes
    activity: bytes
    role: str
    host: str
    machine: str
    boot: str
    pid: int
    process_start: int
    user: str
    root: bytes
    wall: int
    mono: int
    number: int = 0
    python: str = ""


def encode_header(header: Header) -> bytes:
    return msgspec.msgpack.encode(header)


def decode_header(payload: bytes) -> Header:
    """The header in ``payload``.

    Raises SegmentFormatError when the payload is no header, or of a later schema.
    """
    try:
        header = msgspec.msgpack.decode(payload, type=Header)
    except msgspec.MsgspecError as error:
        raise SegmentFormatError(f"The header of a segment does not read: {error}") from error
    if header.schema > SCHEMA:
        raise SegmentFormatError(
            f"The segment was written by Whence {header.writer} with schema {header.schema}; "
            f"this version reads up to {SCHEMA}. Upgrade Whence to read it"
        )
    return header
