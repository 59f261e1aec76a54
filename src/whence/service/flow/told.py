"""Columns and the steps between them, as answers show them: nodes, edges and their grounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whence._base.ids import derived_id, format_id
from whence.model.kind import COLUMN, NodeType
from whence.model.relation import Known, Relation
from whence.query.answer import AnswerEdge, AnswerNode, GapNote
from whence.query.describe import answer_nodes
from whence.query.diff import Kept
from whence.query.ground import Ground
from whence.query.plain import clean
from whence.service.flow.grounds import Code
from whence.service.flow.tables import Spot, Step
from whence.service.flow.trail import Missing, Trail
from whence.store.protocol import Store

UNRESOLVED = "column-unresolved"
"""The gap of a column that could not be followed to those it was made of."""


class Told:
    """The nodes and edges of the columns that were followed, in the order in which they came."""

    def __init__(self, store: Store, trail: Trail, kept: Kept) -> None:
        self._store, self._trail, self._kept = store, trail, kept
        self._columns: dict[str, AnswerNode] = {}
        self._entities: dict[int, None] = {}
        self._edges: dict[tuple[str, str, str, str], AnswerEdge] = {}
        self._grounds: dict[tuple[str, str, str], Ground] = {}
        self._codes: dict[int, Code] = {}

    def id(self, spot: Spot) -> str:
        """The id of a column's node; of a whole entity its own."""
        uid = self._trail.node(spot.entity).uid
        return format_id(uid if spot.column is None else derived_id(b"column", uid, spot.column))

    def add(self, spot: Spot) -> str:
        """Have the column and what it is a column of among the nodes; give its id."""
        one = self.id(spot)
        self._entities[spot.entity] = None
        if spot.column is not None and one not in self._columns:
            entity = self._trail.node(spot.entity)
            of = {"of": format_id(entity.uid), "of_name": clean(entity.name)}
            name = clean(spot.column)
            self._columns[one] = AnswerNode(one, "entity", COLUMN, name, None, [], of)
            self._edge(of["of"], Relation.HAD_MEMBER, one, "", Known.OBSERVED)
        return one

    def add_step(self, step: Step) -> None:
        """Have the step among the edges, with the statements that it rests on."""
        made, of, relation = self.add(step.made), self.add(step.of), self._relation(step)
        self._edge(made, relation, of, step.role, step.known)
        if step.through and (made, relation.term, of) not in self._grounds:
            lines = self._code(step.run).lines(step.through)
            ground = Ground(made, relation.term, of, step.role, lines)
            self._grounds[made, relation.term, of] = ground

    def _relation(self, step: Step) -> Relation:
        made, of = self._trail.node(step.made.entity), self._trail.node(step.of.entity)
        if made.type == NodeType.ACTIVITY:
            return Relation.USED
        if of.type == NodeType.ACTIVITY:
            return Relation.WAS_GENERATED_BY
        return Relation.WAS_DERIVED_FROM

    def _code(self, run: int) -> Code:
        if run not in self._codes:
            flow = next(one.flow for one in self._trail.runs if one.run.number == run)
            self._codes[run] = Code(flow.whole, self._kept, flow.cells)
        return self._codes[run]

    def _edge(self, source: str, relation: Relation, target: str, role: str, known: Known) -> None:
        edge = AnswerEdge(source, target, relation.term, role, known.term, None)
        self._edges.setdefault((source, relation.term, target, role), edge)

    def nodes(self, without: Iterable[str] = ()) -> list[AnswerNode]:
        """The nodes that are not in the answer yet: entities first, then their columns."""
        there = set(without)
        entities = answer_nodes(self._store, self._store.nodes(list(self._entities)))
        return [node for node in (*entities, *self._columns.values()) if node.id not in there]

    def edges(self, without: Iterable[AnswerEdge] = ()) -> list[AnswerEdge]:
        """The edges that are not in the answer yet."""
        there = {(edge.source, edge.relation, edge.target, edge.role) for edge in without}
        return [edge for key, edge in self._edges.items() if key not in there]

    def grounds(self) -> list[Ground]:
        return list(self._grounds.values())

    def gaps(self, missing: Sequence[Missing]) -> list[GapNote]:
        """What could not be followed, each with its reason."""
        return [self.gap(one.spot, "; ".join(one.reasons)) for one in missing]

    def gap(self, spot: Spot, reason: str, code: str = UNRESOLVED) -> GapNote:
        entity = self._trail.node(spot.entity)
        name = clean(entity.name) if spot.column is None else f"{spot.column} of {entity.name}"
        return GapNote(code, format_id(entity.uid), 1, clean(f"{name}: {reason}"))
