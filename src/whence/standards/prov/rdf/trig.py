"""PROV-O in TriG (W3C TriG 1.1): Turtle, with a named graph for each bundle."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.prov.limit import LANGUAGE_LIMIT, UNIDENTIFIED_LIMIT, Limits
from whence.standards.prov.rdf.parsing import parse
from whence.standards.prov.rdf.reading import document_of
from whence.standards.prov.rdf.writing import trig
from whence.standards.prov.statement import Document


class Trig:
    """Reads and writes TriG."""

    name: ClassVar[str] = "trig"
    title: ClassVar[str] = "PROV-O in TriG"
    media_type: ClassVar[str] = "application/trig"
    suffixes: ClassVar[tuple[str, ...]] = (".trig",)
    limits: ClassVar[Limits] = (UNIDENTIFIED_LIMIT, LANGUAGE_LIMIT)

    def write(self, document: Document, out: BinaryIO) -> None:
        """Write as the statements come. Raises DocumentError for what RDF can't hold."""
        for piece in trig(document):
            out.write(piece)

    def read(self, source: BinaryIO) -> Document:
        """Read a document. Raises DocumentError, with the line, where it is no TriG."""
        return document_of(parse(source, "TRIG"))
