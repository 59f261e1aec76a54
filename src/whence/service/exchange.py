"""Records and documents of public standards: written, taken in, checked."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from whence._base.collection import without_collection
from whence._base.errors import UsageError
from whence._base.ids import format_id
from whence.capture.environment.keeping import keep
from whence.query.flow import Flow
from whence.service.exporting import excerpt_of, whole
from whence.service.importing import Imported, import_document
from whence.service.questions import Questions, Thing
from whence.standards.format import format_of_file, named
from whence.standards.prov.statement import Document
from whence.standards.record.excerpt import Excerpt, Report
from whence.store.protocol import Node


class Exchange:
    """What one open store gives to others and takes from them."""

    def __init__(self, asked: Questions, progress: Report | None = None) -> None:
        self._asked, self._progress = asked, progress
        self._flows: dict[int, bytes | None] = {}

    def excerpt(self, thing: Thing | None, *, with_upstream: bool = False) -> Excerpt:
        """What ``thing`` stands for; all of the store when it is None. A notebook stands for its
        sessions.

        Raises NotKnownError and AmbiguousError.
        """
        asked, store = self._asked, self._asked.store
        kept = None if asked.disk.is_here else asked.kept
        if thing is None:
            return whole(store, kept, asked.kept)
        return excerpt_of(
            store, *(self._sessions(thing) or [asked.node_of(thing)]),
            with_upstream=with_upstream, kept=kept, texts=asked.kept, flow=self._flow,
        )  # fmt: skip

    def _sessions(self, thing: Thing) -> list[Node]:
        """The kernel sessions of the notebook that ``thing`` names, newest first; else none."""
        text = os.fsdecode(thing)
        if ".ipynb" not in text:
            return []
        from whence.service.notebook.versions import sessions_meant

        return sessions_meant(self._asked, text)

    def _flow(self, run: Node) -> bytes | None:
        """What fed what in a run, as JSON; None where nothing is followed."""
        if run.number not in self._flows:
            self._flows[run.number] = self._flow_told(run)
        return self._flows[run.number]

    def _flow_told(self, run: Node) -> bytes | None:
        from whence.service.flow.edges import RunFlow

        asked = self._asked
        found = RunFlow(asked.store, run, asked.kept)
        edges = found.edges()
        if not edges:
            return None
        query = {"question": "flow", "thing": format_id(run.uid), "run": format_id(run.uid)}
        flow = Flow(query, edges, found.completeness(), found.evaluations())
        return msgspec.json.format(msgspec.json.encode(flow), indent=1) + b"\n"

    def export(
        self, out: BinaryIO, thing: Thing | None, format: str, *, with_upstream: bool = False
    ) -> int:
        """Write ``thing`` in a format; give how many things it holds.

        Raises UsageError for a format that there is not, DocumentError when it can't hold it.
        """
        chosen = named(format)
        if not chosen.writes:
            raise UsageError(f"{chosen.title} is read only; nothing can be written in it")
        excerpt = self.excerpt(thing, with_upstream=with_upstream)
        with without_collection():
            chosen.export(excerpt, out, self._progress)
        return len(excerpt)

    def export_file(
        self, path: Thing, thing: Thing | None, format: str, *, with_upstream: bool = False
    ) -> int:
        """As `export`, into a file that appears once it is whole."""
        target = Path(os.fsdecode(path))
        partial = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with open(partial, "xb") as out:
                count = self.export(out, thing, format, with_upstream=with_upstream)
            os.replace(partial, target)
        except BaseException:
            with suppress(FileNotFoundError):
                partial.unlink()
            raise
        return count

    def take(self, document: Document) -> Imported:
        """Take a document into the store, as a whole or not at all.

        Raises DocumentError when it contradicts itself.
        """
        with without_collection():
            taken = import_document(self._asked.folder, self._asked.store, document)
        for digest, text in document.texts.items():
            keep(self._asked.folder, text, digest)
        return taken


def read_document(path: Thing, format: str | None = None) -> Document:
    """The document in a file; without a ``format`` the file's ending names it.

    Raises UsageError when the format is not known, DocumentError when it does not read.
    """
    file = Path(os.fsdecode(path))
    chosen = named(format) if format else format_of_file(file)
    with open(file, "rb") as source, without_collection():
        document = chosen.read(source)
        document.statements = list(document.statements)
    return document
