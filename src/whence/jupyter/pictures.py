"""Pictures of lineage: from the nodes and edges of an answer to boxes and links in order of time.

Drawn are data, models and what was done with them. Left out, and told by the text: surroundings
(code, environment, commit, who), and content, through which what has the same bytes is joined. A
run or a cell stands for what it did only where nothing smaller in it was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from whence.jupyter.picture import Box, Family, Link, Picture
from whence.model import kind as kinds
from whence.query.answer import Answer, AnswerEdge, AnswerNode
from whence.query.outline.label import label, lives_in_memory, shape_of
from whence.query.outline.line import plain_text
from whence.query.spelling import size

_PASSED = frozenset({kinds.CONTENT})
_LEFT_OUT = kinds.SURROUNDINGS | {kinds.OUTPUT, kinds.PLAN, kinds.STUDY, kinds.EXPERIMENT}
_BACKWARD = frozenset(
    {"used", "wasGeneratedBy", "wasDerivedFrom", "wasRevisionOf", "wasInformedBy",
     "hadPrimarySource", "wasQuotedFrom", "wasInfluencedBy", "hadMember", "wasStartedBy"}
)  # fmt: skip
"""Relations whose target came first; of ``specializationOf`` it is the source."""
_MOST_JOINED = 2_000


class _Way(NamedTuple):
    """A step in time between two nodes, and the edge that says so."""

    earlier: str
    later: str
    edge: AnswerEdge


def lineage_picture(
    answer: Answer,
    caption: str,
    names: Mapping[str, str] | None = None,
    *,
    columns: bool = False,
    ends: Collection[str] = (),
) -> Picture:
    """The picture of an answer to trace, impact or why.

    ``names`` are those that things have in the notebook, by their ids; ``columns``: also columns;
    ``ends``: only what lies between them.
    """
    subjects = set(answer.query.get("subjects", ()))
    nodes = {
        node.id: node
        for node in answer.nodes
        if node.id in subjects or _is_drawn(node, columns) or node.kind in _PASSED
    }
    parents = {edge.source: edge.target for edge in answer.edges if edge.relation == "partOf"}
    wholes = _wholes(nodes, parents)
    ways = _without_wholes(_ways(answer.edges, nodes), wholes)
    passed = {id for id, node in nodes.items() if node.kind in _PASSED and id not in subjects}
    ways = _shortest(_joined(ways, passed))
    if not subjects & wholes:
        ways = _leading(ways, subjects, str(answer.query.get("direction")), ends)
    joined = {end for way in ways for end in way[:2]}
    boxes = [
        _box(node, nodes, parents, (names or {}).get(id, ""), id in subjects)
        for id, node in nodes.items()
        if id in joined or (id in subjects and id not in wholes)
    ]
    links = {(way.earlier, way.later): _link(way) for way in ways}
    title = str(answer.query.get("question", ""))
    return Picture(title, boxes, list(links.values()), caption)


def reached_from(answer: Answer, subject: str) -> set[str]:
    """The ids of what ``subject`` led to in an answer, not by way of a run or cell as a whole."""
    nodes = {node.id: node for node in answer.nodes}
    parents = {edge.source: edge.target for edge in answer.edges if edge.relation == "partOf"}
    ways = _without_wholes(_ways(answer.edges, nodes), _wholes(nodes, parents))
    return _reached(ways, [subject], True)


def _is_drawn(node: AnswerNode, columns: bool) -> bool:
    if node.type == "agent" or node.kind in _LEFT_OUT:
        return False
    return columns or node.kind != kinds.COLUMN


def _ways(edges: Iterable[AnswerEdge], nodes: Mapping[str, AnswerNode]) -> list[_Way]:
    found = []
    for edge in edges:
        if edge.source not in nodes or edge.target not in nodes or edge.source == edge.target:
            continue
        if edge.relation in _BACKWARD:
            found.append(_Way(edge.target, edge.source, edge))
        elif edge.relation == "specializationOf":
            found.append(_Way(edge.source, edge.target, edge))
    return found


def _wholes(nodes: Mapping[str, AnswerNode], parents: Mapping[str, str]) -> set[str]:
    """The activities that others are part of."""
    found = {parents[id] for id, node in nodes.items() if node.type == "activity" and id in parents}
    while more := {parents[one] for one in found if one in parents} - found:
        found |= more
    return found


def _without_wholes(ways: list[_Way], wholes: set[str]) -> list[_Way]:
    """The steps without those of a run or cell that a smaller activity in it tells better."""
    smaller = [way for way in ways if not {way.earlier, way.later} & wholes]
    goes_on, comes = {way.earlier for way in smaller}, {way.later for way in smaller}
    return [
        way
        for way in ways
        if not (way.later in wholes and way.earlier in goes_on)
        and not (way.earlier in wholes and way.later in comes)
    ]


def _leading(
    ways: list[_Way], subjects: set[str], direction: str, ends: Collection[str]
) -> list[_Way]:
    """The steps on a way to the subjects, from them, or between the ends: an answer has all that
    the runs on the way did."""
    if ends:
        start = set(ends) - subjects or subjects
        between = _reached(ways, start, True) & _reached(ways, subjects, False)
        return [way for way in ways if way.earlier in between and way.later in between]
    found = _reached(ways, subjects, direction == "down")
    return [way for way in ways if way.earlier in found and way.later in found]


def _reached(ways: list[_Way], start: Collection[str], is_forward: bool) -> set[str]:
    after: dict[str, list[str]] = {}
    for way in ways:
        one, other = (way.earlier, way.later) if is_forward else (way.later, way.earlier)
        after.setdefault(one, []).append(other)
    found, waiting = set(start), list(start)
    while waiting:
        for other in after.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _joined(ways: list[_Way], passed: set[str]) -> list[_Way]:
    """The steps with what is not drawn passed over: from what led to it to what it led to."""
    for one in passed:
        before = [way for way in ways if way.later == one]
        after = [way for way in ways if way.earlier == one]
        ways = [way for way in ways if one not in way[:2]]
        if len(before) * len(after) <= _MOST_JOINED:
            ways += [
                _Way(first.earlier, then.later, then.edge)
                for first in before
                for then in after
                if first.earlier != then.later
            ]
    return ways


def _shortest(ways: list[_Way]) -> list[_Way]:
    """The steps without those that two others tell in more detail, and as surely."""
    certain = {(way.earlier, way.later) for way in ways if way.edge.known != "inferred"}
    both = certain | {(way.earlier, way.later) for way in ways}
    after: dict[str, set[str]] = {}
    for one, other in both:
        after.setdefault(one, set()).add(other)

    def is_told(way: _Way) -> bool:
        known = certain if way.edge.known != "inferred" else both
        return any(
            {(way.earlier, middle), (middle, way.later)} <= known for middle in after[way.earlier]
        )

    return [way for way in ways if not is_told(way)]


def _link(way: _Way) -> Link:
    edge = way.edge
    is_said = edge.relation in ("used", "wasGeneratedBy") and "." not in edge.role
    role = edge.role if is_said else ""
    return Link(way.earlier, way.later, role, edge.known != "inferred")


def _box(
    node: AnswerNode,
    nodes: Mapping[str, AnswerNode],
    parents: Mapping[str, str],
    name: str,
    is_subject: bool,
) -> Box:
    notes = _activity_notes(node, nodes, parents) if node.type == "activity" else _notes(node)
    if name and name != node.name:
        notes = [name_of(node), *notes]
    title, note = name or name_of(node), " · ".join(notes)
    is_activity = node.type == "activity"  # its id and times are others in each session
    told = f"{title}\n{note}" if is_activity else plain_text([tuple(label(node))])
    at = str(node.attributes.get("started_at") or "") if is_activity else ""
    return Box(node.id, title, note, family(node), told, is_subject, at)


def name_of(node: AnswerNode) -> str:
    """What a node is called, or its kind where it has no name."""
    return node.name or node.kind


def _notes(node: AnswerNode) -> list[str]:
    found = [] if node.kind == kinds.FILE else [node.kind]
    shape = shape_of(node.attributes)
    if shape:
        found.append(shape)
    elif isinstance(node.attributes.get("size"), int):
        found.append(size(node.attributes["size"]))
    return found


def _activity_notes(
    node: AnswerNode, nodes: Mapping[str, AnswerNode], parents: Mapping[str, str]
) -> list[str]:
    """The cell or run that it is in, with the line, and how it ended if not well."""
    above = nodes.get(parents.get(node.id, ""))
    cell, line = node.attributes.get("cell"), str(node.attributes.get("line") or "")
    if isinstance(cell, dict) and cell.get("count"):
        place = f"In [{cell['count']}]"
    else:
        place = above.name if above is not None else node.kind
    line = line.rpartition(":")[2]
    found = [f"{place}, line {line}" if line else place]
    status = node.attributes.get("status")
    return [*found, status] if status in ("failed", "interrupted") else found


def family(node: AnswerNode) -> Family:
    """The colour that a node is drawn in."""
    if node.type == "activity":
        return "activity"
    if node.kind == kinds.MODEL:
        return "model"
    if node.kind == kinds.COLUMN:
        return "column"
    is_data = node.places or node.digest or lives_in_memory(node) or node.kind in kinds.ENTITY_TERMS
    return "data" if is_data and node.type == "entity" else "other"
