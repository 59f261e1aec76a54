"""Which of a run's inputs reached one of its outputs, and whether that is all that is known."""

from __future__ import annotations

from typing import NamedTuple

from whence.model.kind import NodeType
from whence.model.relation import Relation
from whence.standards.record.account import Run
from whence.standards.record.excerpt import Item

_DERIVED = frozenset(
    {
        Relation.WAS_DERIVED_FROM,
        Relation.WAS_REVISION_OF,
        Relation.WAS_QUOTED_FROM,
        Relation.HAD_PRIMARY_SOURCE,
        Relation.HAD_MEMBER,
    }
)


class Origin(NamedTuple):
    """``sources`` are inputs that reached an output; the ``rest`` may have.

    The rest is empty when every way back from the output ends at a source.
    """

    sources: list[Item]
    rest: list[Item]


def origin_of(run: Run, output: Item) -> Origin:
    """Follow what is recorded back from an output of a run to the run's inputs.

    The way leads over derivations and, where a part of the run made a thing, over what that part
    used. Where it ends at something else, each other input may have reached the output too.
    """
    inputs = {item.node.number: item for item in run.inputs()}
    parts = {part.node.number for part in run.parts}
    found: dict[int, Item] = {}
    is_closed, open_, seen = True, [output], {output.node.number}
    for one in open_:
        before = _before(run, one, parts)
        if not before:
            is_closed = False
        for source in before:
            number = source.node.number
            if number in inputs and number != output.node.number:
                found[number] = source
            elif number not in seen:
                seen.add(number)
                open_.append(source)
    rest = [] if is_closed else [i for i in inputs.values() if i.node.number not in found]
    return Origin(list(found.values()), rest)


def _before(run: Run, item: Item, parts: set[int]) -> list[Item]:
    items = run.account.items
    if item.node.type == NodeType.ACTIVITY:
        return [items[e.target] for e in item.edges if e.relation == Relation.USED]
    derived = [items[e.target] for e in item.edges if e.relation in _DERIVED]
    made = [
        items[e.target]
        for e in item.edges
        if e.relation == Relation.WAS_GENERATED_BY and e.target in parts
    ]
    return derived or made
