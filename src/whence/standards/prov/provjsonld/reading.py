"""PROV-JSONLD into statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from whence.standards.prov.jsontext import (
    Misfit,
    as_lexical,
    as_object,
    as_text,
    expanded,
    load,
    plain_value,
    typed_value,
)
from whence.standards.prov.prefixes import Scope, UnknownName
from whence.standards.prov.provjsonld.terms import FIXED, KINDS, NAMING, SPECIAL
from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    XSD,
    Document,
    Literal,
    Name,
    Statement,
    Value,
)

TITLE = "PROV-JSONLD"

_PLACES: dict[str, dict[str, tuple[int, bool]]] = {
    kind: {a.key: (place, a.names == TIME) for place, a in enumerate(SIGNATURES[kind].arguments)}
    for kind in KINDS.values()
}


def read(source: BinaryIO) -> Document:
    """The document; its tree is let go while the statements are made."""
    tree = load(source, TITLE)
    try:
        return _document(as_object(tree))
    except Misfit as misfit:
        raise misfit.as_error(TITLE) from None


def _document(tree: dict[str, Any]) -> Document:
    scope = Scope(_declared(tree), Scope(FIXED))
    namespaces = _wished(scope)
    statements: list[Statement] = []
    empty: list[str] = []
    graph = _graph_of(tree)
    own = _Graph(scope, "", graph)
    for place, node in enumerate(graph):
        try:
            node = as_object(node)
            if _bare(node.get("@type")) != "Bundle":
                statements += own.statements(node)
            else:
                bundle, inner, found = _bundle(node, scope)
                statements += found
                for prefix, namespace in _wished(inner).items():
                    namespaces.setdefault(prefix, namespace)
                if not found:
                    empty.append(bundle)
        except Misfit as misfit:
            raise misfit.under("@graph", place) from None
        graph[place] = None
    return Document(statements, namespaces, dict.fromkeys(empty))


def _bundle(node: dict[str, Any], outer: Scope) -> tuple[str, Scope, list[Statement]]:
    scope = Scope(_declared(node), outer)
    name = expanded(scope, as_text(node.get("@id"), "@id"), "@id")
    nodes = _graph_of(node)
    graph = _Graph(scope, name, nodes)
    statements: list[Statement] = []
    for place, inner in enumerate(nodes):
        try:
            statements += graph.statements(as_object(inner))
        except Misfit as misfit:
            raise misfit.under("@graph", place) from None
    return name, scope, statements


def _graph_of(node: dict[str, Any]) -> list[Any]:
    graph = node.get("@graph")
    if type(graph) is not list:
        raise Misfit('an array must stand at "@graph"')
    return graph


def _declared(node: dict[str, Any]) -> dict[str, str]:
    """The prefixes of a context. A context by its address is the submission's; terms are its."""
    context = node.get("@context", [])
    found: dict[str, str] = {}
    for place, entry in enumerate(context if type(context) is list else [context]):
        if type(entry) is str:
            continue
        for prefix, namespace in as_object(entry, "@context", place).items():
            if type(namespace) is str and (prefix == "@vocab" or not prefix.startswith("@")):
                found["" if prefix == "@vocab" else prefix] = namespace
    return found


def _wished(scope: Scope) -> dict[str, str]:
    return {p: n for p, n in scope.wished().items() if p not in FIXED}


def _bare(key: Any) -> Any:
    return key.removeprefix("prov:") if type(key) is str else key


class _Graph:
    """The statements of one graph."""

    def __init__(self, scope: Scope, bundle: str, nodes: list[Any]) -> None:
        self._scope = scope
        self._bundle = bundle
        self._referred = _blanks_referred_to(nodes)

    def statements(self, node: dict[str, Any]) -> Iterator[Statement]:
        kind = KINDS.get(_bare(as_text(node.get("@type"), "@type")))
        if kind is None:
            raise Misfit("expected a type of PROV-JSONLD, such as Entity or Usage", "@type")
        name = self._id(node, kind)
        places = _PLACES[kind]
        arguments: list[str | None] = [None] * len(places)
        attributes: list[tuple[str, Value]] = []
        members: list[Any] = []
        for key, value in node.items():
            if key in ("@type", "@id"):
                continue
            place = places.get(_bare(key))
            if place is None:
                attributes += self._attribute(key, value)
            elif arguments[place[0]] is not None or (members and place[0] == 1):
                raise Misfit("an argument is given twice", key)
            elif kind == "hadMember" and type(value) is list and place[0] == 1:
                members = value
                if not members:
                    raise Misfit("expected at least one member", key)
            else:
                arguments[place[0]] = self._argument(value, place[1], key)
        pairs = tuple(attributes)
        if not members:
            yield Statement(kind, name, tuple(arguments), pairs, self._bundle)
        for at, member in enumerate(members):
            entity = self._argument(member, False, "entity", at)
            yield Statement(kind, name, (arguments[0], entity), pairs, self._bundle)

    def _id(self, node: dict[str, Any], kind: str) -> str | None:
        if "@id" not in node and kind not in ELEMENTS:
            return None
        key = as_text(node.get("@id"), "@id")
        if key.startswith("_:") and kind not in ELEMENTS and key not in self._referred:
            return None
        return expanded(self._scope, key, "@id")

    def _argument(self, node: Any, is_time: bool, *keys: str | int) -> str:
        if type(node) is dict:
            node = node.get("@value" if is_time else "@id")
        text = as_text(node, *keys)
        return text if is_time else expanded(self._scope, text, *keys)

    def _attribute(self, key: str, node: Any) -> Iterator[tuple[str, Value]]:
        if key.startswith("@"):
            raise Misfit("a keyword that a statement does not have", key)
        term = _bare(key)
        name = SPECIAL.get(term) or expanded(self._scope, key, key)
        if type(node) is list:
            for place, value in enumerate(node):
                yield name, self._value(value, term in NAMING, key, place)
        else:
            yield name, self._value(node, term in NAMING, key)

    def _value(self, node: Any, names: bool, *keys: str | int) -> Value:
        if type(node) is str and names:
            return typed_value(node, XSD + "QName", self._scope)
        if type(node) is not dict:
            return plain_value(node, *keys)
        if "@id" in node:
            return self._reference(as_text(node["@id"], *keys, "@id"))
        if "@value" not in node:
            raise Misfit('a value has neither "@value" nor "@id"', *keys)
        if "@language" in node:
            language = as_text(node["@language"], *keys, "@language")
            return Literal(as_lexical(node["@value"], *keys), INTERNATIONALIZED, language)
        if "@type" not in node:
            return plain_value(node["@value"], *keys)
        datatype = expanded(self._scope, as_text(node["@type"], *keys, "@type"), *keys, "@type")
        return typed_value(as_lexical(node["@value"], *keys), datatype, self._scope)

    def _reference(self, text: str) -> Value:
        try:
            return Name(self._scope.expand(text))
        except UnknownName:
            # JSON-LD takes it for an IRI of its own, so it is kept as one.
            return Literal(text, XSD + "anyURI")


def _blanks_referred_to(nodes: list[Any]) -> set[str]:
    """The blank ids of generations and usages that derivations name; these must not be dropped."""
    found: set[str] = set()
    for node in nodes:
        if type(node) is dict and _bare(node.get("@type")) == "Derivation":
            for key in ("generation", "usage"):
                name = node.get(key)
                if type(name) is str and name.startswith("_:"):
                    found.add(name)
    return found
