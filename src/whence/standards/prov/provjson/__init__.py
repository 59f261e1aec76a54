"""PROV-JSON, as the W3C member submission of 2013 gives it.

Attributes of a statement come back grouped by their name: JSON keeps no other order. A relation
that has no id gets a blank one (``_:``), which a reader drops again.
"""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.prov.limit import ORDER_LIMIT, Limits
from whence.standards.prov.provjson.reading import read
from whence.standards.prov.provjson.writing import write
from whence.standards.prov.statement import Document

__all__ = ["ProvJson"]


class ProvJson:
    """PROV-JSON; it holds all PROV statements and bundles.

    Writing needs little memory, however long the document: members wait in a temporary file until
    all are known. Reading holds the document.
    """

    name: ClassVar[str] = "prov-json"
    title: ClassVar[str] = "PROV-JSON"
    media_type: ClassVar[str] = "application/json"
    suffixes: ClassVar[tuple[str, ...]] = (".json", ".provjson")
    limits: ClassVar[Limits] = (
        ORDER_LIMIT,
        ("ids of blank relations", "kept only where a derivation names them"),
    )

    def write(self, document: Document, out: BinaryIO) -> None:
        """Write the document. Raises DocumentError when a statement does not fit its kind."""
        write(document, out)

    def read(self, source: BinaryIO) -> Document:
        """Read a document. Raises DocumentError, with the JSON path, when it is none."""
        return read(source)
