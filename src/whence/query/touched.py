"""What many runs used and made, read for all of them at once: as a list of runs shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from whence.model.relation import Known, Relation
from whence.query.profile import Profile, with_nodes
from whence.store.protocol import Edge, Node, Store

_MADE, _HAS_PART = int(Relation.WAS_GENERATED_BY), int(Relation.HAS_PART)


def touched(store: Store, runs: Sequence[Node]) -> list[Profile]:
    """As `profiles`, without the edges that lead to a run or part and are of no making.

    The number of statements is that of the levels of parts, however many parts there are.
    """
    upward = _upward(store, [run.number for run in runs])
    made: defaultdict[int, list[Edge]] = defaultdict(list)
    for part, thing in store.linked(sorted(upward), _MADE, "down"):
        made[part].append(Edge(thing, _MADE, part, int(Known.OBSERVED)))
    return with_nodes(store, [_profile(run, upward, made) for run in runs])


def _upward(store: Store, runs: Sequence[int]) -> dict[int, list[Edge]]:
    """The edges from each of the runs and their parts, level by level."""
    found: dict[int, list[Edge]] = {}
    level = list(dict.fromkeys(runs))
    while level:
        found |= {number: [] for number in level}
        edges = store.edges_from(level)
        for edge in edges:
            found[edge.source].append(edge)
        parts = dict.fromkeys(edge.target for edge in edges if edge.relation == _HAS_PART)
        level = [number for number in parts if number not in found]
    return found


def _profile(run: Node, upward: dict[int, list[Edge]], made: dict[int, list[Edge]]) -> Profile:
    parts, edges = {run.number: None}, []
    order = [run.number]
    for part in order:
        for edge in upward.get(part, ()):
            if edge.relation != _HAS_PART:
                edges.append(edge)
            elif edge.target not in parts:
                parts[edge.target] = None
                order.append(edge.target)
        edges += made.get(part, ())
    return Profile(run, order, edges)
