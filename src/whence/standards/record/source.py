"""The bytes of a recorded file, where they still lie at their place unchanged."""

from __future__ import annotations

import hashlib
import os
import stat

from whence.standards.record.account import places, sha256_of
from whence.standards.record.excerpt import Item


def unchanged_bytes(item: Item, limit: int) -> bytes | None:
    """The bytes with the digest that was recorded; None where there are none, or over ``limit``.

    Only regular files are opened: a name in an imported record may lead to anything.
    """
    digest, size = sha256_of(item), item.node.size
    if digest is None or (size is not None and size > limit):
        return None
    for place in places(item):
        data = _read(place, limit)
        if data is not None and hashlib.sha256(data).hexdigest() == digest:
            return data
    return None


def _read(place: str, limit: int) -> bytes | None:
    try:
        file = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    with open(file, "rb") as source:
        found = os.fstat(source.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
            return None
        data = source.read(limit + 1)
    return data if len(data) <= limit else None
