"""The columns of a run as a table."""

from __future__ import annotations

from collections.abc import Iterator

from whence.query.cells import place_of
from whence.query.columns import ColumnUse, ColumnUses, Use
from whence.query.flow import SinkCall
from whence.query.outline.closing import ended
from whence.query.outline.line import Line, Piece, Style
from whence.query.outline.table import table_lines
from whence.query.spelling import count, escaped

HEADING = ("column", "use", "read from", "by", "goes into")
_STYLES: dict[str, Style] = {
    "feature": "good", "derived": "good", "label": "strong", "weight": "strong",
    "group": "strong", "key": "strong", "written": "",
}  # fmt: skip


def column_lines(found: ColumnUses, width: int | None = None) -> Iterator[Line]:
    """One line a column; how many there are of each use, and what is missing, come last."""
    if found.columns:
        yield from table_lines(HEADING, [_row(one) for one in found.columns], width, (0, 2, 4))
        yield ()
    uses = [one.use for one in found.columns]
    parts = [_counted(uses.count(use), use) for use in dict.fromkeys(uses)]
    text = ", ".join(parts) or "no columns are known"
    yield from ended(found.completeness, text)


def _counted(number: int, use: Use) -> str:
    is_adjective = use in ("derived", "written", "unused")
    return f"{number:,} {use}" if is_adjective else count(number, use)


def _row(one: ColumnUse) -> list[Piece]:
    source = one.source
    return [
        Piece(escaped(one.column), "entity"),
        Piece(one.use, _STYLES.get(one.use, "dim")),
        Piece(escaped(source.origin or source.call)),
        Piece(escaped(place_of(source)), "dim"),
        Piece(", ".join(_sink(sink) for sink in one.sinks)),
    ]


def _sink(sink: SinkCall) -> str:
    return f"{escaped(sink.class_ or sink.call)} {escaped(place_of(sink))}"
