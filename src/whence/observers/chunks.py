"""Digests of the values that a read brought in, chunk of rows by chunk of rows.

By them two runs can be told apart to the column and to some rows, without a copy of the data. They
are checksums (CRC-32): they find a change, they prove nothing. Why they cost what they cost, and
what they leave out: docs/adr/0011-which-rows-changed.md.
"""

from __future__ import annotations

import mmap
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from struct import pack
from typing import Any

from whence.capture.guard import asked
from whence.observers.chunkvalues import (
    SECONDS_A_COLUMN,
    Rows,
    arrow_rows,
    numpy_rows,
    pandas_rows,
    polars_rows,
)
from whence.observers.describe import MAX_COLUMNS, is_a, is_arrow

MOST_CHUNKS = 32
"""Of one column; the rows of a chunk are a power of two, 8 at least."""

MOST_DIGESTS = 4096
"""Of one table, over all its columns: 16 KiB."""

MOST_BYTES = 64 << 20
"""Of one table; columns beyond are left out."""

SHARE = 0.01
"""The part of the process's CPU time that all digests together may take."""

TOO_LONG, TOO_LARGE, NOT_READABLE = "too long", "too large", "no plain values"
"""Why a column has no digests."""


class _Spent:
    """The CPU time that digests took in this process."""

    def __init__(self) -> None:
        self._process, self._seconds = os.getpid(), 0.0

    def add(self, seconds: float) -> None:
        self._seconds += seconds

    def left(self) -> float:
        if self._process != os.getpid():
            self.__init__()  # type: ignore[misc]  # a child of fork has its own time
        return time.process_time() * SHARE - self._seconds


_spent = _Spent()


def chunk_digests(thing: object) -> dict[str, Any] | None:
    """The digests of a table or array: for each column, in order, four bytes a chunk.

    ``rows`` is the number of rows of a chunk. A column that has none is None, with the reason
    counted in ``left_out``; the last columns may be missing. ``widths`` are the bytes of a row:
    where they are known, the digests of two chunks can be joined to that of both. None for what is
    no table, or a map of a file.
    """
    count = _row_count(thing)
    if not count:
        return None
    begun, left = time.thread_time(), _spent.left()
    found, widths, left_out = [], [], Counter[str]()
    room, rows = MOST_BYTES, _rows_of_chunk(count, _width(thing))
    for column in _columns(thing):
        if left < SECONDS_A_COLUMN:
            break
        if column is None:
            reason = NOT_READABLE
        elif column.size > room:
            reason = TOO_LARGE
        elif column.seconds > left:
            reason = TOO_LONG
        else:
            reason, room, left = "", room - column.size, left - column.seconds
        digests = None if reason or column is None else _digests(column, rows)
        if digests is None:
            left_out[reason or NOT_READABLE] += 1
        found.append(digests)
        widths.append(0 if column is None else column.width)
    if unread := min(_width(thing), MAX_COLUMNS) - len(found):
        left_out[TOO_LONG] += unread
    _spent.add(time.thread_time() - begun)
    told: dict[str, Any] = {"rows": rows, "digests": found, "widths": widths}
    if by := _method(thing):
        told["by"] = by
    if left_out:
        told["left_out"] = dict(left_out)
    return told if any(one is not None for one in found) or left_out else None


def _digests(column: Rows, rows: int) -> bytes | None:
    return asked(lambda: _packed(column.opened()(rows)), None)


def _packed(checksums: list[int]) -> bytes:
    return pack(f"<{len(checksums)}I", *checksums)


def _rows_of_chunk(count: int, width: int) -> int:
    most = max(min(MOST_CHUNKS, MOST_DIGESTS // max(width, 1)), 1)
    rows = 8
    while rows * most < count:
        rows *= 2
    return rows


def _row_count(thing: object) -> int:
    """The rows of a table or array that may be read; 0 for all else."""
    if is_a(thing, "pandas", "DataFrame", "Series") or is_a(thing, "polars", "DataFrame", "Series"):
        return asked(lambda: len(thing), 0)  # type: ignore[arg-type]  # it has a length
    if is_arrow(thing):
        return asked(lambda: int(thing.num_rows), 0)  # type: ignore[attr-defined]  # it is a table
    if is_a(thing, "numpy", "ndarray") and not _is_mapped(thing):
        return asked(lambda: int(thing.shape[0]), 0)  # type: ignore[attr-defined]  # it is an array
    return 0


def _is_mapped(array: Any) -> bool:
    """Whether an array's memory is a file's: to read it would be to read the file."""
    while array is not None and not isinstance(array, mmap.mmap):
        array = getattr(array, "base", None)
    return array is not None


def _width(thing: Any) -> int:
    shape: tuple[int, ...] = asked(lambda: thing.shape, ())
    is_table = not is_a(thing, "numpy", "ndarray") and len(shape) > 1
    return int(shape[1]) if is_table else 1


def _columns(thing: Any) -> Iterator[Rows | None]:
    """The columns that are recorded; an array is one, of rows. None for one that can't be read."""
    if is_a(thing, "numpy", "ndarray"):
        yield asked(lambda: numpy_rows(thing), None)
    elif is_arrow(thing):
        for at in range(min(thing.num_columns, MAX_COLUMNS)):
            yield asked(lambda at=at: arrow_rows(thing.column(at)), None)  # type: ignore[misc]  # of no type
    elif is_a(thing, "polars", "DataFrame", "Series"):
        series = thing.get_columns() if hasattr(thing, "get_columns") else [thing]
        for one in series[:MAX_COLUMNS]:
            yield asked(lambda one=one: polars_rows(one), None)  # type: ignore[misc]  # of no type
    else:
        is_table = is_a(thing, "pandas", "DataFrame")
        for _, column in islice(thing.items(), MAX_COLUMNS) if is_table else [("", thing)]:
            yield asked(lambda one=column: pandas_rows(one), None)  # type: ignore[misc]  # of no type


def _method(thing: object) -> str:
    """What the digests are of, where they are not of the values themselves."""
    if not is_a(thing, "polars", "DataFrame", "Series"):
        return ""
    return f"polars {getattr(sys.modules.get('polars'), '__version__', '')}"
