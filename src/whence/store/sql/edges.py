"""Edges as the store reads them: closures by one recursive query, and edges at or among nodes."""

from __future__ import annotations

from collections.abc import Sequence

from whence.model.place import SMALLEST_FOLLOWED
from whence.model.relation import FIRST_NOT_FOLLOWED, Known, Relation
from whence.store.protocol import Direction, Edge
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.term import ALIAS, FOUND_VERSION

BY_CONTENT = "by content"

_SPECIALIZES = int(Relation.SPECIALIZATION_OF)
_ENDS = {"up": ("src", "dst"), "down": ("dst", "src")}
_CLOSURE = (
    "WITH RECURSIVE reached(number) AS ({seeds} UNION"
    " SELECT e.{to} FROM reached r JOIN edge e ON e.{at} = r.number AND e.rel < {limit})"
    " SELECT number FROM reached"
)
_FROM_ONE, _FROM_MANY = (
    {
        direction: _CLOSURE.format(at=at, to=to, limit=FIRST_NOT_FOLLOWED, seeds=seeds)
        for direction, (at, to) in _ENDS.items()
    }
    for seeds in ("VALUES(?)", "SELECT value FROM json_each(?) j")
)
_STEP = "SELECT DISTINCT {to} FROM edge WHERE {at} {among} AND rel < {limit}"
_EDGE = (
    "SELECT e.src, e.rel, e.dst, min(e.known), min(r.name), min(e.at) FROM edge e"
    " JOIN role r ON r.number = e.role"
)
_EDGE_GROUP = " GROUP BY e.src, e.rel, e.dst, e.role ORDER BY e.src, e.rel, e.dst, e.role"

_ANY_FOUND = (
    "SELECT 1 FROM json_each(?) j CROSS JOIN node n ON n.number = j.value"
    f" WHERE n.found = {FOUND_VERSION} LIMIT 1"
)
FEW = 8
_FEW_FOUND = [
    f"SELECT 1 FROM node WHERE number IN ({','.join('?' * count)}) AND found = {FOUND_VERSION}"
    for count in range(FEW + 1)
]
_CANDIDATES = f"""
WITH asked AS (
  SELECT n.number, n.content, o.boot, o.mono, o.at, g.machine FROM json_each(?) j
  JOIN node n ON n.number = j.value JOIN node c ON c.number = n.content
  LEFT JOIN opening o ON o.node = n.number LEFT JOIN segment g ON g.number = o.segment
  WHERE c.size >= {SMALLEST_FOLLOWED} {{asked}})
SELECT DISTINCT a.number, o.number, a.boot, a.mono, a.at, a.machine, p.boot, p.mono, p.at,
  h.machine
FROM asked a JOIN edge e ON e.dst = a.content AND e.rel = {_SPECIALIZES}
JOIN node o ON o.number = e.src AND o.number <> a.number AND o.found IS NOT {ALIAS}
  {{other}}
LEFT JOIN opening p ON p.node = o.number LEFT JOIN segment h ON h.number = p.segment
ORDER BY 1, 2
"""

FirstSeen = dict[int, tuple[int, int, str]]
"""By boot: the monotonic and the wall-clock time of the first reading of a version, and on which
machine."""


