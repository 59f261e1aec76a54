"""What the very objects tell: from which reads the object that a call was given came."""

from __future__ import annotations

from whence.model.kind import ARRAY, DATASET, FRAME
from whence.model.relation import Known, Relation
from whence.query.profile import Profile
from whence.service.flow.anchors import Watched
from whence.store.protocol import Edge, Store

_FOLLOWED = (int(Relation.WAS_DERIVED_FROM), int(Relation.WAS_REVISION_OF))
_MOST = 10_000

OUTPUT, TRANSFORMED = "output", "transformed"
"""The roles of what a transformer's fit gave back, and of what it made of data later."""


class Identity:
    """The objects of one run, as far as they were seen to come from one another."""

    def __init__(self, store: Store, whole: Profile, sources: list[Watched]) -> None:
        self._store = store
        self._reads = {watched.node.number: watched for watched in sources}
        self._brought: dict[int, int] = {}
        self._brought_by: dict[int, list[int]] = {}
        self._shared: dict[int, list[int]] = {}
        self._generated: set[int] = set()
        self._read_by: dict[int, list[Edge]] = {}
        self._given: dict[int, dict[str, int]] = {}
        self._outputs: dict[int, int] = {}
        self._transformed: dict[int, int] = {}
        self._nodes = whole.nodes
        self._asked: dict[int, list[Watched]] = {}
        for edge in whole.edges:
            self._learn(edge, whole)
        for entity in self._generated:
            self._shared.pop(entity, None)
        for entity, first in self._brought.items():
            for read in self._shared.get(entity, (first,)):
                self._brought_by.setdefault(read, []).append(entity)

    def _learn(self, edge: Edge, whole: Profile) -> None:
        if edge.relation == Relation.WAS_GENERATED_BY:
            if edge.target in self._reads:
                self._brought[edge.source] = edge.target
                self._generated.add(edge.source)
            elif edge.role == OUTPUT:
                self._outputs[edge.source] = edge.target
            elif edge.role == TRANSFORMED:
                self._transformed[edge.source] = edge.target
        elif edge.relation == Relation.USED:
            target = whole.nodes.get(edge.target)
            if edge.source not in self._reads:
                self._given.setdefault(edge.source, {})[edge.role] = edge.target
                return
            self._read_by.setdefault(edge.source, []).append(edge)
            if target is not None and target.kind == DATASET and not target.places:
                # A data set that ships with a library is used by its read, and is what it gave.
                self._brought.setdefault(edge.target, edge.source)
                self._shared.setdefault(edge.target, []).append(edge.source)

    def given(self, sink: Watched, argument: str) -> int | None:
        """The entity that a call was given as ``argument``, if it is known."""
        return self._given.get(sink.node.number, {}).get(argument)

    def transformed_by(self, entity: int) -> int | None:
        """The call of a transformer that gave an object, if it is known."""
        return self._outputs.get(entity, self._transformed.get(entity))

    def all_given(self, sink: Watched) -> set[int]:
        """The entities that a call was given, whatever the argument."""
        return set(self._given.get(sink.node.number, {}).values())

    def derived_from(self, entity: int) -> list[int]:
        """The objects that an object was seen to be derived from."""
        return [
            edge.target
            for edge in self._store.edges_at(entity, "up")
            if edge.relation in _FOLLOWED and edge.known == Known.OBSERVED
        ]

    def brought_by(self, read: Watched) -> list[int]:
        """The entities that a read brought in."""
        return self._brought_by.get(read.node.number, [])

    def read_by(self, read: Watched) -> list[Edge]:
        """The edges from a read to the files and tables that it read."""
        return self._read_by.get(read.node.number, [])

    def behind(self, read: Watched) -> list[Watched]:
        """The reads whose frames in memory a query asked; any other read itself."""
        found: dict[int, Watched] = {}
        waiting, seen = [read], {read.node.number}
        while waiting:
            one = waiting.pop()
            inner = self._asked.get(one.node.number)
            if inner is None:
                inner = self._asked[one.node.number] = self._asked_frames(one)
            if not inner:
                found[one.node.number] = one
            for other in inner:
                if other.node.number not in seen:
                    seen.add(other.node.number)
                    waiting.append(other)
        return list(found.values())

    def _asked_frames(self, read: Watched) -> list[Watched]:
        """The reads of the frames that a query asked, where it asked nothing else."""
        found: list[Watched] = []
        for edge in self.read_by(read):
            reads = self.reads_of(edge.target) if self._is_in_memory(read, edge.target) else None
            if reads is None:
                return []
            found += reads
        return found

    def _is_in_memory(self, read: Watched, entity: int) -> bool:
        """Whether what a read used is no file or database, and no data set of a library."""
        node, brought_by = self._nodes[entity], self._brought.get(entity)
        is_table = node.kind in (FRAME, ARRAY, DATASET) and not node.places
        return is_table and read.node.number not in self._shared.get(entity, (brought_by,))

    def reads_of(self, entity: int) -> list[Watched] | None:
        """The reads that an object came from; None when some way back is not known.

        A data set of a library is one entity however often it is loaded: where that was done in
        several places, an object does not tell which.
        """
        found: dict[int, Watched] = {}
        waiting, seen = [entity], {entity}
        while waiting:
            one = waiting.pop()
            read = self._brought.get(one)
            if read is not None:
                if self._is_from_several(one):
                    return None
                found[read] = self._reads[read]
                continue
            above = self._above(one)
            if not above or len(seen) > _MOST:
                return None
            waiting += [target for target in above if target not in seen]
            seen.update(above)
        return list(found.values())

    def _is_from_several(self, entity: int) -> bool:
        """Whether calls in several places brought in the same."""
        return len({self._reads[read].way for read in self._shared.get(entity, ())}) > 1

    def _above(self, entity: int) -> list[int]:
        if entity in self._outputs:
            # What a transformer gave depends on all that its fit was given.
            return list(self._given.get(self._outputs[entity], {}).values())
        return self.derived_from(entity)
