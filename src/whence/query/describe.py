"""From a store's nodes and edges to an answer's: ids and times as text, the status made true."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

from whence._base.clock import from_ns, is_alive
from whence._base.ids import format_id
from whence.model.kind import NodeType
from whence.model.relation import Known, Relation
from whence.model.status import INTERRUPTED, RUNNING
from whence.query.answer import AnswerEdge, AnswerNode
from whence.query.celled import with_cells
from whence.query.plain import clean, plain
from whence.store.protocol import Edge, Node, Store

SILENT = frozenset({int(Relation.HAS_PART)})
"""Relations that a store keeps for speed and an answer never shows."""

_UNSHOWN = frozenset({"chunks"})
"""Attributes that only a comparison reads: the digests of a table's rows."""

_TYPES = {int(one): one.term for one in NodeType}
_TERMS = {int(relation): relation.term for relation in Relation}
_KNOWN = {int(known): known.term for known in Known}


def answer_nodes(store: Store, nodes: Sequence[Node]) -> list[AnswerNode]:
    """The nodes as answers show them, in the same order."""
    recorded = with_cells(store, nodes, store.attributes_of([node.number for node in nodes]))
    return [answer_node(store, node, recorded.get(node.number, {})) for node in nodes]


def answer_node(store: Store, node: Node, recorded: dict[str, Any]) -> AnswerNode:
    attributes = {
        clean(key): plain(value) for key, value in recorded.items() if key not in _UNSHOWN
    }
    if node.type == NodeType.ACTIVITY:
        attributes |= _course(store, node)
    elif node.size is not None:
        attributes["size"] = node.size
    return AnswerNode(
        id=format_id(node.uid),
        type=_TYPES[node.type],
        kind=node.kind,
        name=clean(node.name),
        digest=format_id(node.digest) if node.digest else None,
        places=[clean(os.fsdecode(place)) for place in node.places],
        attributes=attributes,
    )


def answer_edges(edges: Iterable[Edge], ids: dict[int, str]) -> list[AnswerEdge]:
    """The edges as answers show them; ``ids`` are the texts of the ids by number."""
    return [
        AnswerEdge(
            source=ids[edge.source],
            target=ids[edge.target],
            relation=_TERMS[edge.relation],
            role=clean(edge.role),
            known=_KNOWN[edge.known],
            at=iso(edge.at),
        )
        for edge in edges
        if edge.relation not in SILENT and edge.source in ids and edge.target in ids
    ]


def true_status(store: Store, node: Node) -> str:
    """The activity's status; one that never ended and whose process is dead was interrupted.

    Of another host no one can tell: it stays ``running``.
    """
    if node.status != RUNNING:
        return node.status
    owner = store.owner(node.number)
    if not owner:
        return node.status
    named = ("boot", "pid", "process_start", "machine", "host")
    alive = is_alive(*(owner[key] for key in named))
    return INTERRUPTED if alive is False else RUNNING


def iso(at: int | None) -> str | None:
    """Nanoseconds since the epoch as ISO 8601 in UTC."""
    return None if at is None else from_ns(at).isoformat().replace("+00:00", "Z")


def _course(store: Store, node: Node) -> dict[str, Any]:
    course: dict[str, Any] = {"status": true_status(store, node)}
    if node.started_at is not None:
        course["started_at"] = iso(node.started_at)
    if node.ended_at is not None:
        course["ended_at"] = iso(node.ended_at)
        if node.started_at is not None:
            course["duration_s"] = (node.ended_at - node.started_at) / 1e9
    return course
