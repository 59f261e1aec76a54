"""PROV-JSON into statements."""

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
from whence.standards.prov.prefixes import Scope
from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    PROV,
    XSD_STRING,
    Document,
    Literal,
    Statement,
    Value,
)

TITLE = "PROV-JSON"

_DICTIONARY = frozenset(
    {"derivedByInsertionFrom", "derivedByRemovalFrom", "hadDictionaryMember"}
)  # fmt: skip
_VALUE_KEYS = frozenset({"$", "type", "lang"})

_PLACES: dict[str, dict[str, tuple[int, bool]]] = {
    kind: {PROV + a.key: (place, a.names == TIME) for place, a in enumerate(signature.arguments)}
    for kind, signature in SIGNATURES.items()
}


def read(source: BinaryIO) -> Document:
    """The document; its tree is let go while the statements are made."""
    tree = load(source, TITLE)
    statements: list[Statement] = []
    empty: list[str] = []
    try:
        tree = as_object(tree)
        bundles = as_object(tree.pop("bundle", {}), "bundle")
        scope = _scope(tree, None)
        namespaces = scope.wished()
        statements.extend(_Container(tree, scope, ""))
        for key, content in bundles.items():
            try:
                inner, bundle = _bundle(key, content, scope)
                count = len(statements)
                statements.extend(_Container(content, inner, bundle))
            except Misfit as misfit:
                raise misfit.under("bundle", key) from None
            if len(statements) == count:
                empty.append(bundle)
            for prefix, namespace in inner.wished().items():
                namespaces.setdefault(prefix, namespace)
    except Misfit as misfit:
        raise misfit.as_error(TITLE) from None
    return Document(statements, namespaces, empty)


def _bundle(key: str, content: Any, outer: Scope) -> tuple[Scope, str]:
    scope = _scope(as_object(content), outer)
    if "bundle" in content:
        raise Misfit("a bundle stands within a bundle", "bundle")
    return scope, expanded(scope, key)


def _scope(container: dict[str, Any], parent: Scope | None) -> Scope:
    """The scope of a container, whose prefixes are taken off it."""
    declared = as_object(container.pop("prefix", {}), "prefix")
    return Scope(
        {
            "" if prefix == "default" else prefix: as_text(namespace, "prefix", prefix)
            for prefix, namespace in declared.items()
        },
        parent,
    )


class _Container:
    """The statements of a document's own groups, or of a bundle's."""

    def __init__(self, groups: dict[str, Any], scope: Scope, bundle: str) -> None:
        self._groups = groups
        self._scope = scope
        self._bundle = bundle
        self._referred = _blanks_referred_to(groups.get("wasDerivedFrom"))

    def __iter__(self) -> Iterator[Statement]:
        for kind in list(self._groups):
            if kind not in SIGNATURES:
                raise Misfit(_why_unknown(kind), kind)
            group = as_object(self._groups.pop(kind), kind)
            for key in list(group):
                content = group.pop(key)
                try:
                    yield from self._of(kind, key, content)
                except Misfit as misfit:
                    raise misfit.under(kind, key) from None

    def _of(self, kind: str, key: str, content: Any) -> Iterator[Statement]:
        name: str | None = expanded(self._scope, key)
        if key.startswith("_:") and kind not in ELEMENTS and key not in self._referred:
            name = None
        if type(content) is list:
            for place, record in enumerate(content):
                try:
                    yield from self._record(kind, name, as_object(record))
                except Misfit as misfit:
                    raise misfit.under(place) from None
        else:
            yield from self._record(kind, name, as_object(content))

    def _record(self, kind: str, name: str | None, record: dict[str, Any]) -> Iterator[Statement]:
        places = _PLACES[kind]
        arguments: list[str | None] = [None] * len(places)
        attributes: list[tuple[str, Value]] = []
        members: list[Any] = []
        for key, node in record.items():
            name_of = expanded(self._scope, key, key)
            place = places.get(name_of)
            if place is None:
                attributes += self._values(name_of, node, key)
            elif arguments[place[0]] is not None or (members and place[0] == 1):
                raise Misfit("an argument is given twice", key)
            elif kind == "hadMember" and type(node) is list and place[0] == 1:
                members = node
                if not members:
                    raise Misfit("expected at least one member", key)
            else:
                arguments[place[0]] = self._argument(node, place[1], key)
        made = tuple(arguments), tuple(attributes)
        if not members:
            yield Statement(kind, name, *made, self._bundle)
        for place_of, member in enumerate(members):
            entity = self._argument(member, False, "prov:entity", place_of)
            yield Statement(kind, name, (arguments[0], entity), made[1], self._bundle)

    def _argument(self, node: Any, is_time: bool, *keys: str | int) -> str | None:
        if type(node) is list:
            if len(node) != 1:
                raise Misfit(f"expected one value, found {len(node)}", *keys)
            node = node[0]
        if type(node) is dict:
            _only_value_keys(node, keys)
            node = node["$"]
        if node is None:
            return None
        text = as_text(node, *keys)
        return text if is_time else expanded(self._scope, text, *keys)

    def _values(self, name: str, node: Any, key: str) -> Iterator[tuple[str, Value]]:
        if type(node) is list:
            for place, value in enumerate(node):
                yield name, self._value(value, key, place)
        else:
            yield name, self._value(node, key)

    def _value(self, node: Any, *keys: str | int) -> Value:
        if type(node) is not dict:
            return plain_value(node, *keys)
        _only_value_keys(node, keys)
        text = as_lexical(node["$"], *keys, "$")
        if "lang" in node:
            return Literal(text, INTERNATIONALIZED, as_text(node["lang"], *keys, "lang"))
        if "type" not in node:
            return Literal(text, XSD_STRING)
        datatype = expanded(self._scope, as_text(node["type"], *keys, "type"), *keys, "type")
        return typed_value(text, datatype, self._scope)


def _only_value_keys(node: dict[str, Any], keys: tuple[str | int, ...]) -> None:
    if "$" not in node:
        raise Misfit('a value has no "$"', *keys)
    for key in node:
        if key not in _VALUE_KEYS:
            raise Misfit(f"a value has the unknown key {key[:80]!r}", *keys)


def _why_unknown(kind: str) -> str:
    if kind in _DICTIONARY:
        return "a relation of PROV-Dictionary stands, which is not held here"
    return "expected a kind of PROV statement, such as entity or wasGeneratedBy"


def _blanks_referred_to(derivations: Any) -> set[str]:
    """The blank ids of generations and usages that derivations name; these must not be dropped."""
    found: set[str] = set()
    for content in derivations.values() if type(derivations) is dict else ():
        for record in content if type(content) is list else (content,):
            if type(record) is dict:
                for key in ("prov:generation", "prov:usage"):
                    name = record.get(key)
                    if type(name) is str and name.startswith("_:"):
                        found.add(name)
    return found
