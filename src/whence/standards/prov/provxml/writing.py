"""Statements into PROV-XML: the document's own, then each bundle's."""

from __future__ import annotations

import re
from typing import BinaryIO
from xml.sax.saxutils import escape

from whence._base.errors import DocumentError
from whence.standards.prov.prefixes import Shortener
from whence.standards.prov.provxml.names import XML_SCHEMA, XSI, element_local, usable
from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME
from whence.standards.prov.spool import Spool
from whence.standards.prov.statement import (
    PROV,
    XSD_STRING,
    Document,
    Literal,
    Statement,
    Value,
)

_ORDER = {PROV + key: at for at, key in enumerate(("label", "location", "role", "type", "value"))}
_LABEL = PROV + "label"
_KEYS = {
    kind: tuple((f"prov:{a.key}", a.names == TIME) for a in signature.arguments)
    for kind, signature in SIGNATURES.items()
}
_TAKEN = {
    kind: frozenset(PROV + a.key for a in signature.arguments)
    for kind, signature in SIGNATURES.items()
}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_QUOTED = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
_FIXED = {"prov": PROV, "xsd": XML_SCHEMA + "#", "xsi": XSI}


def write(document: Document, out: BinaryIO) -> None:
    """Write a document; nothing is written before all its statements fitted."""
    names = Shortener(document.namespaces, _FIXED, usable)
    spool: Spool[str] = Spool()
    try:
        for statement in document.statements:
            spool.add(statement.bundle, _element(statement, names).encode())
        bundles = dict.fromkeys([*spool.groups(), *document.bundles])
        bundles.pop("", None)
        ids = {bundle: _name(bundle, names) for bundle in bundles}
        out.write(_head(names).encode())
        for chunk in spool.chunks(""):
            out.write(chunk)
        for bundle, name in ids.items():
            out.write(f'<prov:bundleContent prov:id="{name}">\n'.encode())
            for chunk in spool.chunks(bundle):
                out.write(chunk)
            out.write(b"</prov:bundleContent>\n")
        out.write(b"</prov:document>\n")
    finally:
        spool.close()


def _head(names: Shortener) -> str:
    declared = {**names.prefixes, "xsd": XML_SCHEMA}
    namespaces = "".join(f'\n  xmlns:{p}="{_quoted(n)}"' for p, n in declared.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<prov:document{namespaces}>\n'


def _element(statement: Statement, names: Shortener) -> str:
    kind = statement.kind
    keys = _KEYS.get(kind)
    if keys is None:
        raise DocumentError(f"{kind!r} is no kind of PROV statement.")
    if len(statement.arguments) > len(keys):
        raise DocumentError(f"A {kind} takes at most {len(keys)} arguments.")
    head = f"<prov:{kind}"
    if statement.id is None or (statement.id.startswith("_:") and kind not in ELEMENTS):
        if kind in ELEMENTS:
            raise DocumentError(f"An element of kind {kind} has no id; give it one.")
    else:
        head += f' prov:id="{_name(statement.id, names)}"'
    parts = [
        f"<{key}>{_text(given)}</{key}>"
        if is_time
        else f'<{key} prov:ref="{_name(given, names)}"/>'
        for (key, is_time), given in zip(keys, statement.arguments, strict=False)
        if given is not None
    ]
    for name, value in sorted(statement.attributes, key=_place):
        if name in _TAKEN[kind]:
            raise DocumentError(
                f"A {kind} has an attribute {name}, which PROV-XML can't tell from its argument "
                "of that name."
            )
        parts.append(_attribute(name, value, names))
    return f"{head}>{''.join(parts)}</prov:{kind}>\n" if parts else f"{head}/>\n"


def _place(attribute: tuple[str, Value]) -> int:
    return _ORDER.get(attribute[0], len(_ORDER))


def _attribute(name: str, value: Value, names: Shortener) -> str:
    prefix, _, local = _short(name, names).partition(":")
    if not local:
        raise DocumentError(f"PROV-XML can't name an attribute {name}: it ends with its namespace.")
    tag = f"{prefix}:{element_local(local)}"
    if not isinstance(value, Literal):
        return f'<{tag} xsi:type="xsd:QName">{_name(value.iri, names)}</{tag}>'
    if value.language:
        # The schema lets only a label have a language without saying so. The `prov` library takes
        # the last of the two.
        typed = "" if name == _LABEL else ' xsi:type="prov:InternationalizedString"'
        kind = f'{typed} xml:lang="{_quoted(value.language)}"'
    elif value.datatype == XSD_STRING:
        kind = ""
    else:
        kind = f' xsi:type="{_name(value.datatype, names)}"'
    return f"<{tag}{kind}>{_text(value.text)}</{tag}>"


def _name(iri: str, names: Shortener) -> str:
    return _quoted(_short(iri, names))


def _short(iri: str, names: Shortener) -> str:
    if iri.startswith("_:"):
        raise DocumentError(f"PROV-XML can't hold the blank node {iri[:80]}; give it an IRI.")
    return names[iri]


def _text(text: str) -> str:
    return escape(_sound(text), {"\r": "&#13;"})


def _quoted(text: str) -> str:
    return escape(_sound(text), _QUOTED)


def _sound(text: str) -> str:
    if found := _NO_XML.search(text):
        raise DocumentError(
            f"PROV-XML can't hold the character U+{ord(found[0]):04X} of {text[:80]!r}: XML has no "
            "place for it."
        )
    return text
