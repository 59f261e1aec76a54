"""Learning as a whole, see `StudyStore`: each question is a few statements over a set of nodes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from whence.fold.batch import ATTRIBUTES, PARAMS
from whence.model.kind import MODEL, RUN, SECTION, STAGE, NodeType
from whence.model.relation import Relation
from whence.store.protocol import Direction, Lasting
from whence.store.sql.connection import Connection, many
from whence.store.sql.term import ALIAS

_PART_OF, _HAS_PART = int(Relation.PART_OF), int(Relation.HAS_PART)
_ENTITY = int(NodeType.ENTITY)

_MODELS = f"""
SELECT number FROM node WHERE type = {_ENTITY} AND kind = '{MODEL}' AND found IS NOT {ALIAS}
UNION SELECT node FROM refined WHERE kind = '{MODEL}' ORDER BY 1
"""

_WITH_PARAM = (
    f"SELECT DISTINCT node FROM facet WHERE space = {PARAMS} AND instr(body, ?) > 0 ORDER BY 1"
)

_WITH_ATTRIBUTE = f"""
SELECT DISTINCT coalesce(o.bound, n.number) FROM node n
CROSS JOIN facet f ON f.node = n.number AND f.space = {ATTRIBUTES} AND instr(f.body, ?) > 0
LEFT JOIN opening o ON o.node = n.number AND o.access = 'r'
WHERE n.type = {_ENTITY} AND n.kind IN ({{kinds}}) ORDER BY 1
"""
"""What is said of a read's opening is said of what was read."""

_WHOLES = f"""
WITH RECURSIVE above(activity, number, depth) AS (
  SELECT value, value, 0 FROM json_each(?) j
  UNION SELECT a.activity, e.dst, a.depth + 1 FROM above a CROSS JOIN edge e
  ON e.src = a.number AND e.rel = {_PART_OF} AND a.depth < 1000)
SELECT activity, number FROM above GROUP BY 1, 2 ORDER BY activity, min(depth), number
"""
"""Depth is bounded because a damaged journal may have a circle."""

_OUTLINES = f"""
WITH RECURSIVE part(root, number, is_section) AS (
  SELECT value, value, 1 = 0 FROM json_each(?) j
  UNION SELECT p.root, c.number, c.kind = '{SECTION}' FROM part p
  CROSS JOIN edge e ON e.src = p.number AND e.rel = {_HAS_PART} AND NOT p.is_section
  CROSS JOIN node c ON c.number = e.dst AND c.kind <> '{RUN}')
SELECT DISTINCT root, number FROM part ORDER BY 1, 2
"""

_NAMED = "({node}.name = {name} OR {node}.name >= {name} || ' ' AND {node}.name < {name} || '!')"
"""A section's name, alone or with its number behind it; ``!`` comes next after the space."""

_SECTIONS = f"""
WITH RECURSIVE part(root, number, is_found) AS (
  SELECT value, value, 1 = 0 FROM json_each(?1) j
  UNION SELECT p.root, c.number, c.kind = '{SECTION}' AND {_NAMED.format(node="c", name="?2")}
  FROM part p CROSS JOIN edge e ON e.src = p.number AND e.rel = {_HAS_PART} AND NOT p.is_found
  CROSS JOIN node c ON c.number = e.dst AND c.kind <> '{RUN}'
  AND NOT (c.kind = '{STAGE}' AND c.name <> ?3))
SELECT root, number FROM part WHERE is_found ORDER BY 1, 2
"""

_MEASURED = f"""
SELECT e.src, count(*), CAST(sum(n.ended_at - n.started_at) AS BIGINT),
  min(n.ended_at - n.started_at), max(n.ended_at - n.started_at)
FROM json_each(?1) j CROSS JOIN edge e ON e.src = j.value AND e.rel = {_HAS_PART}
CROSS JOIN node n ON n.number = e.dst
WHERE n.kind = '{SECTION}' AND {_NAMED.format(node="n", name="?2")}
  AND n.ended_at >= n.started_at
GROUP BY e.src
"""
"""How long the parts of each holder took. SQLite runs this quickest as it stands: the conditions in
WHERE, no expression more than needed, each part met once."""

