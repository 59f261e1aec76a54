"""The bytes of a recorded file, where the store kept them or they still lie unchanged."""

from __future__ import annotations

import hashlib
import os
import stat

from whence.standards.record.account import sha256_of
from whence.standards.record.excerpt import Excerpt, Item


def unchanged_bytes(excerpt: Excerpt, item: Item, limit: int) -> bytes | None:
    """The bytes with the digest that was recorded; None where there are none, or over ``limit``.

    Only regular files are opened, and none where the excerpt brings what was kept: a name in an
    imported record may lead to anything.
    """
    digest, size = sha256_of(item), item.node.size
    if digest is None or (size is not None and size > limit):
        return None
    if excerpt.kept is not None:
        data = excerpt.kept(bytes.fromhex(digest))
        return data if data is not None and len(data) <= limit else None
    for place in item.places:
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
