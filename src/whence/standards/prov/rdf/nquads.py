"""PROV-O in N-Quads (W3C N-Quads 1.1): a line for each fact, for databases and for streams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, ClassVar

from whence.standards.prov.limit import LANGUAGE_LIMIT, UNIDENTIFIED_LIMIT, Limits
from whence.standards.prov.rdf import writing
from whence.standards.prov.rdf.parsing import parse
from whence.standards.prov.rdf.reading import document_of
from whence.standards.prov.statement import Document, Statement


class NQuads:
    """Reads and writes N-Quads. It has no prefixes, so a document's are not kept."""

    name: ClassVar[str] = "nquads"
    title: ClassVar[str] = "PROV-O in N-Quads"
    media_type: ClassVar[str] = "application/n-quads"
    suffixes: ClassVar[tuple[str, ...]] = (".nq",)
    limits: ClassVar[Limits] = (
        UNIDENTIFIED_LIMIT,
        LANGUAGE_LIMIT,
        ("prefixes", "N-Quads has none; nothing is lost but shortness"),
    )

    def write(self, document: Document, out: BinaryIO) -> None:
        """Write as the statements come. Raises DocumentError for what RDF can't hold."""
        for piece in writing.nquads(document.statements, document.bundles):
            out.write(piece)

    def read(self, source: BinaryIO) -> Document:
        """Read a document. Raises DocumentError, with the line, where it is no N-Quads."""
        return document_of(parse(source, "N_QUADS"))


def project(statements: Iterable[Statement], bundles: Iterable[str] = ()) -> Iterator[bytes]:
    """The statements as N-Quads, in pieces of whole lines, for an RDF store to load.

    Each bundle is a named graph; ``bundles`` names those that have no statement. Blank nodes are
    labelled anew in each call, so load what belongs together from one call. Raises DocumentError
    for what RDF can't hold.

    >>> from whence.standards.prov.statement import Statement
    >>> b"".join(project([Statement("entity", "http://example.org/e")])).decode()
    '<http://example.org/e> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
<http://www.w3.org/ns/prov#Entity> .\\n'
    """
    return writing.nquads(statements, bundles)
