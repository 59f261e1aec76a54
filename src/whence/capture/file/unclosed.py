"""Where the files lie that this process has opened and not closed yet."""

from __future__ import annotations

import os


class UnclosedFiles:
    """Files by their openings, wherever they are moved meanwhile."""

    def __init__(self) -> None:
        self._places: dict[bytes, tuple[str, int, int]] = {}

    def add(self, opening: bytes, place: str, device: int, inode: int) -> None:
        self._places[opening] = (place, device, inode)

    def forget(self, opening: bytes) -> None:
        self._places.pop(opening, None)

    def stat(self, opening: bytes) -> os.stat_result | None:
        """The version of what lies there now; None when the opening is not known.

        Raises OSError when nothing lies there.
        """
        known = self._places.get(opening)
        return None if known is None else os.stat(known[0])

    def stat_of_same(self, opening: bytes) -> os.stat_result | None:
        """The version of what was opened; None when it lies there no more."""
        known = self._places.get(opening)
        if known is None:
            return None
        place, device, inode = known
        try:
            stat = os.stat(place)
        except OSError:
            return None
        return stat if stat.st_ino == inode and stat.st_dev == device else None

    def moved(self, old: str, new: str) -> None:
        """What lay at ``old``, a file or a folder, lies at ``new`` now."""
        inside = os.path.join(old, "")
        for opening, (place, device, inode) in list(self._places.items()):
            if place == old or place.startswith(inside):
                self._places[opening] = (new + place[len(old) :], device, inode)
