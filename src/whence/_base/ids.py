"""Ids: 16 bytes (UUID version 7) for what happened, 32 bytes (SHA-256) for content.

An id is ``bytes`` inside the program and in the journal, and text for people:
``0193f2a1-...`` for 16 bytes, ``sha256:...`` for 32.
"""

from __future__ import annotations

import itertools
import os
import time

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL first
except ImportError:
    from hashlib import blake2b

CONTENT_PREFIX = "sha256:"


class IdSource:
    """Makes ids that are unique over processes and hosts, in about 0.2 us each.

    A UUID version 7 (RFC 9562, section 5.7): 48 bits of time and 42 random bits, fixed for the
    source, then a counter of 32 bits. ``reseed`` must be called in a forked child.
    """

    __slots__ = ("_next", "_prefix")

    def __init__(self) -> None:
        self.reseed()

    def reseed(self) -> None:
        self._prefix = uuid7()[:12]
        self._next = itertools.count(1).__next__

    def new(self) -> bytes:
        number = self._next()
        if number > 0xFFFFFFFF:
            self.reseed()
            number = self._next()
        return self._prefix + number.to_bytes(4, "big")


def uuid7() -> bytes:
    """A fresh UUID version 7: milliseconds since the epoch, then 74 random bits."""
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return bytes(raw)


def derived_id(*parts: bytes | str | int) -> bytes:
    """The 16-byte id of a thing that is named by what it is: equal parts, equal id.

    A UUID version 8 (RFC 9562, section 5.8) over BLAKE2b of the length-prefixed parts.
    """
    state = blake2b(digest_size=16)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogateescape")
        state.update(len(raw).to_bytes(8, "big"))
        state.update(raw)
    raw_id = bytearray(state.digest())
    raw_id[6] = 0x80 | (raw_id[6] & 0x0F)
    raw_id[8] = 0x80 | (raw_id[8] & 0x3F)
    return bytes(raw_id)


def is_derived(raw: bytes) -> bool:
    """Whether an id is one that `derived_id` gives: a version that was found has such a one."""
    return len(raw) == 16 and raw[6] >> 4 == 8


def format_id(raw: bytes) -> str:
    """The text of an id, as people and JSON see it."""
    text = raw.hex()
    if len(raw) == 32:
        return CONTENT_PREFIX + text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def parse_id(text: str) -> bytes | None:
    """The id that ``text`` spells in full, or None when it is something else."""
    if text.startswith(CONTENT_PREFIX):
        return _unhex(text[len(CONTENT_PREFIX) :], 64)
    return _unhex(text.replace("-", ""), 32)


def id_range(start: str) -> tuple[bytes, bytes] | None:
    """The lowest and highest id of 16 (or, with ``sha256:``, 32) bytes that begin with ``start``.

    Returns None when ``start`` is not the beginning of an id.
    """
    digits, width = start.replace("-", ""), 32
    if start.startswith(CONTENT_PREFIX):
        digits, width = start[len(CONTENT_PREFIX) :], 64
    digits = digits.lower()
    if not digits or len(digits) > width or any(c not in "0123456789abcdef" for c in digits):
        return None
    return bytes.fromhex(digits.ljust(width, "0")), bytes.fromhex(digits.ljust(width, "f"))


def _unhex(digits: str, width: int) -> bytes | None:
    if len(digits) != width:
        return None
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        return None
    return raw if 2 * len(raw) == width else None
