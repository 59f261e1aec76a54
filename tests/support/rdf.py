"""Documents through the RDF formats and back, for the tests of each."""

from __future__ import annotations

import io

from whence.standards.prov.rdf import NQuads, Trig, Turtle
from whence.standards.prov.statement import Document

Format = Turtle | Trig | NQuads
FORMATS: tuple[Format, ...] = (Turtle(), Trig(), NQuads())


def written(document: Document, form: Format) -> bytes:
    out = io.BytesIO()
    form.write(document, out)
    return out.getvalue()


def read(data: bytes | str, form: Format) -> Document:
    return form.read(io.BytesIO(data.encode() if isinstance(data, str) else data))


def told(document: Document) -> tuple[set[object], set[str]]:
    """What a document says, without the order in which it says it."""
    statements = {
        (each.kind, each.id, each.arguments, frozenset(each.attributes), each.bundle)
        for each in document.statements
    }
    return statements, set(document.bundles)
