"""SHA-256 of bytes and files: the identity of content."""

from __future__ import annotations

import os
from hashlib import sha256

BLOCK = 1 << 20


def digest_bytes(data: bytes) -> bytes:
    """The 32-byte SHA-256 of ``data``."""
    return sha256(data).digest()


def digest_descriptor(fd: int) -> tuple[bytes, int]:
    """The SHA-256 of all that can be read from ``fd`` on, and the number of bytes read."""
    state, size = sha256(), 0
    buffer = bytearray(BLOCK)
    view = memoryview(buffer)
    while count := os.readv(fd, [buffer]):
        state.update(view[:count])
        size += count
    return state.digest(), size
