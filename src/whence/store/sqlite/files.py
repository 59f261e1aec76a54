"""Facts about files: openings, moves, removals and hashes become rows, then are bound."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from whence.fold.batch import Batch
from whence.journal.header import Header
from whence.model.place import Stamp, stamp_key
from whence.store.sqlite.binder import Binder, Changed
from whence.store.sqlite.connection import Connection
from whence.store.sqlite.interning import Interned, Numbers
from whence.store.sqlite.schema import ALIAS

_HALF, _WHOLE = 1 << 63, 1 << 64


class FileWriter:
    """Writes what a batch says of files, and binds what that can change."""

    def __init__(self, connection: Connection, nodes: Numbers, roles: Interned) -> None:
        self._raw = connection.raw
        self._roles = roles
        self._stamps: dict[bytes, int] = {}
        self._places: dict[tuple[bytes, bytes], int] = {}
        self._binder = Binder(connection, nodes, self.stamp)

    def forget(self) -> None:
        """Drop what is remembered of numbers."""
        self._stamps.clear()
        self._places.clear()

    def write(self, batch: Batch, segment: int, numbers: Mapping[bytes, int]) -> set[int]:
        """Write the facts and bind; the numbers of nodes whose name or kind may have changed."""
        changed = Changed()
        if batch.openings or batch.moves or batch.removals:
            boot = self.boot(batch.header)
            self._openings(batch, segment, boot, numbers, changed)
            self._moves(batch, segment, boot, numbers, changed)
            self._removals(batch, segment, boot, numbers, changed)
        self._closings(batch, numbers, changed)
        self._hashes(batch, numbers, changed)
        changed.touched |= self._openings_among(batch, numbers)
        return self._binder.bind(changed) if changed else set()

    def boot(self, header: Header) -> int:
        """The number of the boot that a segment was written in.

        A system without boot ids gives each segment one of its own: no order is known between two.
        """
        name = header.boot or f"segment {header.segment.hex()}"
        epoch = header.wall - header.mono
        self._raw.execute(
            "INSERT INTO boot(name, epoch) VALUES(?,?)"
            " ON CONFLICT(name) DO UPDATE SET epoch=min(epoch, excluded.epoch)",
            (name, epoch),
        )
        row = self._raw.execute("SELECT number FROM boot WHERE name=?", (name,)).fetchone()
        return int(row[0])

    def stamp(self, filesystem: bytes, stamp: Stamp) -> int:
        """The number of a version on a file system."""
        uid = stamp_key(filesystem, stamp)
        number = self._stamps.get(uid)
        if number is not None:
            return number
        row = self._raw.execute("SELECT number FROM stamp WHERE uid=?", (uid,)).fetchone()
        if row is None:
            inode = (stamp.inode + _HALF) % _WHOLE - _HALF
            times = (stamp.mtime_ns, stamp.ctime_ns)
            number = self._raw.execute(
                "INSERT INTO stamp(uid, inode, size, mtime_ns, ctime_ns) VALUES(?,?,?,?,?)",
                (uid, inode, stamp.size, *times),
            ).lastrowid
        else:
            number = row[0]
        assert number is not None
        self._stamps[uid] = number
        return number

    def place(self, filesystem: bytes, path: bytes) -> int:
        """The number of a place."""
        key = (path, filesystem)
        number = self._places.get(key)
        if number is not None:
            return number
        row = self._raw.execute(
            "SELECT number FROM place WHERE path=? AND filesystem=?", key
        ).fetchone()
        if row is None:
            number = self._raw.execute(
                "INSERT INTO place(path, filesystem) VALUES(?,?)", key
            ).lastrowid
        else:
            number = row[0]
        assert number is not None
        self._places[key] = number
        return number

    def _openings(
        self, batch: Batch, segment: int, boot: int, numbers: Mapping[bytes, int], changed: Changed
    ) -> None:
        roles = self._roles.of({opening.role for opening in batch.openings})
        rows, aliases = [], []
        for o in batch.openings:
            stamp = None if o.stamp is None else self.stamp(o.filesystem, o.stamp)
            place = self.place(o.filesystem, o.path)
            node = numbers[o.id]
            rows.append(
                (
                    node, numbers[o.activity], o.access, place, o.asked, roles[o.role], o.known,
                    o.error, stamp, o.at, o.mono, boot, segment,
                )
            )  # fmt: skip
            if not o.error:
                changed.opened.add(node)
            if o.error or o.access == "r":
                aliases.append((ALIAS, node))
            if o.error:
                changed.touched.add(node)
        self._raw.executemany(
            "INSERT OR IGNORE INTO opening(node, activity, access, place, asked, role, known,"
            " error, stamp, at, mono, boot, segment) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
            rows,
        )
        self._raw.executemany("UPDATE node SET found=? WHERE number=?", aliases)

    def _closings(self, batch: Batch, numbers: Mapping[bytes, int], changed: Changed) -> None:
        self._raw.executemany(
            "INSERT INTO closing VALUES(?,?,?,?) ON CONFLICT DO UPDATE SET"
            " mono=excluded.mono, at=excluded.at, stamp=excluded.stamp"
            " WHERE (excluded.mono, excluded.at, excluded.stamp) > (mono, at, stamp)",
            [
                (numbers[c.id], c.mono, c.at, msgspec.msgpack.encode(c.stamp))
                for c in batch.closings
            ],
        )
        changed.closed.update(numbers[c.id] for c in batch.closings)

    def _moves(
        self, batch: Batch, segment: int, boot: int, numbers: Mapping[bytes, int], changed: Changed
    ) -> None:
        for m in batch.moves:
            stamp = None if m.stamp is None else self.stamp(m.filesystem, m.stamp)
            source, target = (self.place(m.filesystem, p) for p in (m.source, m.target))
            self._raw.execute(
                "INSERT OR IGNORE INTO move VALUES(?,?,?,?,?,?,?,?,?,NULL)",
                (
                    segment, m.sequence, numbers[m.activity], source, target, stamp, m.at, m.mono,
                    boot,
                ),
            )  # fmt: skip
            changed.moves.add((segment, m.sequence))
            changed.targets.add(target)

    def _removals(
        self, batch: Batch, segment: int, boot: int, numbers: Mapping[bytes, int], changed: Changed
    ) -> None:
        for r in batch.removals:
            stamp = None if r.stamp is None else self.stamp(r.filesystem, r.stamp)
            place = self.place(r.filesystem, r.path)
            activity = numbers[r.activity]
            self._raw.execute(
                "INSERT OR IGNORE INTO removal VALUES(?,?,?,?,?,?,?,?,NULL)",
                (segment, r.sequence, activity, place, stamp, r.at, r.mono, boot),
            )
            changed.removals.add((segment, r.sequence))

    def _hashes(self, batch: Batch, numbers: Mapping[bytes, int], changed: Changed) -> None:
        """Write what was hashed. That a version has the bytes it was known to have changes nothing,
        however often the version is read."""
        for h in batch.hashes:
            stamp, place = self.stamp(h.filesystem, h.stamp), self.place(h.filesystem, h.path)
            content = numbers[h.digest]
            known = self._raw.execute(
                "SELECT content, place, at FROM hash WHERE stamp=?", (stamp,)
            ).fetchall()
            if any(row[:2] == (content, place) and row[2] >= h.at for row in known):
                continue
            self._raw.execute(
                "INSERT INTO hash VALUES(?,?,?,?)"
                " ON CONFLICT DO UPDATE SET at=max(at, excluded.at)",
                (stamp, content, place, h.at),
            )
            if {row[0] for row in known} != {content}:
                changed.hashed.add(stamp)
            if place not in {row[1] for row in known}:
                changed.hashed_at.add(place)

    def _openings_among(self, batch: Batch, numbers: Mapping[bytes, int]) -> set[int]:
        """The openings that the batch says something about besides that they happened."""
        if self._raw.execute("SELECT 1 FROM opening LIMIT 1").fetchone() is None:
            return set()
        named = {numbers[uid] for uid in batch.claims}
        for source, _, target, *_ in batch.edges:
            named.add(numbers[source])
            named.add(numbers[target])
        return self._binder.openings_among(named)
