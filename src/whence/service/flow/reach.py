"""What one column of a table reaches, across runs; and what it may reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from whence._base.ids import format_id
from whence.model.kind import CALL, MODEL, READ, SCORE, NodeType
from whence.model.relation import Known, Relation
from whence.query.answer import AnswerEdge, AnswerNode, Completeness, GapNote
from whence.query.cells import in_words, is_cells
from whence.query.columns import Reached
from whence.query.completeness import completeness
from whence.query.diff import Kept
from whence.query.ground import Ground
from whence.query.plain import clean, plain
from whence.service.flow.tables import RunColumns, Spot
from whence.service.flow.told import UNRESOLVED, Told
from whence.service.flow.trail import MOST_SPOTS, Trail
from whence.store.protocol import Store

UNDECIDED = "reach-undecided"
"""The gap of what a column may reach."""

PREDICTION = "prediction"

_NOT_TOLD = "it was made of this table, by which of its columns could not be told"
_NOT_FOLLOWED = "the run made it after it had read what is reached; of what could not be told"


class ColumnReach(NamedTuple):
    """What a column reaches, with the nodes and edges on the way and their grounds."""

    nodes: list[AnswerNode]
    edges: list[AnswerEdge]
    completeness: Completeness
    reached: list[Reached]
    grounds: list[Ground]


class Reach:
    """Walks down from the columns ``starts``, which are one column in several versions."""

    def __init__(self, store: Store, kept: Kept, starts: Sequence[Spot]) -> None:
        self._store = store
        self._trail = Trail(store, kept)
        self._told = Told(store, self._trail, kept)
        self._sure: dict[Spot, Known] = dict.fromkeys(starts, Known.OBSERVED)
        self._may: dict[Spot, str] = {}
        self._roles: dict[Spot, str] = {}
        self._starts = list(starts)
        self.subjects = [self._told.add(start) for start in starts]
        self._walk()
        self._walk_unsure()

    def answer(self) -> ColumnReach:
        reached = [one for spot, known in self._sure.items() if (one := self._reached(spot, known))]
        nodes = self._told.nodes()
        subjects = set(self.subjects)
        ordered = sorted(nodes, key=lambda node: node.id not in subjects)
        return ColumnReach(
            ordered, self._told.edges(), self._completeness(), reached, self._told.grounds()
        )

    def _walk(self) -> None:
        """What is reached for certain; what was made of a table as a whole is set aside."""
        waiting = list(self._sure)
        for spot in waiting:
            waiting += self._into_model(spot)
            for step in self._trail.below(spot):
                if step.of.column is None and spot.column is not None:
                    self._may.setdefault(step.made, _NOT_TOLD)
                    continue
                self._told.add_step(step)
                self._roles.setdefault(step.made, step.role)
                if len(self._sure) >= MOST_SPOTS:
                    self._may.setdefault(step.made, "there is too much downstream to follow it all")
                elif step.made not in self._sure:
                    self._sure[step.made] = max(self._sure[spot], step.known)
                    waiting.append(step.made)

    def _into_model(self, spot: Spot) -> list[Spot]:
        """The model that the column is a feature or label of."""
        whole = Spot(spot.entity)
        is_feature = spot.column is not None and self._trail.node(spot.entity).kind == MODEL
        if not is_feature or whole in self._sure:
            return []
        self._sure[whole] = self._sure[spot]
        return [whole]

    def _walk_unsure(self) -> None:
        """What may be reached: below what may be, and what a run made nobody knows of what."""
        for run in self._runs():
            for node, _ in run.flow.whole.outputs():
                whole, is_reached = Spot(node.number), self._is_reached(node.number)
                if not is_reached and not run.is_decided(node.number):
                    self._may.setdefault(whole, _NOT_FOLLOWED)
        waiting = [spot for spot in self._may if spot not in self._sure]
        for spot in waiting:
            for step in self._trail.below(spot):
                if step.made not in self._sure and step.made not in self._may:
                    self._may[step.made] = f"it was made of {self._name(spot)}, which may be"
                    waiting.append(step.made)

    def _is_reached(self, entity: int) -> bool:
        return any(spot.entity == entity for spot in self._sure)

    def _runs(self) -> list[RunColumns]:
        """The runs that used anything that is reached."""
        found: dict[int, RunColumns] = {}
        for entity in dict.fromkeys(spot.entity for spot in self._sure):
            for edge in self._store.edges_at(entity, "down"):
                run = self._trail.run_of(edge.source) if edge.relation == Relation.USED else None
                if run is not None:
                    found.setdefault(run.run.number, run)
        return list(found.values())

    def _reached(self, spot: Spot, known: Known) -> Reached | None:
        node, told = self._trail.node(spot.entity), self._attributes(spot.entity)
        kind = self._kind(spot)
        if kind is None or spot in self._starts:
            return None
        if spot.column is None:
            name, of = clean(node.name), ""
        else:
            name, of = clean(spot.column), clean(node.name)
        by_maker = kind == PREDICTION or (spot.column is not None and node.kind == MODEL)
        site = self._made_by(spot) if by_maker else told
        return Reached(
            self._told.id(spot), kind, name, of, known.term,  # type: ignore[arg-type]
            str(site.get("file", "")), site.get("line"), plain(told.get("value")),
            site.get("cell", UNSET),
        )  # fmt: skip

    def _made_by(self, spot: Spot) -> dict[str, Any]:
        """The place of the call that made a model or a prediction."""
        for edge in self._store.edges_at(spot.entity, "up"):
            if edge.relation == Relation.WAS_GENERATED_BY:
                return self._attributes(edge.target)
        return {}

    def _kind(self, spot: Spot) -> str | None:
        """What it is to the one who asks; None for what only lies on the way."""
        node = self._trail.node(spot.entity)
        if spot.column is not None:
            return self._roles.get(spot) if node.kind == MODEL else "column"
        if node.type == NodeType.ACTIVITY:
            return "metric" if node.kind == SCORE else None
        if node.kind == MODEL:
            return "model"
        if node.places:
            return "file"
        return PREDICTION if self._is_prediction(spot.entity) else None

    def _is_prediction(self, entity: int) -> bool:
        return any(
            edge.relation == Relation.WAS_GENERATED_BY
            and edge.role == PREDICTION
            and self._trail.node(edge.target).kind == CALL
            for edge in self._store.edges_at(entity, "up")
        )

    def _completeness(self) -> Completeness:
        """The gaps of what is reached, of the runs on the way, and of what may be reached."""
        runs = [run.run.number for run in self._trail.runs]
        entities = [spot.entity for spot in self._sure]
        own = completeness(self._store, list(dict.fromkeys([*runs, *entities])))
        gaps = [*own.gaps, *(self._gap(*one) for one in self._shown())]
        if self._trail.runs_left_out:
            reason = "there are more runs downstream than columns are followed through"
            gaps.append(GapNote(UNRESOLVED, None, self._trail.runs_left_out, reason))
        return Completeness(not gaps, [], gaps)

    def _shown(self) -> list[tuple[Spot, str]]:
        return [
            (spot, reason)
            for spot, reason in self._may.items()
            if spot not in self._sure and self._kind(spot) is not None
        ]

    def _gap(self, spot: Spot, reason: str) -> GapNote:
        uid = format_id(self._trail.node(spot.entity).uid)
        return GapNote(UNDECIDED, uid, 1, f"{self._name(spot)}: {reason}")

    def _name(self, spot: Spot) -> str:
        node, told = self._trail.node(spot.entity), self._attributes(spot.entity)
        if node.type == NodeType.ACTIVITY and node.kind != READ:
            where = in_words(str(told.get("file")), told.get("line"), told.get("cell", UNSET))
            return clean(f"{node.name} at {where}")
        return clean(node.name if spot.column is None else f"{spot.column} of {node.name}")

    def _attributes(self, number: int) -> dict[str, Any]:
        """What was recorded of a node; where it stands in a cell, as answers tell it."""
        told = self._store.attributes(number)
        run = self._trail.run_of(number) if is_cells(told.get("file")) else None
        if run is None:
            return told
        cells = run.flow.cells
        return cells.told(cells.placed(told, self._trail.node(number).started_at))
