"""The way of a column across runs: up to the columns it was made of, down to what it reaches."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from whence.model.kind import CALL, FIT, MODEL, READ, SCORE, WRITE, NodeType
from whence.model.relation import Known, Relation
from whence.query.diff import Kept
from whence.query.profile import whole_run
from whence.service.flow.flows import Flows
from whence.service.flow.queries import is_query
from whence.service.flow.tables import Followed, RunColumns, Spot, Step
from whence.store.protocol import Edge, Node, Store

MOST_RUNS = 50
"""Of a way through more runs the rest is told as a gap."""

MOST_SPOTS = 20_000

BY_CONTENT = "by content"

_COPIED = (int(Relation.WAS_DERIVED_FROM), int(Relation.WAS_REVISION_OF))
_CALLS = frozenset({FIT, SCORE, CALL, READ, WRITE})


class Missing(NamedTuple):
    """What could not be told of a column: of the activity or entity ``subject``."""

    spot: Spot
    reasons: tuple[str, ...]


class Trail:
    """Walks the columns of one store. What was followed once is not followed again."""

    def __init__(self, store: Store, kept: Kept, flows: Flows | None = None) -> None:
        self._store, self._flows = store, flows or Flows(store, kept)
        self._runs: dict[int, RunColumns | None] = {}
        self.node = cache(self._node)
        self.above = cache(self._above)

    @property
    def runs(self) -> list[RunColumns]:
        """The runs whose columns were followed."""
        return [run for run in self._runs.values() if run is not None]

    @property
    def runs_left_out(self) -> int:
        return sum(run is None for run in self._runs.values())

    def run_of(self, number: int) -> RunColumns | None:
        """The run that an entity was made by, or that an activity is part of."""
        run = whole_run(self._store, self.node(number))
        if run is None:
            return None
        if run.number not in self._runs:
            is_one_more = len(self.runs) < MOST_RUNS
            self._runs[run.number] = self._flows.of(run) if is_one_more else None
        return self._runs[run.number]

    def up(self, starts: Iterable[Step]) -> tuple[list[Step], list[Missing]]:
        """All steps upstream, those given included, and what could not be followed."""
        steps: dict[tuple[Spot, Spot], Step] = {}
        missing: dict[Spot, Missing] = {}
        waiting = deque(starts)
        seen: set[Spot] = set()
        while waiting and len(seen) < MOST_SPOTS:
            step = waiting.popleft()
            steps.setdefault((step.made, step.of), step)
            if step.of in seen:
                continue
            seen.add(step.of)
            found = self.above(step.of)
            if found.reasons and not found.steps:
                missing[step.of] = Missing(step.of, found.reasons)
            waiting += found.steps
        if waiting:
            missing[waiting[0].of] = Missing(
                waiting[0].of, ("there are too many columns upstream",)
            )
        return list(steps.values()), list(missing.values())

    def _above(self, spot: Spot) -> Followed:
        """The steps from a column of a file or table to those it was made of."""
        if spot.column is None:
            return Followed((), ("which of its columns count can't be told",))
        copies = self._copied(spot)
        if copies:
            return Followed(tuple(copies))
        node = self.node(spot.entity)
        if not self._is_written(node):
            return Followed()
        run = self.run_of(spot.entity)
        return Followed() if run is None else run.of_file(spot.entity, spot.column)

    def _is_written(self, node: Node) -> bool:
        made = int(Relation.WAS_GENERATED_BY)
        return any(edge.relation == made for edge in self._store.edges_at(node.number, "up"))

    def _copied(self, spot: Spot) -> list[Step]:
        """The same column of what a file is a copy or a later version of."""
        found = [
            Step(spot, Spot(edge.target, spot.column), Known.INFERRED, (), _term(edge))
            for edge in self._store.edges_at(spot.entity, "up")
            if edge.relation in _COPIED and self.node(edge.target).places
        ]
        found += [
            Step(spot, Spot(edge.target, spot.column), Known.INFERRED, (), BY_CONTENT)
            for edge in self._store.by_content([spot.entity], "up")
        ]
        return found

    def below(self, spot: Spot) -> list[Step]:
        """The steps from a column, or a whole entity, to what was made of it at once."""
        node = self.node(spot.entity)
        found = self._copies(spot) if node.type == NodeType.ENTITY else []
        if spot.column is None:
            found += self._of_object(spot)
        for run in self._readers(spot.entity):
            found += [
                step
                for step in run.steps
                if step.of.entity == spot.entity and step.of.column in (spot.column, None)
            ]
        return list({(step.made, step.of): step for step in found}.values())

    def _copies(self, spot: Spot) -> list[Step]:
        """The same column of the copies and later versions of a table."""
        if spot.column is not None and self.node(spot.entity).kind == MODEL:
            return []
        found = [
            Step(Spot(edge.source, spot.column), spot, Known.INFERRED, (), _term(edge))
            for edge in self._store.edges_at(spot.entity, "down")
            if edge.relation in _COPIED and self.node(edge.source).places
        ]
        found += [
            Step(Spot(edge.source, spot.column), spot, Known.INFERRED, (), BY_CONTENT)
            for edge in self._store.by_content([spot.entity], "down")
        ]
        return found

    def _readers(self, entity: int) -> list[RunColumns]:
        """The runs that read it, or that hold it in memory."""
        users = [
            edge.source
            for edge in self._store.edges_at(entity, "down")
            if edge.relation == Relation.USED and self.node(edge.source).kind == READ
        ]
        runs = [self.run_of(number) for number in users]
        return list({run.run.number: run for run in runs if run is not None}.values())

    def _of_object(self, spot: Spot) -> list[Step]:
        """From a model, a prediction or a call on to what was made of it, by the objects seen."""
        found: list[Step] = []
        for edge in self._store.edges_at(spot.entity, "down"):
            node = self.node(edge.source)
            is_passed_on = {
                int(Relation.USED): node.kind in _CALLS,
                int(Relation.WAS_GENERATED_BY): True,
                **dict.fromkeys(_COPIED, node.kind == MODEL or not node.places),
            }
            if is_passed_on.get(edge.relation):
                found.append(_seen(edge))
        return found

    def names(self, entity: int) -> list[str]:
        """The columns of a table, as far as it was read or written as one."""
        store = self._store
        entities = [entity, *(edge.source for edge in store.by_content([entity], "down"))]
        entities += [edge.target for edge in store.by_content([entity], "up")]
        tables, queried = list(dict.fromkeys(entities)), list[str]()
        for one in entities:
            for used in store.edges_at(one, "down"):
                if used.relation == Relation.USED and self.node(used.source).kind == READ:
                    if not is_query(store.attributes(used.source)):
                        tables += [edge.source for edge in store.edges_at(used.source, "down")]
                        continue
                    run = self.run_of(used.source)
                    queried += [] if run is None else run.names_of(used.source, one)
        told = store.attributes_of(tables)
        found = (name for one in tables for name in told.get(one, {}).get("columns") or ())
        return list(dict.fromkeys((*(str(name) for name in found if name is not None), *queried)))

    def _node(self, number: int) -> Node:
        (node,) = self._store.nodes([number])
        return node


def _seen(edge: Edge) -> Step:
    return Step(Spot(edge.source), Spot(edge.target), Known(edge.known), (), edge.role)


def _term(edge: Edge) -> str:
    return Relation(edge.relation).term
