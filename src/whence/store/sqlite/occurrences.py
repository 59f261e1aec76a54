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
from whence.store.sqlite.connection import IN, Connection, many
from whence.store.sqlite.interning import Numbers
from whence.store.sqlite.schema import BOUND, RENAMED, UPSERT_EDGE
from whence.store.sqlite.schema import RECORDED as AS_RECORDED

_USED, _GENERATED = int(Relation.USED), int(Relation.WAS_GENERATED_BY)
_REVISES, _SPECIALIZES = int(Relation.WAS_REVISION_OF), int(Relation.SPECIALIZATION_OF)


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
        self._raw = connection.raw
        self._nodes = nodes

    def written(self, writes: set[int]) -> set[int]:
        """Settle name, content and generation of what was written; give the nodes that are."""
        if not writes:
            return set()
        rows = self._raw.execute(
            "SELECT o.node, o.boot, coalesce(o.closed_mono, o.mono), coalesce(o.closed_at, o.at),"
            " o.place, p.path, o.final, g.root, n.name, n.content, c.number, o.activity, o.role,"
            " o.known, o.at FROM opening o JOIN place p ON p.number = o.place"
            " JOIN segment g ON g.number = o.segment JOIN node n ON n.number = o.node"
            " LEFT JOIN node c ON c.uid = n.digest"
            f" WHERE o.node {IN} AND o.access <> 'r' AND o.error = ''",
            (many(writes),),
        ).fetchall()
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
        self._raw.executemany("UPDATE node SET name=?, content=? WHERE number=?", updates)
        self._raw.executemany(UPSERT_EDGE, edges)
        self._specialize(respecialized)
        return {row[0] for row in rows}

    def _moves(self, nodes: set[int]) -> dict[int, list[Stay]]:
        moves: dict[int, list[Stay]] = defaultdict(list)
        for node, *columns in self._raw.execute(
            "SELECT m.bound, m.boot, m.mono, m.at, m.target, p.path, m.stamp FROM move m"
            f" JOIN place p ON p.number = m.target WHERE m.bound {IN}",
            (many(nodes),),
        ):
            moves[node].append(Stay(*columns))
        return moves

    def _contents(self, stamps: set[int]) -> dict[int | None, int]:
        rows = self._raw.execute(
            "SELECT h.stamp, h.content FROM hash h JOIN node c ON c.number = h.content"
            f" WHERE h.stamp {IN} ORDER BY h.at, c.uid",
            (many(stamps),),
        )
        return dict(rows.fetchall())

    def _specialize(self, contents: Sequence[tuple[int, int | None]]) -> None:
        """Let each node specialise its content, and no other, as far as bindings say."""
        self._raw.executemany(
            "DELETE FROM edge WHERE src=? AND rel=? AND origin=? AND dst IS NOT ?",
            [(node, _SPECIALIZES, BOUND, content) for node, content in contents],
        )
        self._raw.executemany(
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
        self._raw.executemany(
            "UPDATE opening SET bound=?, how=? WHERE node=?",
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
        self._raw.executemany(
            "INSERT INTO node(number, uid) VALUES(?,?)",
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
            for row in self._raw.execute(
                f"SELECT number, filesystem, path FROM place WHERE number {IN}",
                (many({b.place for b in found}),),
            )
        }
        stamps: dict[int | None, bytes] = dict(
            self._raw.execute(
                f"SELECT number, uid FROM stamp WHERE number {IN}",
                (many({b.stamp for b in found if b.stamp is not None}),),
            ).fetchall()
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
            for node, path, root in self._raw.execute(
                "SELECT o.node, p.path, g.root FROM opening o JOIN place p ON p.number = o.place"
                f" JOIN segment g ON g.number = o.segment WHERE o.node {IN}",
                (many(b.node for bindings in found.values() for b in bindings),),
            )
        }
        known = dict(
            self._raw.execute(
                f"SELECT number, name FROM node WHERE number {IN} AND found=1", (many(found),)
            ).fetchall()
        )
        rows = []
        for number, bindings in found.items():
            called = {names[b.node] for b in bindings} | {known.get(number, "")} - {""}
            name = min(called - {""}, key=lambda n: (len(n), n))
            rows.append((NodeType.ENTITY, IMPLIED, FILE, name, bindings[0].content, number))
        self._raw.executemany(
            "UPDATE node SET type=?, rank=max(rank, ?), kind=CASE rank WHEN 2 THEN kind ELSE ? END,"
            " name=?, content=?, found=1 WHERE number=?",
            rows,
        )
        self._specialize([(number, b[0].content) for number, b in found.items()])

    def _leave(self, left: dict[int, int]) -> None:
        """Take back the edges of openings from the nodes they are no longer bound to."""
        rows = self._raw.execute(
            f"SELECT node, activity, role, access FROM opening WHERE node {IN}", (many(left),)
        ).fetchall()
        keys = {(activity, left[node], role) for node, activity, role, access in rows}
        self._raw.executemany(
            "DELETE FROM edge WHERE src=? AND rel=? AND dst=? AND origin=?",
            [(row[0], _REVISES, left[row[0]], BOUND) for row in rows if row[3] in "au"],
        )
        for activity, old, role in keys:
            self._raw.execute(
                "DELETE FROM edge WHERE src=? AND rel=? AND dst=? AND role=? AND origin=?",
                (activity, _USED, old, role, BOUND),
            )
            others = self._raw.execute(
                "SELECT activity, ?, bound, role, ?, min(known), min(at) FROM opening"
                " WHERE bound=? AND activity=? AND role=? AND access IN ('r','u')"
                " HAVING count(*) > 0",
                (_USED, BOUND, old, activity, role),
            ).fetchall()
            self._raw.executemany(UPSERT_EDGE, others)
        self._vanish(set(left.values()))

    def _vanish(self, nodes: set[int]) -> None:
        """Let found versions go that no opening is bound to any more."""
        gone = [
            row[0]
            for row in self._raw.execute(
                f"SELECT number FROM node WHERE number {IN} AND found=1"
                " AND NOT EXISTS (SELECT 1 FROM opening WHERE bound = number)",
                (many(nodes),),
            )
        ]
        self._specialize([(node, None) for node in gone])
        self._raw.executemany(
            "UPDATE node SET found=NULL, content=NULL, type=CASE rank WHEN ? THEN type ELSE 0 END,"
            " kind=CASE rank WHEN ? THEN kind ELSE '' END, name=CASE rank WHEN ? THEN name ELSE ''"
            " END WHERE number=?",
            [(RECORDED, RECORDED, RECORDED, node) for node in gone],
        )

    def _use(self, openings: set[int]) -> None:
        """Write the edges of openings to what they are bound to."""
        edges: list[tuple[Any, ...]] = []
        for node, activity, access, role, known, at, bound in self._raw.execute(
            "SELECT node, activity, access, role, known, at, bound FROM opening"
            f" WHERE node {IN} AND bound IS NOT NULL",
            (many(openings),),
        ):
            if access in "ru":
                edges.append((activity, _USED, bound, role, BOUND, known, at))
            if access in "au":
                edges.append((node, _REVISES, bound, 0, BOUND, known, at))
        self._raw.executemany(UPSERT_EDGE, edges)

    def _rename(self, openings: set[int], left: dict[int, int]) -> None:
        """Move recorded edges that name a read's opening to the entity it is bound to."""
        if not openings:
            return
        asked = many(openings)
        named = {
            row[0]
            for row in self._raw.execute(
                f"SELECT node FROM opening WHERE node {IN} AND access='r' AND (EXISTS"
                " (SELECT 1 FROM edge WHERE src=node AND origin=0) OR EXISTS"
                " (SELECT 1 FROM edge WHERE dst=node AND origin=0))",
                (asked,),
            )
        }
        stale = {left[node] for node in named if node in left}
        # An edge may have been moved before this end of it was known to be an opening.
        for node in stale | named:
            self._raw.execute("DELETE FROM edge WHERE src=? AND origin=?", (node, RENAMED))
            self._raw.execute("DELETE FROM edge WHERE dst=? AND origin=?", (node, RENAMED))
        named.update(
            row[0]
            for row in self._raw.execute(
                f"SELECT node FROM opening WHERE bound {IN} AND access='r'", (many(stale),)
            )
        )
        if named:
            self._copy_edges(named)

    def _copy_edges(self, aliases: Iterable[int]) -> None:
        asked = many(aliases)
        rows = self._raw.execute(
            "SELECT coalesce(s.bound, e.src), e.rel, coalesce(d.bound, e.dst), e.role, ?, e.known,"
            f" e.at FROM (SELECT * FROM edge WHERE src {IN} AND origin=?"
            f" UNION SELECT * FROM edge WHERE dst {IN} AND origin=?) e"
            " LEFT JOIN opening s ON s.node = e.src AND s.access='r'"
            " LEFT JOIN opening d ON d.node = e.dst AND d.access='r'"
            " WHERE (s.node IS NULL OR s.bound IS NOT NULL)"
            " AND (d.node IS NULL OR d.bound IS NOT NULL)",
            (RENAMED, asked, AS_RECORDED, asked, AS_RECORDED),
        ).fetchall()
        self._raw.executemany(UPSERT_EDGE, [row for row in rows if row[0] != row[2]])

    def _refine(self, openings: set[int], left: dict[int, int]) -> set[int]:
        """Give entities the kind that was said of the openings that read them."""
        asked = many(openings)
        nodes = {
            row[0]
            for row in self._raw.execute(
                "SELECT o.bound FROM opening o JOIN node a ON a.number = o.node"
                f" WHERE o.node {IN} AND o.access='r' AND o.bound IS NOT NULL AND a.rank > 0",
                (asked,),
            )
        } | set(left.values())
        if not nodes:
            return nodes
        self._raw.execute(f"DELETE FROM refined WHERE node {IN}", (many(nodes),))
        best: dict[int, tuple[int, bool, bool, int, str]] = {}
        for number, rank, own, said_at, kind in self._raw.execute(
            f"SELECT number, rank, 1, said_at, kind FROM node WHERE number {IN} UNION ALL"
            " SELECT o.bound, a.rank, 0, a.said_at, a.kind FROM opening o JOIN node a"
            f" ON a.number = o.node WHERE o.bound {IN} AND o.access='r' AND a.rank > 0",
            (many(nodes), many(nodes)),
        ):
            claim = (rank, kind != FILE, bool(own), said_at, kind)
            best[number] = max(best.get(number, claim), claim)
        self._raw.executemany(
            "INSERT INTO refined VALUES(?,?)",
            [(number, claim[4]) for number, claim in best.items() if not claim[2]],
        )
        return nodes
