"""Lineage: everything upstream or downstream of something, and the paths between two things.

A closure follows the relations that ``whence.model.relation`` says are followed. Where a file was
found that nobody is known to have written, occurrences of the same bytes are offered as its
origin, marked inferred, and the closure goes on there. It is never cut unless a limit is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from whence._base.ids import format_id, is_derived
from whence.model.kind import CONTENT
from whence.model.relation import Relation
from whence.query.answer import Answer, Truncation
from whence.query.completeness import NOTHING_MISSING, completeness
from whence.query.describe import SILENT, answer_edges, answer_nodes
from whence.store.protocol import Direction, Edge, Node, Store


class Closure(msgspec.Struct):
    """Numbers of nodes, seeds first; the edges that were inferred on the way; where a limit cut."""

    numbers: list[int]
    inferred: list[Edge]
    limits: list[tuple[str, int, list[int]]] = []


def closure_answer(
    store: Store,
    seeds: Sequence[int],
    direction: Direction,
    max_depth: int | None = None,
    max_nodes: int | None = None,
) -> Answer:
    """Everything that ``seeds`` came from (up), or that came of them (down), seeds first."""
    closure = closure_of(store, seeds, direction, max_depth, max_nodes)
    return _answer(store, closure, seeds)


def trace(store: Store, seeds: Sequence[int], **limits: int | None) -> Answer:
    """Everything upstream of ``seeds``."""
    return closure_answer(store, seeds, "up", **limits)


def impact(store: Store, seeds: Sequence[int], **limits: int | None) -> Answer:
    """Everything downstream of ``seeds``."""
    return closure_answer(store, seeds, "down", **limits)


def paths_answer(store: Store, upper: Sequence[int], lower: Sequence[int]) -> Answer:
    """All that lies on a way from ``lower`` up to ``upper``, in order of distance from ``lower``.

    The answer is empty when no way leads there.
    """
    up = closure_of(store, lower, "up")
    if not set(upper) & set(up.numbers):
        return Answer({}, [], [], NOTHING_MISSING)
    down = closure_of(store, upper, "down")
    between = set(down.numbers)
    numbers = [number for number in up.numbers if number in between]
    inferred = list({(e.source, e.target): e for e in (*up.inferred, *down.inferred)}.values())
    return _answer(store, Closure(numbers, inferred), [*lower, *upper])


def closure_of(
    store: Store,
    seeds: Sequence[int],
    direction: Direction,
    max_depth: int | None = None,
    max_nodes: int | None = None,
) -> Closure:
    """The closure of ``seeds``, origins by content included."""
    if max_depth is not None or max_nodes is not None:
        return _limited(store, seeds, direction, max_depth, max_nodes)
    reached: dict[int, None] = {}
    inferred: list[Edge] = []
    pending = list(seeds)
    while pending:
        found, _ = store.closure(pending, direction)
        new = [number for number in found if number not in reached] if reached else found
        reached.update(dict.fromkeys(new))
        edges = store.by_content(new, direction)
        inferred += edges
        pending = _beyond(edges, direction, reached)
    return Closure(list(reached), inferred)


def _beyond(edges: Iterable[Edge], direction: Direction, reached: dict[int, None]) -> list[int]:
    ends = (edge.target if direction == "up" else edge.source for edge in edges)
    return [number for number in dict.fromkeys(ends) if number not in reached]


def _limited(
    store: Store,
    seeds: Sequence[int],
    direction: Direction,
    max_depth: int | None,
    max_nodes: int | None,
) -> Closure:
    """The closure layer by layer, up to the limits."""
    closure = Closure([], [])
    reached = dict.fromkeys(seeds)
    layer, depth = list(reached), 0
    while layer:
        inferred = store.by_content(layer, direction)
        stepped, _ = store.closure(layer, direction, max_depth=1)
        after = [number for number in stepped if number not in reached]
        after += [n for n in _beyond(inferred, direction, reached) if n not in after]
        room = len(after) if max_nodes is None else max(max_nodes - len(reached), 0)
        if not after:
            closure.inferred += inferred
            break
        if max_depth is not None and depth >= max_depth:
            closure.limits.append(
                ("max_depth", max_depth, _leading(store, layer, after, inferred, direction))
            )
            break
        kept, cut = after[:room], after[room:]
        reached.update(dict.fromkeys(kept))
        closure.inferred += [e for e in inferred if e.source in reached and e.target in reached]
        if cut and max_nodes is not None:
            frontier = _leading(store, layer, cut, inferred, direction)
            closure.limits.append(("max_nodes", max_nodes, frontier))
            break
        layer, depth = kept, depth + 1
    closure.numbers = list(reached)
    return closure


def _leading(
    store: Store,
    layer: Sequence[int],
    cut: Sequence[int],
    inferred: Iterable[Edge],
    direction: Direction,
) -> list[int]:
    """The nodes of ``layer`` from which a step leads to one that was cut off."""
    off = set(cut)
    edges = [e for e in store.edges_among([*layer, *cut]) if Relation(e.relation).followed]
    steps = ((e.source, e.target) for e in (*edges, *inferred))
    pairs = steps if direction == "up" else ((target, source) for source, target in steps)
    leading = {at for at, to in pairs if to in off}
    return [number for number in layer if number in leading]


def _answer(store: Store, closure: Closure, subjects: Sequence[int]) -> Answer:
    nodes = [
        node
        for node in store.nodes(closure.numbers)
        if node.kind != CONTENT or node.number in subjects
    ]
    ids = {node.number: format_id(node.uid) for node in nodes}
    edges = [edge for edge in store.edges_among(list(ids)) if edge.relation not in SILENT]
    truncated = [
        Truncation(limit, value, _ids(store, frontier, ids))
        for limit, value, frontier in closure.limits
    ]
    inferred = [e for e in closure.inferred if e.source in ids and e.target in ids]
    found = {node.number for node in nodes if is_derived(node.uid)}
    origins = [edge for edge in inferred if edge.target not in found]
    return Answer(
        query={},
        nodes=answer_nodes(store, nodes),
        edges=answer_edges([*edges, *inferred], ids),
        completeness=completeness(store, list(ids), truncated, origins),
    )


def _ids(store: Store, numbers: Sequence[int], known: dict[int, str]) -> list[str]:
    nodes: list[Node] = store.nodes([number for number in numbers if number not in known])
    return [known[n] for n in numbers if n in known] + [format_id(node.uid) for node in nodes]
