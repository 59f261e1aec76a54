"""PROV-JSONLD, as the W3C member submission gives it: JSON that is RDF by its context.

Attributes of a statement come back grouped by their name. There is no term for mentionOf.
"""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.prov.limit import ORDER_LIMIT, Limits
from whence.standards.prov.provjsonld.reading import read
from whence.standards.prov.provjsonld.writing import write
from whence.standards.prov.statement import Document

__all__ = ["ProvJsonLd"]


class ProvJsonLd:
    """PROV-JSONLD; it holds all PROV statements and bundles but mentionOf.

    Writing needs little memory, however long the document: statements wait in a temporary file
    until all prefixes are known. Reading takes the submission's shape only, one object for each
    statement, and holds the document.
    """

    name: ClassVar[str] = "prov-jsonld"
    title: ClassVar[str] = "PROV-JSONLD"
    media_type: ClassVar[str] = "application/ld+json"
    suffixes: ClassVar[tuple[str, ...]] = (".jsonld",)
    limits: ClassVar[Limits] = (
        ORDER_LIMIT,
        ("mentionOf", "the submission has no term for it; the document is refused"),
        ("ids of blank relations", "kept only where a derivation names them"),
    )

    def write(self, document: Document, out: BinaryIO) -> None:
        """Write the document. Raises DocumentError for a mentionOf, before anything is written."""
        write(document, out)

    def read(self, source: BinaryIO) -> Document:
        """Read a document. Raises DocumentError, with the JSON path, when it is none."""
        return read(source)
