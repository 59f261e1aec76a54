"""What an export holds: which nodes of the store belong to a run, a file, or all."""

from __future__ import annotations

from whence.model.kind import NodeType
from whence.model.relation import Relation
from whence.query.profile import profile
from whence.standards.record.excerpt import Excerpt, Kept, Told
from whence.store.protocol import Node, Store

_OWN = frozenset(
    int(relation)
    for relation in (
        Relation.SPECIALIZATION_OF,
        Relation.HAD_MEMBER,
        Relation.WAS_ATTRIBUTED_TO,
        Relation.ACTED_ON_BEHALF_OF,
        Relation.WAS_ASSOCIATED_WITH,
        Relation.HAD_PLAN,
    )
)
"""What belongs to a thing itself: its content, its members, who answers for it."""


def excerpt_of(
    store: Store,
    *subjects: Node,
    with_upstream: bool = False,
    kept: Kept | None = None,
    texts: Kept | None = None,
    flow: Told | None = None,
) -> Excerpt:
    """The part of the store that ``subjects`` stand for.

    A run: with all its parts, what they used and made. A file or model: with what made it and what
    it was made from. ``with_upstream`` adds everything upstream of that. ``kept``, ``texts`` and
    ``flow`` as in `Excerpt`.
    """
    numbers: set[int] = set()
    for one in subjects:
        numbers |= _run(store, one) if one.type == NodeType.ACTIVITY else _thing(store, one)
    if with_upstream:
        reached, _ = store.closure(sorted(numbers), "up")
        numbers.update(reached)
    named = [one.number for one in subjects]
    return Excerpt(store, sorted(_with_own(store, numbers)), named, kept, texts, flow)


def whole(store: Store, kept: Kept | None = None, texts: Kept | None = None) -> Excerpt:
    """All that the store holds."""
    numbers = [number for some in store.shown() for number in some]
    return Excerpt(store, numbers, kept=kept, texts=texts)


def _run(store: Store, run: Node) -> set[int]:
    around = profile(store, run)
    return {*around.parts, *around.nodes}


def _thing(store: Store, thing: Node) -> set[int]:
    edges = [*store.edges_at(thing.number, "up")]
    makers = [e.target for e in edges if e.relation == Relation.WAS_GENERATED_BY]
    for maker in makers:
        edges += [e for e in store.edges_at(maker, "up") if e.relation == Relation.USED]
    return {thing.number, *(end for edge in edges for end in (edge.source, edge.target))}


def _with_own(store: Store, numbers: set[int]) -> set[int]:
    """The nodes with what belongs to each of them."""
    found, fresh = set(numbers), set(numbers)
    while fresh:
        edges = store.edges_from(sorted(fresh))
        fresh = {edge.target for edge in edges if edge.relation in _OWN} - found
        found |= fresh
    return found
