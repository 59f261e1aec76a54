"""To which run each node belongs, so that every fact stands in one place.

An activity belongs to the innermost run it is part of, else to the outermost activity. An entity
or agent belongs where the activity does that made it first; else the first that used it or that
it was associated with; else where that belongs which is said to come from it or consist of it.
What nothing tells belongs to itself. The answer is the number of that node, the *root*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from whence.model.kind import RUN, NodeType
from whence.model.relation import Relation
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.term import ALIAS

_ACTIVITY = int(NodeType.ACTIVITY)
_MADE, _PART_OF, _HAS_PART = (
    int(Relation.WAS_GENERATED_BY), int(Relation.PART_OF), int(Relation.HAS_PART),
)  # fmt: skip
_TAKEN = ", ".join(
    str(int(one)) for one in (Relation.USED, Relation.WAS_ASSOCIATED_WITH, Relation.HAD_PLAN)
)
_FIRST = f"""
SELECT one, other FROM (SELECT e.{{one}} AS one, e.{{other}} AS other,
  row_number() OVER (PARTITION BY e.{{one}} ORDER BY e.at IS NULL, e.at, n.uid) AS place
  FROM edge e JOIN node n ON n.number = e.{{other}} AND n.found IS NOT {ALIAS}
  WHERE e.{{one}} {IN} AND {{condition}}) ranked WHERE place = 1
