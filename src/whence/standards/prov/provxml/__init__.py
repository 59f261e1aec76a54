"""PROV-XML, as the W3C note gives it (with mentionOf of PROV-LINKS).

Attributes of a statement come in the schema's order: label, location, role, type, value, others.
Local names that XML does not allow in an element are written with ``_xHHHH_``, as the `prov`
library does.
"""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.prov.limit import ORDER_LIMIT, Limits
from whence.standards.prov.provxml.reading import read
from whence.standards.prov.provxml.writing import write
from whence.standards.prov.statement import Document

__all__ = ["ProvXml"]


class ProvXml:
    """PROV-XML; it holds all PROV statements and bundles, but no blank nodes.

    Writing needs little memory, however long the document; reading holds its statements only.
    """

    name: ClassVar[str] = "prov-xml"
    title: ClassVar[str] = "PROV-XML"
    media_type: ClassVar[str] = "application/provenance+xml"
    suffixes: ClassVar[tuple[str, ...]] = (".xml", ".provx")
    limits: ClassVar[Limits] = (
        ORDER_LIMIT,
        ("blank nodes", "an id is a qualified name in XML; the document is refused"),
        ("control characters", "XML 1.0 has none; the store's are in base64"),
    )

    def write(self, document: Document, out: BinaryIO) -> None:
        """Write the document. Raises DocumentError for what XML can't hold, before it writes."""
        write(document, out)

    def read(self, source: BinaryIO) -> Document:
        """Read a document. Raises DocumentError, with the line, when it is none."""
        return read(source)
