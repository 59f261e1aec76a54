"""RO-Crates of runs: Process Run Crate 0.5, and Provenance Run Crate 0.5 where a run has steps.

The crate carries the same excerpt as PROV-JSON (`prov.json`), so an import of it is without loss.
"""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.prov.limit import Limits
from whence.standards.prov.statement import Document
from whence.standards.record.excerpt import Excerpt
from whence.standards.rocrate.reading import read
from whence.standards.rocrate.writing import write

__all__ = ["RoCrate"]

LIMITS: Limits = (
    ("file contents", "the crate describes data and does not pack it; the script of the run is "
     "packed where it still lies at its place unchanged"),
    ("metric series", "the metadata has the last value of each metric; points are in prov.json"),
    ("columns", "only in prov.json"),
    ("known-ness", "only in prov.json"),
    ("gaps", "only in prov.json"),
    ("containment", "the steps of the main run; those of other runs only in prov.json"),
    ("plans", "the commit is told of the script; other plans only in prov.json"),
    ("tags", "only in prov.json"),
    ("libraries", "only in prov.json; the metadata names Python and its version"),
    ("digests", "a folder's digest only in prov.json"),
    ("relations", "used, wasGeneratedBy and wasAssociatedWith are told by actions; others only in "
     "prov.json"),
    ("licence", "not recorded; the metadata says so, and the reader has to add it"),
)  # fmt: skip


class RoCrate:
    """A zip with the description of runs, and their provenance in PROV-JSON."""

    name: ClassVar[str] = "ro-crate"
    title: ClassVar[str] = "Workflow Run RO-Crate 0.5 (zip)"
    media_type: ClassVar[str] = "application/zip"
    suffixes: ClassVar[tuple[str, ...]] = (".zip",)
    limits: ClassVar[Limits] = LIMITS

    def export(self, excerpt: Excerpt, out: BinaryIO) -> None:
        """Write the crate; raises DocumentError where there is no run to tell of."""
        write(excerpt, out)

    def read(self, source: BinaryIO) -> Document:
        """The PROV statements of a crate: of its `prov.json`, else those that its actions make.

        Raises DocumentError when it is no crate.
        """
        return read(source)
