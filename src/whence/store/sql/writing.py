"""Applying a batch: its rows become rows of the index, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from whence._base.errors import SegmentConflictError
from whence._base.ids import format_id
from whence.fold.batch import Batch, Claim, EdgeRow
from whence.fold.claim import merge_claims
from whence.model.kind import GROUPS
from whence.model.relation import Relation
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.files import FileWriter
from whence.store.sql.interning import Interned, Numbers
from whence.store.sql.series import write_series
from whence.store.sql.statement import Rows
from whence.store.sql.term import RECORDED, UPSERT_EDGE

_INSERT_NODE = Rows(
    "INSERT INTO node(number, uid, type, rank, said_at, kind, name, started_at, end_rank, ended_at,"
    " status, digest, size, content) VALUES(?int,?bytes,?int,?int,?int,?text,?text,?int,?int,?int,"
    "?text,?bytes,?int,?int)"
)
_INSERT_NAMED = Rows("INSERT INTO node(number, uid) VALUES(?int,?bytes)")
_UPDATE_NODE = Rows(
    "UPDATE node SET type=?int, rank=?int, said_at=?int, kind=?text, name=?text, started_at=?int,"
    " end_rank=?int, ended_at=?int, status=?text, digest=?bytes, size=?int,"
    " content=coalesce(?int, content) WHERE number=?int"
)
_FACET = Rows(
    "INSERT INTO facet(node, space, at, segment, sequence, body)"
    " VALUES(?int,?int,?int,?int,?int,?bytes)"
)
_HOLE = Rows(
    'INSERT INTO hole(segment, "offset", length, reason) VALUES(?int,?int,?int,?text)'
    " ON CONFLICT DO NOTHING"
)
_GAP = Rows(
    "INSERT INTO gap(segment, sequence, code, activity, subject, count, detail, stamp)"
    " VALUES(?int,?int,?text,?int,?int,?int,?text,?int) ON CONFLICT DO NOTHING"
)
_SEGMENT = Rows(
    "INSERT INTO segment(number, uid, run, activity, role, host, machine, boot, pid,"
    ' process_start, "user", root, wall, mono, serial, python, writer, folded, crc,'
    " frames, last_sequence, unknown)"
    " VALUES(?int,?bytes,?bytes,?bytes,?text,?text,?text,?int,?int,?int,?text,?bytes,?int,?int,"
    "?int,?text,?text,0,0,0,0,0)"
)
_PART_OF, _HAS_PART = int(Relation.PART_OF), int(Relation.HAS_PART)
_IN_GROUP = int(Relation.PART_OF_GROUP)


class Written(NamedTuple):
    """What a batch changed: nodes whose text may differ, and facets (node, space, at, segment,
    sequence, body); nodes from ``first_new`` on were not there before."""

    changed: set[int]
    facets: list[tuple[int, int, int, int, int, bytes]]
    first_new: int


class BatchWriter:
    """Writes batches through one connection; keeps numbers it gave, so that it need not ask."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.nodes = Numbers(connection)
        self.roles = Interned(connection, "role")
        self.keys = Interned(connection, "key")
        self.files = FileWriter(connection, self.nodes, self.roles)

    def apply(self, batch: Batch) -> Written | None:
        """Write a batch; what side indexes must know of it, or None when it is stale."""
        try:
            return self._apply(batch)
        except BaseException:
            self.forget()
            raise

    def forget(self) -> None:
        """Drop what is remembered: the transaction that gave it did not last."""
        self.nodes.forget()
        self._forget_names()

    def _forget_names(self) -> None:
        self.roles.forget()
        self.keys.forget()
        self.files.forget()

    def _apply(self, batch: Batch) -> Written | None:
        if not self.nodes.begin():
            self._forget_names()
        segment = self._segment(batch)
        if segment is None:
            return None
        numbers = self.nodes.of(_uids(batch))
        regrouped = self._nodes(batch, numbers)
        self._edges(batch.edges, numbers)
        self._parents(batch, numbers, regrouped)
        facets = [
            (numbers[uid], space, at, segment, seq, body)
            for uid, space, at, seq, body in batch.facets
        ]
        self.connection.write(_FACET, facets)
        write_series(self.connection, batch, numbers, self.keys, self.nodes.first_new)
        changed = self.files.write(batch, segment, numbers)
        self._gaps(batch, segment, numbers)
        changed.update(numbers[uid] for uid in batch.claims)
        changed.update(row[0] for row in facets)
        return Written(changed, facets, self.nodes.first_new)

    def _segment(self, batch: Batch) -> int | None:
        """The segment's number, its row brought up to the batch's end; None when stale."""
        connection, header = self.connection, batch.header
        row = connection.one(
            "SELECT number, folded, crc FROM segment WHERE uid = ?", header.segment
        )
        folded, crc = (row[1], row[2]) if row else (0, 0)
        if folded > batch.start:
            return None
        if folded < batch.start or crc != batch.crc_start:
            raise SegmentConflictError(
                f"Segment {format_id(header.segment)} does not continue what was folded of it up "
                f"to byte {folded}: the same segment came with other bytes. Find out which file "
                "is the true one, remove the other, and run: whence reindex"
            )
        if row is None:
            number = connection.one("SELECT coalesce(max(number), 0) + 1 FROM segment")[0]
            connection.write(_SEGMENT, [(number, *self._described(batch))])
        else:
            number = row[0]
        connection.run(
            "UPDATE segment SET folded=?1, crc=?2, frames=frames+?3, unknown=unknown+?4,"
            " last_sequence=CASE WHEN last_sequence < ?5 THEN ?5 ELSE last_sequence END,"
            " torn='' WHERE number=?6",
            batch.end,
            batch.crc_end,
            batch.frames,
            batch.unknown,
            batch.last_sequence,
            number,
        )
        connection.write(
            _HOLE, [(number, hole.offset, hole.length, hole.reason) for hole in batch.holes]
        )
        return int(number)

    def _described(self, batch: Batch) -> tuple[Any, ...]:
        h = batch.header
        boot = self.files.boot(h)
        return (
            h.segment, h.run, h.activity, h.role, h.host, h.machine, boot, h.pid, h.process_start,
            h.user, h.root, h.wall, h.mono, h.number, h.python, h.writer,
        )  # fmt: skip

    def _nodes(self, batch: Batch, numbers: dict[bytes, int]) -> list[tuple[int, bool]]:
        """Write what is claimed of nodes; (group, whether it is one now) for those that changed."""
        claims, first_new = batch.claims, self.nodes.first_new
        described, named = [], []
        for number, uid in enumerate(self.nodes.new, first_new):
            claim = claims.get(uid)
            if claim is None:
                named.append((number, uid))
            else:
                content = None if claim[9] is None else numbers[claim[9]]
                described.append((number, uid, *claim, content))
        self.connection.write(_INSERT_NODE, described)
        self.connection.write(_INSERT_NAMED, named)
        old = {numbers[uid]: claim for uid, claim in claims.items() if numbers[uid] < first_new}
        return self._merge_nodes(old, numbers) if old else []

    def _merge_nodes(
        self, claims: dict[int, Claim], numbers: dict[bytes, int]
    ) -> list[tuple[int, bool]]:
        regrouped, updates = [], []
        for number, *columns in self.connection.all(
            "SELECT number, type, rank, said_at, kind, name, started_at, end_rank, ended_at,"
            f" status, digest, size FROM node WHERE number {IN}",
            many(claims),
        ):
            known: Claim = tuple(columns)
            merged = merge_claims(known, claims[number])
            if merged == known:
                continue
            content = numbers.get(merged[9]) if merged[9] is not None else None
            updates.append((*merged, content, number))
            if (merged[3] in GROUPS) != (known[3] in GROUPS):
                regrouped.append((number, merged[3] in GROUPS))
        self.connection.write(_UPDATE_NODE, updates)
        return regrouped

    def _edges(self, edges: Sequence[EdgeRow], numbers: dict[bytes, int]) -> None:
        roles = self.roles.of({row[3] for row in edges})
        first_new = self.nodes.first_new
        new: list[tuple[int, int, int, int, int, int, int | None]] = []
        old: list[tuple[int, int, int, int, int, int, int | None]] = []
        for source, rel, target, role, known, at in edges:
            src, dst = numbers[source], numbers[target]
            rows = new if src >= first_new or dst >= first_new else old
            rows.append((src, rel, dst, roles[role], RECORDED, known, at))
        self.connection.write_new(UPSERT_EDGE, new)
        self.connection.write(UPSERT_EDGE, old)

    def _parents(
        self, batch: Batch, numbers: dict[bytes, int], regrouped: list[tuple[int, bool]]
    ) -> None:
        """Write what is part of what: of a run both ways, of a group of runs as membership."""
        for number, is_group in regrouped:
            self._regroup(number, is_group)
        if not batch.parents:
            return
        groups = self._groups({numbers[parent] for _, parent, _ in batch.parents})
        rows = []
        for child_uid, parent_uid, known in batch.parents:
            child, parent = numbers[child_uid], numbers[parent_uid]
            if parent in groups:
                rows.append((child, _IN_GROUP, parent, 0, 1, known, None))
            else:
                rows.append((child, _PART_OF, parent, 0, 1, known, None))
                rows.append((parent, _HAS_PART, child, 0, 1, known, None))
        self.connection.write(UPSERT_EDGE, rows)

    def _groups(self, numbers: Iterable[int]) -> set[int]:
        kinds = ",".join(f"'{kind}'" for kind in sorted(GROUPS))
        sql = f"SELECT number FROM node WHERE number {IN} AND kind IN ({kinds})"
        return {row[0] for row in self.connection.all(sql, many(numbers))}

    def _regroup(self, number: int, is_group: bool) -> None:
        """Turn the parts of ``number`` into members, or members into parts."""
        connection = self.connection
        if is_group:
            parts = connection.all(
                "SELECT dst, known FROM edge WHERE src=? AND rel=? AND origin=1", number, _HAS_PART
            )
            rows = [(child, _IN_GROUP, number, 0, 1, known, None) for child, known in parts]
            connection.run("DELETE FROM edge WHERE src=? AND rel=? AND origin=1", number, _HAS_PART)
            connection.run("DELETE FROM edge WHERE dst=? AND rel=? AND origin=1", number, _PART_OF)
        else:
            members = connection.all(
                "SELECT src, known FROM edge WHERE dst=? AND rel=? AND origin=1", number, _IN_GROUP
            )
            rows = [(child, _PART_OF, number, 0, 1, known, None) for child, known in members]
            rows += [(number, _HAS_PART, child, 0, 1, known, None) for child, known in members]
            connection.run("DELETE FROM edge WHERE dst=? AND rel=? AND origin=1", number, _IN_GROUP)
        connection.write(UPSERT_EDGE, rows)

    def _gaps(self, batch: Batch, segment: int, numbers: dict[bytes, int]) -> None:
        self.connection.write(
            _GAP,
            [
                (
                    segment,
                    gap.sequence,
                    gap.code,
                    numbers[gap.activity],
                    numbers[gap.subject] if gap.subject is not None else None,
                    gap.times,
                    gap.detail,
                    self.files.stamp(gap.filesystem, gap.stamp),
                )
                for gap in batch.gaps
            ],
        )


def _uids(batch: Batch) -> Iterable[bytes]:
    """Every id that the batch names, in order of arrival as far as that is known."""
    return chain(
        batch.claims,
        chain.from_iterable((row[0], row[2]) for row in batch.edges),
        chain.from_iterable((child, parent) for child, parent, _ in batch.parents),
        (row[0] for row in batch.facets),
        (activity for activity, _ in batch.points),
        (row[0] for row in batch.sheets),
        chain.from_iterable((row.id, row.activity) for row in batch.openings),
        (row.id for row in batch.closings),
        (row.activity for row in batch.moves),
        (row.activity for row in batch.removals),
        (row.digest for row in batch.hashes),
        (row.activity for row in batch.gaps),
        (row.subject for row in batch.gaps if row.subject is not None),
    )


__all__ = ["BatchWriter"]
