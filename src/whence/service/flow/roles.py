"""What data are to a model that is evaluated on them: training, validation or test data.

A split says so: of what `train_test_split` gave, or the folds of a splitter, one part is for
training and the other for testing. The test part of a training part, or the training part of a
test part, is for validation. A part is known by the very object where it was seen, else by the code
between the split and the call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from whence._base.errors import AnalysisError
from whence.analysis.part import Part, PartFlow
from whence.analysis.site import Site
from whence.model.kind import CALL, FIT
from whence.model.relation import Relation
from whence.service.flow.anchors import Anchors, Watched
from whence.service.flow.identity import Identity
from whence.store.protocol import Node, Store

Side = Literal["train", "test"]
Judged = Literal["train", "validation", "test"]

ARRAYS, FOLDS = "arrays", "folds"
"""What a split gives: two parts of each array in turn, or pairs of indices."""

_MOST_SPLITS = 8


class Sided(NamedTuple):
    """On which sides of splits data lie, the outermost split first, and how that is known."""

    sides: tuple[Side, ...] = ()
    observed: bool = True
    through: tuple[Site, ...] = ()

    @property
    def role(self) -> Judged | None:
        """What the sides come to; None where no split is known."""
        if not self.sides:
            return None
        first = self.sides[0]
        return first if all(side == first for side in self.sides) else "validation"


_NOWHERE = Sided()


class Roles:
    """Tells of the arguments of calls of one run on which side of a split they lie."""

    def __init__(
        self, store: Store, identity: Identity, anchors: Anchors, modules: dict[str, Any]
    ) -> None:
        self._store, self._identity = store, identity
        self._by_number = {watched.node.number: watched for watched in anchors.every}
        self._splits = {w.anchor.id: w for w in anchors.others if "splits" in w.attributes}
        others = [watched.anchor for watched in anchors.every]
        splits = [watched.anchor for watched in self._splits.values()]
        self._flow = PartFlow(modules, splits, others)
        self._known: dict[tuple[int, str | int], Sided] = {}

    def of(self, watched: Watched, argument: str, depth: int = 0) -> Sided:
        """On which sides of splits an argument of a call lies."""
        position = watched.attributes.get("data", watched.attributes.get("given", {}))[argument]
        entity = self._identity.given(watched, argument)
        found = _NOWHERE if entity is None else self._seen(entity, depth)
        return found if found.sides else self._followed(watched, (argument, position), depth)

    def _seen(self, entity: int, depth: int) -> Sided:
        """What the object and those that it was derived from say of themselves."""
        sides: list[Side] = []
        waiting, seen = [entity], {entity}
        while waiting:
            one = waiting.pop()
            side = self._store.attributes(one).get("split")
            if side in ("train", "test"):
                sides.insert(0, side)
            for edge in self._store.edges_at(one, "up"):
                if edge.relation == Relation.WAS_DERIVED_FROM and edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
                elif edge.relation == Relation.WAS_GENERATED_BY and not sides:
                    before = self._maker(edge.target, depth)
                    if before.sides:
                        return before
        return Sided(tuple(sides))

    def _maker(self, activity: int, depth: int) -> Sided:
        """Of what a transformer gave: where that lies which it was given."""
        maker = self._by_number.get(activity)
        if maker is None or maker.node.kind not in (CALL, FIT) or depth >= _MOST_SPLITS:
            return _NOWHERE
        given = maker.attributes.get("data", maker.attributes.get("given"))
        return self.of(maker, next(iter(given)), depth + 1) if given else _NOWHERE

    def _followed(self, watched: Watched, names: tuple[str, int], depth: int) -> Sided:
        """What the code between a split and the call says."""
        if not self._splits:
            return _NOWHERE
        for name in names:
            key = (watched.node.number, name)
            if key not in self._known:
                self._known[key] = self._through_code(watched, name, depth)
            if self._known[key].sides:
                return self._known[key]
        return _NOWHERE

    def _through_code(self, watched: Watched, name: str | int, depth: int) -> Sided:
        try:
            parts = self._flow.parts(watched.anchor, name)
        except AnalysisError:
            return _NOWHERE
        found = [self._side(part, depth) for part in parts]
        if not found or len({one.sides for one in found}) > 1:
            return _NOWHERE
        sites = dict.fromkeys(site for one in found for site in one.through)
        return Sided(found[0].sides, False, tuple(sites))

    def _side(self, part: Part, depth: int) -> Sided:
        """The side that a part lies on, after those on which the data lie that were split."""
        if part.number is None or depth >= _MOST_SPLITS:
            return _NOWHERE
        split = self._splits[part.split.id]
        side: Side = "test" if part.number % 2 else "train"
        array = part.number // 2 if split.attributes["splits"] == ARRAYS else 0
        before = self._followed(split, ("X", array), depth + 1)
        return Sided((*before.sides, side), False, (*part.through, *before.through))


def generators(store: Store, entity: int, wanted: Sequence[str]) -> list[Node]:
    """The activities of those kinds that made an entity."""
    edges = store.edges_at(entity, "up")
    makers = [edge.target for edge in edges if edge.relation == Relation.WAS_GENERATED_BY]
    return [node for node in store.nodes(makers) if node.kind in wanted]