class Edges:
    """Edges of the graph."""

    connection: Connection

    def closure(
        self,
        seeds: Sequence[int],
        direction: Direction,
        max_depth: int | None = None,
        max_nodes: int | None = None,
    ) -> tuple[list[int], list[int]]:
        """All that can be reached, seeds first, and where a limit that was asked for cut it.

        Without a limit the second list is empty. The frontier are nodes that were reached but
        not followed.
        """
        at, to = _ENDS[direction]
        if max_depth is None and max_nodes is None:
            if len(seeds) == 1:
                return [row[0] for row in self.connection.all(_FROM_ONE[direction], seeds[0])], []
            return [row[0] for row in self.connection.all(_FROM_MANY[direction], many(seeds))], []
        return self._limited(list(dict.fromkeys(seeds)), at, to, max_depth, max_nodes)

    def _limited(
        self, seeds: list[int], at: str, to: str, max_depth: int | None, max_nodes: int | None
    ) -> tuple[list[int], list[int]]:
        step = _STEP.format(at=at, to=to, among=IN, limit=FIRST_NOT_FOLLOWED)
        reached, layer, depth = dict.fromkeys(seeds), seeds, 0
        while layer:
            found = sorted(
                {row[0] for row in self.connection.all(step, many(layer))} - reached.keys()
            )
            if not found:
                break
            room = None if max_nodes is None else max_nodes - len(reached)
            if (max_depth is not None and depth >= max_depth) or (room is not None and room <= 0):
                return list(reached), self._leading_to(layer, found, at, to)
            if room is not None and len(found) > room:
                reached.update(dict.fromkeys(found[:room]))
                return list(reached), self._leading_to(layer, found[room:], at, to)
            reached.update(dict.fromkeys(found))
            layer, depth = found, depth + 1
        return list(reached), []

    def _leading_to(self, layer: list[int], cut: list[int], at: str, to: str) -> list[int]:
        """The nodes of a layer that lead to something that was cut off."""
        rows = self.connection.all(
            f"SELECT DISTINCT {at} FROM edge WHERE {at} {IN} AND rel < ? AND {to} {IN} ORDER BY 1",
            many(layer),
            FIRST_NOT_FOLLOWED,
            many(cut),
        )
        return [row[0] for row in rows]

    def edges_among(self, numbers: Sequence[int]) -> list[Edge]:
        """The edges whose both ends are among ``numbers``, whatever the relation."""
        asked = many(numbers)
        rows = self.connection.all(
            f"{_EDGE} WHERE e.src {IN} AND e.dst {IN}{_EDGE_GROUP}", asked, asked
        )
        return [_edge(row) for row in rows]

    def edges_from(self, numbers: Sequence[int]) -> list[Edge]:
        """The edges whose source is among ``numbers``, whatever the relation, by source."""
        rows = self.connection.all(
            f"{_EDGE} JOIN node n ON n.number = e.dst AND n.found IS NOT {ALIAS}"
            f" WHERE e.src {IN}{_EDGE_GROUP}",
            many(numbers),
        )
        return [_edge(row) for row in rows]

    def edges_at(self, number: int, direction: Direction) -> list[Edge]:
        """The edges that lead from ``number`` up, or down to it."""
        at, to = _ENDS[direction]
        rows = self.connection.all(
            f"{_EDGE} JOIN node n ON n.number = e.{to} AND n.found IS NOT {ALIAS}"
            f" WHERE e.{at} = ?{_EDGE_GROUP}",
            number,
        )
        return [_edge(row) for row in rows]

    def by_content(self, numbers: Sequence[int], direction: Direction) -> list[Edge]:
        """Inferred origins: ``found alternateOf occurrence`` where both have the same bytes.

        Up, the found are among ``numbers`` and the others may be their origin; down, the others
        are, and what was found may come from them. What is known to be written after the found one
        was read is never offered, nor what was found itself and was seen later: through it, what
        was written in between would be.
        """
        if not numbers or not self._may_be_by_content(numbers, direction):
            return []
        found = f"found = {FOUND_VERSION}"
        condition = (
            {"asked": f"AND n.{found}", "other": ""}
            if direction == "up"
            else {"asked": "", "other": f"AND o.{found}"}
        )
        rows = self.connection.all(_CANDIDATES.format(**condition), many(numbers))
        if direction == "up":
            pairs = [(row[0], row[1], *row[6:]) for row in rows]
        else:
            pairs = [(row[1], row[0], *row[2:6]) for row in rows]
        seen = self._first_readings({number for pair in pairs for number in pair[:2]})
        return [
            Edge(source, int(Relation.ALTERNATE_OF), target, int(Known.INFERRED), BY_CONTENT)
            for source, target, *write in pairs
            if (
                _was_seen_before(seen.get(target, {}), seen.get(source, {}))
                if write[0] is None
                else _may_be_written_before(seen.get(source, {}), *write)
            )
        ]

    def _may_be_by_content(self, numbers: Sequence[int], direction: Direction) -> bool:
        """Whether there are found versions: among ``numbers`` (up), or at all (down)."""
        if direction == "down":
            row = self.connection.one(f"SELECT 1 FROM node WHERE found = {FOUND_VERSION} LIMIT 1")
        elif len(numbers) <= FEW:
            row = self.connection.one(_FEW_FOUND[len(numbers)], *numbers)
        else:
            row = self.connection.one(_ANY_FOUND, many(numbers))
        return row is not None

    def _first_readings(self, nodes: set[int]) -> dict[int, FirstSeen]:
        """When each version was first read, by boot."""
        first: dict[int, FirstSeen] = {}
        for bound, boot, mono, at, machine in self.connection.all(
            "SELECT o.bound, o.boot, min(o.mono), min(o.at), min(g.machine) FROM opening o"
            f" JOIN segment g ON g.number = o.segment WHERE o.bound {IN} GROUP BY 1, 2",
            many(nodes),
        ):
            first.setdefault(bound, {})[boot] = (mono, at, machine)
        return first


def _was_seen_before(one: FirstSeen, other: FirstSeen) -> bool:
    """Whether a version that was found had been seen when the other was; what nobody read was."""
    if not one or not other:
        return True
    both = one.keys() & other.keys()
    if both:
        boot = min(both)
        return one[boot][0] < other[boot][0]
    return min(at for _, at, _ in one.values()) < min(at for _, at, _ in other.values())


def _may_be_written_before(seen: FirstSeen, boot: int, mono: int, at: int, machine: str) -> bool:
    """Whether a write may have come before a version was first seen.

    Between two boots of one machine its wall clock tells, which is sure enough to infer by.
    """
    if boot in seen:
        return mono <= seen[boot][0]
    readings = [when for _, when, where in seen.values() if where == machine and machine]
    return not readings or at <= min(readings)


def _edge(row: tuple[int, int, int, int, str, int | None]) -> Edge:
    source, relation, target, known, role, at = row
    return Edge(source, relation, target, known, role, at)
