"""PROV statements as events of the record: what `outward` wrote, without loss, and any PROV.

A foreign element becomes a node whose id follows from its IRI, so two documents that speak of the
same thing meet in the store. What the record has no place for is counted by `Incoming.left_out`,
never dropped in silence.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from whence._base.errors import DocumentError
from whence.model.event import (
    ActivityEnded,
    ActivityStarted,
    AgentRecorded,
    EntityRecorded,
    Event,
    GapRecorded,
    MetricLogged,
    ParamsLogged,
    RelationRecorded,
    TagsSet,
)
from whence.model.kind import CONTENT, NodeType
from whence.model.relation import Known, Relation
from whence.model.value import typed, typed_map
from whence.standards.prov.signature import SIGNATURES, TIME
from whence.standards.prov.statement import PROV, Document, Literal, Statement
from whence.standards.record import outward
from whence.standards.record.edge import KNOWN, edges_of, said_of
from whence.standards.record.element import TYPES, Element
from whence.standards.record.literal import time_of, value_of
from whence.standards.record.names import (
    METRIC,
    PARAM,
    is_below,
    is_ours,
    owner_of,
    uid_of,
)
from whence.standards.vocabulary import terms

_NAMED_TYPES = {**TYPES, "any": NodeType.ENTITY}


class Incoming:
    """The events that a document comes to.

    ``owners`` has for each activity the one who ran it, where the document says so; ``left_out``
    counts what the record can't hold, by what it is.
    """

    def __init__(self, document: Document, at: int) -> None:
        self.at = at
        self.left_out: Counter[str] = Counter()
        self.owners: dict[bytes, dict[str, Any]] = {}
        self.elements: dict[str, Element] = {}
        self._relations: list[Statement] = []
        self._sure: dict[tuple[str, str, str], Known] = {}
        for statement in document.statements:
            self._take(statement)
        self._declare_ends()

    def events(self) -> Iterator[Event]:
        """The events, elements first."""
        for iri, element in self.elements.items():
            yield from self._of_element(iri, element)
        for statement in self._relations:
            yield from self._of_relation(statement)

    def counts(self) -> Counter[str]:
        """How many elements of each type and how many relations there are."""
        counted = Counter(
            element.type.term for iri, element in self.elements.items() if not element.is_part()
        )
        counted["relation"] = len(self._relations)
        return counted

    def _take(self, statement: Statement) -> None:
        node_type = TYPES.get(statement.kind)
        if node_type is None:
            self._relations.append(statement)
            return
        if statement.id is None:
            raise DocumentError(f"An {statement.kind} has no id; correct the document")
        element = self.elements.setdefault(statement.id, Element(node_type))
        if element.type != node_type:
            node_type = self._clash(statement.id, element, node_type)
        if node_type == NodeType.ACTIVITY and statement.arguments:
            element.started = element.started or statement.arguments[0]
            element.ended = element.ended or statement.arguments[1]
        if statement.bundle and statement.bundle not in element.bundles:
            element.bundles.append(statement.bundle)
        for key, value in statement.attributes:
            held = element.attributes.setdefault(key, [])
            if value not in held:
                held.append(value)

    def _clash(self, iri: str, element: Element, other: NodeType) -> NodeType:
        """Agents may be entities or activities as well; a node of the record is one of them."""
        if NodeType.AGENT not in (element.type, other):
            raise DocumentError(
                f"{iri} is said to be both an entity and an activity, which PROV forbids "
                "(constraint 55); correct the document"
            )
        if element.type == NodeType.AGENT:
            element.type = other
        self.left_out["type agent of what is an entity or activity too"] += 1
        return element.type

    def _declare_ends(self) -> None:
        """A thing that is only named by a relation exists too."""
        for statement in self._relations:
            signature = SIGNATURES[statement.kind]
            for argument, iri in zip(signature.arguments, statement.arguments, strict=False):
                named = _NAMED_TYPES.get(argument.names)
                if named is not None and iri is not None and iri not in self.elements:
                    self.elements[iri] = Element(named)

    def _of_element(self, iri: str, element: Element) -> Iterator[Event]:
        types = element.names(outward.TYPE)
        if terms.GAP in types:
            yield self._gap(element)
        elif terms.RELATION in types:
            self._note_known(element)
        elif terms.HYPERPARAMETER_VALUE in types and (owner := owner_of(iri, PARAM)):
            value = element.values(outward.VALUE)
            params = {element.text(outward.LABEL): typed(value_of(value[0]) if value else None)}
            yield ParamsLogged(uid_of(owner), params, self.at)
        elif terms.MODEL_EVALUATION in types and (owner := owner_of(iri, METRIC)):
            yield from self._metric(uid_of(owner), iri, element)
        else:
            yield from self._node(iri, element)

    def _node(self, iri: str, element: Element) -> Iterator[Event]:
        uid, name, kind = uid_of(iri), element.text(outward.LABEL), element.kind()
        said, tags = element.said()
        attributes = typed_map(said if is_ours(iri) else {"iri": iri} | said)
        at = self.at if element.started is None else time_of(element.started)
        if element.type == NodeType.ACTIVITY:
            wholes = [uid_of(one) for one in element.names(terms.PART_OF, terms.IN_GROUP)]
            parent = wholes[0] if wholes else None
            yield ActivityStarted(uid, kind, name, parent, at, at, attributes)
            yield from self._rest_of_activity(uid, element, wholes[1:], at)
        elif element.type == NodeType.AGENT:
            yield AgentRecorded(uid, kind, name, attributes)
        else:
            is_content = len(uid) == 32
            yield EntityRecorded(
                uid, CONTENT if is_content else kind, name, at, attributes,
                None if is_content else element.digest(), element.whole(terms.SIZE),
            )  # fmt: skip
        if tags:
            yield TagsSet(uid, typed_map(tags), self.at)

    def _rest_of_activity(
        self, uid: bytes, element: Element, wholes: list[bytes], at: int
    ) -> Iterator[Event]:
        if element.started is None:
            self.left_out["start of an activity, which has none: the time of import is kept"] += 1
        if element.values(terms.OWNER):
            owner = value_of(element.values(terms.OWNER)[0])
            if isinstance(owner, dict):
                self.owners[uid] = owner
        for whole in wholes:
            yield RelationRecorded(uid, int(Relation.PART_OF), whole, int(Known.OBSERVED), at)
        status = element.text(terms.STATUS) or ("finished" if element.ended else "")
        if element.ended is not None:
            ended = time_of(element.ended)
            yield ActivityEnded(uid, status, ended, ended)
        elif status and status != "running":
            yield ActivityEnded(uid, status, self.at, self.at)

    def _gap(self, element: Element) -> GapRecorded:
        activity, subject = element.text(terms.GAP_ACTIVITY), element.text(terms.GAP_SUBJECT)
        count = element.whole(terms.COUNT)
        return GapRecorded(
            element.text(terms.GAP_CODE), uid_of(activity) if activity else b"", self.at,
            uid_of(subject) if subject else None, 1 if count is None else count,
            element.text(terms.DETAIL),
        )  # fmt: skip

    def _metric(self, activity: bytes, iri: str, element: Element) -> Iterator[Event]:
        key = element.text(outward.LABEL)
        points = element.values(terms.POINTS)
        if points and isinstance(points[0], Literal):
            try:
                for step, value, at in json.loads(points[0].text):
                    yield MetricLogged(activity, key, float(value), int(step), int(at))
            except (ValueError, TypeError, OverflowError, RecursionError) as error:
                raise DocumentError(
                    f"The points of the metric {key!r} do not read; correct the document"
                ) from error
            return
        value = element.number(outward.VALUE)
        if value is not None:
            step, at = element.whole(terms.STEP) or 0, self._generated_at(iri)
            yield MetricLogged(activity, key, float(value), step, at)

    def _generated_at(self, iri: str) -> int:
        text = self._times.get(iri)
        return self.at if text is None else time_of(text)

    @cached_property
    def _times(self) -> dict[str | None, str]:
        """When each entity was generated, where the document says so."""
        return {
            one.arguments[0]: at
            for one in self._relations
            if one.kind == "wasGeneratedBy" and (at := one.arguments[2]) is not None
        }

    def _note_known(self, element: Element) -> None:
        key = (
            element.text(terms.SOURCE),
            element.text(terms.PROPERTY),
            element.text(terms.TARGET),
        )
        self._sure[key] = KNOWN.get(element.text(terms.KNOWN), Known.DECLARED)

    def _of_relation(self, statement: Statement) -> Iterator[Event]:
        if any(is_below(iri) and iri in self.elements for iri in statement.arguments[:2] if iri):
            return  # of a parameter, metric or gap: no node in the record
        at, role, known, rest = said_of(statement)
        for relation, source, target in edges_of(statement, self.left_out):
            default = Known.OBSERVED if is_ours(source) or is_ours(target) else Known.DECLARED
            sure = self._sure.get((source, PROV + relation.term, target), default)
            yield RelationRecorded(
                uid_of(source), int(relation), uid_of(target),
                int(sure if known is None else known),
                self.at if at is None else at, role, typed_map(rest),
            )  # fmt: skip


def earliest(document: Document) -> int | None:
    """The earliest time that the document names; None without one. Its statements are a list."""
    times = [
        time_of(text)
        for statement in document.statements
        for argument, text in zip(
            SIGNATURES[statement.kind].arguments, statement.arguments, strict=False
        )
        if argument.names == TIME and text is not None
    ]
    return min(times, default=None)
