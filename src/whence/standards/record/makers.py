"""An excerpt of things, widened by the whole runs that made them."""

from __future__ import annotations

from whence.model.kind import NodeType
from whence.model.relation import Relation
from whence.standards.record.excerpt import Excerpt

_ENDS = frozenset({Relation.USED, Relation.WAS_ASSOCIATED_WITH, Relation.PART_OF})


def with_makers(excerpt: Excerpt) -> Excerpt:
    """The excerpt with all parts of its runs, and what those used and made.

    An excerpt of a file has the run that made it and not the run's calls, such as the fit.
    """
    store, numbers = excerpt.store, list(excerpt.numbers)
    if not any(node.type == NodeType.ENTITY for node in store.nodes(excerpt.subjects)):
        return excerpt
    found = set(numbers)
    makers = [
        edge.target
        for number in excerpt.subjects
        for edge in store.edges_at(number, "up")
        if edge.relation == Relation.WAS_GENERATED_BY
    ]
    open_ = list(dict.fromkeys(whole for _, whole in store.wholes(makers)))
    seen = set(open_)
    for number in open_:
        found.add(number)
        for edge in store.edges_at(number, "up"):
            if edge.relation in _ENDS:
                found.add(edge.target)
            elif edge.relation == Relation.HAS_PART and edge.target not in seen:
                seen.add(edge.target)
                open_.append(edge.target)
        down = store.edges_at(number, "down")
        found.update(e.source for e in down if e.relation == Relation.WAS_GENERATED_BY)
    return Excerpt(
        store, sorted(found), excerpt.subjects, excerpt.kept, excerpt.texts, excerpt.flow
    )
