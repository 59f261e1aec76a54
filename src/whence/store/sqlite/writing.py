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
from whence.store.sqlite.connection import IN, Connection, many
from whence.store.sqlite.files import FileWriter
from whence.store.sqlite.interning import Interned, Numbers
from whence.store.sqlite.schema import UPSERT_EDGE
from whence.store.sqlite.series import write_series

_INSERT_NODE = (
    "INSERT INTO node(number, uid, type, rank, said_at, kind, name, started_at, end_rank, ended_at,"
    " status, digest, size, content) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_UPDATE_NODE = (
    "UPDATE node SET type=?, rank=?, said_at=?, kind=?, name=?, started_at=?, end_rank=?,"
    " ended_at=?, status=?, digest=?, size=?, content=coalesce(?, content) WHERE number=?"
)
_PART_OF, _HAS_PART = int(Relation.PART_OF), int(Relation.HAS_PART)
_IN_GROUP = int(Relation.PART_OF_GROUP)


class Written(NamedTuple):
    """What a batch changed: nodes whose text may differ, and facets (node, space, at, sequence,
    body); nodes from ``first_new`` on were not there before."""

    changed: set[int]
    facets: list[tuple[int, int, int, int, bytes]]
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
        for memory in (self.nodes, self.roles, self.keys):
            memory.forget()
        self.files.forget()

    def _apply(self, batch: Batch) -> Written | None:
        segment = self._segment(batch)
        if segment is None:
            return None
        self.nodes.begin()
        numbers = self.nodes.of(_uids(batch))
        regrouped = self._nodes(batch, numbers)
        self._edges(batch.edges, numbers)
        self._parents(batch, numbers, regrouped)
        facets = [
            (numbers[uid], space, at, seq, body) for uid, space, at, seq, body in batch.facets
        ]
        self.connection.raw.executemany(
            "INSERT INTO facet(node, space, at, segment, sequence, body)"
            f" VALUES(?,?,?,{segment},?,?)",
            facets,
        )
        write_series(self.connection, batch, numbers, self.keys, self.nodes.first_new)
        changed = self.files.write(batch, segment, numbers)
        self._gaps(batch, segment, numbers)
        changed.update(numbers[uid] for uid in batch.claims)
        changed.update(row[0] for row in facets)
        return Written(changed, facets, self.nodes.first_new)

    def _segment(self, batch: Batch) -> int | None:
        """The segment's number, its row brought up to the batch's end; None when stale."""
        raw, header = self.connection.raw, batch.header
        row = raw.execute(
            "SELECT number, folded, crc FROM segment WHERE uid = ?", (header.segment,)
        ).fetchone()
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
            number = raw.execute(
                "INSERT INTO segment(uid, run, activity, role, host, machine, boot, pid,"
                " process_start, user, root, wall, mono, serial, python, writer, folded, crc,"
                " frames, last_sequence, unknown)"
                " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,0,0,0,0)",
                self._described(batch),
            ).lastrowid
        else:
            number = row[0]
        raw.execute(
            "UPDATE segment SET folded=?, crc=?, frames=frames+?, unknown=unknown+?,"
            " last_sequence=max(last_sequence, ?), torn='' WHERE number=?",
            (
                batch.end,
                batch.crc_end,
                batch.frames,
                batch.unknown,
                batch.last_sequence,
                number,
            ),
        )
        raw.executemany(
            "INSERT OR IGNORE INTO hole VALUES(?,?,?,?)",
            [(number, hole.offset, hole.length, hole.reason) for hole in batch.holes],
        )
        assert number is not None
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
        claims, first_new, raw = batch.claims, self.nodes.first_new, self.connection.raw
        described, named = [], []
        for number, uid in enumerate(self.nodes.new, first_new):
            claim = claims.get(uid)
            if claim is None:
                named.append((number, uid))
            else:
                content = None if claim[9] is None else numbers[claim[9]]
                described.append((number, uid, *claim, content))
        raw.executemany(_INSERT_NODE, described)
        raw.executemany("INSERT INTO node(number, uid) VALUES(?,?)", named)
        old = {numbers[uid]: claim for uid, claim in claims.items() if numbers[uid] < first_new}
        return self._merge_nodes(old, numbers) if old else []

    def _merge_nodes(
        self, claims: dict[int, Claim], numbers: dict[bytes, int]
    ) -> list[tuple[int, bool]]:
        regrouped, updates = [], []
        for number, *columns in self.connection.raw.execute(
            "SELECT number, type, rank, said_at, kind, name, started_at, end_rank, ended_at,"
            f" status, digest, size FROM node WHERE number {IN}",
            (many(claims),),
        ).fetchall():
            known: Claim = tuple(columns)
            merged = merge_claims(known, claims[number])
            if merged == known:
                continue
            content = numbers.get(merged[9]) if merged[9] is not None else None
            updates.append((*merged, content, number))
            if (merged[3] in GROUPS) != (known[3] in GROUPS):
                regrouped.append((number, merged[3] in GROUPS))
        self.connection.raw.executemany(_UPDATE_NODE, updates)
        return regrouped

    def _edges(self, edges: Sequence[EdgeRow], numbers: dict[bytes, int]) -> None:
        roles = self.roles.of({row[3] for row in edges})
        self.connection.raw.executemany(
            UPSERT_EDGE,
            [
                (numbers[src], rel, numbers[dst], roles[role], 0, known, at)
                for src, rel, dst, role, known, at in edges
            ],
        )

    def _parents(
        self, batch: Batch, numbers: dict[bytes, int], regrouped: list[tuple[int, bool]]
    ) -> None:
        """Write what is part of what: of a run both ways, of a group of runs as membership."""
        raw = self.connection.raw
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
        raw.executemany(UPSERT_EDGE, rows)

    def _groups(self, numbers: Iterable[int]) -> set[int]:
        kinds = ",".join(f"'{kind}'" for kind in sorted(GROUPS))
        sql = f"SELECT number FROM node WHERE number {IN} AND kind IN ({kinds})"
        return {row[0] for row in self.connection.raw.execute(sql, (many(numbers),))}

    def _regroup(self, number: int, is_group: bool) -> None:
        """Turn the parts of ``number`` into members, or members into parts."""
        raw = self.connection.raw
        if is_group:
            parts = raw.execute(
                "SELECT dst, known FROM edge WHERE src=? AND rel=? AND origin=1",
                (number, _HAS_PART),
            ).fetchall()
            rows = [(child, _IN_GROUP, number, 0, 1, known, None) for child, known in parts]
            raw.execute("DELETE FROM edge WHERE src=? AND rel=? AND origin=1", (number, _HAS_PART))
            raw.execute("DELETE FROM edge WHERE dst=? AND rel=? AND origin=1", (number, _PART_OF))
        else:
            members = raw.execute(
                "SELECT src, known FROM edge WHERE dst=? AND rel=? AND origin=1",
                (number, _IN_GROUP),
            ).fetchall()
            rows = [(child, _PART_OF, number, 0, 1, known, None) for child, known in members]
            rows += [(number, _HAS_PART, child, 0, 1, known, None) for child, known in members]
            raw.execute("DELETE FROM edge WHERE dst=? AND rel=? AND origin=1", (number, _IN_GROUP))
        raw.executemany(UPSERT_EDGE, rows)

    def _gaps(self, batch: Batch, segment: int, numbers: dict[bytes, int]) -> None:
        self.connection.raw.executemany(
            "INSERT OR IGNORE INTO gap VALUES(?,?,?,?,?,?,?,?)",
            [
                (
                    segment,
                    gap.sequence,
                    gap.code,
                    numbers[gap.activity],
                    numbers[gap.subject] if gap.subject is not None else None,
                    gap.times,
                    gap.detail,
                    self.files.stamp(gap.filesystem, gap.stamp) if gap.stamp else None,
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
