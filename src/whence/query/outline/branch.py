"""What hangs under a node of the tree: the runs that made it, and under a run what went in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from whence.model.kind import CONTENT, OUTPUT
from whence.query.answer import AnswerEdge, AnswerNode
from whence.query.outline.graph import DERIVES, FOLLOWS, MAKES, USES, Graph
from whence.query.outline.label import lives_in_memory
from whence.query.spelling import escaped, short_id


class Branch(NamedTuple):
    """A child in the tree: a node with the words before it, or (without a node) a heading.

    A branch with a ``note`` has nothing under it. ``continued`` is the number under which a branch
    that is too deep goes on.
    """

    node: str
    words: str = ""
    edge: AnswerEdge | None = None
    members: tuple[Branch, ...] = ()
    note: str = ""
    continued: int = 0


Walk = Callable[[Graph, str], list[Branch]]

MADE_HERE = "made by the same run"

SHOWN_INSIDE = 3

_GROUPS = ("data", "code", "environment")
_GROUP_OF_KIND = {
    "code": "code", "commit": "code", "diff": "code", "notebook": "code",
    "environment": "environment",
}  # fmt: skip
_WORDS_UP = {
    "wasDerivedFrom": "derived from",
    "wasRevisionOf": "a revision of",
    "wasQuotedFrom": "quoted from",
    "hadPrimarySource": "from the source",
    "alternateOf": "the same bytes as",
    "hadMember": "contains",
    "specializationOf": "a form of",
    "wasInfluencedBy": "influenced by",
    "wasInformedBy": "after",
    "wasStartedBy": "started by",
}
_WORDS_DOWN = {
    "wasDerivedFrom": "gave",
    "wasRevisionOf": "revised as",
    "wasQuotedFrom": "quoted in",
    "hadPrimarySource": "the source of",
    "alternateOf": "the same bytes as",
    "hadMember": "in",
    "specializationOf": "known as",
    "wasInfluencedBy": "influenced",
    "wasInformedBy": "before",
    "wasStartedBy": "started",
}


def group_of(node: AnswerNode, edge: AnswerEdge | None) -> str:
    """``data``, ``code`` or ``environment``: what an input is to a run."""
    role = edge.role if edge is not None else ""
    if role in ("code", "commit", "uncommitted", "script", "module"):
        return "code"
    if role == "environment":
        return "environment"
    return _GROUP_OF_KIND.get(node.kind, "data")


def branches_up(graph: Graph, node: str) -> list[Branch]:
    """What lies right upstream of a node."""
    if graph.nodes[node].type == "activity":
        return _inputs(graph, graph.whole(node)) + _followed_up(graph, graph.whole(node))
    if graph.nodes[node].kind == CONTENT:
        return _results(graph, node, set())
    makers = graph.makers(node)
    ends = [edge.target for edge in graph.up[node] if edge.relation in MAKES]
    branches = [
        Branch(whole, "made by" + _declared(graph, whole, ends), edge)
        for whole, edge in _by_time(graph, makers)
    ]
    return branches + _origins(graph, node, {whole for whole, _ in makers})


def branches_down(graph: Graph, node: str) -> list[Branch]:
    """What lies right downstream of a node."""
    if graph.nodes[node].type == "activity":
        whole = graph.whole(node)
        return _outputs(graph, whole) + _followed_down(graph, whole)
    if graph.nodes[node].type == "agent":
        return _borne(graph, node)
    users = graph.users(node)
    makers = {whole for whole, _ in graph.makers(node)}
    ends = [edge.source for edge in graph.down[node] if edge.relation in USES]
    branches = [
        Branch(whole, "used by" + _declared(graph, whole, ends), edge)
        for whole, edge in _by_time(graph, users)
    ]
    return branches + _results(graph, node, {whole for whole, _ in users} | makers)


def _declared(graph: Graph, whole: str, ends: list[str]) -> str:
    """`` run inner 0193f2a1 in``: the runs inside of a launched one that it really was."""
    inside = [end for end in ends if graph.whole(end) == whole]
    runs = [graph.nodes[one] for one in graph.declared(whole, inside)]
    if not runs:
        return ""
    shown = [f"run {escaped(run.name)} {short_id(run.id)}" for run in runs[:SHOWN_INSIDE]]
    if len(runs) > SHOWN_INSIDE:
        shown.append(f"{len(runs) - SHOWN_INSIDE:,} more")
    return f" {', '.join(shown)} in"


def _by_time(graph: Graph, found: list[tuple[str, AnswerEdge]]) -> list[tuple[str, AnswerEdge]]:
    return sorted(
        found, key=lambda pair: str(graph.nodes[pair[0]].attributes.get("started_at") or "")
    )


def _inputs(graph: Graph, whole: str) -> list[Branch]:
    made = graph.made_within(whole)
    groups: dict[str, list[Branch]] = {group: [] for group in _GROUPS}
    for entity, edge in graph.used_within(whole).items():
        node = graph.nodes[entity]
        if not lives_in_memory(node):
            note = MADE_HERE if entity in made else ""
            groups[group_of(node, edge)].append(Branch(entity, "", edge, note=note))
    groups["code"] = _with_cells_apart(graph, groups["code"])
    filled = {name: _sorted(graph, members) for name, members in groups.items() if members}
    return [Branch("", name, members=tuple(members)) for name, members in filled.items()]


def _with_cells_apart(graph: Graph, branches: list[Branch]) -> list[Branch]:
    """The cells of a notebook under one heading, each once, though it ran in another form too."""
    cells = [one for one in branches if "cell" in graph.nodes[one.node].attributes]
    others = [one for one in branches if one not in cells]
    return others + _under(graph, "cells of", cells)


def _under(graph: Graph, words: str, branches: list[Branch]) -> list[Branch]:
    """A heading for each notebook that the branches are of, with those under it."""
    found: dict[str, dict[str, Branch]] = {}
    for branch in branches:
        name = graph.nodes[branch.node].name
        found.setdefault(name.rpartition("#")[0], {}).setdefault(name, branch)
    return [
        Branch("", f"{words} {escaped(name)}", members=tuple(_sorted(graph, of_one.values())))
        for name, of_one in found.items()
    ]


def _outputs(graph: Graph, whole: str) -> list[Branch]:
    made = (
        (edge.source, edge)
        for part in graph.parts(whole)
        for edge in graph.down[part]
        if edge.relation == "wasGeneratedBy"
    )
    kept = {
        entity: Branch(entity, "made", edge)
        for entity, edge in made
        if not lives_in_memory(graph.nodes[entity])
    }
    shown = [one for one in kept.values() if graph.nodes[one.node].kind == OUTPUT]
    lasting = _sorted(graph, [one for one in kept.values() if one not in shown])
    return lasting + _under(graph, "shown by cells of", shown)


def _sorted(graph: Graph, branches: Iterable[Branch]) -> list[Branch]:
    """By kind of role, then by name: the script before the modules, the same on every drawing."""
    return sorted(
        branches,
        key=lambda b: (
            _RANK.get(b.edge.role if b.edge else "", 1) if b.node else _LAST,
            graph.nodes[b.node].name if b.node else b.words,
            b.node,
        ),
    )


_RANK = {"script": 0, "notebook": 0, "commit": 2, "uncommitted": 3}
_LAST = 4


def _origins(graph: Graph, node: str, makers: set[str]) -> list[Branch]:
    """What an entity comes from beside its makers' own inputs, which are shown there."""
    shown = {entity for whole in makers for entity in graph.used_within(whole)}
    inside = {entity for whole in makers for entity in graph.made_within(whole)}
    found: dict[str, Branch] = {}
    for edge in graph.up[node]:
        target = graph.nodes[edge.target]
        if edge.relation not in DERIVES or target.kind == "content":
            continue
        if edge.target not in shown and (edge.target not in inside or not makers):
            found.setdefault(edge.target, Branch(edge.target, _WORDS_UP[edge.relation], edge))
    return _sorted(graph, found.values())


