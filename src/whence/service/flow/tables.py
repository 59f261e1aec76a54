"""One run's columns from end to end: of what it read, wrote, learned from and was scored on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from whence.analysis.program import RECEIVER
from whence.analysis.site import Anchor, Site
from whence.model.kind import FILE, FIT, FRAME, MODEL, READ, WRITE
from whence.model.relation import Known, Relation
from whence.service.flow.anchors import Watched, anchor_of
from whence.service.flow.columns import GROUPS, LABELS, MOST_FOLLOWED, WEIGHTS
from whence.service.flow.edges import RunFlow
from whence.service.flow.made import Made, Part
from whence.service.flow.queries import is_query
from whence.store.protocol import Node, Store

FEATURE, LABEL, WEIGHT, GROUP = "feature", "label", "weight", "group"

MOST_FITS = 50
"""Of a run with more fits the columns of the first ones are followed."""

_BY_ARGUMENT = ("pyarrow.", "numpy.", "torch.")
"""Libraries whose writers take what they write as their first argument."""

AT_THE_END = 1 << 62


class Spot(NamedTuple):
    """A column of an entity; without a name all of it."""

    entity: int
    column: str | None = None


class Step(NamedTuple):
    """``made`` was made of ``of``. ``through`` are the statements that an inferred one rests on."""

    made: Spot
    of: Spot
    known: Known
    through: tuple[Site, ...] = ()
    role: str = ""
    run: int = 0


class Followed(NamedTuple):
    """The steps from a column up; without one the reasons why it can't be told."""

    steps: tuple[Step, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether nothing is missing: a column that was made of nothing that was read is told."""
        return not any(step.of.column is None for step in self.steps) and bool(
            self.steps or not self.reasons
        )


class Learned(NamedTuple):
    """A call that learned, the model that it made, and what the model's columns are."""

    sink: Watched
    model: int
    columns: dict[str, dict[str, Made]]


class Written(NamedTuple):
    """A table that a run wrote: its columns, and the call (if it is known) that wrote it."""

    entity: int
    columns: list[str]
    index_names: list[str]
    call: Anchor | None
    frame: int | None

    @property
    def is_method(self) -> bool:
        """Whether the call was made on the table, and not given it as its first argument."""
        return self.call is not None and not self.call.call.startswith(_BY_ARGUMENT)


class RunColumns:
    """The columns of one run."""

    def __init__(self, store: Store, flow: RunFlow) -> None:
        self._store, self.flow = store, flow
        self._whole = flow.whole
        self.join = flow.columns
        self.queries = flow.columns.making.queries
        self._sources = {one.anchor.id: one for one in flow.anchors.sources}
        self._made: dict[tuple[int, str], Made] = {}

    @property
    def run(self) -> Node:
        return self._whole.run

    @cached_property
    def read(self) -> dict[bytes, list[int]]:
        """What each read read, by its id: files, tables, data sets; else what it brought in."""
        identity = self.flow.identity
        return {
            one.anchor.id: [edge.target for edge in identity.read_by(one)]
            or identity.brought_by(one)
            for one in self.flow.anchors.sources
        }

    @cached_property
    def learned(self) -> list[Learned]:
        """The calls that learned, with the features and labels of their models."""
        models: dict[int, int] = {}
        for edge in self._whole.edges:
            # The steps of a model are generated with a role, the model itself without.
            is_made = edge.relation == Relation.WAS_GENERATED_BY and not edge.role
            if is_made and self._whole.nodes[edge.source].kind == MODEL:
                models.setdefault(edge.target, edge.source)
        fits = [sink for sink in self._fits if sink.node.number in models]
        return [
            Learned(sink, models[sink.node.number], self._columns_of(sink))
            for sink in fits[:MOST_FITS]
        ]

    @cached_property
    def by_fit(self) -> dict[int, Learned]:
        """The same by the number of the call."""
        return {learned.sink.node.number: learned for learned in self.learned}

    @property
    def fits_left_out(self) -> int:
        """How many calls learned beyond those that are followed."""
        return max(len(self._fits) - MOST_FITS, 0)

    @property
    def _fits(self) -> list[Watched]:
        return [sink for sink in self.flow.anchors.sinks if sink.node.kind == FIT]

    def _columns_of(self, call: Watched) -> dict[str, dict[str, Made]]:
        found: dict[str, dict[str, Made]] = {}
        for argument in self.join.given(call):
            columns = self.join.columns(call, argument)
            if columns:
                found.setdefault(use_of(argument), {}).update(columns)
        return found

    def of_model(self, learned: Learned, use: str, column: str) -> Followed:
        """What a feature or label of a model was made of."""
        made = learned.columns[use][column]
        return self._followed(Spot(learned.model, column), made, use)

    @cached_property
    def written(self) -> dict[int, Written]:
        """The tables that the run wrote."""
        made = [edge for edge in self._whole.edges if edge.relation == Relation.WAS_GENERATED_BY]
        told = self._store.attributes_of([edge.source for edge in made])
        writes = {edge.source: edge.target for edge in made}
        times = {edge.source: edge.at for edge in made}
        makers = self._store.attributes_of(list(writes.values()))
        found: dict[int, Written] = {}
        for entity, maker in writes.items():
            node, attributes = self._whole.nodes[entity], told.get(entity, {})
            if node.kind in (FRAME, MODEL, FILE) or attributes.get("columns") is None:
                continue
            by = self._whole.nodes.get(maker)
            if by is not None and by.kind == READ:  # the result of a query, in memory
                continue
            if by is not None and by.kind == WRITE:
                attributes = {
                    **attributes,
                    **makers.get(maker, {}),
                    "columns": told[entity]["columns"],
                }
            placed = self.flow.cells.placed(attributes, times[entity])
            found[entity] = self._table(node, placed)
        return found

    def _table(self, node: Node, told: dict[str, Any]) -> Written:
        derived = self._store.edges_at(node.number, "up")
        frames = [edge.target for edge in derived if edge.relation == Relation.WAS_DERIVED_FROM]
        index = (told.get("index") or {}).get("names") or []
        return Written(
            node.number,
            [str(name) for name in told["columns"]],
            [str(name) for name in index if name is not None],
            _written_by(node, told) if "line" in told else None,
            frames[0] if frames else None,
        )

    def of_file(self, entity: int, column: str) -> Followed:
        """What a column of a table that the run wrote was made of."""
        table = self.written.get(entity)
        if table is None:
            return Followed((), ("it was not written as a table whose columns are known",))
        if table.call is None or column not in (*table.columns, *table.index_names):
            return Followed((), (f"the table was written without a column {column}",))
        return self._followed(Spot(entity, column), self.made_of(table, column), table.call.call)

    def made_of(self, table: Written, column: str) -> Made:
        """What a column of a table that the run wrote was made of, of the reads of the run."""
        if table.call is None:
            return Made()
        key = (table.entity, column)
        if key not in self._made:
            given = RECEIVER if table.is_method else 0
            wide = len(table.columns) > MOST_FOLLOWED
            making = self.join.making
            self._made[key] = making.made_of(table.call, given, column, None, table.frame, wide)
        return self._made[key]

    @cached_property
    def applied(self) -> list[Step]:
        """The columns that each score was computed from, and each prediction was made of."""
        calls = [one for one in self.flow.anchors.others if "given" in one.attributes]
        found: list[Step] = []
        for call in (*self.flow.anchors.evaluations, *calls):
            taken = self._taken_by_model(call)
            for argument in self.join.given(call):
                for name, made in (self.join.columns(call, argument) or {}).items():
                    if taken is None or use_of(argument) != FEATURE or name in taken:
                        found += self._followed(Spot(call.node.number), made, argument).steps
        return found

    def _taken_by_model(self, call: Watched) -> list[str] | None:
        """The columns that the model takes which a call asks: it passes over others by name."""
        model = self.flow.identity.given(call, "model")
        told = {} if model is None else self._store.attributes(model)
        names = told.get("feature_names")
        return None if names is None else [str(name) for name in names]

    @cached_property
    def steps(self) -> list[Step]:
        """All steps from the columns of what the run read to what it made of them."""
        found = list(self.applied)
        for learned in self.learned:
            for use, columns in learned.columns.items():
                for column in columns:
                    found += self.of_model(learned, use, column).steps
        for entity, table in self.written.items():
            for column in table.columns:
                found += self.of_file(entity, column).steps
        return found

    def names_of(self, query: int, entity: int) -> list[str]:
        """The columns of an entity that a query used."""
        asked = (one for one in self._sources.values() if one.node.number == query)
        return [name for one in asked for name in self.queries.used(one, entity)]

    def _followed(self, made: Spot, told: Made, role: str) -> Followed:
        return Followed(tuple(self._steps(made, told, role)), told.reasons)

    def _steps(self, made: Spot, told: Made, role: str) -> Iterator[Step]:
        for part in told.parts:
            known = Known.OBSERVED if part.observed else Known.INFERRED
            through = () if part.observed else part.through
            for of in self._spots(part):
                yield Step(made, of, known, through, role, self.run.number)

    def _spots(self, part: Part) -> list[Spot]:
        """The columns of what was read that a part stands for."""
        read = self._sources[part.source]
        if part.column is None or not is_query(read.attributes):
            return [Spot(entity, part.column) for entity in self.read[part.source]]
        return [Spot(one.entity, one.column) for one in self.queries.origins(read, part.column)]

    def is_decided(self, entity: int) -> bool:
        """Whether it is known of which columns a file that the run made is made, all of them."""
        if entity in self.written:
            followed = [self.of_file(entity, name) for name in self.written[entity].columns]
            return all(one.is_told for one in followed)
        models = [edge.target for edge in self._store.edges_at(entity, "up")]
        return any(
            learned.model in models and learned.columns.get(FEATURE) and _is_told(learned)
            for learned in self.learned
        )


def use_of(argument: str) -> str:
    """What an argument of a call that learns is for."""
    if argument in LABELS:
        return LABEL
    if argument in WEIGHTS:
        return WEIGHT
    return GROUP if argument in GROUPS else FEATURE


def _is_told(learned: Learned) -> bool:
    made = (one for columns in learned.columns.values() for one in columns.values())
    return all(one.is_told or one.is_new for one in made)


def _written_by(node: Node, told: dict[str, Any]) -> Anchor:
    """The call that wrote a table, as far as the record says where it stands."""
    return anchor_of(node, told)._replace(order=told.get("mono") or AT_THE_END)
