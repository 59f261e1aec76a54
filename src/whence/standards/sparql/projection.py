"""The statements of each run, ready for a named graph of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from whence._base.errors import DocumentError
from whence._base.ids import format_id, parse_id
from whence.model.kind import NodeType
from whence.standards.prov.rdf import project
from whence.standards.prov.statement import PROV, XSD, Literal, Name, Statement, Value
from whence.standards.record.excerpt import AT_ONCE, Excerpt, Item, Report
from whence.standards.record.names import GAP, below
from whence.standards.record.outward import statements
from whence.standards.vocabulary import terms
from whence.store.mirrored import Belonging
from whence.store.protocol import Described, Edge, Gap, Store

GRAPH = "https://w3id.org/whence/graph/"
"""Before ``_`` and the id of the run (or of what belongs to no run) whose named graph it is."""


def graph_of(uid: bytes) -> str:
    """The IRI of the named graph of a root."""
    return f"{GRAPH}_{format_id(uid)}"


def uid_of_graph(iri: str) -> bytes | None:
    """The id of the root that a named graph is of."""
    start = f"{GRAPH}_"
    return parse_id(iri[len(start) :]) if iri.startswith(start) else None


class Projection:
    """Writes the graphs of roots (see `Belonging`) as N-Quads."""

    def __init__(self, store: Store, belonging: Belonging) -> None:
        self._store, self._belonging = store, belonging

    def nquads(self, roots: Sequence[int]) -> bytes:
        """The graphs of these roots; how much of one RDF can't hold is said in it, as a gap."""
        names = {one: graph_of(uid) for one, uid in self._belonging.uids(roots).items()}
        said: dict[int, list[Statement]] = {root: [] for root in roots}
        for root, statement in self._statements(roots):
            said[root].append(msgspec.structs.replace(statement, bundle=names[root]))
        everything = [one for some in said.values() for one in some]
        try:
            return b"".join(project(everything))
        except DocumentError:
            held = [one for one in everything if _is_rdf(one)]
        lost = Counter(one.bundle for one in everything)
        lost.subtract(one.bundle for one in held)
        gaps = [_left_out(graph, count) for graph, count in sorted(lost.items()) if count]
        return b"".join(project(held + gaps))

    def _statements(self, roots: Sequence[int]) -> Iterator[tuple[int, Statement]]:
        activities = self._belonging.activities_of(roots)
        entities = self._belonging.entities_of(activities, roots)
        around = self._belonging.joined(activities)
        excerpt = _WithAllEdges(self._store, [*activities, *entities, *around])
        for item in excerpt.items():
            number = item.node.number
            if number in activities:
                for one in statements(_Part(excerpt, [item])):
                    yield activities[number], one
            else:
                yield from _routed(excerpt, item, entities.get(number), activities)
        yield from self._gaps(excerpt, activities | entities)

    def _gaps(self, excerpt: Excerpt, roots: dict[int, int]) -> Iterator[tuple[int, Statement]]:
        found: dict[int, list[Gap]] = defaultdict(list)
        numbers = sorted(roots)
        for start in range(0, len(numbers), AT_ONCE):
            for gap in self._store.gaps(numbers[start : start + AT_ONCE]):
                owner = gap.activity if gap.subject is None else gap.subject
                if owner is not None and owner in roots:
                    found[roots[owner]].append(gap)
        for root, gaps in found.items():
            gaps.sort(key=repr)
            for one in statements(_Part(excerpt, gaps=gaps)):
                yield root, one


def _left_out(graph: str, count: int) -> Statement:
    """The gap that says how many statements of a graph have names or values that RDF has not."""
    said: tuple[tuple[str, Value], ...] = (
        (PROV + "type", Name(terms.GAP)),
        (terms.GAP_CODE, Literal("not-in-rdf")),
        (terms.COUNT, Literal(str(count), XSD + "integer")),
    )
    return Statement("entity", below(graph, GAP, "not-in-rdf"), (), said, graph)


def _routed(
    excerpt: Excerpt, item: Item, home: int | None, activities: dict[int, int]
) -> Iterator[tuple[int, Statement]]:
    """What is said of an entity, by root: each edge to an activity goes where that belongs."""
    own: list[Edge] = []
    apart: dict[int, list[Edge]] = defaultdict(list)
    for edge in item.edges:
        if excerpt.end(edge.target).type != NodeType.ACTIVITY:
            own.append(edge)
        elif edge.target in activities:
            apart[activities[edge.target]].append(edge)
    if home is not None:
        whole = msgspec.structs.replace(item, edges=own + apart.pop(home, []))
        for one in statements(_Part(excerpt, [whole])):
            yield home, one
    for root, edges in apart.items():
        bare = Item(item.node, item.iri, Described(), [], edges, {})
        for one in islice(statements(_Part(excerpt, [bare])), 1, None):
            yield root, one


class _WithAllEdges(Excerpt):
    """An excerpt whose edges may lead out of it."""

    def __contains__(self, number: int) -> bool:
        return True


class _Part(Excerpt):
    """Some items, or some gaps, of an excerpt."""

    def __init__(
        self, excerpt: Excerpt, items: Sequence[Item] = (), gaps: Sequence[Gap] = ()
    ) -> None:
        self.store, self.end = excerpt.store, excerpt.end  # type: ignore[method-assign]
        self._chosen, self._missing = items, gaps

    def items(self, progress: Report | None = None) -> Iterator[Item]:
        return iter(self._chosen)

    def gaps(self) -> Iterator[Gap]:
        return iter(self._missing)


def _is_rdf(statement: Statement) -> bool:
    try:
        b"".join(project([statement]))
    except DocumentError:
        return False
    return True
