"""What files hold now: hashed once for each version, and only where that is quick."""

from __future__ import annotations

import os
from collections.abc import Iterable

from whence.model.place import Stamp
from whence.service.disk import LocalDisk
from whence.store.protocol import Store

LARGEST_HASHED = 32 << 20
"""Of a larger file that is another version than those recorded it is not known what it holds."""


class DigestsNow:
    """The digests of files as they are now, by their path."""

    def __init__(self) -> None:
        self._disk = LocalDisk(largest=LARGEST_HASHED)
        self._known: dict[str, tuple[Stamp, str]] = {}

    def of(self, store: Store, paths: Iterable[str]) -> dict[str, str]:
        """The digests in hex; files that are gone are ``gone``, those not known are left out."""
        found = {}
        for path in paths:
            digest = self._digest(store, path)
            if digest:
                found[path] = digest
        return found

    def _digest(self, store: Store, path: str) -> str:
        place = os.fsencode(path)
        stamp = self._disk.stamp(place)
        if stamp is None:
            return "" if self._disk.exists(place) else "gone"
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        key = self._disk.stamp_key(place)
        version = None if key is None else store.version_by_stamp(key)
        digest = None if version is None else version.digest
        digest = digest or self._disk.digest(place)
        text = digest.hex() if digest else ""
        self._known[path] = stamp, text
        return text
