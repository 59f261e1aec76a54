"""The metadata of anyone's crate as PROV statements: actions, files, people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from whence._base.errors import DocumentError
from whence.model import kind as kinds
from whence.model.kind import NodeType
from whence.model.status import FAILED, FINISHED, RUNNING
from whence.standards.prov.statement import Document, Literal, Name, Statement, Value
from whence.standards.record.literal import INTEGER, literal, time_of
from whence.standards.record.names import ATTRIBUTE, METRIC, PARAM, below, key_iri
from whence.standards.record.outward import LABEL, ROLE, TYPE, VALUE
from whence.standards.rocrate import term
from whence.standards.vocabulary import terms

Entity = dict[str, Any]

_BASE = "urn:ro-crate:"
_STATUS: dict[str, str] = {
    term.COMPLETED: FINISHED,
    term.FAILED: FAILED,
    term.ACTIVE: RUNNING,
}


def document_of_graph(graph: dict[str, Entity]) -> Document:
    """What the actions of a crate say. Raises DocumentError where there is no action."""
    if not any(_is_action(entity) for entity in graph.values()):
        raise DocumentError(
            "The RO-Crate tells of no action (CreateAction), so there is no provenance in it."
        )
    return Document(list(_Reader(graph).statements()), terms.PREFIXES)


class _Reader:
    """Turns entities into statements; each thing is described once."""

    def __init__(self, graph: dict[str, Entity]) -> None:
        self._graph = graph
        self._told: set[str] = set()
        self._names: dict[str, str] = {}

    def statements(self) -> Iterator[Statement]:
        for entity in self._graph.values():
            if _is_action(entity):
                yield from self._action(entity)

    def _action(self, action: Entity) -> Iterator[Statement]:
        name = self._name(action)
        times = (_time(action.get("startTime")), _time(action.get("endTime")))
        yield Statement("activity", name, times, tuple(_action_attributes(action)))
        for key, role in (("object", ""), ("instrument", kinds.CODE)):
            for entity in self._ends(action, key):
                if "PropertyValue" in _types(entity):
                    yield from self._parameter(name, entity)
                elif key == "instrument" and not _types(entity) & {"File", "SoftwareSourceCode"}:
                    yield from self._agent(entity, kinds.SOFTWARE)
                    yield Statement("wasAssociatedWith", None, (name, self._name(entity), None))
                else:
                    yield from self._thing(entity, kinds.CODE if role else "")
                    said = ((ROLE, Literal(role)),) if role else ()
                    yield Statement("used", None, (name, self._name(entity), None), said)
        for entity in self._ends(action, "result"):
            if "PropertyValue" in _types(entity):
                yield from self._metric(name, entity)
            else:
                yield from self._thing(entity, "")
                yield Statement("wasGeneratedBy", None, (self._name(entity), name, None))
        for entity in self._ends(action, "agent"):
            software = bool(_types(entity) & {"SoftwareApplication", "SoftwareSourceCode"})
            yield from self._agent(entity, kinds.SOFTWARE if software else kinds.PERSON)
            yield Statement("wasAssociatedWith", None, (name, self._name(entity), None))

    def _thing(self, entity: Entity, kind: str) -> Iterator[Statement]:
        if (name := self._name(entity)) in self._told:
            return
        self._told.add(name)
        is_folder = "Dataset" in _types(entity)
        kind = kind or (kinds.DIRECTORY if is_folder else kinds.FILE)
        said: list[tuple[str, Value]] = [
            (TYPE, Name(terms.class_of(kind, NodeType.ENTITY))),
            (LABEL, literal(_label(entity))),
        ]
        digest = _text(entity, "sha256").lower()
        if len(digest) == 64 and not digest.strip("0123456789abcdef"):
            said.append((terms.DIGEST, Literal(f"sha256:{digest}")))
            size = _text(entity, "contentSize")
            if size.isdecimal() and size.isascii() and len(size) < 19:
                said.append((terms.SIZE, Literal(size, INTEGER)))
        yield Statement("entity", name, (), tuple(said))

    def _agent(self, entity: Entity, kind: str) -> Iterator[Statement]:
        if (name := self._name(entity)) in self._told:
            return
        self._told.add(name)
        yield Statement(
            "agent",
            name,
            (),
            (
                (TYPE, Name(terms.class_of(kind, NodeType.AGENT))),
                (LABEL, literal(_label(entity))),
            ),
        )

    def _parameter(self, activity: str, entity: Entity) -> Iterator[Statement]:
        key = _label(entity)
        name = below(activity, PARAM, key)
        if name in self._told:
            return
        self._told.add(name)
        said: tuple[tuple[str, Value], ...] = (
            (TYPE, Name(terms.HYPERPARAMETER_VALUE)),
            (LABEL, literal(key)),
            (VALUE, literal(entity.get("value"))),
        )
        yield Statement("entity", name, (), said)
        yield Statement("used", None, (activity, name, None), ((ROLE, Literal(PARAM)),))

    def _metric(self, activity: str, entity: Entity) -> Iterator[Statement]:
        """A number that an action gave is a metric; any other value is a thing of its own."""
        value = entity.get("value")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield from self._thing(entity, "")
            yield Statement("wasGeneratedBy", None, (self._name(entity), activity, None))
            return
        key = _label(entity)
        name = below(activity, METRIC, key)
        if name in self._told:
            return
        self._told.add(name)
        said: tuple[tuple[str, Value], ...] = (
            (TYPE, Name(terms.MODEL_EVALUATION)),
            (LABEL, literal(key)),
            (VALUE, literal(_number(value))),
        )
        yield Statement("entity", name, (), said)
        yield Statement("wasGeneratedBy", None, (name, activity, None))

    def _ends(self, entity: Entity, key: str) -> list[Entity]:
        """The entities that a property points to; those not described by themselves too."""
        value = entity.get(key)
        ids = [
            one["@id"]
            for one in (value if isinstance(value, list) else [value])
            if isinstance(one, dict) and isinstance(one.get("@id"), str)
        ]
        return [self._graph.get(id_, {"@id": id_, "@type": "File"}) for id_ in dict.fromkeys(ids)]

    def _name(self, entity: Entity) -> str:
        """The IRI of a thing: the identifier it gives, else its id; one of the crate's own files
        is named by its content where that is known, so two crates never mix theirs."""
        id_ = str(entity["@id"])
        if id_ not in self._names:
            self._names[id_] = self._iri(entity, id_)
        return self._names[id_]

    def _iri(self, entity: Entity, id_: str) -> str:
        identifier = entity.get("identifier")
        if isinstance(identifier, str) and _is_iri(identifier):
            return identifier
        if _is_iri(id_):
            return id_
        return f"{_BASE}{_quoted(self._crate_name())}:{_quoted(id_)}"

    def _crate_name(self) -> str:
        root = self._graph.get("./", {})
        for key in ("identifier", "name", "datePublished"):
            if text := _text(root, key):
                return text
        return "crate"


def _is_action(entity: Entity) -> bool:
    return bool(_types(entity) & set(term.ACTIONS))


def _types(entity: Entity) -> set[str]:
    found = entity.get("@type")
    listed = found if isinstance(found, list) else [found]
    return {one for one in listed if isinstance(one, str)}


def _action_attributes(action: Entity) -> Iterator[tuple[str, Value]]:
    yield TYPE, Name(terms.class_of(kinds.RUN, NodeType.ACTIVITY))
    yield LABEL, literal(_label(action))
    status = action.get("actionStatus")
    url = status.get("@id") if isinstance(status, dict) else status
    if str(url) in _STATUS:
        yield terms.STATUS, Literal(_STATUS[str(url)])
    if error := _text(action, "error"):
        yield key_iri(ATTRIBUTE, "error"), literal(error)


def _label(entity: Entity) -> str:
    return _text(entity, "name") or _text(entity, "@id")


def _text(entity: Entity, key: str) -> str:
    value = entity.get(key)
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    try:
        return str(value).encode("utf-8", "replace").decode()
    except ValueError:  # an integer of thousands of digits
        return ""


def _time(value: object) -> str | None:
    """A time as text; None where there is none that reads."""
    if not isinstance(value, str):
        return None
    try:
        time_of(value)
    except (DocumentError, OverflowError):
        return None
    return value


def _number(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _quoted(text: str) -> str:
    return quote(text, safe="/", errors="surrogatepass")


def _is_iri(text: str) -> bool:
    scheme, colon, rest = text.partition(":")
    return bool(
        colon and rest and text.isprintable() and scheme.isascii() and scheme[:1].isalpha()
        and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()
        and not any(char.isspace() or char in '<>"{}|^`\\' for char in text)
    )  # fmt: skip
