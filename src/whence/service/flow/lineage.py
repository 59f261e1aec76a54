"""The flow of the runs in a lineage answer, added to it as edges between objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from whence._base.errors import AnalysisError
from whence._base.ids import format_id, parse_id
from whence.analysis.answer import Reached
from whence.analysis.program import RECEIVER
from whence.analysis.site import Anchor, Site
from whence.model.kind import DATASET, FIT, MODEL, RUN, SCORE
from whence.model.relation import Known, Relation
from whence.query.answer import Answer, AnswerEdge, AnswerNode
from whence.query.describe import answer_nodes
from whence.query.diff import Kept
from whence.query.ground import Ground
from whence.query.profile import whole_run
from whence.service.flow.anchors import Watched
from whence.service.flow.flows import Flows
from whence.service.flow.grounds import Code
from whence.service.flow.join import Joined
from whence.service.flow.tables import RunColumns
from whence.store.protocol import Node, Store

MOST_RUNS = 50
"""Of an answer with more runs that learned or wrote tables, the flow of the first is added."""


class _Found(NamedTuple):
    """An edge, with the statements that it rests on when it was inferred."""

    edge: AnswerEdge
    through: tuple[Site, ...] = ()


def with_flow(store: Store, answer: Answer, kept: Kept, flows: Flows | None = None) -> Answer:
    """The answer with an edge from each object that a call learned from to the one it came from.

    A table that was written has one to what the reads of its data brought in. The flows of the runs
    are left in ``flows`` for who needs them again; without it they are not kept.
    """
    runs, left_out = _learning_runs(store, answer)
    if not runs:
        return answer
    one_by_one = (_Flow(store, (flows or Flows(store, kept)).of(run)) for run in runs)
    here = {node.id for node in answer.nodes}
    found = [one.edge for flow in one_by_one for one in (*flow.edges(), *flow.tables(here))]
    added = _added(store, answer, found)
    told = {"runs": len(runs), "left_out": left_out}
    return msgspec.structs.replace(added, query=answer.query | {"flow": told})


def with_grounds(store: Store, answer: Answer, kept: Kept) -> tuple[Answer, list[Ground]]:
    """The paths between two things with the flow along them, and what inferred edges rest on."""
    on_the_way = {node.id for node in answer.nodes}
    found: list[AnswerEdge] = []
    grounds = [_by_content(edge, answer) for edge in answer.edges if edge.known == "inferred"]
    for run in _runs(store, answer)[:MOST_RUNS]:
        columns = Flows(store, kept).of(run)
        code = Code(columns.flow.whole, kept, columns.flow.cells)
        between = _Flow(store, columns)
        for one in (*between.edges(on_the_way), *between.tables(on_the_way)):
            found.append(one.edge)
            if one.through:
                edge, lines = one.edge, code.lines(one.through)
                grounds.append(Ground(edge.source, edge.relation, edge.target, edge.role, lines))
    unique = {(one.source, one.relation, one.target, one.role): one for one in grounds}
    return _added(store, answer, found), list(unique.values())


def _by_content(edge: AnswerEdge, answer: Answer) -> Ground:
    digests = (node.digest for node in answer.nodes if node.id == edge.source)
    reason = f"both are the same bytes, {next(digests, None) or 'by their digest'}"
    return Ground(edge.source, edge.relation, edge.target, edge.role, [], reason)


def _added(store: Store, answer: Answer, found: list[AnswerEdge]) -> Answer:
    known = {node.id for node in answer.nodes}
    ends = dict.fromkeys(end for edge in found for end in (edge.source, edge.target))
    new = answer_nodes(store, _nodes(store, [end for end in ends if end not in known]))
    there = {(edge.source, edge.relation, edge.target) for edge in answer.edges}
    edges = [e for e in found if (e.source, e.relation, e.target) not in there]
    return msgspec.structs.replace(
        answer,
        nodes=answer.nodes + new,
        edges=answer.edges + list({(e.source, e.relation, e.target): e for e in edges}.values()),
    )


def _learning_runs(store: Store, answer: Answer) -> tuple[list[Node], int]:
    joined = [one.id for one in answer.nodes if one.kind in (FIT, SCORE) or _is_written(one)]
    learning = _nodes(store, joined)
    runs = {run.number: run for node in learning if (run := whole_run(store, node)) is not None}
    return list(runs.values())[:MOST_RUNS], max(len(runs) - MOST_RUNS, 0)


def _is_written(node: AnswerNode) -> bool:
    """Whether it is a file of data of which the call that wrote it is known."""
    return node.kind == DATASET and "span" in node.attributes


def _runs(store: Store, answer: Answer) -> list[Node]:
    return _nodes(store, [one.id for one in answer.nodes if one.kind == RUN])


def _nodes(store: Store, ids: Iterable[str]) -> list[Node]:
    uids = (parse_id(one) for one in ids)
    numbers = (store.number_of(uid) for uid in uids if uid is not None)
    return store.nodes([number for number in numbers if number is not None])


class _Flow:
    """The flow of one run as edges between the objects of its calls."""

    def __init__(self, store: Store, columns: RunColumns) -> None:
        self._store, self._columns, self._flow = store, columns, columns.flow
        numbers = {number for joined in self._flow.joined for number in self._objects(joined)}
        objects = store.nodes(sorted(numbers))
        self._objects_by_number = {node.number: node for node in objects}

    def edges(self, on_the_way: set[str] | None = None) -> Iterator[_Found]:
        """Each sink's object to the object that the read brought in, that to the read and its file.

        Where the very objects were seen, the index has these edges already. With ``on_the_way``
        only reads and models that are among these ids.
        """
        for joined in self._flow.joined:
            if joined.observed or not self._is_wanted(joined.sink, on_the_way):
                continue
            for source in joined.sources:
                if on_the_way is None or format_id(source.node.uid) in on_the_way:
                    yield from self._from(joined, source)
                    yield from self._used(joined) if on_the_way is not None else ()

    def tables(self, on_the_way: set[str]) -> Iterator[_Found]:
        """The tables that the run wrote to the objects that its reads brought in."""
        reads = {one.anchor.id: one for one in self._flow.anchors.sources}
        for table in self._columns.written.values():
            node = self._flow.whole.nodes[table.entity]
            if table.call is None or format_id(node.uid) not in on_the_way:
                continue
            for reached in self._reached(table.call, RECEIVER if table.is_method else 0):
                read = reads[reached.source.id]
                if format_id(read.node.uid) in on_the_way:
                    for brought in self._store.nodes(self._flow.identity.brought_by(read)):
                        edge = _edge(
                            format_id(node.uid), Relation.WAS_DERIVED_FROM,
                            format_id(brought.uid), table.call.call, Known.INFERRED,
                        )  # fmt: skip
                        yield _Found(edge, reached.through)
                    yield from self._read(read)

    def _reached(self, call: Anchor, argument: int) -> tuple[Reached, ...]:
        try:
            return self._flow.program.slice(call, argument).reached
        except AnalysisError:  # code that can't be followed gives no edge; trace has the gap
            return ()

    def _is_wanted(self, sink: Watched, on_the_way: set[str] | None) -> bool:
        """Whether the sink made a model that is on the way."""
        if on_the_way is None:
            return True
        made = (
            self._flow.whole.nodes[edge.source]
            for edge in self._flow.whole.edges
            if edge.relation == Relation.WAS_GENERATED_BY and edge.target == sink.node.number
        )
        return any(node.kind == MODEL and format_id(node.uid) in on_the_way for node in made)

    def _objects(self, joined: Joined) -> Iterator[int]:
        for argument in joined.arguments:
            given = self._flow.identity.given(joined.sink, argument)
            if given is not None:
                yield given
        for source in joined.sources:
            yield from self._flow.identity.brought_by(source)

    def _from(self, joined: Joined, source: Watched) -> Iterator[_Found]:
        for number in self._flow.identity.brought_by(source):
            entity = format_id(self._objects_by_number[number].uid)
            yield from self._into(joined, entity)
        yield from self._read(source)

    def _read(self, source: Watched) -> Iterator[_Found]:
        """What a read brought in to the read, and that to what it read."""
        read = format_id(source.node.uid)
        for node in self._store.nodes(self._flow.identity.brought_by(source)):
            if node.kind != DATASET:
                made = Relation.WAS_GENERATED_BY
                yield _Found(_edge(format_id(node.uid), made, read, "", Known.OBSERVED))
        for edge in self._flow.identity.read_by(source):
            used = format_id(self._flow.whole.nodes[edge.target].uid)
            yield _Found(_edge(read, Relation.USED, used, edge.role, Known.OBSERVED))

    def _into(self, joined: Joined, target: str) -> Iterator[_Found]:
        through = tuple(joined.through)
        for argument in joined.arguments:
            given = self._flow.identity.given(joined.sink, argument)
            if given is None:
                sink = format_id(joined.sink.node.uid)
                edge = _edge(sink, Relation.USED, target, argument, Known.INFERRED)
                yield _Found(edge, through)
                continue
            entity = format_id(self._objects_by_number[given].uid)
            if entity != target:
                derived = Relation.WAS_DERIVED_FROM
                yield _Found(_edge(entity, derived, target, argument, Known.INFERRED), through)

    def _used(self, joined: Joined) -> Iterator[_Found]:
        """The sink to the objects that it was given."""
        sink = format_id(joined.sink.node.uid)
        for argument in joined.arguments:
            given = self._flow.identity.given(joined.sink, argument)
            if given is not None:
                entity = format_id(self._objects_by_number[given].uid)
                yield _Found(_edge(sink, Relation.USED, entity, argument, Known.OBSERVED))


def _edge(source: str, relation: Relation, target: str, role: str, known: Known) -> AnswerEdge:
    return AnswerEdge(source, target, relation.term, role, known.term, None)
