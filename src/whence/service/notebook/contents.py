"""What executions of cells read and made, by the calls within them: few statements for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from whence.model.kind import CODE, MODEL, OUTPUT, SURROUNDINGS, NodeType, is_live
from whence.model.relation import Relation
from whence.store.protocol import Edge, Node, Store

_USED, _MADE = int(Relation.USED), int(Relation.WAS_GENERATED_BY)
_BACK = frozenset(map(int, (Relation.WAS_DERIVED_FROM, Relation.WAS_REVISION_OF)))


class Call(NamedTuple):
    """A call within a cell, with what is recorded of it."""

    node: Node
    told: dict[str, Any]


class Contents(NamedTuple):
    """``used`` and ``made`` are edges between an execution (by its node's number) and an entity.

    ``entities`` are the nodes at their other ends, ``told`` what is said of these, ``calls`` the
    calls within each execution, ``handed`` the edges of the calls to what they were given,
    ``given`` what the calls gave, and ``derived`` the edges between entities.
    """

    used: list[Edge]
    made: list[Edge]
    entities: dict[int, Node]
    told: dict[int, dict[str, Any]]
    calls: dict[int, list[Call]]
    handed: dict[int, list[Edge]]
    given: dict[int, list[int]]
    derived: list[Edge]

    def is_live(self, number: int) -> bool:
        """Whether an entity is an object in the kernel's memory that is no model."""
        node = self.entities[number]
        return node.kind != MODEL and is_live(node.kind, bool(node.places), node.digest is not None)


def contents_of(store: Store, cells: Sequence[int]) -> Contents:
    """What the executions with those numbers did."""
    home = {part: cell for cell, part in store.outlines(cells)}
    acts = list(home)
    used = [edge for edge in store.edges_from(acts) if edge.relation == _USED]
    made = store.linked(acts, _MADE, "down")
    numbers = {edge.target for edge in used if edge.role != CODE} | {entity for _, entity in made}
    entities = {
        node.number: node
        for node in store.nodes(sorted(numbers))
        if node.kind not in SURROUNDINGS and node.type == NodeType.ENTITY
    }
    origins = store.edges_from(list(entities))
    told = store.attributes_of([*entities, *acts])
    calls: dict[int, list[Call]] = defaultdict(list)
    found = Contents([], [], entities, told, calls, defaultdict(list), defaultdict(list), [])
    _add_edges(found, home, used, origins)
    for node in store.nodes([act for act, cell in home.items() if act != cell]):
        calls[home[node.number]].append(Call(node, told.get(node.number, {})))
    return found


def _add_edges(
    found: Contents, home: dict[int, int], used: list[Edge], origins: list[Edge]
) -> None:
    for edge in used:
        if edge.target in found.entities:
            found.handed[edge.source].append(edge)
            found.used.append(_of_cell(edge, home[edge.source], edge.target))
    for edge in origins:
        if edge.relation == _MADE and edge.target in home:
            found.given[edge.target].append(edge.source)
            found.made.append(_of_cell(edge, edge.source, home[edge.target]))
        elif edge.relation in _BACK and edge.target in found.entities:
            found.derived.append(edge)


def _of_cell(edge: Edge, source: int, target: int) -> Edge:
    return Edge(source, edge.relation, target, edge.known, edge.role, edge.at)


def outputs_of(found: Contents) -> dict[int, list[int]]:
    """The outputs that each execution showed, by the execution's number."""
    outputs: dict[int, list[int]] = defaultdict(list)
    for edge in found.made:
        if found.entities[edge.source].kind == OUTPUT:
            outputs[edge.target].append(edge.source)
    return outputs
