"""What the columns that a run read were for, of the reads that fed nothing that learned, too."""

from __future__ import annotations

from collections.abc import Iterator

from whence._base.ids import format_id
from whence.analysis.site import Site
from whence.query.answer import GapNote
from whence.query.columns import Taken, taken_by
from whence.query.flow import Knowledge, SinkCall, SourceCall
from whence.query.outline.runs import names
from whence.query.plain import clean
from whence.service.flow.anchors import Watched
from whence.service.flow.edges import RunFlow, in_code, sink_call
from whence.service.flow.tables import RunColumns, Written
from whence.service.flow.told import UNRESOLVED
from whence.store.protocol import Store

MOST_NAMED = 5


class ColumnTaking:
    """Tells the uses of the columns of one run."""

    def __init__(self, store: Store, flow: RunFlow) -> None:
        self._flow = flow
        self._columns = RunColumns(store, flow)
        self._reads = {one.anchor.id: one for one in flow.anchors.sources}

    def told(self) -> Iterator[Taken]:
        """By calls that learned, then by those that wrote; then what nothing took."""
        is_decided = self._is_decided()
        for taken in taken_by(self._flow.edges()):
            if is_decided or taken.use != "unused":  # another call may have taken it
                yield taken
        for table in self._columns.written.values():
            yield from self._written(table)
        if is_decided:
            for read in self._reads.values():
                for name in self._columns.join.making.names[read.anchor.id]:
                    yield Taken(self._flow.source_call([read]), name, "unused", None, "inferred")

    def _written(self, table: Written) -> Iterator[Taken]:
        if table.call is None:
            return
        site = table.call.stack[0]
        file, line, cell = self._flow.cells.shown(site.file, site.line)
        sink = SinkCall(table.call.call.rpartition(".")[2], "", file, line, cell)
        statements: dict[Site, None] = {}
        for column in table.columns:
            for part in self._columns.made_of(table, column).parts:
                known: Knowledge = "observed" if part.observed else "inferred"
                statements.update(dict.fromkeys(part.through))
                if part.column is not None:
                    yield Taken(self._source(part.source), part.column, "written", sink, known)
        for statement in statements:
            for read, name in self._columns.join.making.keys(statement, table.call.order):
                yield Taken(self._source(read), name, "key", sink, "inferred")

    def gaps(self) -> list[GapNote]:
        """The columns that fits took, and of tables that were written, that could not be told."""
        found = [gap for sink in self._flow.anchors.sinks for gap in self._gaps_of(sink)]
        for table in self._columns.written.values():
            followed = {one: self._columns.of_file(table.entity, one) for one in table.columns}
            missing = [one for one, way in followed.items() if not way.is_told]
            if missing:
                reasons = dict.fromkeys(r for one in missing for r in followed[one].reasons)
                words = "; ".join(reasons) or "which columns they were can't be told"
                node = self._flow.whole.nodes[table.entity]
                some = names(missing, MOST_NAMED)
                detail = clean(f"{some} of {node.name}: {words}")
                found.append(GapNote(UNRESOLVED, format_id(node.uid), len(missing), detail))
        return found

    def _gaps_of(self, sink: Watched) -> Iterator[GapNote]:
        where = in_code(sink_call(sink))
        if not any(self._columns.join.making.names.values()):
            return  # nothing that was read has columns
        for argument in self._columns.join.given(sink):
            columns = self._columns.join.columns(sink, argument)
            missing = {
                name: made
                for name, made in (columns or {}).items()
                if not (made.is_told or made.is_new)
            }
            if columns is None or missing:
                reasons = dict.fromkeys(r for made in missing.values() for r in made.reasons)
                words = "; ".join(reasons) or "which columns they were can't be told"
                what = names(list(missing), MOST_NAMED) or argument
                detail = clean(f"{what} of {where}: {words}")
                yield GapNote(UNRESOLVED, format_id(sink.node.uid), max(len(missing), 1), detail)

    def _source(self, read: bytes) -> SourceCall:
        return self._flow.source_call([self._reads[read]])

    def _is_decided(self) -> bool:
        """Whether what became of all columns could be told: of each fit, and each table."""
        if self._flow.is_partial:
            return False
        tables = self._columns.written
        fits = self._flow.anchors.sinks
        return all(self._columns.is_decided(one) for one in tables) and all(
            map(self._is_told, fits)
        )

    def _is_told(self, sink: Watched) -> bool:
        given = self._columns.join.given(sink)
        columns = [self._columns.join.columns(sink, one) for one in given]
        return all(
            found is not None and all(one.is_told or one.is_new for one in found.values())
            for found in columns
        )
