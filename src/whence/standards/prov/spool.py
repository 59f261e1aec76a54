"""Pieces of a document put by in groups, for formats that order what arrives in any order."""

from __future__ import annotations

import tempfile
from collections.abc import Hashable, Iterator
from typing import IO, Generic, TypeVar

GroupT = TypeVar("GroupT", bound=Hashable)

_HELD_BYTES = 4 << 20


class Spool(Generic[GroupT]):
    """Pieces of bytes by group, any number of groups; what grows too large goes to one file.

    Memory holds at most ``held_bytes`` of pieces, and for each flush a place in the file for each
    group that had some.
    """

    def __init__(self, held_bytes: int = _HELD_BYTES) -> None:
        self._limit = held_bytes
        self._held = 0
        self._waiting: dict[GroupT, list[bytes]] = {}
        self._places: dict[GroupT, list[tuple[int, int]]] = {}
        self._file: IO[bytes] | None = None

    def add(self, group: GroupT, piece: bytes) -> None:
        """Put a piece at the end of its group."""
        waiting = self._waiting.get(group)
        if waiting is None:
            waiting = self._waiting[group] = []
            self._places.setdefault(group, [])
        waiting.append(piece)
        self._held += len(piece) + 64
        if self._held > self._limit:
            self._flush()

    def __contains__(self, group: object) -> bool:
        return group in self._places

    def groups(self) -> list[GroupT]:
        """The groups that have pieces, by their first."""
        return list(self._places)

    def chunks(self, group: GroupT) -> Iterator[bytes]:
        """The pieces of a group in order, several at once; none is cut."""
        for at, length in self._places.get(group, ()):
            assert self._file is not None
            self._file.seek(at)
            yield self._file.read(length)
        if waiting := self._waiting.get(group):
            yield b"".join(waiting)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _flush(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="whence-")  # noqa: SIM115  # closed by close()
        at = self._file.seek(0, 2)
        for group, waiting in self._waiting.items():
            chunk = b"".join(waiting)
            self._file.write(chunk)
            self._places[group].append((at, len(chunk)))
            at += len(chunk)
        self._waiting.clear()
        self._held = 0
