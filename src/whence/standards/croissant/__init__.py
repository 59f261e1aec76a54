"""Croissant 1.1: data sets as machine learning reads them, with where they came from."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence._base.errors import DocumentError
from whence.standards.croissant.dataset import dataset_of, datasets_of
from whence.standards.prov.limit import Limits
from whence.standards.record.account import Account
from whence.standards.record.excerpt import Excerpt
from whence.standards.record.jsonvalue import json_bytes

__all__ = ["Croissant"]

LIMITS: Limits = (
    ("parameters", "Croissant describes data, not runs; no run's parameters are kept"),
    ("metric series", "as parameters"),
    ("models", "Croissant has no word for a model"),
    ("columns", "types that Croissant lacks (object, categories, tensors) are left out"),
    ("digests", "only SHA-256 of whole files; a folder's digest is left out"),
    ("known-ness", "what was declared is not told from what was observed"),
    ("gaps", "not kept"),
    ("containment", "the parts of a run are left out"),
    ("plans", "the commit is kept as text; other plans are left out"),
    ("tags", "not kept"),
    ("licence", "nothing recorded says it; the reader has to add it"),
    ("relations", "wasDerivedFrom, wasGeneratedBy, used and wasAssociatedWith are kept"),
)


class Croissant:
    """Data sets with their files, columns and provenance."""

    name: ClassVar[str] = "croissant"
    title: ClassVar[str] = "Croissant 1.1"
    media_type: ClassVar[str] = "application/ld+json"
    suffixes: ClassVar[tuple[str, ...]] = (".croissant.json",)
    limits: ClassVar[Limits] = LIMITS

    def export(self, excerpt: Excerpt, out: BinaryIO) -> None:
        """Write the data sets; raises DocumentError where there is none that is a file."""
        account = Account(excerpt)
        data = datasets_of(account)
        if not data:
            raise DocumentError(
                "Croissant describes data sets that are files, and there is none among what was "
                "asked for. Name a data file, or a run that read or wrote one"
            )
        document = dataset_of(account, data)
        out.write(json_bytes(document, indent=2))
