"""PROV-N: the W3C's notation of PROV for people to read."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.prov.limit import UNIDENTIFIED_LIMIT, Limits
from whence.standards.prov.provn.reader import parse
from whence.standards.prov.provn.writer import compose, lines
from whence.standards.prov.statement import Document

__all__ = ["ProvN", "lines"]


class ProvN:
    """Reads and writes PROV-N.

    >>> import io
    >>> text = b"document prefix ex <http://e.org/> entity(ex:a) endDocument"
    >>> ProvN().read(io.BytesIO(text)).statements
    [Statement(kind='entity', id='http://e.org/a', arguments=(), attributes=(), bundle='')]
    """

    name: ClassVar[str] = "prov-n"
    title: ClassVar[str] = "PROV-N"
    media_type: ClassVar[str] = "text/provenance-notation"
    suffixes: ClassVar[tuple[str, ...]] = (".provn",)
    limits: ClassVar[Limits] = (UNIDENTIFIED_LIMIT,)

    def write(self, document: Document, out: BinaryIO) -> None:
        """Write the document line by line; raises DocumentError for what PROV-N can't spell."""
        compose(document, out)

    def read(self, source: BinaryIO) -> Document:
        """Read a document; raises DocumentError with the line that is no PROV-N."""
        return parse(source.read())
