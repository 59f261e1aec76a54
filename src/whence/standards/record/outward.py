"""An excerpt of the record as PROV statements, with the PROV-ML and Whence vocabularies.

A node is an element, typed by the class of its kind. A parameter is a value entity that its
activity used, a metric a `provml:ModelEvaluation` that its activity generated; a gap is an entity
of its own. How an edge is known stands on it unless it was observed; where PROV-DM gives a relation
no attributes, a `whence:Relation` beside it says so. Containment of activities, which PROV lacks,
is `whence:partOf`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from whence._base.ids import format_id
from whence.model.kind import CONTENT, STAGE, NodeType
from whence.model.relation import Known, Relation
from whence.standards.prov.signature import SIGNATURES, UNIDENTIFIED
from whence.standards.prov.statement import PROV, XSD, Document, Literal, Name, Statement, Value
from whence.standards.record.excerpt import PLACES, Excerpt, Item, Report
from whence.standards.record.literal import INTEGER, literal, time_text
from whence.standards.record.names import (
    ATTRIBUTE,
    GAP,
    ID,
    METRIC,
    NAMESPACES,
    PARAM,
    RELATION,
    TAG,
    below,
    key_iri,
)
from whence.standards.vocabulary import terms
from whence.store.protocol import Edge, Gap, Node, Summary

Attributes = list[tuple[str, Value]]

TYPE, LABEL, VALUE, ROLE, LOCATION = (
    PROV + "type", PROV + "label", PROV + "value", PROV + "role", PROV + "location",
)  # fmt: skip

SUBTYPES = {
    Relation.WAS_REVISION_OF: PROV + "Revision",
    Relation.WAS_QUOTED_FROM: PROV + "Quotation",
    Relation.HAD_PRIMARY_SOURCE: PROV + "PrimarySource",
}
"""Relations that PROV-DM writes as derivations of a type."""

_DATE_TIME = XSD + "dateTime"
_SILENT = frozenset({Relation.HAS_PART, Relation.PART_OF, Relation.PART_OF_GROUP})


def document_of(excerpt: Excerpt, progress: Report | None = None) -> Document:
    """The excerpt as a document whose statements are made while they are read, once."""
    prefixes = terms.PREFIXES | NAMESPACES
    return Document(statements(excerpt, progress), prefixes, distinct=True)


def statements(excerpt: Excerpt, progress: Report | None = None) -> Iterator[Statement]:
    """The statements of an excerpt, node by node."""
    for item in excerpt.items(progress):
        yield from _of_item(excerpt, item)
    for number, gap in enumerate(excerpt.gaps()):
        yield _of_gap(excerpt, gap, number)


def _of_item(excerpt: Excerpt, item: Item) -> Iterator[Statement]:
    """The node itself, its parameters and metrics, and its edges."""
    node, said = item.node, item.said
    name = item.iri
    times = (_time(node.started_at), _time(node.ended_at)) if node.type == NodeType.ACTIVITY else ()
    attributes = list(_described(excerpt, item))
    yield Statement(node.type.term, name, times, tuple(attributes))
    yield from _of_params(name, node, said.params)
    for metric in item.metrics:
        yield from _of_metric(excerpt, name, node, metric)
    for edge in item.edges:
        if edge.relation not in _SILENT:
            yield from _of_edge(excerpt, edge, name)


def _described(excerpt: Excerpt, item: Item) -> Iterator[tuple[str, Value]]:
    node, said = item.node, item.said
    yield from _types(node.kind, node.type, node.name if node.kind == STAGE else "")
    if node.name:
        yield LABEL, literal(node.name)
    if node.digest is not None:
        yield terms.DIGEST, Literal(format_id(node.digest))
        if node.size is not None:
            yield terms.SIZE, Literal(str(node.size), INTEGER)
    for place in item.places:
        yield terms.PATH, literal(place)
    if node.status:
        yield terms.STATUS, Literal(node.status)
    for edge in item.edges:
        if edge.relation == Relation.PART_OF:
            yield terms.PART_OF, Name(excerpt.end(edge.target).iri)
        elif edge.relation == Relation.PART_OF_GROUP:
            yield terms.IN_GROUP, Name(excerpt.end(edge.target).iri)
    for key, value in said.attributes.items():
        if key not in ("iri", PLACES):
            yield key_iri(ATTRIBUTE, key), literal(value)
    for key, value in said.tags.items():
        yield key_iri(TAG, key), literal(value)
    if item.owner:
        yield terms.OWNER, literal(item.owner)


@lru_cache(4096)
def _types(kind: str, node_type: NodeType, stage: str) -> tuple[tuple[str, Value], ...]:
    """The class of a kind of nodes, and that of ML-Schema where there is one."""
    found: Attributes = []
    if kind == STAGE:
        found.append((TYPE, Name(terms.stage_class(stage))))
    elif kind:
        chosen = terms.class_of(kind, node_type)
        found.append((TYPE, Name(chosen)))
        if terms.kind_of(chosen) != kind:
            found.append((terms.KIND, literal(kind)))
    if kind != CONTENT and (mls := terms.mls_of(kind)):
        found.append((TYPE, Name(mls)))
    return tuple(found)


def _of_params(owner: str, node: Node, params: dict[str, Any]) -> Iterator[Statement]:
    for key, value in params.items():
        name = below(owner, PARAM, key)
        yield Statement(
            "entity",
            name,
            (),
            (
                (TYPE, Name(terms.HYPERPARAMETER_VALUE)),
                (LABEL, literal(key)),
                (VALUE, literal(value)),
            ),
        )
        if node.type == NodeType.ACTIVITY:
            yield Statement("used", None, (owner, name, None), ((ROLE, Literal(PARAM)),))
        elif node.type == NodeType.ENTITY:
            yield Statement("hadMember", None, (owner, name))


def _of_metric(excerpt: Excerpt, owner: str, node: Node, metric: Summary) -> Iterator[Statement]:
    name = below(owner, METRIC, metric.key)
    points = excerpt.points(node.number, metric.key)
    attributes: Attributes = [
        (TYPE, Name(terms.MODEL_EVALUATION)),
        (LABEL, literal(metric.key)),
        (VALUE, literal(metric.last)),
        (terms.STEP, Literal(str(metric.last_step), INTEGER)),
        (terms.COUNT, Literal(str(metric.count), INTEGER)),
    ]
    if metric.count > 1:
        attributes += [
            (terms.FIRST, literal(metric.first)),
            (terms.MINIMUM, literal(metric.min)),
            (terms.MAXIMUM, literal(metric.max)),
            (terms.POINTS, _points_literal(points)),
        ]
    at = points[-1].at if points else None
    yield Statement("entity", name, (), tuple(attributes))
    yield Statement("wasGeneratedBy", None, (name, owner, _time(at)), ())


def _points_literal(points: Iterable[Any]) -> Literal:
    """Step, value and time of each point; values as text, which holds NaN and every bit."""
    rows = [[point.step, literal(point.value).text, point.at] for point in points]
    return Literal(json.dumps(rows, separators=(",", ":")), literal([]).datatype)


class _Plan(NamedTuple):
    """How a relation is written: the statement's kind, its number of arguments, where the time
    stands (0 if nowhere), the type that it is marked by, and whether it can have attributes."""

    kind: str
    arguments: int
    time: int
    subtype: tuple[tuple[str, Value], ...]
    plain: bool


def _plan(relation: Relation) -> _Plan:
    kind = "wasDerivedFrom" if relation in SUBTYPES else relation.term
    keys = [one.key for one in SIGNATURES[kind].arguments]
    time = keys.index("time") if "time" in keys else 0
    subtype = ((TYPE, Name(SUBTYPES[relation])),) if relation in SUBTYPES else ()
    return _Plan(kind, len(keys), time, subtype, kind in UNIDENTIFIED)


_PLANS = {
    int(relation): _plan(relation)
    for relation in Relation
    if relation not in _SILENT and relation is not Relation.HAD_PLAN
}


def _of_edge(excerpt: Excerpt, edge: Edge, source: str) -> Iterator[Statement]:
    end = excerpt.end(edge.target)
    plan = _PLANS.get(edge.relation)
    if plan is None:
        said = tuple(_edge_attributes(edge, with_time=True))
        yield Statement("wasAssociatedWith", None, (source, None, end.iri), said)
        return
    arguments: list[str | None] = [source, end.iri]
    arguments += [None] * (plan.arguments - 2)
    if plan.time and edge.at is not None:
        arguments[plan.time] = time_text(edge.at)
    if plan.arguments == 4 and end.type == NodeType.ACTIVITY:  # a start or end: the other activity
        arguments[1], arguments[2] = None, end.iri
    if plan.plain:
        yield Statement(plan.kind, None, tuple(arguments))
        if edge.known or edge.role:
            yield _of_relation(edge, plan.kind, source, end.iri)
        return
    attributes = plan.subtype
    if edge.known or edge.role or not plan.time:
        attributes += tuple(_edge_attributes(edge, with_time=not plan.time))
    yield Statement(plan.kind, None, tuple(arguments), attributes)


def _edge_attributes(edge: Edge, *, with_time: bool) -> Iterator[tuple[str, Value]]:
    if edge.role:
        yield ROLE, literal(edge.role)
    if edge.known != Known.OBSERVED:
        yield terms.KNOWN, Name(terms.KNOWN_VALUES[Known(edge.known)])
    if with_time and edge.at is not None:
        yield terms.AT, Literal(time_text(edge.at), _DATE_TIME)


def _of_relation(edge: Edge, term: str, source: str, target: str) -> Statement:
    """What PROV-DM gives the relation no attributes to say."""
    attributes: Attributes = [
        (TYPE, Name(terms.RELATION)),
        (terms.SOURCE, Name(source)),
        (terms.PROPERTY, Name(PROV + term)),
        (terms.TARGET, Name(target)),
        *_edge_attributes(edge, with_time=False),
    ]
    name = below(source, RELATION, f"{term} {target} {edge.role}".rstrip())
    return Statement("entity", name, (), tuple(attributes))


def _of_gap(excerpt: Excerpt, gap: Gap, number: int) -> Statement:
    activity = None if gap.activity is None else excerpt.end(gap.activity).iri
    subject = None if gap.subject is None else excerpt.end(gap.subject).iri
    owner = subject or activity or ID + "unknown"
    attributes: Attributes = [
        (TYPE, Name(terms.GAP)),
        (terms.GAP_CODE, literal(gap.code)),
        (terms.COUNT, Literal(str(gap.count), INTEGER)),
    ]
    if gap.detail:
        attributes.append((terms.DETAIL, literal(gap.detail)))
    if activity is not None:
        attributes.append((terms.GAP_ACTIVITY, Name(activity)))
    if subject is not None:
        attributes.append((terms.GAP_SUBJECT, Name(subject)))
    key = f"{gap.code} {number}"
    return Statement("entity", below(owner, GAP, key), (), tuple(attributes))


def _time(at: int | None) -> str | None:
    return None if at is None else time_text(at)
