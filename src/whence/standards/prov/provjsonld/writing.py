"""Statements into PROV-JSONLD: the document's own, then each bundle's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring_ascii as quoted
from typing import BinaryIO

from whence._base.errors import DocumentError
from whence.standards.prov.ahead import Ahead
from whence.standards.prov.prefixes import Shortener
from whence.standards.prov.provjsonld.terms import (
    CONTEXT,
    FIXED,
    NAMING,
    RESERVED,
    TERM_OF,
    TYPES,
)
from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME
from whence.standards.prov.spool import Spool
from whence.standards.prov.statement import PROV, XSD_STRING, Document, Literal, Statement, Value

_PREFIX = re.compile(r"[A-Za-z0-9_]+")
_LABEL = PROV + "label"

_KEYS = {
    kind: tuple((f'"{a.key}":', a.names == TIME) for a in SIGNATURES[kind].arguments)
    for kind in TYPES
}
_TAKEN = {kind: frozenset(PROV + a.key for a in SIGNATURES[kind].arguments) for kind in TYPES}


def write(document: Document, out: BinaryIO) -> None:
    """Write a document, its context first. A long one is written as its statements come, and its
    context, which is known when they are all written, stands last."""
    names = Shortener(document.namespaces, FIXED, _usable, quoted)
    spool: Spool[str] = Spool()
    own = Ahead(out, lambda: b'{"@graph":[')
    try:
        for statement in document.statements:
            line = f"{statement_text(statement, names)},\n".encode("ascii")
            if statement.bundle:
                spool.add(statement.bundle, line)
            else:
                own.add(line)
        bundles = dict.fromkeys([*spool.groups(), *document.bundles])
        ids = {bundle: names[bundle] for bundle in bundles}
        if not own.flows:
            out.write(b"{" + _context(names) + b',\n"@graph":[')
        _write_graph(_graph(own.rest(), spool, ids), out)
        out.write(b"],\n" + _context(names) + b"}\n" if own.flows else b"]}\n")
    finally:
        spool.close()


def _context(names: Shortener) -> bytes:
    prefixes = ",".join(f"{quoted(p)}:{quoted(n)}" for p, n in names.prefixes.items())
    return f'"@context":[{{{prefixes}}},{quoted(CONTEXT)}]'.encode("ascii")


def _graph(own: bytes, spool: Spool[str], bundles: dict[str, str]) -> Iterator[Iterable[bytes]]:
    """The parts of the graph; each ends in a comma."""
    yield [own]
    for bundle, name in bundles.items():
        yield [f'{{"@type":"Bundle","@id":{name},"@context":[],"@graph":['.encode("ascii")]
        yield _without_last_comma(spool.chunks(bundle))
        yield [b"]},\n"]


def _write_graph(parts: Iterator[Iterable[bytes]], out: BinaryIO) -> None:
    for chunk in _without_last_comma(chunk for part in parts for chunk in part):
        out.write(chunk)


def _without_last_comma(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        if chunk:
            yield held
            held = chunk
    yield held.removesuffix(b",\n")


def statement_text(statement: Statement, names: Shortener) -> str:
    """The object of one statement."""
    kind = statement.kind
    if kind not in TYPES:
        raise DocumentError(_why_not(statement))
    if statement.id is None and kind in ELEMENTS:
        raise DocumentError(f"An element of kind {kind} has no id; give it one.")
    keys = _KEYS[kind]
    if len(statement.arguments) > len(keys):
        raise DocumentError(f"A {kind} takes at most {len(keys)} arguments.")
    parts = [f'"@type":"{TYPES[kind]}"']
    if statement.id is not None:
        parts.append(f'"@id":{names[statement.id]}')
    parts += [
        key + (quoted(argument) if is_time else names[argument])
        for (key, is_time), argument in zip(keys, statement.arguments, strict=False)
        if argument is not None
    ]
    if statement.attributes:
        parts += _attributes(statement, names)
    return "{" + ",".join(parts) + "}"


def _attributes(statement: Statement, names: Shortener) -> Iterator[str]:
    by_key: dict[str, list[str]] = {}
    terms, taken = TERM_OF[statement.kind], _TAKEN[statement.kind]
    for name, value in statement.attributes:
        if name in taken:
            raise DocumentError(
                f"A {statement.kind} has an attribute {name}, which PROV-JSONLD can't tell from "
                "its argument of that name."
            )
        term = terms.get(name)
        if name == _LABEL and isinstance(value, Literal):
            term = "label" if value.language or value.datatype == XSD_STRING else None
        text = _value(value, names, term)
        by_key.setdefault(f'"{term}"' if term else names[name], []).append(text)
    for key, values in by_key.items():
        yield f"{key}:[{','.join(values)}]"


def _value(value: Value, names: Shortener, term: str | None) -> str:
    if not isinstance(value, Literal):
        name = names[value.iri]
        return name if term in NAMING else f'{{"@id":{name}}}'
    if value.language:
        return f'{{"@value":{quoted(value.text)},"@language":{quoted(value.language)}}}'
    if value.datatype == XSD_STRING:
        return f'{{"@value":{quoted(value.text)}}}'
    return f'{{"@value":{quoted(value.text)},"@type":{names[value.datatype]}}}'


def _usable(prefix: str, namespace: str) -> bool:
    # The schema takes no other prefixes, and JSON-LD no namespace that ends in a letter.
    return (
        _PREFIX.fullmatch(prefix) is not None
        and prefix not in RESERVED
        and prefix != "_"
        and namespace[-1] in ":/?#[]@"
    )


def _why_not(statement: Statement) -> str:
    if statement.kind == "mentionOf":
        first, second = (*statement.arguments, None, None)[:2]
        return (
            f"PROV-JSONLD can't hold mentionOf (of {first} and {second}): it has no term for it. "
            "Use PROV-JSON, PROV-N, PROV-XML or PROV-O."
        )
    return f"{statement.kind!r} is no kind of PROV statement."
