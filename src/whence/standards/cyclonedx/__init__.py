"""CycloneDX 1.6 ML-BOM in JSON: models with their data, libraries, code and training runs."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.cyclonedx.bom import bom_of
from whence.standards.prov.limit import Limits
from whence.standards.record.account import Account
from whence.standards.record.excerpt import Excerpt
from whence.standards.record.jsonvalue import json_bytes
from whence.standards.record.makers import with_makers

__all__ = ["CycloneDx"]

LIMITS: Limits = (
    ("metric series", "the last value of each metric is kept"),
    ("metrics", "those that certainly are a model's; of the others that they are not known"),
    ("columns", "names and types of columns are properties of their data"),
    ("digests", "only SHA-256 of whole files; a folder's digest is left out"),
    ("known-ness", "what was declared is not told from what was observed"),
    ("containment", "parts of runs are the tasks of a workflow, without their own parts"),
    ("agents", "names of people are properties of a workflow"),
    ("plans", "the commit is a property of a workflow; other plans are left out"),
    ("objects in memory", "tensors and frames that no file holds are left out"),
    ("relations", "use and making are inputs and outputs of a workflow; derivations between "
     "files are dependencies; others are left out"),
    ("licences", "not recorded; the reader has to add them"),
)  # fmt: skip


class CycloneDx:
    """A bill of materials for machine learning, the same bytes for the same record."""

    name: ClassVar[str] = "cyclonedx"
    title: ClassVar[str] = "CycloneDX 1.6 ML-BOM (JSON)"
    media_type: ClassVar[str] = "application/vnd.cyclonedx+json"
    suffixes: ClassVar[tuple[str, ...]] = (".cdx.json",)
    limits: ClassVar[Limits] = LIMITS

    def export(self, excerpt: Excerpt, out: BinaryIO) -> None:
        """Write the bill of materials; one without a model lists data, code and libraries."""
        out.write(json_bytes(bom_of(Account(with_makers(excerpt))), indent=2))
