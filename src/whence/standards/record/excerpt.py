"""Part of a store, as every export takes it: some nodes, what is said of them, and their edges."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from whence._base.ids import is_derived
from whence.model.kind import NodeType, is_live
from whence.standards.record.names import iri_of
from whence.store.protocol import Described, Edge, Gap, Node, Point, Store, Summary

AT_ONCE = 1000
"""How many nodes are held in memory at once."""

KEPT = 200_000
"""How many ends of edges are remembered; the same few are asked for again and again."""

PLACES = "places"
"""The attribute that keeps where an imported thing lay."""

Report = Callable[[str, int, int | None], None]

Kept = Callable[[bytes], bytes | None]
"""Gives the content with that digest where the store has kept it."""


Told = Callable[[Node], bytes | None]
"""Gives what is worked out of a run beside its record, as JSON; None where there is nothing."""


class End(NamedTuple):
    """What an edge leads to: the IRI of the node and its type."""

    iri: str
    type: NodeType


class Item(msgspec.Struct, frozen=True):
    """A node with all that is said of it. ``owner``: see the store's protocol."""

    node: Node
    iri: str
    said: Described
    metrics: list[Summary]
    edges: list[Edge]
    owner: dict[str, object]

    @property
    def places(self) -> list[str]:
        """Where a thing lies, or lay where it was imported from; the latest place first."""
        own = [os.fsdecode(place) for place in self.node.places]
        kept = self.said.attributes.get(PLACES)
        if own or not isinstance(kept, list):
            return own
        return [one for one in kept if isinstance(one, str)]

    @property
    def is_live(self) -> bool:
        """Whether it is an object in a program's memory, which ended with the program."""
        return is_live(self.node.kind, bool(self.places), self.node.digest is not None)


class Excerpt:
    """Nodes of a store by their numbers; an edge counts where both its ends are among them.

    ``subjects`` are those that were asked for. It is read a few nodes at a time, so that any
    number of them takes the same memory but for the numbers themselves. The bytes of its files come
    from ``kept`` where it is given, else from this machine's disk. ``texts`` gives the code of
    cells, which the store keeps in any case, and ``flow`` what fed what in a run.
    """

    def __init__(
        self,
        store: Store,
        numbers: Sequence[int],
        subjects: Sequence[int] = (),
        kept: Kept | None = None,
        texts: Kept | None = None,
        flow: Told | None = None,
    ) -> None:
        self.store, self.kept = store, kept
        self.texts, self.flow = texts or kept, flow
        self.numbers = array("q", sorted({*numbers, *subjects}))
        self.subjects = tuple(subjects)
        self._ends: dict[int, End] = {}

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, number: int) -> bool:
        at = bisect_left(self.numbers, number)
        return at < len(self.numbers) and self.numbers[at] == number

    def items(self, progress: Report | None = None) -> Iterator[Item]:
        """The nodes with what is said of them, by number, those first that came first."""
        for done, chunk in enumerate(_chunks(self.numbers)):
            if progress is not None:
                progress("Exporting", done * AT_ONCE, len(self.numbers))
            yield from self._items(chunk)

    def _items(self, chunk: list[int]) -> Iterator[Item]:
        nodes, said = self.store.nodes(chunk), self.store.described(chunk)
        metrics = self.store.summaries([n.number for n in nodes if n.type == NodeType.ACTIVITY])
        owners = self.store.owners([node.number for node in nodes if _has_owner(node)])
        edges: dict[int, list[Edge]] = {}
        for edge in self.store.edges_from(chunk):
            if edge.target in self:
                edges.setdefault(edge.source, []).append(edge)
        self._learn({edge.target for some in edges.values() for edge in some})
        for node in nodes:
            number = node.number
            described = said.get(number, Described())
            iri = iri_of(node.uid, described.attributes.get("iri"))
            yield Item(
                node,
                iri,
                described,
                metrics.get(number, []),
                edges.get(number, []),
                owners.get(number, {}),
            )

    def nodes(self) -> Iterator[Node]:
        """The nodes alone."""
        for chunk in _chunks(self.numbers):
            yield from self.store.nodes(chunk)

    def gaps(self) -> Iterator[Gap]:
        """What is known to be missing in the record of these nodes."""
        for chunk in _chunks(self.numbers):
            yield from self.store.gaps(chunk)

    def points(self, activity: int, key: str) -> list[Point]:
        """The points of one metric."""
        return self.store.points(activity, key)

    def end(self, number: int) -> End:
        """The IRI and type of a node, also of one that lies outside."""
        if number not in self._ends:
            self._learn({number})
        return self._ends[number]

    def _learn(self, numbers: set[int]) -> None:
        if len(self._ends) > KEPT:
            self._ends = {}
        missing = sorted(numbers - self._ends.keys())
        if not missing:
            return
        nodes = self.store.nodes(missing)
        derived = [node.number for node in nodes if is_derived(node.uid)]
        foreign = self.store.described(derived) if derived else {}
        for node in nodes:
            said = foreign.get(node.number)
            iri = iri_of(node.uid, None if said is None else said.attributes.get("iri"))
            self._ends[node.number] = End(iri, node.type)


def _has_owner(node: Node) -> bool:
    return node.type == NodeType.ACTIVITY and node.kind in ("run", "process")


def _chunks(numbers: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
