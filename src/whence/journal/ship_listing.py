"""What of a store can be sent, listed again and again: a folder is read only when it changed."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TypeVar

from whence.journal.layout import SegmentFile, open_segments, sealed_folder, sealed_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_SETTLED_NS = 2_000_000_000
"""A folder that changed a moment ago may change again within the tick of its clock."""
_DIGEST_DIGITS = 64


class Listing:
    """The segments and the kept content of the store at ``store``."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._segments: dict[str, tuple[int, list[SegmentFile]]] = {}
        self._content: dict[str, tuple[int, list[bytes]]] = {}

    def segments(self) -> list[SegmentFile]:
        """All of them; open ones are looked at first, so that none is missed as it is sealed."""
        listed = {file.segment: file for file in open_segments(self._store)}
        for month in _folders(sealed_folder(self._store)):
            for file in _listed(self._segments, month, _sealed_in):
                listed[file.segment] = file
        return list(listed.values())

    def content(self) -> Iterator[bytes]:
        """The digests of all content that is kept."""
        for folder in _folders(self._store / "content"):
            yield from _listed(self._content, folder, _digests_in)


def _folders(parent: Path) -> list[str]:
    try:
        with os.scandir(parent) as entries:
            return sorted(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _listed(
    known: dict[str, tuple[int, list[T]]], folder: str, read: Callable[[str], list[T]]
) -> list[T]:
    """What ``read`` gives for a folder, from before while the folder did not change since."""
    try:
        changed = os.stat(folder).st_mtime_ns
        before = known.get(folder)
        if before is not None and before[0] == changed:
            return before[1]
        found = read(folder)
    except OSError:
        return []
    if time.time_ns() - changed > _SETTLED_NS:
        known[folder] = (changed, found)
    return found


def _sealed_in(folder: str) -> list[SegmentFile]:
    return list(sealed_in(Path(folder)))


def _digests_in(folder: str) -> list[bytes]:
    names = (name for name in os.listdir(folder) if len(name) == _DIGEST_DIGITS)
    return [bytes.fromhex(name) for name in names if set(name) <= set("0123456789abcdef")]