_PARTS = f"""
SELECT e.src, count(*) FROM json_each(?) j CROSS JOIN edge e
ON e.src = j.value AND e.rel = {_HAS_PART} GROUP BY e.src
"""

_HOLDERS = f"""
SELECT n.number, e.src FROM json_each(?) j CROSS JOIN edge e
ON e.src = j.value AND e.rel = {_HAS_PART} CROSS JOIN node n ON n.number = e.dst
WHERE n.kind NOT IN ('{SECTION}', '{RUN}')
"""
"""The parts that may hold more of what is measured: processes, calls."""


class Study:
    """What belongs to models, for sets of nodes."""

    connection: Connection

    def models(self) -> list[int]:
        """The models, in order of arrival."""
        return [row[0] for row in self.connection.all(_MODELS)]

    def with_param(self, key: str) -> list[int]:
        """The activities that may have the parameter, see the protocol."""
        return [row[0] for row in self.connection.all(_WITH_PARAM, _bytes(key))]

    def with_attribute(self, key: str, kinds: Collection[str]) -> list[int]:
        """The entities that may have the attribute, see the protocol."""
        sql = _WITH_ATTRIBUTE.format(kinds=",".join("?" * len(kinds)))
        return [row[0] for row in self.connection.all(sql, _bytes(key), *kinds)] if kinds else []

    def linked(
        self, numbers: Sequence[int], relation: int, direction: Direction
    ) -> list[tuple[int, int]]:
        """Pairs (asked, other) that the relation joins."""
        at, to = ("src", "dst") if direction == "up" else ("dst", "src")
        return self.connection.all(
            f"SELECT DISTINCT e.{at}, e.{to} FROM json_each(?) j CROSS JOIN edge e"
            f" ON e.{at} = j.value AND e.rel = ? JOIN node n ON n.number = e.{to}"
            f" WHERE n.found IS NOT {ALIAS} ORDER BY 1, 2",
            many(numbers),
            relation,
        )

    def wholes(self, activities: Sequence[int]) -> list[tuple[int, int]]:
        """Pairs (activity, what it is part of), itself first, then the nearest."""
        return self.connection.all(_WHOLES, many(activities))

    def outlines(self, roots: Sequence[int]) -> list[tuple[int, int]]:
        """Pairs (root, part), see the protocol."""
        return self.connection.all(_OUTLINES, many(roots))

    def times_within(
        self, roots: Sequence[int], stage: str, within: str, each: str
    ) -> list[Lasting]:
        """How long the sections took, see the protocol; by root and section."""
        found = self.connection.all(_SECTIONS, many(roots), within, stage)
        holders = {section: section for _, section in found}
        measured: dict[int, tuple[int, int, int, int]] = {}
        while holders:
            rows = self.connection.all(_MEASURED, many(holders), each)
            for holder, *values in rows:
                section = holders[holder]
                measured[section] = _together(measured.get(section), tuple(values))
            counts = {row[0]: row[1] for row in rows}
            holders = self._below(holders, counts)
        return [Lasting(root, one, *measured[one]) for root, one in found if one in measured]

    def _below(self, holders: dict[int, int], measured: dict[int, int]) -> dict[int, int]:
        """The parts that may hold more, of those holders that have others than were measured."""
        parts = self.connection.all(_PARTS, many(holders))
        mixed = [holder for holder, count in parts if count > measured.get(holder, 0)]
        rows = self.connection.all(_HOLDERS, many(mixed)) if mixed else ()
        return {part: holders[holder] for part, holder in rows}


def _together(before: tuple[int, ...] | None, now: Iterable[int]) -> tuple[int, int, int, int]:
    count, total, least, most = now
    if before is None:
        return count, total, least, most
    return (
        before[0] + count, before[1] + total, min(before[2], least), max(before[3], most),
    )  # fmt: skip


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
