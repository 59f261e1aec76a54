"""The frame: how one record lies in a segment. This module is the whole binary format.

A segment is a preamble, written twice, then frames, of which the header is written twice too:

    preamble   b"WHENCE\\x01\\n"  salt (8)  seed (32)  CRC-32 of these 48 bytes (4)  zeros (12)
    frame      salt (8)  length (4)  sequence (4)  check (4)  payload (length)

The check is the CRC-32 of the payload that starts from the sequence number instead of from zero, so
it holds the sequence, the length and the payload together: any one flipped bit is seen.

Integers are little-endian. The salt is random for each segment and begins each frame, so a reader
finds the next frame after damage, and bytes that a user recorded can't pass for one. The length is
never zero: zeros at the tail are room the file system gave, not a frame. Sequence 0 is the header.
Sequence numbers rise, but one may be missing: a signal handler can break in between the taking of
a number and the writing.

The seed makes the salt of each payload's commitment, see ``whence.journal.commitment``.
"""

from __future__ import annotations

import os
from struct import Struct
from zlib import crc32

from whence._base.errors import SegmentFormatError

SIGNATURE = b"WHENCE\x01\n"
OPEN_SUFFIX = ".seg"
SALT_SIZE = 8
SEED_SIZE = 32
_PREAMBLE = Struct(f"<8s{SALT_SIZE}s{SEED_SIZE}sI12x")
PREAMBLE_SIZE = _PREAMBLE.size
FRAMES_AT = 2 * PREAMBLE_SIZE

HEAD = Struct(f"<{SALT_SIZE}sIII")
HEAD_SIZE = HEAD.size
MAX_PAYLOAD = 1 << 26


class Preamble:
    """The secrets of a segment: ``salt`` (8 bytes) begins frames, ``seed`` (32) salts payloads."""

    __slots__ = ("salt", "seed")

    def __init__(self, salt: bytes, seed: bytes) -> None:
        self.salt, self.seed = salt, seed

    @classmethod
    def fresh(cls) -> Preamble:
        return cls(os.urandom(SALT_SIZE), os.urandom(SEED_SIZE))

    def encode(self) -> bytes:
        """Both copies of the preamble, as a segment begins."""
        check = crc32(SIGNATURE + self.salt + self.seed)
        return _PREAMBLE.pack(SIGNATURE, self.salt, self.seed, check) * 2


def decode_preamble(data: bytes) -> Preamble:
    """The preamble of a segment that begins with ``data``, from either copy.

    Raises SegmentFormatError when neither copy is whole.
    """
    for start in (0, PREAMBLE_SIZE):
        if len(data) < start + PREAMBLE_SIZE:
            break
        signature, salt, seed, check = _PREAMBLE.unpack_from(data, start)
        if signature == SIGNATURE and crc32(signature + salt + seed) == check:
            return Preamble(salt, seed)
    raise SegmentFormatError("Not a segment of a Whence journal, or its first 128 bytes are lost")


def encode_frame(salt: bytes, sequence: int, payload: bytes) -> bytes:
    """The bytes of one frame."""
    return HEAD.pack(salt, len(payload), sequence, crc32(payload, sequence)) + payload


class Frame:
    """A frame that was read: where it lies, its number, and the bytes it carries."""

    __slots__ = ("end", "offset", "payload", "sequence")

    def __init__(self, offset: int, sequence: int, payload: bytes, end: int) -> None:
        self.offset, self.sequence, self.payload, self.end = offset, sequence, payload, end


def read_frame(data: bytes | memoryview, at: int, salt: bytes) -> Frame | None:
    """The whole, undamaged frame at ``at`` in ``data``, or None."""
    body = at + HEAD_SIZE
    if body > len(data):
        return None
    found, length, sequence, check = HEAD.unpack_from(data, at)
    end = body + length
    if found != salt or length == 0 or end > len(data):
        return None
    payload = bytes(data[body:end])
    return Frame(at, sequence, payload, end) if crc32(payload, sequence) == check else None
