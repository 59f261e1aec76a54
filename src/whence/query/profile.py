"""A run as a whole: all its parts, what they used and made, and the entities of each role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from whence.model.kind import CODE, COMMIT, DIFF, ENVIRONMENT
from whence.model.relation import Relation
from whence.store.protocol import Edge, Node, Store

_USED, _MADE, _PARTS = int(Relation.USED), int(Relation.WAS_GENERATED_BY), int(Relation.HAS_PART)
IN_MEMORY = frozenset({"frame", "array", "column"})
_NOT_DATA = frozenset({CODE, COMMIT, DIFF, ENVIRONMENT}) | IN_MEMORY


@dataclass(slots=True)
class Profile:
    """``edges`` are all edges at the run and its parts; ``nodes`` their other ends, by number."""

    run: Node
    parts: list[int]
    edges: list[Edge]
    nodes: dict[int, Node] = field(default_factory=dict)

    @property
    def made(self) -> dict[int, Edge]:
        """What the run made, with the edge that says so."""
        return _first((edge.source, edge) for edge in self.edges if edge.relation == _MADE)

    @property
    def used(self) -> dict[int, Edge]:
        """What the run used, with the edge that says so."""
        return _first((edge.target, edge) for edge in self.edges if edge.relation == _USED)

    def inputs(self) -> list[tuple[Node, Edge]]:
        """The data that came from outside of the run, in order of use."""
        made = self.made
        return [
            (self.nodes[number], edge)
            for number, edge in self.used.items()
            if number not in made and self.nodes[number].kind not in _NOT_DATA and edge.role != CODE
        ]

    def outputs(self) -> list[tuple[Node, Edge]]:
        """What the run made that outlives it, in order of making."""
        return [
            (self.nodes[number], edge)
            for number, edge in self.made.items()
            if self.nodes[number].kind not in IN_MEMORY
        ]

    def of_kind(self, kind: str) -> list[Node]:
        """The entities of a kind (``code``, ``commit``, ``environment``) that the run used."""
        return [
            self.nodes[number]
            for number, edge in self.used.items()
            if self.nodes[number].kind == kind or (kind == CODE and edge.role == CODE)
        ]


def profile(store: Store, run: Node) -> Profile:
    """All that a run and its parts did."""
    parts, edges = [run.number], []
    for part in parts:
        for edge in store.edges_at(part, "up"):
            if edge.relation == _PARTS:
                parts.append(edge.target)
            else:
                edges.append(edge)
        edges.extend(e for e in store.edges_at(part, "down") if e.relation != _PARTS)
    whole = Profile(run, parts, edges)
    ends = {end for edge in edges for end in (edge.source, edge.target)} - {run.number}
    whole.nodes = {node.number: node for node in store.nodes(sorted(ends))}
    whole.nodes[run.number] = run
    return whole


def _first(pairs: Iterable[tuple[int, Edge]]) -> dict[int, Edge]:
    first: dict[int, Edge] = {}
    for number, edge in pairs:
        first.setdefault(number, edge)
    return first
