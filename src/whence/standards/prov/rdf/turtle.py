"""PROV-O in Turtle (W3C Turtle 1.1): what stands in the document itself, no bundles."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.prov.limit import LANGUAGE_LIMIT, UNIDENTIFIED_LIMIT, Limits
from whence.standards.prov.rdf.parsing import parse
from whence.standards.prov.rdf.reading import document_of
from whence.standards.prov.rdf.writing import turtle
from whence.standards.prov.statement import Document


class Turtle:
    """Reads and writes Turtle. Bundles need named graphs, which `Trig` has."""

    name: ClassVar[str] = "turtle"
    title: ClassVar[str] = "PROV-O in Turtle"
    media_type: ClassVar[str] = "text/turtle"
    suffixes: ClassVar[tuple[str, ...]] = (".ttl",)
    limits: ClassVar[Limits] = (
        UNIDENTIFIED_LIMIT,
        LANGUAGE_LIMIT,
        ("bundles", "a bundle is a named graph, and Turtle has none; TriG has"),
    )

    def write(self, document: Document, out: BinaryIO) -> None:
        """Write as they come. Raises DocumentError for a bundle, or what RDF can't hold."""
        for piece in turtle(document):
            out.write(piece)

    def read(self, source: BinaryIO) -> Document:
        """Read a document. Raises DocumentError, with the line, where it is no Turtle."""
        return document_of(parse(source, "TURTLE"))
