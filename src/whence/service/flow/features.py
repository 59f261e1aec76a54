"""The columns of the models of a trace, each back to the columns of the files it came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from whence._base.ids import format_id, parse_id
from whence.model.kind import FIT, MODEL
from whence.model.relation import Known
from whence.query.answer import Answer, AnswerEdge, AnswerNode, Completeness, GapNote
from whence.query.columns import ColumnOrigin, ModelColumn
from whence.query.diff import Kept
from whence.query.flow import SinkCall
from whence.query.ground import Ground
from whence.query.plain import clean
from whence.service.flow.edges import in_code, sink_call
from whence.service.flow.flows import Flows
from whence.service.flow.tables import (
    MOST_FITS,
    Followed,
    Learned,
    RunColumns,
    Spot,
    Step,
    Written,
)
from whence.service.flow.told import UNRESOLVED, Told
from whence.service.flow.trail import Trail
from whence.store.protocol import Store


class TracedColumns(NamedTuple):
    """What a trace says of columns: its nodes and edges with theirs, and the models' columns."""

    nodes: list[AnswerNode]
    edges: list[AnswerEdge]
    completeness: Completeness
    columns: list[ModelColumn]
    grounds: list[Ground]


class Features:
    """Follows the features and labels of the models in one answer."""

    def __init__(self, store: Store, answer: Answer, kept: Kept, flows: Flows) -> None:
        self._store, self._answer = store, answer
        self._trail = Trail(store, kept, flows)
        self._told = Told(store, self._trail, kept)
        self._gaps: list[GapNote] = []

    def traced(self) -> TracedColumns:
        columns = [one for run, learned in self._fits() for one in self._of(run, learned)]
        columns += [one for run, table in self._tables() for one in self._of_table(run, table)]
        answer, told = self._answer, self._told
        own = answer.completeness
        gaps = [*own.gaps, *dict.fromkeys(self._gaps)]
        if self._trail.runs_left_out:
            reason = "there are more runs upstream than columns are followed through"
            gaps.append(GapNote(UNRESOLVED, None, self._trail.runs_left_out, reason))
        return TracedColumns(
            answer.nodes + told.nodes(node.id for node in answer.nodes),
            answer.edges + told.edges(answer.edges),
            Completeness(not gaps and not own.truncated, own.truncated, gaps),
            columns,
            told.grounds(),
        )

    def _fits(self) -> Iterable[tuple[RunColumns, Learned]]:
        """The calls that learned whose models are in the answer."""
        there = {node.id for node in self._answer.nodes if node.kind == MODEL}
        for node in self._answer.nodes:
            uid = parse_id(node.id) if node.kind == FIT else None
            number = None if uid is None else self._store.number_of(uid)
            run = None if number is None else self._trail.run_of(number)
            learned = None if run is None else run.by_fit.get(number or 0)
            if run is None or learned is None:
                continue
            if format_id(self._trail.node(learned.model).uid) in there:
                yield run, learned
                self._note_left_out(run)

    def _note_left_out(self, run: RunColumns) -> None:
        if run.fits_left_out:
            reason = f"{run.run.name}: of more than {MOST_FITS} fits the first were followed"
            gap = GapNote(UNRESOLVED, format_id(run.run.uid), run.fits_left_out, clean(reason))
            self._gaps.append(gap)

    def _tables(self) -> Iterable[tuple[RunColumns, Written]]:
        """The tables that were asked about, as far as a run wrote them."""
        for subject in self._answer.query.get("subjects", ()):
            uid = parse_id(subject)
            number = None if uid is None else self._store.number_of(uid)
            run = None if number is None else self._trail.run_of(number)
            table = None if run is None else run.written.get(number or 0)
            if run is not None and table is not None and table.call is not None:
                yield run, table

    def _of_table(self, run: RunColumns, table: Written) -> Iterable[ModelColumn]:
        node, call = self._trail.node(table.entity), table.call
        assert call is not None
        site = call.stack[0]
        file, line, cell = run.flow.cells.shown(site.file, site.line)
        sink = SinkCall(call.call.rpartition(".")[2], "", file, line, cell)
        for column in table.columns:
            spot = Spot(table.entity, column)
            followed = run.of_file(table.entity, column)
            origins = self._followed(spot, followed)
            yield ModelColumn(
                self._told.add(spot), clean(column), "column", format_id(node.uid), sink, origins
            )

    def _of(self, run: RunColumns, learned: Learned) -> Iterable[ModelColumn]:
        call = sink_call(learned.sink)
        name = in_code(call)
        if not any(learned.columns.values()):
            gap = f"{name}: the columns of what it learned from are not known"
            self._gaps.append(GapNote(UNRESOLVED, format_id(learned.sink.node.uid), 1, gap))
        for use, columns in learned.columns.items():
            for column in columns:
                spot = Spot(learned.model, column)
                followed = run.of_model(learned, use, column)
                origins = self._followed(spot, followed)
                yield ModelColumn(
                    self._told.add(spot), clean(column), use,  # type: ignore[arg-type]  # a ModelUse
                    self._told.id(Spot(learned.model)), call, origins,
                )  # fmt: skip

    def _followed(self, start: Spot, followed: Followed) -> list[ColumnOrigin]:
        steps, missing = self._trail.up(followed.steps)
        if not followed.steps and followed.reasons:
            self._gaps.append(self._told.gap(start, "; ".join(followed.reasons)))
        self._gaps += self._told.gaps(missing)
        for step in steps:
            self._told.add_step(step)
        return [
            ColumnOrigin(
                self._told.id(spot),
                None if spot.column is None else clean(spot.column),
                clean(self._trail.node(spot.entity).name),
                known.term,
            )
            for spot, known in ends_of(start, steps).items()
        ]


def ends_of(start: Spot, steps: Iterable[Step]) -> dict[Spot, Known]:
    """Where the steps from ``start`` end, and how the whole way there is known."""
    above: dict[Spot, list[Step]] = {}
    for step in steps:
        above.setdefault(step.made, []).append(step)
    found: dict[Spot, Known] = {}
    waiting, seen = [(start, Known.OBSERVED)], {start}
    for spot, known in waiting:
        if spot not in above and spot != start:
            found[spot] = known
        for step in above.get(spot, ()):
            if step.of not in seen:
                seen.add(step.of)
                waiting.append((step.of, max(known, step.known)))
    return found
