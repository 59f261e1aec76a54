"""The course of a run: its stages, epochs, calls and processes, with when each began and ended."""

from __future__ import annotations

import msgspec

from whence._base.ids import format_id
from whence.model.relation import Relation
from whence.query.describe import iso, true_status
from whence.query.plain import clean
from whence.store.protocol import Node, Store

_HAS_PART = int(Relation.HAS_PART)


class Span(msgspec.Struct, frozen=True):
    """A part of a run; ``parent`` is the part that it lies in, or the run."""

    id: str
    name: str
    kind: str
    parent: str
    started_at: str | None
    ended_at: str | None
    status: str


class Timeline(msgspec.Struct, frozen=True):
    """The parts in the order they began; ``truncated`` says that inner ones were left out."""

    items: list[Span]
    truncated: bool


def timeline_of(store: Store, run: Node, limit: int) -> Timeline:
    """At most ``limit`` parts of a run: the outermost first, of each level the earliest."""
    ids = {run.number: format_id(run.uid)}
    found: list[tuple[Node, int]] = []
    level, truncated = [run.number], False
    while level and not truncated:
        parents = {part: whole for whole, part in store.linked(level, _HAS_PART, "up")}
        parts = [node for node in store.nodes(list(parents)) if node.number not in ids]
        parts.sort(key=_begin)
        truncated = len(found) + len(parts) > limit
        parts = parts[: limit - len(found)]
        ids |= {part.number: format_id(part.uid) for part in parts}
        found += [(part, parents[part.number]) for part in parts]
        level = [part.number for part in parts]
    found.sort(key=lambda pair: _begin(pair[0]))
    return Timeline([_span(store, part, ids, parent) for part, parent in found], truncated)


def _begin(node: Node) -> tuple[bool, int, bytes]:
    return node.started_at is None, node.started_at or 0, node.uid


def _span(store: Store, part: Node, ids: dict[int, str], parent: int) -> Span:
    return Span(
        id=ids[part.number],
        name=clean(part.name),
        kind=part.kind,
        parent=ids[parent],
        started_at=iso(part.started_at),
        ended_at=iso(part.ended_at),
        status=true_status(store, part),
    )
