"""Calls that are made very often from one place: recorded one by one at first, then counted."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from whence._base.clock import wall_ns
from whence.model.event import TagsSet
from whence.observers.notes import Notes


class Repeats:
    """Counts the calls of each place. The last activity that was recorded stands for the rest.

    It gets their number at the end, itself included, as its tag ``calls``.
    """

    def __init__(self, notes: Notes, most: int) -> None:
        self._notes, self._most = notes, most
        self._counts: dict[Hashable, int] = {}
        self._last: dict[Hashable, bytes] = {}
        notes.session.at_end.append(self._tell)

    def stand_in(self, place: Hashable) -> bytes | None:
        """Count one more call; the activity that stands for it, None when it gets its own."""
        count = self._counts[place] = self._counts.get(place, 0) + 1
        return self._last.get(place) if count > self._most else None

    def recorded(self, place: Hashable, activity: bytes) -> None:
        """The call that was counted last got ``activity``."""
        self._last[place] = activity

    def _tell(self) -> None:
        for place, count in self._counts.items():
            if count > self._most and place in self._last:
                tags: dict[str, Any] = {"calls": count - self._most + 1}
                self._notes.record(TagsSet(self._last[place], tags, wall_ns()))
        self._counts.clear()
