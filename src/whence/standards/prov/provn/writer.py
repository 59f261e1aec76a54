"""Writes PROV-N (W3C PROV-N, 2013-04-30).

The statements of a bundle stand together: they are streamed into a temporary file, where each run
of one bundle is remembered by its place, and copied from there. The document's own are held until
they are all there, for the prefixes come first in PROV-N but are known last; a long document does
not wait for them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from typing import IO, BinaryIO

from whence._base.errors import DocumentError
from whence.standards.prov.ahead import Ahead
from whence.standards.prov.provn import lexer
from whence.standards.prov.provn.names import Names, as_utf8, quote_iri
from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME, UNIDENTIFIED
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    XSD,
    XSD_STRING,
    Document,
    Literal,
    Name,
    Statement,
    Value,
)

_IN_MEMORY_BYTES = 4 << 20
_COPIED_BYTES = 1 << 16
_XSD_INT = XSD + "int"
_TO_ESCAPE = re.compile(r'[\\"\n\r]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_SHAPES = {
    kind: (
        len(signature.arguments),
        sum(argument.required for argument in signature.arguments),
        tuple(argument.names == TIME for argument in signature.arguments),
    )
    for kind, signature in SIGNATURES.items()
}


def compose(document: Document, out: BinaryIO) -> None:
    """Write the document in PROV-N; raises DocumentError for what it can't spell.

    A long one is written as its statements come, with the prefixes that there are by then, and one
    for each scheme that names may have.
    """
    names = Names(document.namespaces)
    own = Ahead(out, lambda: _head(names.closed()))
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as body:
        runs = _write_body(document, names, own, body)
        headings = {bundle: f"  bundle {names.spell(bundle)}\n" for bundle in runs}
        if not own.flows:
            out.write(_head(names.namespaces))
        out.write(own.rest())
        for bundle, spans in runs.items():
            out.write(as_utf8(headings[bundle]))
            for start, end in spans:
                _copy(body, start, end, out)
            out.write(b"  endBundle\n")
        out.write(b"endDocument\n")


def _head(namespaces: dict[str, str]) -> bytes:
    lines = ["document\n"]
    for prefix, namespace in sorted(namespaces.items()):
        word = f"prefix {prefix}" if prefix else "default"
        lines.append(f"  {word} {quote_iri(namespace)}\n")
    return as_utf8("".join(lines))


def lines(statements: Iterable[Statement], namespaces: dict[str, str]) -> list[str]:
    """Each statement as it stands in PROV-N, without a document around it.

    Raises DocumentError for what PROV-N can't spell.
    """
    names = Names(namespaces)
    return [as_utf8(_line(statement, names)).decode() for statement in statements]


def _write_body(
    document: Document, names: Names, own: Ahead, body: IO[bytes]
) -> dict[str, list[tuple[int, int]]]:
    """Write each statement's line; where the lines of each bundle lie."""
    runs: dict[str, list[tuple[int, int]]] = {}
    current, start = "", 0
    for statement in document.statements:
        if statement.bundle != current:
            if current:
                runs.setdefault(current, []).append((start, body.tell()))
            current, start = statement.bundle, body.tell()
        if current:
            body.write(as_utf8(f"    {_line(statement, names)}\n"))
        else:
            own.add(as_utf8(f"  {_line(statement, names)}\n"))
    if current:
        runs.setdefault(current, []).append((start, body.tell()))
    for bundle in document.bundles:
        runs.setdefault(bundle, [])
    return runs


def _copy(body: IO[bytes], start: int, end: int, out: BinaryIO) -> None:
    body.seek(start)
    if end - start <= _COPIED_BYTES:
        out.write(body.read(end - start))
        return
    left = end - start
    while left:
        part = body.read(min(left, _COPIED_BYTES))
        out.write(part)
        left -= len(part)


def _line(statement: Statement, names: Names) -> str:
    kind, identifier = statement.kind, statement.id
    if kind not in SIGNATURES:
        raise DocumentError(f"PROV-N can't hold {kind!r}: it is no statement of PROV.")
    if kind in UNIDENTIFIED and (identifier is not None or statement.attributes):
        raise DocumentError(
            f"PROV-N can't hold a {kind} with an id or attributes: it has a place for neither."
        )
    parts = _arguments(statement, names)
    head = ""
    if kind in ELEMENTS:
        if identifier is None:
            raise DocumentError(f"PROV-N can't hold a statement {kind!r} without its id.")
        parts.insert(0, names.spell(identifier))
    elif identifier is not None:
        head = f"{names.spell(identifier)}; "
    if statement.attributes:
        parts.append(
            "["
            + ", ".join(f"{names.spell(name)}={_value(value, names)}"
                        for name, value in statement.attributes)
            + "]"
        )  # fmt: skip
    return f"{kind}({head}{', '.join(parts)})"


def _arguments(statement: Statement, names: Names) -> list[str]:
    length, least, times = _SHAPES[statement.kind]
    given = statement.arguments
    if len(given) > length:
        raise DocumentError(
            f"PROV-N can't hold a {statement.kind} with {len(given)} arguments: "
            f"it has up to {length}."
        )
    parts: list[str] = []
    for value, is_time in zip(given, times, strict=False):
        if value is None:
            parts.append("-")
        elif is_time:
            if lexer.TIME.fullmatch(value) is None:
                raise DocumentError(f"PROV-N can't hold {value!a} as a time: it is none.")
            parts.append(value)
        else:
            parts.append(names.spell(value))
    parts += ["-"] * (length - len(parts))
    # The optional ones are written all or none.
    return parts if any(part != "-" for part in parts[least:]) else parts[:least]


def _value(value: Value, names: Names) -> str:
    if isinstance(value, Name):
        return f"'{names.spell(value.iri)}'"
    if value.language:
        return _in_language(value)
    if value.datatype == XSD_STRING:
        return _quoted(value.text)
    if value.datatype == _XSD_INT and lexer.INTEGER.fullmatch(value.text):
        return value.text
    return f"{_quoted(value.text)} %% {names.spell(value.datatype)}"


def _in_language(value: Literal) -> str:
    if value.datatype != INTERNATIONALIZED or not lexer.LANGUAGE.fullmatch(value.language):
        raise DocumentError(
            f"PROV-N can't hold a text of type <{value.datatype}> in the language "
            f"{value.language!a}."
        )
    return f"{_quoted(value.text)}@{value.language}"


def _quoted(text: str) -> str:
    return f'"{_TO_ESCAPE.sub(lambda match: _ESCAPES[match[0]], text)}"'
