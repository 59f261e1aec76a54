"""Binding: load the facts of what changed, ask `whence.fold.binding`, store the answers.

What a change can reach is narrow: a write reaches the readings with its stamp and the unsure ones
at its place, a hash the occurrences with its stamp, and so on. Only these are asked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from whence.fold.binding import (
    BY_STAMP,
    FOUND,
    UNBOUND,
    HashedVersion,
    Lying,
    Seen,
    Unclosed,
    Version,
    claimed_versions,
    version_read,
    version_taken,
)
from whence.model.place import Stamp
from whence.model.relation import Relation
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.filing import Stamps
from whence.store.sql.interning import Numbers
from whence.store.sql.occurrences import Binding, Occurrences
from whence.store.sql.statement import Rows
from whence.store.sql.term import BOUND, UPSERT_EDGE

Key = tuple[int, int]
"""Segment and sequence of a fact."""

_REMOVED = int(Relation.WAS_INVALIDATED_BY)

_CLOSED = Rows("UPDATE opening SET closed=?int, closed_mono=?int, closed_at=?int WHERE node=?int")
_FINAL = Rows("UPDATE opening SET final=?int WHERE node=?int")
_MOVED = Rows("UPDATE move SET bound=?int WHERE segment=?int AND sequence=?int")
_REMOVAL = Rows("UPDATE removal SET bound=?int WHERE segment=?int AND sequence=?int")

_LYING = """
SELECT o.place, o.node, n.uid, o.boot, o.mono, o.closed_mono, o.at, s.inode, s.size, s.mtime_ns,
  n.content, 0, o.final
FROM opening o JOIN node n ON n.number = o.node LEFT JOIN stamp s ON s.number =
  coalesce(o.final, o.stamp)
WHERE o.access <> 'r' AND o.error = '' AND {opening}
UNION ALL
SELECT m.target, m.bound, n.uid, m.boot, m.mono, m.mono, m.at, s.inode, s.size, s.mtime_ns,
  n.content, 1, m.stamp