def _results(graph: Graph, node: str, users: set[str]) -> list[Branch]:
    """What came of an entity beside its users' own outputs, which are shown there."""
    shown = {entity for whole in users for entity in graph.made_within(whole)}
    found: dict[str, Branch] = {}
    for edge in graph.down[node]:
        if edge.relation in DERIVES and edge.source not in shown and edge.source != node:
            found.setdefault(edge.source, Branch(edge.source, _WORDS_DOWN[edge.relation], edge))
    return _sorted(graph, found.values())


def _followed_up(graph: Graph, whole: str) -> list[Branch]:
    found: dict[str, Branch] = {}
    for part in graph.parts(whole):
        for edge in graph.up[part]:
            if edge.relation not in FOLLOWS:
                continue
            target = edge.target
            if graph.nodes[target].type == "activity":
                target = graph.whole(target)
            if target != whole:
                found.setdefault(target, Branch(target, _WORDS_UP[edge.relation], edge))
    return list(found.values())


def _followed_down(graph: Graph, whole: str) -> list[Branch]:
    found: dict[str, Branch] = {}
    for part in graph.parts(whole):
        for edge in graph.down[part]:
            source = graph.whole(edge.source) if edge.relation in FOLLOWS else whole
            if source != whole:
                found.setdefault(source, Branch(source, _WORDS_DOWN[edge.relation], edge))
    return list(found.values())


def _borne(graph: Graph, agent: str) -> list[Branch]:
    """What an agent is responsible for."""
    found: dict[str, Branch] = {}
    for edge in graph.down[agent]:
        source = graph.nodes[edge.source]
        one = graph.whole(edge.source) if source.type == "activity" else edge.source
        found.setdefault(one, Branch(one, "responsible for", edge))
    return list(found.values())