"""
_MAKERS = _FIRST.format(one="src", other="dst", condition=f"e.rel = {_MADE}")
_USERS = _FIRST.format(one="dst", other="src", condition=f"e.rel IN ({_TAKEN})")
_SOURCES = _FIRST.format(
    one="dst", other="src", condition=f"e.rel NOT IN ({_TAKEN}, {_PART_OF}, {_HAS_PART})"
)
_PARENTS = _FIRST.format(one="src", other="dst", condition=f"e.rel = {_PART_OF}")
_AT_ONCE = 5_000


class Belonging:
    """Finds the root of nodes, and the nodes of a root."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def everything(self) -> Iterator[list[int]]:
        """The numbers of all nodes that stand for themselves, in portions."""
        last = 0
        while rows := self._connection.all(
            f"SELECT number FROM node WHERE number > ? AND found IS NOT {ALIAS}"
            f" ORDER BY number LIMIT {_AT_ONCE}",
            last,
        ):
            yield [row[0] for row in rows]
            last = rows[-1][0]

    def number_of(self, uid: bytes) -> int | None:
        """The node of that id, whatever it is now."""
        row = self._connection.one("SELECT number FROM node WHERE uid = ?", uid)
        return None if row is None else int(row[0])

    def uids(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The ids of nodes."""
        sql = f"SELECT number, uid FROM node WHERE number {IN}"
        return dict(self._connection.all(sql, many(numbers)))

    def roots(self, numbers: Iterable[int]) -> dict[int, int]:
        """The root of each node; aliases are left out."""
        asked = set(numbers)
        activities, others = self._by_type(asked)
        step: dict[int, int] = {}
        pending, leading = others, set(activities)
        seen: set[int] = set()
        while pending:
            seen |= pending
            found: dict[int, int] = {}
            for sql in (_MAKERS, _USERS, _SOURCES):
                rest = pending - found.keys()
                found.update(self._connection.all(sql, many(rest)) if rest else ())
            step.update(found)
            acting, rest = self._by_type(set(found.values()) - seen - leading)
            leading |= acting
            pending = rest
        top = self._tops(leading)
        return {
            number: _follow(number, lambda one: None if one in top else step.get(one), top.get)
            for number in activities | others
        }

    def _tops(self, activities: set[int]) -> dict[int, int]:
        """The root of each activity."""
        parents: dict[int, int] = {}
        runs: set[int] = set()
        seen: set[int] = set()
        pending = activities
        while pending:
            seen |= pending
            runs.update(
                row[0]
                for row in self._connection.all(
                    "SELECT n.number FROM node n LEFT JOIN refined r ON r.node = n.number"
                    f" WHERE n.number {IN} AND coalesce(r.kind, n.kind) = '{RUN}'",
                    many(pending),
                )
            )
            found = dict(self._connection.all(_PARENTS, many(pending - runs)))
            parents.update(found)
            pending = set(found.values()) - seen
        return {
            one: _follow(one, lambda at: None if at in runs else parents.get(at), lambda at: at)
            for one in activities
        }

    def activities_of(self, roots: Iterable[int]) -> dict[int, int]:
        """Every activity of some roots, with its root."""
        found: dict[int, int] = {}
        wanted = pending = set(roots)
        while pending:
            activities, _ = self._by_type(pending)
            own = {one: top for one, top in self._tops(activities).items() if top in wanted}
            found.update(own)
            rows = self._connection.all(
                f"SELECT dst FROM edge WHERE rel = {_HAS_PART} AND src {IN}", many(own)
            )
            pending = {row[0] for row in rows} - found.keys()
        return found

    def activities_among(self, numbers: Iterable[int]) -> set[int]:
        """Those of the nodes that are activities."""
        return self._by_type(set(numbers))[0]

    def entities_of(self, activities: dict[int, int], roots: Sequence[int]) -> dict[int, int]:
        """Every entity and agent of some roots, with its root; ``activities`` as above."""
        wanted = set(roots)
        found: dict[int, int] = {}
        asked = {root for root in roots if root not in activities} | self._around(activities)
        seen = set(activities)
        while asked := asked - seen:
            seen |= asked
            _, others = self._by_type(asked)
            own = {one: root for one, root in self.roots(others).items() if root in wanted}
            found.update(own)
            rows = self._connection.all(f"SELECT dst FROM edge WHERE src {IN}", many(own))
            asked = {row[0] for row in rows}
        return found

    def joined(self, activities: dict[int, int]) -> set[int]:
        """The entities that are told to be made or ended by activities."""
        rows = self._connection.all(
            f"SELECT DISTINCT src FROM edge WHERE dst {IN}", many(activities)
        )
        return self._by_type({row[0] for row in rows})[1]

    def starters(self, activities: Iterable[int]) -> set[int]:
        """What was started or ended by one of the activities: told by what that one is."""
        started, ended = int(Relation.WAS_STARTED_BY), int(Relation.WAS_ENDED_BY)
        rows = self._connection.all(
            f"SELECT src FROM edge WHERE dst {IN} AND rel IN ({started}, {ended})",
            many(activities),
        )
        return {row[0] for row in rows}

    def specializing(self, contents: Iterable[int]) -> set[int]:
        """What has the contents: its size may be known by theirs."""
        rows = self._connection.all(
            f"SELECT src FROM edge WHERE dst {IN} AND rel = {int(Relation.SPECIALIZATION_OF)}",
            many(contents),
        )
        return {row[0] for row in rows}

    def _around(self, activities: dict[int, int]) -> set[int]:
        rows = self._connection.all(
            f"SELECT dst FROM edge WHERE src {IN} UNION SELECT src FROM edge WHERE dst {IN}",
            many(activities),
            many(activities),
        )
        return {row[0] for row in rows}

    def _by_type(self, numbers: set[int]) -> tuple[set[int], set[int]]:
        """The activities among nodes, and the others; what has no type is told by its edges."""
        rows = self._connection.all(
            f"SELECT number, type FROM node WHERE number {IN} AND found IS NOT {ALIAS}",
            many(numbers),
        )
        activities = {number for number, kind in rows if kind == _ACTIVITY}
        untold = [number for number, kind in rows if kind == 0]
        if untold:
            activities |= self._acting(untold)
        return activities, {number for number, _ in rows} - activities

    def _acting(self, untold: list[int]) -> set[int]:
        """Those that their edges tell to be activities, as `Nodes` guesses."""
        rows = self._connection.all(
            f"SELECT src FROM edge WHERE src {IN} AND rel IN (1, 3, 4, 10, 16, 67, 17)"
            f" UNION SELECT dst FROM edge WHERE dst {IN} AND rel IN (2, 3, 16, 67, 65)",
            many(untold),
            many(untold),
        )
        return {row[0] for row in rows}


def _follow(start: int, step: Callable[[int], int | None], end: Callable[[int], int | None]) -> int:
    """Where the steps from ``start`` lead; of a circle its lowest number, from wherever."""
    way = [start]
    places = {start: 0}
    while (after := step(way[-1])) is not None:
        if after in places:
            return min(way[places[after] :])
        places[after] = len(way)
        way.append(after)
    last = way[-1]
    found = end(last)
    return last if found is None else found
