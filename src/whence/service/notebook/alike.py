"""Whether two values, or two contents, are the same but for the last digits of their numbers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from math import isclose, isnan
from typing import Any

LARGEST = 64 << 20
"""Contents of more bytes are compared by their digests only."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?\b(?:nan|inf)\b")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
"""Where an object lay in memory: another place each time, and no result."""


class Alike:
    """Comparisons with a tolerance: numbers may differ by it, absolutely or in proportion."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance

    def values(self, left: Any, right: Any) -> bool:
        """Whether two parameters or metrics are the same."""
        if _is_number(left) and _is_number(right):
            return self._numbers(float(left), float(right))
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            return left.keys() == right.keys() and all(
                self.values(left[key], right[key]) for key in left
            )
        if isinstance(left, list | tuple) and isinstance(right, list | tuple):
            return len(left) == len(right) and all(map(self.values, left, right))
        return bool(left == right)

    def contents(self, left: bytes | None, right: bytes | None) -> bool:
        """Whether two texts are the same but for their numbers, and these within the tolerance.

        What is no text is the same only byte by byte.
        """
        if left is None or right is None:
            return False
        if left == right:
            return True
        before, after = _text(left), _text(right)
        if before is None or after is None:
            return False
        if _NUMBER.sub("0", before) != _NUMBER.sub("0", after):
            return False
        pairs = zip(_NUMBER.findall(before), _NUMBER.findall(after), strict=True)
        return all(self._numbers(float(a), float(b)) for a, b in pairs)

    def file(self, place: str, digest: bytes) -> bytes | None:
        """The content of a file that still has that digest, unless it is large."""
        try:
            with open(place, "rb") as file:
                data = file.read(LARGEST + 1)
        except (OSError, ValueError):
            return None
        is_it = len(data) <= LARGEST and hashlib.sha256(data).digest() == digest
        return data if is_it else None

    def _numbers(self, left: float, right: float) -> bool:
        if isnan(left) or isnan(right):
            return isnan(left) and isnan(right)
        return isclose(left, right, rel_tol=self.tolerance, abs_tol=self.tolerance)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(data: bytes) -> str | None:
    if b"\0" in data or len(data) > LARGEST:
        return None
    try:
        return _ADDRESS.sub("0x", data.decode())
    except UnicodeDecodeError:
        return None
