"""A run as a whole: all its parts, what they used and made, and the entities of each role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from whence.model.kind import CODE, OUTPUT, RUN, SURROUNDINGS, NodeType, is_live
from whence.model.relation import Relation
from whence.store.protocol import Edge, Node, Store

_USED, _MADE, _PARTS = int(Relation.USED), int(Relation.WAS_GENERATED_BY), int(Relation.HAS_PART)


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
            if number not in made and self._is_data(self.nodes[number], edge)
        ]

    def outputs(self) -> list[tuple[Node, Edge]]:
        """What the run made that outlives it, in order of making. What a cell of a notebook
        displayed is told with the cell: there may be thousands."""
        return [
            (self.nodes[number], edge)
            for number, edge in self.made.items()
            if self.nodes[number].kind != OUTPUT and not _lives_in_memory(self.nodes[number])
        ]

    @staticmethod
    def _is_data(node: Node, edge: Edge) -> bool:
        return node.kind not in SURROUNDINGS and edge.role != CODE and not _lives_in_memory(node)

    @property
    def concerned(self) -> list[int]:
        """What a gap may be about that concerns the run: it, its parts, what they used and made."""
        return list(dict.fromkeys([*self.parts, *self.used, *self.made]))

    def of_kind(self, kind: str) -> list[Node]:
        """The entities of a kind (``code``, ``commit``, ``environment``) that the run used."""
        return [
            self.nodes[number]
            for number, edge in self.used.items()
            if self.nodes[number].kind == kind or (kind == CODE and edge.role == CODE)
        ]


def profile(store: Store, run: Node) -> Profile:
    """All that a run and its parts did."""
    (whole,) = profiles(store, [run])
    return whole


def profiles(store: Store, runs: Sequence[Node]) -> list[Profile]:
    """All that each of some runs did; a node that several share is read once."""
    return with_nodes(store, [_without_nodes(store, run) for run in runs])


def with_nodes(store: Store, found: list[Profile]) -> list[Profile]:
    """The profiles with the nodes at the ends of their edges, read at once for all of them."""
    ends = {end for one in found for edge in one.edges for end in (edge.source, edge.target)}
    nodes = {node.number: node for node in store.nodes(sorted(ends))}
    for one in found:
        own = {end for edge in one.edges for end in (edge.source, edge.target)}
        one.nodes = {number: nodes[number] for number in sorted(own) if number in nodes}
        one.nodes[one.run.number] = one.run
    return found


def _without_nodes(store: Store, run: Node) -> Profile:
    parts, edges = [run.number], []
    for part in parts:
        for edge in store.edges_at(part, "up"):
            if edge.relation == _PARTS:
                parts.append(edge.target)
            else:
                edges.append(edge)
        edges.extend(e for e in store.edges_at(part, "down") if e.relation != _PARTS)
    return Profile(run, parts, edges)


def surrounding_run(store: Store, around: Profile) -> Node | None:
    """The run in which the run took place, such as that of the launched script; None for most."""
    part_of = int(Relation.PART_OF)
    above = [
        e.target for e in around.edges if e.relation == part_of and e.source == around.run.number
    ]
    seen = {around.run.number}
    while above:
        seen.update(above)
        nodes = store.nodes(above)
        found = next((n for n in nodes if n.kind == RUN and n.type == NodeType.ACTIVITY), None)
        if found is not None:
            return found
        above = [
            e.target
            for number in above
            for e in store.edges_at(number, "up")
            if e.relation == part_of and e.target not in seen
        ]
    return None


def whole_run(store: Store, node: Node) -> Node | None:
    """The run that ``node`` is, is part of, or was made by; None when there is none."""
    ways = (_MADE, int(Relation.PART_OF))
    open_, seen = [node], {node.number}
    for one in open_:
        if one.kind == RUN and one.type == NodeType.ACTIVITY:
            return one
        above = [e.target for e in store.edges_at(one.number, "up") if e.relation in ways]
        fresh = [number for number in above if number not in seen]
        seen.update(fresh)
        open_.extend(store.nodes(fresh))
    return None


def _lives_in_memory(node: Node) -> bool:
    return is_live(node.kind, bool(node.places), node.digest is not None)


def _first(pairs: Iterable[tuple[int, Edge]]) -> dict[int, Edge]:
    first: dict[int, Edge] = {}
    for number, edge in pairs:
        first.setdefault(number, edge)
    return first