FROM move m JOIN node n ON n.number = m.bound LEFT JOIN stamp s ON s.number = m.stamp
WHERE m.bound IS NOT NULL AND {move}
"""


@dataclass(slots=True)
class Changed:
    """What a batch brought: openings by node, places and stamps by number."""

    opened: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    hashed: set[int] = field(default_factory=set)
    hashed_at: set[int] = field(default_factory=set)
    moves: set[Key] = field(default_factory=set)
    targets: set[int] = field(default_factory=set)
    removals: set[Key] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any(
            (self.opened, self.closed, self.hashed, self.hashed_at, self.moves, self.removals,
             self.touched)
        )  # fmt: skip


class Binder:
    """Brings the bound columns and the edges that follow from them up to date."""

    def __init__(self, connection: Connection, nodes: Numbers, stamps: Stamps) -> None:
        self._connection = connection
        self._stamps = stamps
        self._occurrences = Occurrences(connection, nodes)

    def openings_among(self, nodes: Iterable[int]) -> set[int]:
        sql = f"SELECT node FROM opening WHERE node {IN}"
        return {row[0] for row in self._connection.all(sql, many(nodes))}

    def bind(self, changed: Changed) -> set[int]:
        """Bind again what ``changed`` can reach; give the nodes whose description may differ."""
        self._close(changed.opened | changed.closed)
        writes, places, stamps = self._finals(changed)
        moved, move_stamps = self._moves(changed, places)
        stamps |= move_stamps | changed.hashed
        writes |= moved | self._writes_of(changed.hashed) | changed.touched
        dirty = self._occurrences.written(writes)
        places |= self._places_of(writes)
        self._removals(changed, places)
        return dirty | self._readings(changed, stamps, places)

    def _close(self, nodes: set[int]) -> None:
        """Give openings what their closing says; it may have come first."""
        if not nodes:
            return
        rows = [
            (node, filesystem, _unpacked(packed), mono, at)
            for node, filesystem, packed, mono, at in self._connection.all(
                "SELECT o.node, p.filesystem, c.stamp, c.mono, c.at FROM opening o"
                " JOIN closing c ON c.node = o.node JOIN place p ON p.number = o.place"
                f" WHERE o.node {IN}",
                many(nodes),
            )
        ]
        self._stamps.learn((row[1], row[2]) for row in rows if row[2] is not None)
        closed = [
            (None if stamp is None else self._stamps.of(filesystem, stamp), mono, at, node)
            for node, filesystem, stamp, mono, at in rows
        ]
        self._connection.write(_CLOSED, closed)
        self._connection.run(
            "UPDATE opening SET final=coalesce(stamp, closed)"
            f" WHERE access='r' AND error='' AND node {IN}",
            many(nodes),
        )

    def _finals(self, changed: Changed) -> tuple[set[int], set[int], set[int]]:
        """Settle which version each write left.

        Gives the writes that changed, the places and the stamps they changed.
        """
        nodes = many(changed.opened | changed.closed)
        written = "access <> 'r' AND error = ''"
        own_places = {
            row[0]
            for row in self._connection.all(
                f"SELECT place FROM opening WHERE node {IN} AND {written}", nodes
            )
        }
        places = many(own_places | changed.hashed_at | changed.targets)
        rows = self._connection.all(
            "SELECT o.node, n.uid, o.place, s.inode, o.boot, o.mono, o.at, o.closed, o.final"
            " FROM opening o JOIN node n ON n.number = o.node"
            " LEFT JOIN stamp s ON s.number = o.stamp"
            f" WHERE {written} AND (o.node {IN} OR o.node IN"
            f" (SELECT node FROM opening WHERE place {IN} AND closed IS NULL))",
            nodes,
            places,
        )
        claimed = self._claimed([Unclosed(*row[:7]) for row in rows if row[7] is None])
        writes: set[int] = set()
        stamps: set[int] = set()
        updates = []
        for node, _, place, _, _, _, _, closed, final in rows:
            now = closed if closed is not None else claimed.get(node)
            if now != final or node in changed.opened or node in changed.closed:
                writes.add(node)
                own_places.add(place)
                stamps.update(stamp for stamp in (now, final) if stamp is not None)
            if now != final:
                updates.append((now, node))
        self._connection.write(_FINAL, updates)
        return writes, own_places, stamps

    def _claimed(self, unclosed: list[Unclosed]) -> dict[int, int]:
        if not unclosed:
            return {}
        places = many({write.place for write in unclosed})
        hashed = self._connection.all(
            "SELECT h.place, h.stamp, s.uid, s.inode, s.mtime_ns, s.ctime_ns FROM hash h"
            f" JOIN stamp s ON s.number = h.stamp WHERE h.place {IN}",
            places,
        )
        versions = [HashedVersion(*row) for row in hashed]
        if not versions:
            return {}
        taken: dict[int, set[int]] = defaultdict(set)
        for place, stamp in self._connection.all(
            f"SELECT place, closed FROM opening WHERE place {IN} AND closed IS NOT NULL"
            " AND access <> 'r' AND error = '' UNION ALL"
            f" SELECT target, stamp FROM move WHERE target {IN} AND stamp IS NOT NULL",
            places,
            places,
        ):
            taken[place].add(stamp)
        return claimed_versions(unclosed, versions, taken)

    def _moves(self, changed: Changed, places: set[int]) -> tuple[set[int], set[int]]:
        """Settle what each move moved; give the occurrences and the stamps that changed."""
        moved: set[int] = set()
        stamps: set[int] = set()
        due_at, due = set(places), set(changed.moves)
        while due_at or due:
            rows = self._facts("move", "source", due, due_at)
            due, due_at, updates = set(), set(), []
            lying = self._lying("o.place", "m.target", {row[2] for row in rows})
            for segment, sequence, source, target, stamp, boot, mono, bound, *version in rows:
                seen = Seen(0, boot, mono, _version(version))
                taken = version_taken(seen, lying[source])
                now = taken.node if taken else None
                if now == bound:
                    continue
                updates.append((now, segment, sequence))
                moved.update(node for node in (now, bound) if node is not None)
                due_at.add(target)
                places.add(target)
                if stamp is not None:
                    stamps.add(stamp)
            self._connection.write(_MOVED, updates)
        return moved, stamps

    def _facts(
        self, table: str, place: str, keys: set[Key], places: set[int]
    ) -> list[tuple[int, ...]]:
        if not keys and not places:
            return []
        target = "target" if table == "move" else "place"
        sql = (
            f"SELECT f.segment, f.sequence, f.{place}, f.{target}, f.stamp, f.boot, f.mono,"
            f" f.bound, s.inode, s.size, s.mtime_ns FROM {table} f"
            " LEFT JOIN stamp s ON s.number = f.stamp"
        )
        rows = set(self._connection.all(f"{sql} WHERE f.{place} {IN}", many(places)))
        for segment in {segment for segment, _ in keys}:
            sequences = many(number for one, number in keys if one == segment)
            rows.update(
                self._connection.all(
                    f"{sql} WHERE f.segment = ? AND f.sequence {IN}", segment, sequences
                )
            )
        return sorted(rows, key=lambda row: row[:2])

    def _lying(self, opening: str, move: str, numbers: set[int]) -> dict[int, list[Lying]]:
        """What came to lie at places, or what has a stamp, by place or stamp."""
        found: dict[int, list[Lying]] = defaultdict(list)
        if not numbers:
            return found
        by_stamp = opening == "o.final"
        sql = _LYING.format(opening=f"{opening} {IN}", move=f"{move} {IN}")
        asked = many(numbers)
        for row in self._connection.all(sql, asked, asked):
            place, node, uid, boot, began, done, at, inode, size, mtime, content, moved, stamp = row
            version = _version((inode, size, mtime))
            lying = Lying(node, uid, boot, began, done, at, version, content, bool(moved))
            found[stamp if by_stamp else place].append(lying)
        return found

    def _writes_of(self, stamps: set[int]) -> set[int]:
        if not stamps:
            return set()
        asked = many(stamps)
        return {
            row[0]
            for row in self._connection.all(
                f"SELECT node FROM opening WHERE final {IN} AND access <> 'r' UNION"
                f" SELECT bound FROM move WHERE stamp {IN} AND bound IS NOT NULL",
                asked,
                asked,
            )
        }

    def _places_of(self, writes: set[int]) -> set[int]:
        if not writes:
            return set()
        asked = many(writes)
        return {
            row[0]
            for row in self._connection.all(
                f"SELECT place FROM opening WHERE node {IN} UNION"
                f" SELECT target FROM move WHERE bound {IN}",
                asked,
                asked,
            )
        }

    def _removals(self, changed: Changed, places: set[int]) -> None:
        rows = self._facts("removal", "place", changed.removals, places)
        if not rows:
            return
        lying = self._lying("o.place", "m.target", {row[2] for row in rows})
        updates: list[tuple[int | None, int, int]] = []
        nodes: set[int] = set()
        for segment, sequence, place, _, _, boot, mono, bound, *version in rows:
            taken = version_taken(Seen(0, boot, mono, _version(version)), lying[place])
            now = taken.node if taken else None
            if now == bound:
                continue
            updates.append((now, segment, sequence))
            nodes.update(node for node in (bound, now) if node is not None)
        self._connection.write(_REMOVAL, updates)
        self._removed(nodes)

    def _removed(self, nodes: set[int]) -> None:
        """Write anew the edges that say who removed an occurrence."""
        if not nodes:
            return
        self._connection.run(
            f"DELETE FROM edge WHERE src {IN} AND rel=? AND origin=?", many(nodes), _REMOVED, BOUND
        )
        rows = self._connection.all(
            f"SELECT bound, {_REMOVED}, activity, 0, {BOUND}, 0, at FROM removal WHERE bound {IN}",
            many(nodes),
        )
        self._connection.write(UPSERT_EDGE, rows)

    def _readings(self, changed: Changed, stamps: set[int], places: set[int]) -> set[int]:
        """Settle what each opening saw; give the nodes that changed."""
        rows = self._connection.all(
            "SELECT o.node, o.place, CASE o.access WHEN 'r' THEN o.final ELSE o.stamp END,"
            " o.boot, o.mono, o.access, o.bound, o.how FROM opening o"
            f" WHERE o.error = '' AND o.access IN ('r','a','u') AND (o.node {IN}"
            f" OR o.node IN (SELECT node FROM opening WHERE stamp {IN} UNION"
            f" SELECT node FROM opening WHERE final {IN} AND access = 'r')"
            f" OR o.node IN (SELECT node FROM opening WHERE place {IN} AND how <> ?))",
            many(changed.opened | changed.closed),
            many(stamps),
            many(stamps),
            many(places),
            BY_STAMP,
        )
        versions = self._versions({row[2] for row in rows if row[2] is not None})
        by_stamp = self._lying("o.final", "m.stamp", {stamp for stamp in versions if stamp})
        readings = []
        for node, place, stamp, boot, mono, access, bound, how in rows:
            version, content = versions.get(stamp, (None, None))
            seen = Seen(node, boot, mono, version, content)
            empty = access != "r" and (version is None or version.size == 0)
            lying, now = (None, UNBOUND) if empty else version_read(seen, by_stamp[stamp], ())
            readings.append((seen, place, stamp, lying, now, bound, how))
        at_place = self._lying("o.place", "m.target", {r[1] for r in readings if r[4] == FOUND})
        bindings = []
        for seen, place, stamp, lying, now, bound, how in readings:
            if now == FOUND:
                lying, now = version_read(seen, (), at_place[place])
            target = lying.node if lying else None
            bindings.append(Binding(seen.node, place, stamp, seen.content, target, now, bound, how))
        return self._occurrences.bind(bindings, changed.opened, changed.touched)

    def _versions(self, stamps: set[int]) -> dict[int | None, tuple[Version | None, int | None]]:
        rows = self._connection.all(
            "SELECT s.number, s.inode, s.size, s.mtime_ns, (SELECT h.content FROM hash h"
            " JOIN node c ON c.number = h.content WHERE h.stamp = s.number"
            " ORDER BY h.at DESC, c.uid DESC LIMIT 1)"
            f" FROM stamp s WHERE s.number {IN}",
            many(stamps),
        )
        return {row[0]: (Version(*row[1:4]), row[4]) for row in rows}


def _unpacked(stamp: bytes) -> Stamp | None:
    return msgspec.msgpack.decode(stamp, type=Stamp | None)


def _version(columns: Iterable[int | None]) -> Version | None:
    inode, size, mtime_ns = columns
    if inode is None or size is None or mtime_ns is None:
        return None
    return Version(inode, size, mtime_ns)


__all__ = ["Binder", "Changed"]
