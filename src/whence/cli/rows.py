"""Rows of any query as a table, JSON or CSV on stdout."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from whence.cli.output import is_styled, silence, width, write_json, write_lines

SHOWN_CELL = 120
"""Longer texts are cut in a table; JSON and CSV have them whole."""


def write_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], format: str) -> None:
    """The rows in a format: ``table``, ``json`` (a list of objects) or ``csv``."""
    if format == "json":
        write_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif format == "csv":
        _write_csv(columns, rows)
    else:
        _write_table(columns, rows)


def _write_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from whence.query.outline.line import Piece
    from whence.query.outline.table import table_lines

    shown = [[Piece(_cell(value)) for value in row] for row in rows]
    write_lines(table_lines(columns, shown, width(), range(len(columns))))
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    if is_styled():
        write_lines([(Piece(count, "dim"),)])


def _cell(value: Any) -> str:
    from whence.query.spelling import escaped

    if value is None:
        return ""
    text = value if isinstance(value, str) else plain(value)
    text = escaped(text)
    return text if len(text) <= SHOWN_CELL else text[: SHOWN_CELL - 1] + "…"


def plain(value: Any) -> str:
    """A value as text, as it stands in a table and in CSV."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict | tuple | bytes):
        return msgspec.json.encode(value).decode()
    return str(value)


def _write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(
        [
            "" if value is None else value if isinstance(value, str) else plain(value)
            for value in row
        ]
        for row in rows
    )
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(out.getvalue().encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        silence()
