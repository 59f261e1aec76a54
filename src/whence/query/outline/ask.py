"""The answer to a question about learning as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from whence.query.answer import Completeness
from whence.query.ask.flat import Record
from whence.query.ask.registry import QUESTIONS
from whence.query.outline.closing import ended
from whence.query.outline.line import Line, Piece
from whence.query.outline.table import table_lines
from whence.query.spelling import count, escaped


def ask_lines(
    found: Iterable[Record], completeness: Completeness, width: int | None = None
) -> Iterator[Line]:
    """One line a record; how many there are, and what is missing, come last."""
    rows = list(found)
    heading = list(dict.fromkeys(key for row in rows for key in row))
    if rows:
        cells = [[_cell(at, row.get(key)) for at, key in enumerate(heading)] for row in rows]
        yield from table_lines(heading, cells, width, range(len(heading)))
        yield ()
    yield from ended(completeness, count(len(rows), "row") if rows else "nothing is known of it")


def list_lines() -> Iterator[Line]:
    """The questions with their arguments."""
    for question in QUESTIONS.values():
        yield (Piece(question.id, "strong"), Piece(f"  {question.wording}"))
        for one in question.arguments:
            default = f" (default: {one.default})" if one.default else ""
            yield (Piece(f"      {one.name}", "entity"), Piece(f"  {one.meaning}{default}", "dim"))


def _cell(at: int, value: Any) -> Piece:
    if value is None:
        return Piece("")
    if isinstance(value, float):
        return Piece(f"{value:.6g}")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Piece(escaped(text), "entity" if at == 0 else "")
