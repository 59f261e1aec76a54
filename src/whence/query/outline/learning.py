"""What learned in a run, or was written, as branches of its tree: with the reads of its data."""

from __future__ import annotations

from typing import NamedTuple

from whence.model.kind import DATASET, FIT, READ
from whence.query.answer import AnswerNode
from whence.query.celled import place_in
from whence.query.outline.branch import Branch
from whence.query.outline.graph import DERIVES, MAKES, USES, Graph
from whence.query.outline.runs import MOST_COLUMNS, names
from whence.query.spelling import escaped


class _Way(NamedTuple):
    """From an object to where it was read: the read or the data set, and whether all was seen."""

    end: str
    is_inferred: bool


def learned(graph: Graph, whole: str) -> list[Branch]:
    """The fits in a run whose models are in the answer; none where nothing is known of the data."""
    branches = []
    for activity in graph.parts(whole):
        node = graph.nodes[activity]
        made = any(edge.relation in MAKES for edge in graph.down[activity])
        if node.kind == FIT and made:
            sources = _sources(graph, activity)
            if sources:
                branches.append(Branch("", _heading(node), members=tuple(sources)))
    return branches


def wrote(graph: Graph, whole: str) -> list[Branch]:
    """The tables that a run wrote, each with the reads that fed it.

    None where the run read but once, nor of a table where the code did not have to tell.
    """
    reads = [one for one in graph.parts(whole) if graph.nodes[one].kind == READ]
    branches = []
    for entity in graph.made_within(whole) if len(reads) > 1 else ():
        node = graph.nodes[entity]
        if node.kind == DATASET and node.places:
            ways = _ways(graph, entity, False)
            if any(way.is_inferred for way in ways):
                lines = tuple(Branch("", _line(graph, way, [])) for way in ways)
                branches.append(Branch("", f"{escaped(node.name)}{_place(node)}", members=lines))
    return branches


def _heading(node: AnswerNode) -> str:
    columns = node.attributes.get("columns")
    told = f"  columns {names([str(one) for one in columns], MOST_COLUMNS)}" if columns else ""
    return f"{escaped(node.name)}{_place(node)}{told}"


def _sources(graph: Graph, fit: str) -> list[Branch]:
    """One line for each read: the arguments that its data came as, the call, and the file."""
    found: dict[_Way, list[str]] = {}
    for edge in graph.up[fit]:
        if edge.relation in USES:
            for way in _ways(graph, edge.target, edge.known != "observed"):
                found.setdefault(way, []).append(edge.role)
    return [
        Branch("", _line(graph, way, list(dict.fromkeys(roles)))) for way, roles in found.items()
    ]


def _ways(graph: Graph, entity: str, is_inferred: bool) -> list[_Way]:
    """The reads and data sets that an object came from."""
    found: dict[str, _Way] = {}
    waiting, seen = [(entity, is_inferred)], {entity}
    for one, inferred in waiting:
        node = graph.nodes[one]
        if node.kind == DATASET and not node.places:
            found[one] = _Way(one, inferred)
            continue
        for edge in graph.up[one]:
            target = graph.nodes[edge.target]
            now = inferred or edge.known == "inferred"
            if edge.relation in MAKES and target.kind == READ:
                found[edge.target] = _Way(edge.target, now)
            elif edge.relation in MAKES and edge.role == "output":
                given = [e.target for e in graph.up[edge.target] if e.relation in USES]
                waiting += [(each, now) for each in given if each not in seen]
                seen.update(given)
            elif edge.relation in DERIVES and not target.places and edge.target not in seen:
                seen.add(edge.target)
                waiting.append((edge.target, now))
    return list(found.values())


def _line(graph: Graph, way: _Way, roles: list[str]) -> str:
    node = graph.nodes[way.end]
    read = [graph.nodes[e.target].name for e in graph.up[way.end] if e.relation in USES]
    origin = f" of {escaped(names(read))}" if node.kind == READ and read else ""
    mark = "  (inferred)" if way.is_inferred else ""
    as_what = f"{escaped(', '.join(roles))} " if roles else ""
    return f"{as_what}from {escaped(node.name)}{_place(node)}{origin}{mark}"


def _place(node: AnswerNode) -> str:
    place = place_in(node.attributes) if node.attributes.get("line") else ""
    return f" {escaped(place)}" if place else ""
