"""Statements as the documents of the `prov` library, to compare.

The library keeps a value by what it means, so some text changes on the way: times and the texts of
xsd:double, xsd:boolean and the integer types are made anew, and a pair of attribute and value that
comes twice comes once. The library is the second opinion on what a document says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prov import Error
from prov.constants import PROV_N_MAP
from prov.identifier import Namespace, QualifiedName
from prov.model import Literal as ProvLiteral
from prov.model import ProvBundle, ProvDocument

from whence._base.errors import DocumentError
from whence.standards.prov.prefixes import Shortener
from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME
from whence.standards.prov.statement import (
    PROV,
    XSD,
    XSD_STRING,
    Document,
    Name,
    Statement,
    Value,
)

_RECORD_TYPES = {word: kind for kind, word in PROV_N_MAP.items()}
_PLACES = {
    kind: {PROV + a.key: place for place, a in enumerate(signature.arguments)}
    for kind, signature in SIGNATURES.items()
}
_OPAQUE = (XSD + "QName", PROV + "QUALIFIED_NAME")


def to_prov(
    document: Document, usable: Callable[[str, str], bool] = lambda prefix, _: bool(prefix)
) -> ProvDocument:
    """The document for the library. ``usable`` says which prefixes may be kept.

    Raises DocumentError where the library can't hold a statement.
    """
    made = ProvDocument()
    names = _Names(made, Shortener(document.namespaces, usable=usable))
    bundles: dict[str, ProvBundle] = {"": made}
    for statement in document.statements:
        bundle = bundles.get(statement.bundle)
        if bundle is None:
            bundle = bundles[statement.bundle] = made.bundle(names[statement.bundle])
        _add(statement, bundle, names)
    for name in document.bundles:
        if name not in bundles:
            bundles[name] = made.bundle(names[name])
    return made


class _Names(dict[str, QualifiedName]):
    """Qualified names of the library by IRI, their namespaces declared in the document."""

    def __init__(self, document: ProvDocument, shortener: Shortener) -> None:
        super().__init__()
        self._document = document
        self._shortener = shortener
        self._namespaces: dict[str, Namespace] = {}
        for prefix in shortener.prefixes:
            self._namespace(prefix)

    def __missing__(self, iri: str) -> QualifiedName:
        if iri.startswith("_:"):
            raise DocumentError(f"The `prov` library can't hold the blank node {iri[:80]}.")
        prefix, _, local = self._shortener[iri].partition(":")
        name = self[iri] = self._namespace(prefix)[local]
        return name

    def _namespace(self, prefix: str) -> Namespace:
        found = self._namespaces.get(prefix)
        if found is None:
            wished = Namespace(prefix, self._shortener.prefixes[prefix])
            found = self._namespaces[prefix] = self._document.add_namespace(wished)
        return found


def _add(statement: Statement, bundle: ProvBundle, names: _Names) -> None:
    kind = statement.kind
    if kind not in SIGNATURES:
        raise DocumentError(f"{kind!r} is no kind of PROV statement.")
    if kind in ELEMENTS and statement.id is None:
        raise DocumentError(f"An element of kind {kind} has no id; give it one.")
    blank = statement.id is None or (statement.id.startswith("_:") and kind not in ELEMENTS)
    formal: list[tuple[Any, Any]] = [
        (names[PROV + argument.key], given if argument.names == TIME else names[given])
        for argument, given in zip(SIGNATURES[kind].arguments, statement.arguments, strict=False)
        if given is not None
    ]
    for name, value in statement.attributes:
        if name in _PLACES[kind]:
            raise DocumentError(
                f"A {kind} has an attribute {name}, which the `prov` library can't tell from its "
                "argument of that name."
            )
        formal.append((names[name], _value_to_prov(value, names)))
    try:
        bundle.new_record(_RECORD_TYPES[kind], None if blank else names[statement.id or ""], formal)
    except (Error, ValueError, TypeError, OverflowError) as error:
        which = statement.id or "without an id"
        raise DocumentError(f"The `prov` library can't hold {kind} {which}: {error}") from None


def _value_to_prov(value: Value, names: _Names) -> Any:
    if isinstance(value, Name):
        return names[value.iri]
    if value.language:
        return ProvLiteral(value.text, langtag=value.language)
    if value.datatype == XSD_STRING:
        return value.text
    if value.datatype in _OPAQUE:
        raise DocumentError(f"The name {value.text[:80]!r} has no namespace; declare its prefix.")
    return ProvLiteral(value.text, names[value.datatype])
