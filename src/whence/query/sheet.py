"""What is known of one thing: a run, a file, a digest, an agent, with all that stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from whence.model.kind import MODEL, NodeType
from whence.model.relation import Relation
from whence.query.answer import Answer, AnswerNode
from whence.query.describe import SILENT, answer_edges, answer_nodes
from whence.query.plain import plain, plain_float
from whence.query.profile import profile
from whence.store.protocol import Edge, Node, Store, Summary


class Series(msgspec.Struct, frozen=True):
    """A metric in short; NaN and the infinities as texts."""

    count: int
    first: float | str
    last: float | str
    min: float | str
    max: float | str


class Sheet(Answer, frozen=True, kw_only=True):
    """What `whence show` tells. ``status`` is None for what is no activity.

    ``nodes`` begin with the subject; the others are what it is directly joined to, and of a model
    its members.
    """

    status: str | None
    params: dict[str, Any]
    metrics: dict[str, Series]
    tags: dict[str, Any]
    owner: dict[str, Any]

    @property
    def subject(self) -> AnswerNode:
        return self.nodes[0]


class Surroundings(msgspec.Struct, frozen=True):
    """The subject's numbers (a run's are those of all its parts) and the edges at them.

    ``concerned`` are those of which a gap concerns the subject: a run's also what it used and made.
    """

    subject: Node
    parts: list[int]
    concerned: list[int]
    edges: list[Edge]
    nodes: list[Node]


def surroundings(store: Store, subject: Node) -> Surroundings:
    """What the subject is directly joined to; for a run, what any part of it is joined to.

    A model, also one in a file, has its members around it, and theirs.
    """
    if subject.type == NodeType.ACTIVITY:
        whole = profile(store, subject)
        edges = list({(e.source, e.relation, e.target, e.role): e for e in whole.edges}.values())
        others = whole.nodes
        parts, concerned = whole.parts, whole.concerned
    else:
        edges = [*store.edges_at(subject.number, "up"), *store.edges_at(subject.number, "down")]
        edges = [edge for edge in edges if edge.relation not in SILENT]
        edges += _members(store, subject, edges)
        ends = {end for edge in edges for end in (edge.source, edge.target)}
        others = {node.number: node for node in store.nodes(sorted(ends))}
        parts = concerned = [subject.number]
    others.pop(subject.number, None)
    wanted = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = [subject, *(node for number, node in others.items() if number in wanted)]
    missing = wanted - {node.number for node in nodes}
    return Surroundings(subject, parts, concerned, edges, nodes + store.nodes(sorted(missing)))


def _members(store: Store, subject: Node, around: Sequence[Edge]) -> list[Edge]:
    """The edges to the members of the model that the subject is, or was written from."""
    if subject.kind != MODEL:
        return []
    written = [e.target for e in around if e.source == subject.number and e.relation == _FROM]
    waiting = [n.number for n in store.nodes(written) if n.kind == MODEL and not n.places]
    waiting += [e.target for e in around if e.source == subject.number and e.relation == _MEMBER]
    found: list[Edge] = []
    for one in waiting:
        members = [e for e in store.edges_at(one, "up") if e.relation == _MEMBER]
        found += members
        waiting += [e.target for e in members if e.target not in waiting]
    return found


_MEMBER, _FROM = int(Relation.HAD_MEMBER), int(Relation.WAS_DERIVED_FROM)


def sheet_fields(store: Store, around: Surroundings) -> dict[str, Any]:
    """The fields of a `Sheet` but ``query`` and ``completeness``."""
    nodes = answer_nodes(store, around.nodes)
    ids = {node.number: answer.id for node, answer in zip(around.nodes, nodes, strict=True)}
    nodes = _with_params(store, around, nodes)
    number = around.subject.number
    is_activity = around.subject.type == NodeType.ACTIVITY
    return {
        "nodes": nodes,
        "edges": answer_edges(around.edges, ids),
        "status": nodes[0].attributes.get("status") if is_activity else None,
        "params": plain(store.params(number)),
        "metrics": series(store.summaries([number]).get(number, [])),
        "tags": plain(store.tags(number)),
        "owner": plain(_readable(store.owner(number))) if is_activity else {},
    }


def _with_params(store: Store, around: Surroundings, nodes: list[AnswerNode]) -> list[AnswerNode]:
    """The nodes, those of the run's parts with their parameters: the fits with how they fitted."""
    parts = set(around.parts[1:])
    described = []
    for node, answer in zip(around.nodes, nodes, strict=True):
        params = store.params(node.number) if node.number in parts else {}
        if params:
            answer = replace(answer, attributes=answer.attributes | {"params": plain(params)})
        described.append(answer)
    return described


def series(summaries: Sequence[Summary]) -> dict[str, Series]:
    """The metrics by key, as answers show them."""
    return {
        one.key: Series(one.count, *map(plain_float, (one.first, one.last, one.min, one.max)))
        for one in summaries
    }


def _readable(owner: dict[str, Any]) -> dict[str, Any]:
    import os

    return {k: os.fsdecode(v) if isinstance(v, bytes) else v for k, v in owner.items()}
