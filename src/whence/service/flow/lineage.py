"""The flow of the runs in a lineage answer, added to it as edges between objects."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from whence._base.ids import format_id, parse_id
from whence.model.kind import DATASET, FIT, SCORE
from whence.model.relation import Known, Relation
from whence.query.answer import Answer, AnswerEdge
from whence.query.describe import answer_nodes
from whence.query.diff import Kept
from whence.query.profile import whole_run
from whence.service.flow.anchors import Watched
from whence.service.flow.edges import RunFlow
from whence.service.flow.identity import Identity
from whence.service.flow.join import Joined
from whence.store.protocol import Node, Store

MOST_RUNS = 50
"""Of an answer with more runs that learned, the flow of the first ones is added."""


def with_flow(store: Store, answer: Answer, kept: Kept) -> Answer:
    """The answer with an edge from each object that a call learned from to the one it came from."""
    runs, left_out = _learning_runs(store, answer)
    if not runs:
        return answer
    found = [edge for run in runs for edge in _edges(store, RunFlow(store, run, kept))]
    known = {node.id for node in answer.nodes}
    ends = dict.fromkeys(end for edge in found for end in (edge.source, edge.target))
    new = answer_nodes(store, _nodes(store, [end for end in ends if end not in known]))
    there = {(edge.source, edge.relation, edge.target) for edge in answer.edges}
    edges = [e for e in found if (e.source, e.relation, e.target) not in there]
    told = {"runs": len(runs), "left_out": left_out}
    return msgspec.structs.replace(
        answer,
        query=answer.query | {"flow": told},
        nodes=answer.nodes + new,
        edges=answer.edges + list({(e.source, e.relation, e.target): e for e in edges}.values()),
    )


def _learning_runs(store: Store, answer: Answer) -> tuple[list[Node], int]:
    runs: dict[int, Node] = {}
    for one in answer.nodes:
        for node in _nodes(store, [one.id] if one.kind in (FIT, SCORE) else []):
            run = whole_run(store, node)
            if run is not None:
                runs[run.number] = run
    return list(runs.values())[:MOST_RUNS], max(len(runs) - MOST_RUNS, 0)


def _nodes(store: Store, ids: Iterable[str]) -> list[Node]:
    uids = (parse_id(one) for one in ids)
    numbers = (store.number_of(uid) for uid in uids if uid is not None)
    return store.nodes([number for number in numbers if number is not None])


def _edges(store: Store, flow: RunFlow) -> Iterable[AnswerEdge]:
    """Each sink's object to the object that the read brought in, that to the read and its file.

    Where the very objects were seen, the index has these edges already.
    """
    for joined in flow.joined:
        if joined.observed:
            continue
        for source in joined.sources:
            yield from _from(store, flow, joined, source)


def _from(store: Store, flow: RunFlow, joined: Joined, source: Watched) -> Iterable[AnswerEdge]:
    read = format_id(source.node.uid)
    for node in store.nodes(flow.identity.brought_by(source)):
        entity = format_id(node.uid)
        yield from _into(store, flow.identity, joined, entity)
        if node.kind != DATASET:
            yield _edge(entity, Relation.WAS_GENERATED_BY, read, "", Known.OBSERVED)
    for edge in flow.whole.edges:
        if edge.source == source.node.number and edge.relation == Relation.USED:
            used = format_id(flow.whole.nodes[edge.target].uid)
            yield _edge(read, Relation.USED, used, edge.role, Known.OBSERVED)


def _into(store: Store, identity: Identity, joined: Joined, target: str) -> Iterable[AnswerEdge]:
    for argument in joined.arguments:
        given = identity.given(joined.sink, argument)
        if given is None:
            sink = format_id(joined.sink.node.uid)
            yield _edge(sink, Relation.USED, target, argument, Known.INFERRED)
            continue
        (node,) = store.nodes([given])
        entity = format_id(node.uid)
        if entity != target:
            yield _edge(entity, Relation.WAS_DERIVED_FROM, target, argument, Known.INFERRED)


def _edge(source: str, relation: Relation, target: str, role: str, known: Known) -> AnswerEdge:
    return AnswerEdge(source, target, relation.term, role, known.term, None)
