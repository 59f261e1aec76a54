"""OpenLineage run events (spec 2-0-2), one JSON object a line."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence.standards.openlineage.events import events_of
from whence.standards.prov.limit import Limits
from whence.standards.record.account import Account
from whence.standards.record.excerpt import Excerpt
from whence.standards.record.jsonvalue import json_bytes

__all__ = ["OpenLineage"]

LIMITS: Limits = (
    ("metric series", "each metric's last value and summary stand in a facet; points are left out"),
    ("known-ness", "lineage that was not seen step by step is marked INDIRECT; no finer"),
    ("containment", "runs and processes have a parent; calls stand in the ML facet of their run"),
    ("plans", "the commit is kept; other plans are left out"),
    ("agents", "people are owners of the job; an agent's agents are left out"),
    ("objects in memory", "only what outlives a run is a data set; objects are passed through"),
    ("nominal time", "nothing recorded says when a run was due, only when it took place"),
    ("relations", "used and wasGeneratedBy are inputs and outputs, derivations are lineage "
     "entries, others are left out"),
    ("tags", "those of runs are kept, as text"),
)  # fmt: skip


class OpenLineage:
    """Start and end of each run with its data sets, models, lineage and ML facets."""

    name: ClassVar[str] = "openlineage"
    title: ClassVar[str] = "OpenLineage 2-0-2 events (newline-delimited JSON)"
    media_type: ClassVar[str] = "application/x-ndjson"
    suffixes: ClassVar[tuple[str, ...]] = (".ndjson",)
    limits: ClassVar[Limits] = LIMITS

    def export(self, excerpt: Excerpt, out: BinaryIO) -> None:
        """Write the events by time; raises DocumentError where a run has no time at all."""
        for event in events_of(Account(excerpt)):
            out.write(json_bytes(event))
