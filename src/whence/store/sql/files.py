"""Facts about files: openings, moves, removals and hashes become rows, then are bound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from whence.fold.batch import Batch
from whence.journal.header import Header
from whence.model.place import Stamp
from whence.store.sql.binder import Binder, Changed
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.filing import Place, Places, Stamps
from whence.store.sql.interning import Interned, Numbers
from whence.store.sql.statement import Rows
from whence.store.sql.term import ALIAS

_OPENING = Rows(
    "INSERT INTO opening(node, activity, access, place, asked, role, known, error, stamp, at, mono,"
    " boot, segment) VALUES(?int,?int,?text,?int,?bytes,?int,?int,?text,?int,?int,?int,?int,?int)"
    " ON CONFLICT DO NOTHING"
)
_FOUND = Rows("UPDATE node SET found=?int WHERE number=?int")
_CLOSING = Rows(
    "INSERT INTO closing(node, mono, at, stamp) VALUES(?int,?int,?int,?bytes)"
    " ON CONFLICT(node) DO UPDATE SET mono=excluded.mono, at=excluded.at, stamp=excluded.stamp"
    " WHERE (excluded.mono, excluded.at, excluded.stamp)"
    " > (closing.mono, closing.at, closing.stamp)",
    key=1,
    merge=max,
)
_MOVE = Rows(
    "INSERT INTO move(segment, sequence, activity, source, target, stamp, at, mono, boot)"
    " VALUES(?int,?int,?int,?int,?int,?int,?int,?int,?int) ON CONFLICT DO NOTHING"
)
_REMOVAL = Rows(
    "INSERT INTO removal(segment, sequence, activity, place, stamp, at, mono, boot)"
    " VALUES(?int,?int,?int,?int,?int,?int,?int,?int) ON CONFLICT DO NOTHING"
)
_HASH = Rows(
    "INSERT INTO hash(stamp, content, place, at) VALUES(?int,?int,?int,?int)"
    " ON CONFLICT(stamp, content, place) DO UPDATE SET at=excluded.at WHERE excluded.at > hash.at",
    key=3,
    merge=max,
)


class FileWriter:
    """Writes what a batch says of files, and binds what that can change."""

    def __init__(self, connection: Connection, nodes: Numbers, roles: Interned) -> None:
        self._connection = connection
        self._roles = roles
        self._stamps = Stamps(connection)
        self._places = Places(connection)
        self._binder = Binder(connection, nodes, self._stamps)

    def forget(self) -> None:
        """Drop what is remembered of numbers."""
        self._stamps.forget()
        self._places.forget()

    def write(self, batch: Batch, segment: int, numbers: Mapping[bytes, int]) -> set[int]:
        """Write the facts and bind; the numbers of nodes whose name or kind may have changed."""
        changed = Changed()
        self._stamps.learn(_stamps(batch))
        places = self._places.of(_places(batch))
        if batch.openings or batch.moves or batch.removals:
            boot = self.boot(batch.header)
            self._openings(batch, segment, boot, numbers, places, changed)
            self._moves(batch, segment, boot, numbers, places, changed)
            self._removals(batch, segment, boot, numbers, places, changed)
        self._closings(batch, numbers, changed)
        self._hashes(batch, numbers, places, changed)
        changed.touched |= self._openings_among(batch, numbers)
        return self._binder.bind(changed) if changed else set()

    def boot(self, header: Header) -> int:
        """The number of the boot that a segment was written in.

        A system without boot ids gives each segment one of its own: no order is known between two.
        """
        name = header.boot or f"segment {header.segment.hex()}"
        epoch = header.wall - header.mono
        sql = "SELECT number, epoch FROM boot WHERE name=?"
        row = self._connection.one(sql, name)
        if row is None:
            self._connection.run(
                "INSERT INTO boot(number, name, epoch)"
                " SELECT coalesce(max(number), 0) + 1, ?1, ?2 FROM boot",
                name,
                epoch,
            )
            return int(self._connection.one(sql, name)[0])
        if epoch < row[1]:
            self._connection.run("UPDATE boot SET epoch=? WHERE number=?", epoch, row[0])
        return int(row[0])

    def stamp(self, filesystem: bytes, stamp: Stamp | None) -> int | None:
        """The number of a version on a file system."""
        return None if stamp is None else self._stamps.of(filesystem, stamp)

    def _openings(
        self,
        batch: Batch,
        segment: int,
        boot: int,
        numbers: Mapping[bytes, int],
        places: Mapping[Place, int],
        changed: Changed,
    ) -> None:
        roles = self._roles.of({opening.role for opening in batch.openings})
        rows, aliases = [], []
        for o in batch.openings:
            node = numbers[o.id]
            rows.append(
                (
                    node, numbers[o.activity], o.access, places[o.filesystem, o.path], o.asked,
                    roles[o.role], o.known, o.error, self.stamp(o.filesystem, o.stamp), o.at,
                    o.mono, boot, segment,
                )
            )  # fmt: skip
            if not o.error:
                changed.opened.add(node)
            if o.error or o.access == "r":
                aliases.append((ALIAS, node))
            if o.error:
                changed.touched.add(node)
        self._connection.write(_OPENING, rows)
        self._connection.write(_FOUND, aliases)

    def _closings(self, batch: Batch, numbers: Mapping[bytes, int], changed: Changed) -> None:
        self._connection.write(
            _CLOSING,
            [
                (numbers[c.id], c.mono, c.at, msgspec.msgpack.encode(c.stamp))
                for c in batch.closings
            ],
        )
        changed.closed.update(numbers[c.id] for c in batch.closings)

    def _moves(
        self,
        batch: Batch,
        segment: int,
        boot: int,
        numbers: Mapping[bytes, int],
        places: Mapping[Place, int],
        changed: Changed,
    ) -> None:
        rows = []
        for m in batch.moves:
            source, target = places[m.filesystem, m.source], places[m.filesystem, m.target]
            stamp = self.stamp(m.filesystem, m.stamp)
            rows.append(
                (
                    segment, m.sequence, numbers[m.activity], source, target, stamp, m.at, m.mono,
                    boot,
                )
            )  # fmt: skip
            changed.moves.add((segment, m.sequence))
            changed.targets.add(target)
        self._connection.write(_MOVE, rows)

    def _removals(
        self,
        batch: Batch,
        segment: int,
        boot: int,
        numbers: Mapping[bytes, int],
        places: Mapping[Place, int],
        changed: Changed,
    ) -> None:
        rows = []
        for r in batch.removals:
            stamp = self.stamp(r.filesystem, r.stamp)
            place = places[r.filesystem, r.path]
            rows.append(
                (segment, r.sequence, numbers[r.activity], place, stamp, r.at, r.mono, boot)
            )
            changed.removals.add((segment, r.sequence))
        self._connection.write(_REMOVAL, rows)

    def _hashes(
        self,
        batch: Batch,
        numbers: Mapping[bytes, int],
        places: Mapping[Place, int],
        changed: Changed,
    ) -> None:
        """Write what was hashed. That a version has the bytes it was known to have changes nothing,
        however often the version is read."""
        if not batch.hashes:
            return
        stamps = self._stamps.learn((h.filesystem, h.stamp) for h in batch.hashes)
        known: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
        for stamp, content, place, at in self._connection.all(
            f"SELECT stamp, content, place, at FROM hash WHERE stamp {IN}", many(set(stamps))
        ):
            known[stamp][content, place] = at
        rows = []
        for stamp, h in zip(stamps, batch.hashes, strict=True):
            before, key = known[stamp], (numbers[h.digest], places[h.filesystem, h.path])
            if key in before and before[key] >= h.at:
                continue
            rows.append((stamp, *key, h.at))
            if {content for content, _ in before} != {key[0]}:
                changed.hashed.add(stamp)
            if key[1] not in {place for _, place in before}:
                changed.hashed_at.add(key[1])
            before[key] = h.at
        self._connection.write(_HASH, rows)

    def _openings_among(self, batch: Batch, numbers: Mapping[bytes, int]) -> set[int]:
        """The openings that the batch says something about besides that they happened."""
        if self._connection.one("SELECT 1 FROM opening LIMIT 1") is None:
            return set()
        named = {numbers[uid] for uid in batch.claims}
        for source, _, target, *_ in batch.edges:
            named.add(numbers[source])
            named.add(numbers[target])
        return self._binder.openings_among(named)


def _stamps(batch: Batch) -> Iterator[tuple[bytes, Stamp]]:
    """Every version that the batch names; those of closings are looked up when they are bound."""
    for facts in (batch.openings, batch.moves, batch.removals, batch.hashes, batch.gaps):
        for fact in facts:
            if fact.stamp is not None:
                yield fact.filesystem, fact.stamp


def _places(batch: Batch) -> Iterator[Place]:
    """Every place that the batch names."""
    for opening in batch.openings:
        yield opening.filesystem, opening.path
    for move in batch.moves:
        yield move.filesystem, move.source
        yield move.filesystem, move.target
    for removal in batch.removals:
        yield removal.filesystem, removal.path
    for hashed in batch.hashes:
        yield hashed.filesystem, hashed.path
