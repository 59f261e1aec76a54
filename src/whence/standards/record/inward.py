"""PROV statements as events of the record: what `outward` wrote, without loss, and any PROV.

A foreign element becomes a node whose id follows from its IRI, so two documents that speak of the
same thing meet in the store. What the record has no place for is counted by `Incoming.left_out`,
never dropped in silence.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

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
from whence.model.relation import BY_TERM, Known, Relation
from whence.model.value import typed, typed_map
from whence.standards.prov.signature import SIGNATURES, TIME
from whence.standards.prov.statement import PROV, Document, Literal, Name, Statement, Value
from whence.standards.record import outward
from whence.standards.record.literal import time_of, value_of
from whence.standards.record.names import (
    ATTRIBUTE,
    METRIC,
    PARAM,
    TAG,
    is_below,
    is_ours,
    key_of,
    owner_of,
    uid_of,
)
from whence.standards.vocabulary import terms

KIND_OF_TYPE = {NodeType.ENTITY: "entity", NodeType.ACTIVITY: "activity", NodeType.AGENT: "agent"}
_ELEMENTS = {"entity": NodeType.ENTITY, "activity": NodeType.ACTIVITY, "agent": NodeType.AGENT}
_NAMED_TYPES = {
    "entity": NodeType.ENTITY, "activity": NodeType.ACTIVITY, "agent": NodeType.AGENT,
    "any": NodeType.ENTITY,
}  # fmt: skip
_KNOWN = {iri: known for known, iri in terms.KNOWN_VALUES.items()}
_SUBTYPES = {iri: relation for relation, iri in outward.SUBTYPES.items()}


class Element(msgspec.Struct):
    """What a document says of one thing, over all statements about it."""

    type: NodeType
    started: str | None = None
    ended: str | None = None
    attributes: dict[str, list[Value]] = msgspec.field(default_factory=dict)
    bundles: list[str] = msgspec.field(default_factory=list)

    def values(self, key: str) -> list[Value]:
        return self.attributes.get(key, [])

    def text(self, key: str) -> str:
        found = self.values(key)
        return str(value_of(found[0])) if found else ""


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
            element.type.term for iri, element in self.elements.items() if not _is_part(element)
        )
        counted["relation"] = len(self._relations)
        return counted

    def _take(self, statement: Statement) -> None:
        node_type = _ELEMENTS.get(statement.kind)
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
        types = {value.iri for value in element.values(outward.TYPE) if isinstance(value, Name)}
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
        uid, name, kind = uid_of(iri), element.text(outward.LABEL), _kind(element)
        attributes, tags = self._said(iri, element)
        at = self.at if element.started is None else time_of(element.started)
        if element.type == NodeType.ACTIVITY:
            wholes = [*element.values(terms.PART_OF), *element.values(terms.IN_GROUP)]
            parts = [value.iri for value in wholes if isinstance(value, Name)]
            if element.started is None:
                self.left_out[
                    "start of an activity, which has none: the time of import is kept"
                ] += 1
            parent = uid_of(parts[0]) if parts else None
            yield ActivityStarted(uid, kind, name, parent, at, at, attributes)
            for other in parts[1:]:
                yield RelationRecorded(
                    uid, int(Relation.PART_OF), uid_of(other), int(Known.OBSERVED), at
                )
            yield from self._end(uid, element)
        elif element.type == NodeType.AGENT:
            yield AgentRecorded(uid, kind, name, attributes)
        else:
            digest, size = element.text(terms.DIGEST), element.values(terms.SIZE)
            yield EntityRecorded(
                uid, CONTENT if len(uid) == 32 else kind, name, at, attributes,
                _digest(digest, uid),
                int(value_of(size[0])) if size else None,
            )  # fmt: skip
        if tags:
            yield TagsSet(uid, tags, self.at)

    def _end(self, uid: bytes, element: Element) -> Iterator[Event]:
        status = element.text(terms.STATUS) or ("finished" if element.ended else "")
        if element.ended is not None:
            at = time_of(element.ended)
            yield ActivityEnded(uid, status, at, at)
        elif status and status != "running":
            yield ActivityEnded(uid, status, self.at, self.at)

    def _said(self, iri: str, element: Element) -> tuple[dict[str, Any], dict[str, Any]]:
        """The attributes and tags of a node; names and types of others stay under their IRIs."""
        attributes: dict[str, Any] = {} if is_ours(iri) else {"iri": iri}
        tags: dict[str, Any] = {}
        for key, values in element.attributes.items():
            found = [value_of(value) for value in values]
            if key == terms.OWNER:
                self.owners[uid_of(iri)] = found[0]
            elif (tag := key_of(TAG, key)) is not None:
                tags[tag] = found[0]
            elif (name := key_of(ATTRIBUTE, key)) is not None:
                attributes[name] = found[0]
            elif key == outward.TYPE:
                others = [one for one in found if terms.kind_of(one) is None and not _is_known(one)]
                if others:
                    attributes[key] = others[0] if len(others) == 1 else others
            elif key == terms.PATH:
                attributes[outward.PLACES] = found
            elif key not in _HELD:
                attributes[key] = found[0] if len(found) == 1 else found
        if element.bundles:
            attributes["bundles"] = element.bundles
        return typed_map(attributes), typed_map(tags)

    def _gap(self, element: Element) -> GapRecorded:
        activity = element.text(terms.GAP_ACTIVITY)
        subject = element.text(terms.GAP_SUBJECT)
        count = element.values(terms.COUNT)
        return GapRecorded(
            element.text(terms.GAP_CODE),
            uid_of(activity) if activity else b"",
            self.at,
            uid_of(subject) if subject else None,
            int(value_of(count[0])) if count else 1,
            element.text(terms.DETAIL),
        )

    def _metric(self, activity: bytes, iri: str, element: Element) -> Iterator[Event]:
        key = element.text(outward.LABEL)
        points = element.values(terms.POINTS)
        if points and isinstance(points[0], Literal):
            try:
                rows = json.loads(points[0].text)
                for step, value, at in rows:
                    yield MetricLogged(activity, key, float(value), int(step), int(at))
            except (ValueError, TypeError) as error:
                raise DocumentError(
                    f"The points of the metric {key!r} do not read; correct the document"
                ) from error
            return
        step, value = element.values(terms.STEP), element.values(outward.VALUE)
        if value:
            at = self._generated_at(iri)
            number = int(value_of(step[0])) if step else 0
            yield MetricLogged(activity, key, float(value_of(value[0])), number, at)

    def _generated_at(self, iri: str) -> int:
        if not hasattr(self, "_times"):
            self._times = {
                one.arguments[0]: one.arguments[2]
                for one in self._relations
                if one.kind == "wasGeneratedBy" and one.arguments[2] is not None
            }
        text = self._times.get(iri)
        return self.at if text is None else time_of(text)

    def _note_known(self, element: Element) -> None:
        key = (
            element.text(terms.SOURCE),
            element.text(terms.PROPERTY),
            element.text(terms.TARGET),
        )
        self._sure[key] = _KNOWN.get(element.text(terms.KNOWN), Known.DECLARED)

    def _of_relation(self, statement: Statement) -> Iterator[Event]:
        arguments = statement.arguments
        if any(is_below(iri) and iri in self.elements for iri in arguments[:2] if iri):
            return  # of a parameter, metric or gap: no node in the record
        for relation, source, target in self._edges(statement):
            yield self._relation(statement, relation, source, target)

    def _edges(self, statement: Statement) -> Iterable[tuple[Relation, str, str]]:
        """The edges that a statement comes to: source, relation and target."""
        kind, arguments = statement.kind, statement.arguments
        first, second = arguments[0], arguments[1]
        if first is None:
            self.left_out[f"{kind} without its first argument"] += 1
            return
        if kind == "mentionOf":
            self.left_out["bundle of mentionOf, kept as specializationOf"] += 1
            kind = "specializationOf"
        relation: Relation = BY_TERM[kind]
        if kind == "wasDerivedFrom":
            relation = _subtype(statement) or relation
            if any(arguments[2:]):
                self.left_out["activity, generation and usage of a derivation"] += 1
        if kind in ("wasStartedBy", "wasEndedBy") and arguments[2] is not None:
            yield relation, first, arguments[2]
        if kind == "actedOnBehalfOf" and arguments[2] is not None:
            self.left_out["activity of a delegation"] += 1
        if kind == "wasAssociatedWith" and arguments[2] is not None:
            yield Relation.HAD_PLAN, first, arguments[2]
        if second is not None:
            yield relation, first, second
        elif len([one for one in arguments if one is not None]) < 2 or kind in (
            "used", "wasGeneratedBy", "wasInvalidatedBy",
        ):  # fmt: skip
            self.left_out[f"{kind} without its second argument"] += 1

    def _relation(
        self, statement: Statement, relation: Relation, source: str, target: str
    ) -> RelationRecorded:
        keys = [one.key for one in SIGNATURES[statement.kind].arguments]
        time = statement.arguments[keys.index("time")] if "time" in keys else None
        role, known, rest = "", None, {}
        for key, value in statement.attributes:
            if key == outward.ROLE:
                role = str(value_of(value))
            elif key == terms.KNOWN and isinstance(value, Name):
                known = _KNOWN.get(value.iri)
            elif key == terms.AT and isinstance(value, Literal):
                time = value.text
            elif not (key == outward.TYPE and isinstance(value, Name) and value.iri in _SUBTYPES):
                rest[key] = value_of(value)
        if known is None:
            default = Known.OBSERVED if is_ours(source) or is_ours(target) else Known.DECLARED
            known = self._sure.get((source, PROV + relation.term, target), default)
        if statement.id is not None:
            rest["id"] = statement.id
        return RelationRecorded(
            uid_of(source), int(relation), uid_of(target), int(known),
            self.at if time is None else time_of(time), role, typed_map(rest),
        )  # fmt: skip


_HELD = frozenset(
    {
        outward.LABEL,
        terms.KIND,
        terms.DIGEST,
        terms.SIZE,
        terms.STATUS,
        terms.PART_OF,
        terms.IN_GROUP,
    }
)


def _subtype(statement: Statement) -> Relation | None:
    """The relation that the type of a derivation makes of it."""
    for key, value in statement.attributes:
        if key == outward.TYPE and isinstance(value, Name) and value.iri in _SUBTYPES:
            return _SUBTYPES[value.iri]
    return None


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


def _kind(element: Element) -> str:
    own = element.text(terms.KIND)
    if own:
        return own
    for value in element.values(outward.TYPE):
        kind = terms.kind_of(value.iri) if isinstance(value, Name) else None
        if kind is not None and terms.class_of(kind, element.type) in (
            terms.CLASSES.get(kind), terms.stage_class(kind),
        ):  # fmt: skip
            return kind
    return KIND_OF_TYPE[element.type]


def _is_known(iri: str) -> bool:
    return iri.startswith((terms.MLS, terms.WHENCE))


def _is_part(element: Element) -> bool:
    own = {terms.GAP, terms.RELATION, terms.HYPERPARAMETER_VALUE, terms.MODEL_EVALUATION}
    return any(isinstance(v, Name) and v.iri in own for v in element.values(outward.TYPE))


def _digest(text: str, uid: bytes) -> bytes | None:
    if not text or len(uid) == 32:
        return None
    algorithm, _, digits = text.partition(":")
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        raw = b""
    if algorithm != "sha256" or len(raw) != 32:
        raise DocumentError(f"{text[:80]!r} is no digest (sha256:...); correct the document")
    return raw
