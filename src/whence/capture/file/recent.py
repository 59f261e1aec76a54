"""What this process opened lately, to be found by path."""

from __future__ import annotations

from collections import deque

REMEMBERED = 20_000
"""How many openings of a process can be asked for by path, at least; older ones are forgotten."""

_ACCESSES = ("", "r", "w", "x", "a", "u")
_WRITES = ("w", "x", "a", "u")


class RecentOpenings:
    """Openings by where they lie and how; to note one is all that an open pays for.

    ``note`` takes (opening, place, access). They are sorted when somebody asks.
    """

    def __init__(self) -> None:
        self._unsorted: deque[tuple[bytes, str, str]] = deque(maxlen=REMEMBERED)
        self.note = self._unsorted.append
        self._latest: dict[tuple[str, str], bytes] = {}
        self._older: dict[tuple[str, str], bytes] = {}

    def latest(self, place: str, access: str = "") -> bytes | None:
        """The latest opening of what lies at ``place``, with that access if one is given."""
        self._sort()
        key = (place, access)
        return self._latest.get(key) or self._older.get(key)

    def was_written(self, place: str) -> bool:
        """Whether it was opened for writing here, lately."""
        return any(self.latest(place, access) is not None for access in _WRITES)

    def moved(self, old: str, new: str) -> None:
        """What lay at ``old`` lies at ``new`` now."""
        self._sort()
        for access in _ACCESSES:
            opening = self._forget(old, access)
            if opening is not None:
                self._latest[new, access] = opening

    def removed(self, place: str) -> None:
        """What lay at ``place`` is gone."""
        self._sort()
        for access in _ACCESSES:
            self._forget(place, access)

    def _sort(self) -> None:
        unsorted = self._unsorted
        while unsorted:
            opening, place, access = unsorted.popleft()
            self._latest[place, access] = self._latest[place, ""] = opening
        if len(self._latest) > REMEMBERED:
            self._older, self._latest = self._latest, {}

    def _forget(self, place: str, access: str) -> bytes | None:
        older = self._older.pop((place, access), None)
        return self._latest.pop((place, access), older)
