"""What follows from bindings: names, contents and edges of occurrences, written and found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from whence._base.ids import derived_id
from whence.fold.binding import FOUND, Stay, in_order
from whence.fold.claim import IMPLIED, RECORDED
from whence.fold.name import name_of
from whence.model.kind import FILE, NodeType
from whence.model.relation import Relation
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.interning import Numbers
from whence.store.sql.statement import Rows
from whence.store.sql.term import BOUND, RENAMED, UPSERT_EDGE
from whence.store.sql.term import RECORDED as AS_RECORDED

_USED, _GENERATED = int(Relation.USED), int(Relation.WAS_GENERATED_BY)
_REVISES, _SPECIALIZES = int(Relation.WAS_REVISION_OF), int(Relation.SPECIALIZATION_OF)

_WRITTEN = Rows("UPDATE node SET name=?text, content=?int WHERE number=?int")
_DESPECIALIZE = Rows(
    f"DELETE FROM edge WHERE rel={_SPECIALIZES} AND origin={BOUND} AND src=?int AND dst IS NOT ?int"
)
_BIND = Rows("UPDATE opening SET bound=?int, how=?int WHERE node=?int")
_INSERT_FOUND = Rows("INSERT INTO node(number, uid) VALUES(?int,?bytes)")
_FIND = Rows(
    f"UPDATE node SET type={int(NodeType.ENTITY)},"
    f" rank=CASE WHEN rank < {IMPLIED} THEN {IMPLIED} ELSE rank END,"
    f" kind=CASE rank WHEN {RECORDED} THEN kind ELSE '{FILE}' END,"
    " name=?text, content=?int, found=1 WHERE number=?int"
)
_UNREVISE = Rows(
    f"DELETE FROM edge WHERE rel={_REVISES} AND origin={BOUND} AND src=?int AND dst=?int"
)
_UNUSE = Rows(
    f"DELETE FROM edge WHERE rel={_USED} AND origin={BOUND} AND src=?int AND dst=?int AND role=?int"
)
_REFINED = Rows("INSERT INTO refined(node, kind) VALUES(?int,?text)")


class Binding(NamedTuple):
    """What one opening saw: ``target`` (None: a found version) and ``how``, now and before."""

    node: int
    place: int
    stamp: int | None
    content: int | None
    target: int | None
    how: int
    old: int | None
    old_how: int


class Occurrences:
    """Writes the nodes and edges of occurrences."""

    def __init__(self, connection: Connection, nodes: Numbers) -> None:
        self._connection = connection
        self._nodes = nodes

    def written(self, writes: set[int]) -> set[int]:
        """Settle name, content and generation of what was written; give the nodes that are."""
        if not writes:
            return set()
        rows = self._connection.all(
            "SELECT o.node, o.boot, coalesce(o.closed_mono, o.mono), coalesce(o.closed_at, o.at),"
            " o.place, p.path, o.final, g.root, n.name, n.content, c.number, o.activity, o.role,"
            " o.known, o.at FROM opening o JOIN place p ON p.number = o.place"
            " JOIN segment g ON g.number = o.segment JOIN node n ON n.number = o.node"
            " LEFT JOIN node c ON c.uid = n.digest"
            f" WHERE o.node {IN} AND o.access <> 'r' AND o.error = ''",
            many(writes),
        )
        if not rows:
            return set()
        moves = self._moves({row[0] for row in rows})
        contents = self._contents(
            {row[6] for row in rows if row[6] is not None}
            | {stay.stamp for stays in moves.values() for stay in stays if stay.stamp is not None}
        )
        edges, updates, respecialized = [], [], []
        for node, *columns, root, name, content, claimed, activity, role, known, at in rows:
            moved = in_order(moves.get(node, ()))
            stays = in_order([Stay(*columns), *moved])
            hashed = [contents[s.stamp] for s in stays if s.stamp in contents]
            now = hashed[-1] if hashed else claimed
            path = moved[-1].path if moved else columns[4]
            now_name = name_of(path, root)
            if (now_name, now) != (name, content):
                updates.append((now_name, now, node))
            respecialized.append((node, now))
            edges.append((node, _GENERATED, activity, role, BOUND, known, at))
        self._connection.write(_WRITTEN, updates)
        self._connection.write(UPSERT_EDGE, edges)
        self._specialize(respecialized)
        return {row[0] for row in rows}

    def _moves(self, nodes: set[int]) -> dict[int, list[Stay]]:
        moves: dict[int, list[Stay]] = defaultdict(list)
        for node, *columns in self._connection.all(
            "SELECT m.bound, m.boot, m.mono, m.at, m.target, p.path, m.stamp FROM move m"
            f" JOIN place p ON p.number = m.target WHERE m.bound {IN}",
            many(nodes),
        ):
            moves[node].append(Stay(*columns))
        return moves

    def _contents(self, stamps: set[int]) -> dict[int | None, int]:
        rows = self._connection.all(
            "SELECT h.stamp, h.content FROM hash h JOIN node c ON c.number = h.content"
            f" WHERE h.stamp {IN} ORDER BY h.at, c.uid",
            many(stamps),
        )
        return dict(rows)

    def _specialize(self, contents: Sequence[tuple[int, int | None]]) -> None:
        """Let each node specialise its content, and no other, as far as bindings say."""
        self._connection.write(_DESPECIALIZE, contents)
        self._connection.write(
            UPSERT_EDGE,
            [
                (node, _SPECIALIZES, content, 0, BOUND, 0, None)
                for node, content in contents
                if content is not None
            ],
        )

    def bind(self, bindings: list[Binding], opened: set[int], touched: set[int]) -> set[int]:
        """Store what openings saw and the edges that follow; give the nodes that changed."""
        targets = self._targets(bindings) if bindings else []
        moved = [
            (binding, target)
            for binding, target in zip(bindings, targets, strict=True)
            if (target, binding.how) != (binding.old, binding.old_how)
        ]
        self._connection.write(
            _BIND,
            [(target, binding.how, binding.node) for binding, target in moved],
        )
        left = {b.node: b.old for b, target in moved if b.old is not None and b.old != target}
        if left:
            self._leave(left)
        changed = {b.node for b, target in moved if target != b.old} | (
            opened & {b.node for b in bindings}
        )
        self._use(changed)
        self._rename(changed | touched, left)
        reached = {target for target in targets if target is not None}
        return self._refine(changed | touched, left) | reached

    def _targets(self, bindings: list[Binding]) -> list[int | None]:
        """The node that each opening is bound to; found versions are made where needed."""
        found = [binding for binding in bindings if binding.how == FOUND]
        uids = self._found_uids(found)
        given = len(self._nodes.new)
        numbers = self._nodes.of(uids[b.place, b.stamp] for b in found)
        self._connection.write(
            _INSERT_FOUND,
            [(numbers[uid], uid) for uid in self._nodes.new[given:]],
        )
        targets = [
            numbers[uids[b.place, b.stamp]] if b.how == FOUND else b.target for b in bindings
        ]
        found_at: dict[int, list[Binding]] = defaultdict(list)
        for binding, target in zip(bindings, targets, strict=True):
            if binding.how == FOUND and target is not None:
                found_at[target].append(binding)
        if found_at:
            self._find(found_at)
        return targets

    def _found_uids(self, found: list[Binding]) -> dict[tuple[int, int | None], bytes]:
        places = {
            row[0]: row[1:]
            for row in self._connection.all(
                f"SELECT number, filesystem, path FROM place WHERE number {IN}",
                many({b.place for b in found}),
            )
        }
        stamps: dict[int | None, bytes] = dict(
            self._connection.all(
                f"SELECT number, uid FROM stamp WHERE number {IN}",
                many({b.stamp for b in found if b.stamp is not None}),
            )
        )
        stamps[None] = b""
        # The same as `whence.model.place.found_id`, from the parts that are stored.
        return {
            (b.place, b.stamp): derived_id(b"found", *places[b.place], stamps[b.stamp])
            for b in found
        }

    def _find(self, found: dict[int, list[Binding]]) -> None:
        """Describe found versions: kind, name, content."""
        names = {
            node: name_of(path, root)
            for node, path, root in self._connection.all(
                "SELECT o.node, p.path, g.root FROM opening o JOIN place p ON p.number = o.place"
                f" JOIN segment g ON g.number = o.segment WHERE o.node {IN}",
                many(b.node for bindings in found.values() for b in bindings),
            )
        }
        known = dict(
            self._connection.all(
                f"SELECT number, name FROM node WHERE number {IN} AND found=1", many(found)
            )
        )
        rows = []
        for number, bindings in found.items():
            called = {names[b.node] for b in bindings} | {known.get(number, "")} - {""}
            name = min(called - {""}, key=lambda n: (len(n), n))
            rows.append((name, bindings[0].content, number))
        self._connection.write(_FIND, rows)
        self._specialize([(number, b[0].content) for number, b in found.items()])

    def _leave(self, left: dict[int, int]) -> None:
        """Take back the edges of openings from the nodes they are no longer bound to."""
        rows = self._connection.all(
            f"SELECT node, activity, role, access FROM opening WHERE node {IN}", many(left)
        )
        keys = {(activity, left[node], role) for node, activity, role, access in rows}
        self._connection.write(
            _UNREVISE, [(row[0], left[row[0]]) for row in rows if row[3] in "au"]
        )
        self._connection.write(_UNUSE, sorted(keys))
        others = self._connection.all(
            f"SELECT activity, {_USED}, bound, role, {BOUND}, min(known), min(at) FROM opening"
            f" WHERE bound {IN} AND access IN ('r','u') GROUP BY activity, bound, role",
            many({old for _, old, _ in keys}),
        )
        still = [row for row in others if (row[0], row[2], row[3]) in keys]
        self._connection.write(UPSERT_EDGE, still)
        self._vanish(set(left.values()))

    def _vanish(self, nodes: set[int]) -> None:
        """Let found versions go that no opening is bound to any more."""
        gone = [
            row[0]
            for row in self._connection.all(
                f"SELECT number FROM node WHERE number {IN} AND found=1"
                " AND NOT EXISTS (SELECT 1 FROM opening WHERE bound = number)",
                many(nodes),
            )
        ]
        self._specialize([(node, None) for node in gone])
        self._connection.run(
            f"UPDATE node SET found=NULL, content=NULL, type=CASE rank WHEN {RECORDED} THEN type"
            f" ELSE 0 END, kind=CASE rank WHEN {RECORDED} THEN kind ELSE '' END,"
            f" name=CASE rank WHEN {RECORDED} THEN name ELSE '' END WHERE number {IN}",
            many(gone),
        )

    def _use(self, openings: set[int]) -> None:
        """Write the edges of openings to what they are bound to."""
        edges: list[tuple[Any, ...]] = []
        for node, activity, access, role, known, at, bound in self._connection.all(
            "SELECT node, activity, access, role, known, at, bound FROM opening"
            f" WHERE node {IN} AND bound IS NOT NULL",
            many(openings),
        ):
            if access in "ru":
                edges.append((activity, _USED, bound, role, BOUND, known, at))
            if access in "au":
                edges.append((node, _REVISES, bound, 0, BOUND, known, at))
        self._connection.write(UPSERT_EDGE, edges)

    def _rename(self, openings: set[int], left: dict[int, int]) -> None:
        """Move recorded edges that name a read's opening to the entity it is bound to."""
        if not openings:
            return
        asked = many(openings)
        named = {
            row[0]
            for row in self._connection.all(
                f"SELECT node FROM opening WHERE node {IN} AND access='r' AND (EXISTS"
                " (SELECT 1 FROM edge WHERE src=node AND origin=0) OR EXISTS"
                " (SELECT 1 FROM edge WHERE dst=node AND origin=0))",
                asked,
            )
        }
        stale = {left[node] for node in named if node in left}
        # An edge may have been moved before this end of it was known to be an opening.
        if stale or named:
            again = many(stale | named)
            for end in ("src", "dst"):
                self._connection.run(
                    f"DELETE FROM edge WHERE {end} {IN} AND origin=?", again, RENAMED
                )
        named.update(
            row[0]
            for row in self._connection.all(
                f"SELECT node FROM opening WHERE bound {IN} AND access='r'", many(stale)
            )
        )
        if named:
            self._copy_edges(named)

    def _copy_edges(self, aliases: Iterable[int]) -> None:
        asked = many(aliases)
        rows = self._connection.all(
            "SELECT coalesce(s.bound, e.src), e.rel, coalesce(d.bound, e.dst), e.role,"
            f" {RENAMED}, e.known, e.at FROM (SELECT * FROM edge WHERE src {IN}"
            f" AND origin={AS_RECORDED} UNION SELECT * FROM edge WHERE dst {IN}"
            f" AND origin={AS_RECORDED}) e"
            " LEFT JOIN opening s ON s.node = e.src AND s.access='r'"
            " LEFT JOIN opening d ON d.node = e.dst AND d.access='r'"
            " WHERE (s.node IS NULL OR s.bound IS NOT NULL)"
            " AND (d.node IS NULL OR d.bound IS NOT NULL)",
            asked,
            asked,
        )
        self._connection.write(UPSERT_EDGE, [row for row in rows if row[0] != row[2]])

    def _refine(self, openings: set[int], left: dict[int, int]) -> set[int]:
        """Give entities the kind that was said of the openings that read them."""
        asked = many(openings)
        nodes = {
            row[0]
            for row in self._connection.all(
                "SELECT o.bound FROM opening o JOIN node a ON a.number = o.node"
                f" WHERE o.node {IN} AND o.access='r' AND o.bound IS NOT NULL AND a.rank > 0",
                asked,
            )
        } | set(left.values())
        if not nodes:
            return nodes
        self._connection.run(f"DELETE FROM refined WHERE node {IN}", many(nodes))
        best: dict[int, tuple[int, bool, bool, int, str]] = {}
        for number, rank, own, said_at, kind in self._connection.all(
            f"SELECT number, rank, 1, said_at, kind FROM node WHERE number {IN} UNION ALL"
            " SELECT o.bound, a.rank, 0, a.said_at, a.kind FROM opening o JOIN node a"
            f" ON a.number = o.node WHERE o.bound {IN} AND o.access='r' AND a.rank > 0",
            many(nodes),
            many(nodes),
        ):
            claim = (rank, kind != FILE, bool(own), said_at, kind)
            best[number] = max(best.get(number, claim), claim)
        self._connection.write(
            _REFINED,
            [(number, claim[4]) for number, claim in best.items() if not claim[2]],
        )
        return nodes
