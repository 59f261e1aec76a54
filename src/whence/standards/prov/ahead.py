"""Pieces of a document that are held back while they are few, and written on once they are many.

A format that says first what is known last, such as its prefixes, is written so when it is short.
When it is long, nobody can wait for the last statement, nor can memory hold them: it then begins in
the other order that the format allows, and flows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

HELD_BYTES = 4 << 20
"""A document of fewer bytes is written in one go."""
PIECE_BYTES = 1 << 16


class Ahead:
    """Where pieces wait. ``begin`` gives what stands before the first of them once they flow."""

    def __init__(self, out: BinaryIO, begin: Callable[[], bytes]) -> None:
        self._out, self._begin, self._most = out, begin, HELD_BYTES
        self._held: list[bytes] = []
        self._size = 0
        self.flows = False

    def add(self, piece: bytes) -> None:
        """Take the next piece; it is held at least until another comes."""
        if self._size >= self._most:
            self._write_on()
        self._held.append(piece)
        self._size += len(piece)

    def rest(self) -> bytes:
        """What was not written yet: all of it when it does not flow."""
        return b"".join(self._held)

    def _write_on(self) -> None:
        if not self.flows:
            self.flows, self._most = True, PIECE_BYTES
            self._out.write(self._begin())
        self._out.write(self.rest())
        self._held.clear()
        self._size = 0
