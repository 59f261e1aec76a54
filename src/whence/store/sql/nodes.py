"""Nodes as the store reads them: by number, id and name, with what is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from whence.fold.batch import ATTRIBUTES, PARAMS, TAGS
from whence.model.kind import CONTENT, NodeType
from whence.model.relation import Relation
from whence.model.value import decode
from whence.store.protocol import Described, Node
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.term import ALIAS

_NODE = """
SELECT n.number, n.uid, n.type, coalesce(r.kind, n.kind), n.name, n.started_at, n.ended_at,
  n.status, CASE WHEN length(n.uid) = 32 THEN n.uid ELSE coalesce(c.uid, n.digest) END,
  coalesce(c.size, n.size, s.size)
FROM node n LEFT JOIN node c ON c.number = n.content LEFT JOIN refined r ON r.node = n.number
  LEFT JOIN opening o ON o.node = n.number AND o.access <> 'r'
  LEFT JOIN stamp s ON s.number = o.final
"""

SHOWN = f"n.type > 0 AND n.found IS NOT {ALIAS}"
"""What can be found without being referred to: described, and no stand-in for another node."""

_PLACES = f"""
SELECT j.value, p.path, max(o.mono + b.epoch) AS instant FROM json_each(?) j
  JOIN opening o ON o.node = j.value AND o.access <> 'r' AND o.error = ''
  JOIN place p ON p.number = o.place JOIN boot b ON b.number = o.boot GROUP BY 1, 2
UNION ALL
SELECT o.bound, p.path, max(o.mono + b.epoch) FROM opening o
  JOIN place p ON p.number = o.place JOIN boot b ON b.number = o.boot
  WHERE o.access = 'r' AND o.bound {IN} GROUP BY 1, 2
UNION ALL
SELECT m.bound, p.path, max(m.mono + b.epoch) FROM move m
  JOIN place p ON p.number = m.target JOIN boot b ON b.number = m.boot
  WHERE m.bound {IN} GROUP BY 1, 2
"""

_ENTITIES = f"""
SELECT n.number FROM node n WHERE n.type = 1 AND n.kind <> '{CONTENT}' AND n.found IS NOT {ALIAS}
  AND n.number < ? ORDER BY n.number DESC LIMIT ?
"""

_ENTITIES_OF_KIND = f"""
SELECT f.number FROM (
  SELECT n.number FROM node n WHERE n.type = 1 AND n.kind = ? AND n.found IS NOT {ALIAS}
    AND n.number < ?
    AND NOT EXISTS (SELECT 1 FROM refined r WHERE r.node = n.number AND r.kind <> ?)
  ORDER BY n.number DESC LIMIT ?) f
UNION SELECT r.node FROM refined r WHERE r.kind = ? AND r.node < ? ORDER BY 1 DESC LIMIT ?
"""
"""A kind is refined when more is known of the thing: a file that is found to be a model."""

_HIGHEST = 2**62

_OWNER = """
SELECT g.host, g.machine, b.name, g.pid, g.process_start, g.user, g.root, g.python, g.writer
FROM segment g JOIN boot b ON b.number = g.boot
WHERE g.{column} = ? ORDER BY g.role = 'program' DESC, g.serial DESC, g.uid LIMIT 1
"""
_OWNER_KEYS = (
    "host",
    "machine",
    "boot",
    "pid",
    "process_start",
    "user",
    "root",
    "python",
    "writer",
)

_OWNERS = f"""
SELECT n.number, g.host, g.machine, b.name, g.pid, g.process_start, g.user, g.root, g.python,
  g.writer
