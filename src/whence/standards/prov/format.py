"""What every PROV format here can do."""

from __future__ import annotations

from typing import BinaryIO, ClassVar, Protocol

from whence.standards.prov.limit import Limits
from whence.standards.prov.statement import Document


class ProvFormat(Protocol):
    """A format that holds PROV statements. ``suffixes`` are file endings with their dot, ``limits``
    pairs of a concept that it can't hold and the reason."""

    name: ClassVar[str]
    title: ClassVar[str]
    media_type: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    limits: ClassVar[Limits]

    def write(self, document: Document, out: BinaryIO) -> None:
        """Write the document; raises DocumentError when the format can't hold it."""
        ...

    def read(self, source: BinaryIO) -> Document:
        """Read a document; raises DocumentError, with the line or path, when it is none."""
        ...
