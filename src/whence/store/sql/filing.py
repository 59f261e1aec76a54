"""Numbers of places and of version stamps, given in bulk."""

from __future__ import annotations

from collections.abc import Iterable

from whence.model.place import Stamp, stamp_key
from whence.store.sql.connection import Connection
from whence.store.sql.statement import Rows

Place = tuple[bytes, bytes]
"""File system and path."""

_HALF, _WHOLE = 1 << 63, 1 << 64

_PLACE = Rows("INSERT INTO place(number, filesystem, path) VALUES(?int,?bytes,?bytes)")
_STAMP = Rows(
    "INSERT INTO stamp(number, uid, inode, size, mtime_ns, ctime_ns)"
    " VALUES(?int,?bytes,?int,?int,?int,?int)"
)


class Places:
    """Numbers of places; those that were asked for are remembered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Place, int] = {}

    def of(self, places: Iterable[Place]) -> dict[Place, int]:
        """The number of every place. The dictionary is shared: read it only."""
        known = self._known
        asked = [place for place in dict.fromkeys(places) if place not in known]
        if asked:
            for number, filesystem, path in self._connection.all_in(
                "SELECT number, filesystem, path FROM place WHERE path",
                list({path for _, path in asked}),
            ):
                known[filesystem, path] = number
        if new := [place for place in asked if place not in known]:
            last = self._connection.one("SELECT coalesce(max(number), 0) FROM place")[0]
            self._connection.write(
                _PLACE, [(number, *place) for number, place in enumerate(new, last + 1)]
            )
            known.update((place, number) for number, place in enumerate(new, last + 1))
        return known

    def forget(self) -> None:
        self._known.clear()


class Stamps:
    """Numbers of versions on file systems; those that were asked for are remembered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[bytes, int] = {}

    def of(self, filesystem: bytes, stamp: Stamp) -> int:
        """The number of one version."""
        return self.learn([(filesystem, stamp)])[0]

    def learn(self, stamps: Iterable[tuple[bytes, Stamp]]) -> list[int]:
        """The number of every version, in that order."""
        known, keys, meant = self._known, [], {}
        for filesystem, stamp in stamps:
            key = stamp_key(filesystem, stamp)
            keys.append(key)
            if key not in known:
                meant[key] = stamp
        if meant:
            known.update(
                self._connection.all_in("SELECT uid, number FROM stamp WHERE uid", list(meant))
            )
            self._add({key: stamp for key, stamp in meant.items() if key not in known})
        return [known[key] for key in keys]

    def _add(self, stamps: dict[bytes, Stamp]) -> None:
        if not stamps:
            return
        last = self._connection.one("SELECT coalesce(max(number), 0) FROM stamp")[0]
        rows = [
            (number, key, (s.inode + _HALF) % _WHOLE - _HALF, s.size, s.mtime_ns, s.ctime_ns)
            for number, (key, s) in enumerate(stamps.items(), last + 1)
        ]
        self._connection.write(_STAMP, rows)
        self._known.update((row[1], row[0]) for row in rows)

    def forget(self) -> None:
        self._known.clear()
