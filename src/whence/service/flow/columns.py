"""The columns of a source as a sink took them: what the objects said, joined by the code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from whence.analysis.program import Program
from whence.analysis.site import Anchor
from whence.model.kind import DATASET, FRAME
from whence.model.relation import Relation
from whence.query.flow import Columns
from whence.service.flow.anchors import Anchors, Watched, anchor_of
from whence.service.flow.cells import SessionCells
from whence.service.flow.identity import Identity
from whence.service.flow.join import Joined
from whence.service.flow.made import ColumnNames, Made, Making
from whence.store.protocol import Store

LABELS = frozenset({"y"})
WEIGHTS = frozenset({"sample_weight"})
GROUPS = frozenset({"groups"})
NEITHER = WEIGHTS | GROUPS
"""Arguments of a sink that are neither features nor labels."""

VALIDATED = frozenset({"eval_set", "evals", "valid_sets"})
"""Arguments with the data that a sink is checked on while it learns."""

_IN_DATA_SET = {"data": "X", "label": "y", "weight": "sample_weight", "group": "groups"}
"""What the parts of a data set of LightGBM or XGBoost are, by the names that these give them."""

MOST_FOLLOWED = 500
"""Of a sink with more features none is followed through the code: names alone decide."""


class Given(NamedTuple):
    """Where something that a sink was given stands in the code, and the object that it was."""

    anchor: Anchor
    argument: str
    position: int
    entity: int | None


class ColumnJoin:
    """Tells the columns of the edges of one run."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        program: Program,
        anchors: Anchors,
        cells: SessionCells,
    ) -> None:
        self._store, self._identity, self._cells = store, identity, cells
        self.making = Making(store, identity, program, anchors.sources)
        self._calls = {one.node.number: one for one in anchors.every}
        self._made: dict[tuple[int, str], dict[str, Made]] = {}
        self._names: dict[int, ColumnNames] = {}
        self._parts: dict[tuple[int, str], dict[str, Given]] = {}

    def told(self, joined: Joined) -> Columns:
        """What is told only where it is known: unused is a column when all that was given has
        names, and nothing that was given was made of it."""
        sink, of_source = joined.sink, self._of(joined)
        own = {source.anchor.id for source in joined.sources}
        given = self.given(sink)
        features = self._together(sink, [name for name in given if name not in LABELS | NEITHER])
        taken: dict[str, None] = {}
        derived: list[str] = []
        for feature, made in (features or {}).items():
            columns = _columns_of(made, own)
            taken.update(dict.fromkeys(columns))
            # Of a feature of which nothing is known, any source may have a part.
            if not made.is_told or (columns and columns != [feature]):
                derived.append(feature)
        others = [self._together(sink, [one for one in given if one in kind])
                  for kind in (LABELS, WEIGHTS, GROUPS)]  # fmt: skip
        named = [_all_of(one, own) for one in others]
        everything = [made for one in (features, *others) if one for made in one.values()]
        keys = self._keys(joined, own, everything)
        seen = {*taken, *keys, *(name for names in named for name in names)}
        is_known = (
            features is not None
            and others[0] is not None
            and all(one.is_told or one.is_new for one in everything)
        )
        labels, weights, groups = ([one for one in of_source if one in names] for names in named)
        return Columns(
            [name for name in of_source if name in taken],
            labels,
            [name for name in of_source if name not in seen] if is_known else [],
            derived,
            weights,
            groups,
            [name for name in of_source if name in keys],
        )

    def _keys(self, joined: Joined, sources: set[bytes], made: Iterable[Made]) -> set[str]:
        """The columns of those sources by which frames were joined or grouped on the way."""
        parts = (part for one in made for part in one.parts if part.source in sources)
        statements = dict.fromkeys(
            (*joined.through, *(site for part in parts for site in part.through))
        )
        before = joined.sink.anchor.order
        return {
            name
            for statement in statements
            for source, name in self.making.keys(statement, before)
            if source in sources
        }

    def given(self, call: Watched) -> list[str]:
        """The arguments of a call that take data; of a data set of a library its parts."""
        found: list[str] = []
        for argument in self._positions(call):
            found += self._data_set(call, argument) or [argument]
        return list(dict.fromkeys(found))

    @staticmethod
    def _positions(call: Watched) -> dict[str, int]:
        return call.attributes.get("data") or call.attributes.get("given") or {}

    def _place(self, call: Watched, argument: str) -> Given:
        """Where to look for ``argument``, one of those that ``given`` names."""
        positions = self._positions(call)
        for one in positions:
            inner = self._data_set(call, one)
            if argument in inner:
                return inner[argument]
        entity = self._identity.given(call, argument)
        return Given(call.anchor, argument, positions[argument], entity)

    def _data_set(self, call: Watched, argument: str) -> dict[str, Given]:
        """The parts that a data set was made of, where one was given as ``argument``."""
        key = (call.node.number, argument)
        if key not in self._parts:
            self._parts[key] = self._parts_of(call, self._identity.given(call, argument))
        return self._parts[key]

    def _parts_of(self, call: Watched, data_set: int | None) -> dict[str, Given]:
        if data_set is None:
            return {}
        (node,) = self._store.nodes([data_set])
        told = self._store.attributes(data_set)
        edges = self._store.edges_at(data_set, "up")
        derived = [one for one in edges if one.relation == Relation.WAS_DERIVED_FROM]
        if "line" not in told:
            return {}
        when = next((one.at for one in derived), call.node.started_at)
        placed = self._cells.placed(told, when)
        anchor = anchor_of(node, placed)._replace(order=call.anchor.order)
        return {
            _IN_DATA_SET[edge.role]: Given(anchor, edge.role, position, edge.target)
            for edge in derived
            for position, role in enumerate(_IN_DATA_SET)
            if role == edge.role
        }

    def columns(self, call: Watched, argument: str) -> dict[str, Made] | None:
        """The columns that a call was given as an argument, with what each was made of.

        An array has no names: where the code tells of which columns it was made, it is as if it
        had theirs. None where that can't be told.
        """
        key = (call.node.number, argument)
        if key not in self._made:
            self._made[key] = {}  # what would come back to itself
            names = self._named(call, argument)
            if names is None:
                found = self._unnamed(call, argument) or self._transformed(call, argument)
            else:
                found = {name: self._of_argument(call, argument, name, names) for name in names}
            self._made[key] = found or {}
        return self._made[key] or None

    def _transformed(self, call: Watched, argument: str) -> dict[str, Made] | None:
        """Of what a transformer gave the columns that it was given: each may be in any of them."""
        entity = self._place(call, argument).entity
        by = None if entity is None else self._identity.transformed_by(entity)
        transformer = self._calls.get(by or 0)
        if transformer is None or "X" not in self.given(transformer):
            return None
        return self.columns(transformer, "X")

    def _named(self, call: Watched, argument: str) -> list[str] | None:
        entity = self._place(call, argument).entity
        if entity is None:
            return None
        # The target of a library's data set is that one entity, too, with the features' names.
        kinds = (FRAME,) if argument in LABELS | NEITHER else (FRAME, DATASET)
        return self._names_of(call).of([entity], *kinds)

    def _names_of(self, call: Watched) -> ColumnNames:
        found = self._names.get(call.node.number)
        if found is None:
            given = (self._place(call, one).entity for one in self.given(call))
            entities = [entity for entity in given if entity is not None]
            found = self._names[call.node.number] = ColumnNames(self._store, entities)
        return found

    def _of_argument(
        self, call: Watched, argument: str, column: str | None, among: Sequence[str] = ()
    ) -> Made:
        given = self._place(call, argument)
        return self.making.made_of(
            given.anchor,
            given.argument,
            column,
            given.position,
            given.entity,
            by_name_only=len(among) > MOST_FOLLOWED,
        )

    def _unnamed(self, call: Watched, argument: str) -> dict[str, Made] | None:
        """The columns of an array, by those of the reads that it was made of."""
        whole = self._of_argument(call, argument, None)
        if whole.is_told:
            found: dict[str, Made] = {}
            for part in whole.parts:
                before = found.get(str(part.column), Made())
                found[str(part.column)] = Made((*before.parts, part))
            return found if self._is_all(call, argument, found) else None
        given = self._place(call, argument)
        told = self.making.layout(given.anchor, given.argument, given.position)
        if told and len(told) <= MOST_FOLLOWED:
            columns = {name: self._of_argument(call, argument, name, told) for name in told}
            return columns if self._is_all(call, argument, columns, True) else None
        sources = dict.fromkeys(part.source for part in whole.parts)
        names = [one for source in sources for one in self.making.names[source]]
        if not names or len(names) > MOST_FOLLOWED:
            return None
        tried = {
            name: self._of_argument(call, argument, name, names) for name in dict.fromkeys(names)
        }
        found = {name: made for name, made in tried.items() if _is_itself(made, name)}
        return found if found and self._is_all(call, argument, found, True) else None

    def _is_all(
        self, call: Watched, argument: str, found: dict[str, Made], must_agree: bool = False
    ) -> bool:
        """Whether as many columns were found as the call took in that argument."""
        if argument in LABELS | NEITHER:
            return len(found) == 1 or not must_agree
        number = call.attributes.get("n_features")
        return number == len(found) or (number is None and not must_agree)

    def _together(self, sink: Watched, arguments: Iterable[str]) -> dict[str, Made] | None:
        """The columns of several arguments; None where those of one can't be told."""
        found: dict[str, Made] = {}
        for argument in arguments:
            columns = self.columns(sink, argument)
            if columns is None and argument in VALIDATED:
                continue
            if columns is None:
                return None
            found.update(columns)
        return found

    def _of(self, joined: Joined) -> list[str]:
        names = (name for one in joined.sources for name in self.making.names[one.anchor.id])
        return list(dict.fromkeys(names))


def _columns_of(made: Made, sources: set[bytes]) -> list[str]:
    """The columns of those sources that something was made of."""
    return list(
        dict.fromkeys(
            part.column for part in made.parts if part.source in sources and part.column is not None
        )
    )


def _all_of(columns: dict[str, Made] | None, sources: set[bytes]) -> set[str]:
    return {name for made in (columns or {}).values() for name in _columns_of(made, sources)}


def _is_itself(made: Made, name: str) -> bool:
    return made.is_told and {part.column for part in made.parts} == {name}