FROM node n JOIN segment g ON g.{{column}} = n.uid JOIN boot b ON b.number = g.boot
WHERE n.number {IN} ORDER BY n.number, g.role = 'program', g.serial, g.uid DESC
"""

_GUESSES = (
    (NodeType.ACTIVITY, "src", (Relation.USED, Relation.WAS_INFORMED_BY, Relation.WAS_STARTED_BY,
     Relation.WAS_ASSOCIATED_WITH, Relation.PART_OF, Relation.PART_OF_GROUP, Relation.HAS_PART)),
    (NodeType.ACTIVITY, "dst", (Relation.WAS_GENERATED_BY, Relation.WAS_INFORMED_BY,
     Relation.PART_OF, Relation.PART_OF_GROUP, Relation.WAS_INVALIDATED_BY)),
    (NodeType.AGENT, "dst", (Relation.WAS_ATTRIBUTED_TO, Relation.WAS_ASSOCIATED_WITH,
     Relation.ACTED_ON_BEHALF_OF)),
)  # fmt: skip
"""What a node must be by its edges, where no event describes it."""


class Nodes:
    """Nodes, what is said of them, and who runs them."""

    connection: Connection

    def nodes(self, numbers: Sequence[int]) -> list[Node]:
        """The nodes with those numbers, in that order; unknown ones are left out, as are the
        openings of reads, which stand for what was read."""
        asked = many(numbers)
        rows = {
            row[0]: row
            for row in self.connection.all(
                f"{_NODE} WHERE n.number {IN} AND n.found IS NOT {ALIAS}", asked
            )
        }
        places = self._places_of(asked)
        return [
            self._node(rows[number], places.get(number, ())) for number in numbers if number in rows
        ]

    def shown(self, above: int = 0, at_once: int = 5_000) -> Iterator[list[int]]:
        """The numbers of all nodes that are described, from above one on, in portions."""
        last = above
        while rows := self.connection.all(
            f"SELECT n.number FROM node n WHERE {SHOWN} AND n.number > ? ORDER BY 1 LIMIT ?",
            last,
            at_once,
        ):
            yield [row[0] for row in rows]
            last = rows[-1][0]

    def iterate(self) -> Iterator[Node]:
        """Every node that is described, by number."""
        for numbers in self.shown(at_once=1_000):
            yield from self.nodes(numbers)

    def entities(self, kind: str | None, below: int | None, limit: int) -> list[Node]:
        """The entities of a kind, the latest that came first, see the protocol."""
        highest = _HIGHEST if below is None else below
        if kind is None:
            rows = self.connection.all(_ENTITIES, highest, limit)
        else:
            rows = self.connection.all(
                _ENTITIES_OF_KIND, kind, highest, kind, limit, kind, highest, limit
            )
        return self.nodes([row[0] for row in rows])

    def number_of(self, uid: bytes) -> int | None:
        """The node with that id; of a read's opening the entity that was read."""
        row = self.connection.one(
            "SELECT n.number, n.type, n.found, o.bound, o.access FROM node n"
            " LEFT JOIN opening o ON o.node = n.number WHERE n.uid = ?",
            uid,
        )
        if row is None:
            return None
        number, kind, found, bound, access = row
        if found == ALIAS:
            return None if bound is None else int(bound)
        if kind == 0 and (access is not None or not self._is_referred_to(number)):
            return None
        return int(number)

    def numbers_between(self, lowest: bytes, highest: bytes, limit: int = 20) -> list[int]:
        """The described nodes with an id from ``lowest`` to ``highest``, by id."""
        rows = self.connection.all(
            f"SELECT n.number FROM node n WHERE n.uid BETWEEN ? AND ? AND length(n.uid) = ?"
            f" AND {SHOWN} ORDER BY n.uid LIMIT ?",
            lowest,
            highest,
            len(lowest),
            limit,
        )
        return [row[0] for row in rows]

    def numbers_named(self, name: str, limit: int = 20) -> list[int]:
        """The nodes with exactly that name, latest first."""
        self._index_names()
        rows = self.connection.all(
            f"SELECT n.number FROM node n WHERE n.name = ? AND n.name <> '' AND {SHOWN}"
            " ORDER BY coalesce(n.started_at, n.said_at) DESC, n.uid DESC LIMIT ?",
            name,
            limit,
        )
        return [row[0] for row in rows]

    def attributes(self, number: int) -> dict[str, Any]:
        return self.attributes_of([number]).get(number, {})

    def params(self, number: int) -> dict[str, Any]:
        return self.facets([number], PARAMS).get(number, {})

    def tags(self, number: int) -> dict[str, Any]:
        return self.facets([number], TAGS).get(number, {})

    def attributes_of(self, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The attributes of each node that has any; the latest value of a key stands."""
        found = self.facets(numbers, ATTRIBUTES)
        for number, failed in self._failed_opens(numbers).items():
            found.setdefault(number, {})["failed_opens"] = failed
        return found

    def described(self, numbers: Sequence[int]) -> dict[int, Described]:
        """What is said of each node, see the protocol."""
        found: dict[int, Described] = {}
        for space, field in ((ATTRIBUTES, "attributes"), (PARAMS, "params"), (TAGS, "tags")):
            for number, values in self.facets(numbers, space).items():
                setattr(found.setdefault(number, Described()), field, values)
        return found

    def params_of(self, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The parameters of each node that has any."""
        return self.facets(numbers, PARAMS)

    def owner(self, number: int) -> dict[str, Any]:
        """Who runs an activity, see the protocol."""
        row = self.connection.one("SELECT uid FROM node WHERE number = ?", number)
        for column in ("activity", "run"):
            owner = row and self.connection.one(_OWNER.format(column=column), row[0])
            if owner:
                return dict(zip(_OWNER_KEYS, owner, strict=True))
        return {}

    def owners(self, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Who runs each activity, see the protocol."""
        found: dict[int, dict[str, Any]] = {}
        asked = many(numbers)
        for column in ("run", "activity"):
            for number, *said in self.connection.all(_OWNERS.format(column=column), asked):
                found[number] = dict(zip(_OWNER_KEYS, said, strict=True))
        return found

    def facets(self, numbers: Sequence[int], space: int) -> dict[int, dict[str, Any]]:
        """What is said of nodes in one space; nodes without are left out."""
        asked = many(numbers)
        rows = self.connection.all(
            "SELECT f.node, f.at, g.uid, f.sequence, f.body FROM facet f"
            f" JOIN segment g ON g.number = f.segment WHERE f.node {IN} AND f.space = ?"
            " UNION ALL SELECT o.bound, f.at, g.uid, f.sequence, f.body FROM opening o"
            " JOIN facet f ON f.node = o.node AND f.space = ?"
            f" JOIN segment g ON g.number = f.segment WHERE o.bound {IN} AND o.access = 'r'"
            " ORDER BY 1, 2, 3, 4",
            asked,
            space,
            space,
            asked,
        )
        merged: dict[int, dict[str, Any]] = defaultdict(dict)
        for node, _, _, _, body in rows:
            merged[node].update(decode(body))
        return dict(merged)

    def _failed_opens(self, numbers: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        failed: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for activity, path, access, error in self.connection.all(
            "SELECT DISTINCT o.activity, p.path, o.access, o.error FROM opening o"
            " JOIN place p ON p.number = o.place"
            f" WHERE o.error <> '' AND o.activity {IN} ORDER BY 1, 2, 3, 4",
            many(numbers),
        ):
            shown = path.decode("utf-8", "backslashreplace")
            failed[activity].append({"path": shown, "access": access, "error": error})
        return failed

    def _places_of(self, asked: str) -> dict[int, tuple[bytes, ...]]:
        latest: dict[int, dict[bytes, int]] = defaultdict(dict)
        for number, path, instant in self.connection.all(_PLACES, asked, asked, asked):
            known = latest[number]
            known[path] = max(instant, known.get(path, instant))
        return {
            number: tuple(sorted(paths, key=lambda path: (-paths[path], path)))
            for number, paths in latest.items()
        }

    def _node(self, row: tuple[Any, ...], places: tuple[bytes, ...]) -> Node:
        number, uid, node_type, kind, name, started_at, ended_at, status, digest, size = row
        shown = NodeType(node_type) if node_type else self._guess(number)
        return Node(
            number, uid, shown, kind, name, started_at, ended_at, status, digest, size, places
        )

    def _guess(self, number: int) -> NodeType:
        for node_type, end, relations in _GUESSES:
            listed = ",".join(str(int(relation)) for relation in relations)
            if self.connection.one(
                f"SELECT 1 FROM edge WHERE {end} = ? AND rel IN ({listed}) LIMIT 1", number
            ):
                return node_type
        return NodeType.ENTITY

    def _is_referred_to(self, number: int) -> bool:
        sql = "SELECT 1 FROM edge WHERE src = ? UNION SELECT 1 FROM edge WHERE dst = ? LIMIT 1"
        return self.connection.one(sql, number, number) is not None

    def _index_names(self) -> None:
        """Build the index of names when it is first asked for."""
        if self.connection.read_only or self.connection.has("node_name"):
            return
        with self.connection.transaction():
            if not self.connection.has("node_name"):
                self.connection.run(self.connection.dialect.index_names)
