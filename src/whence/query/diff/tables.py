"""Two tables of the same name compared: their columns, and which rows of which column differ.

The rows are known by checksums of chunks of them (`whence.observers.chunks`), so a difference is
told to the chunk. Rows are counted from 0, as they lie in the table: a row that was put in before
others moves all of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from zlib import crc32

import msgspec

_SIZE = 4
OTHER_TYPE, OTHER_CHUNKS, NOT_DIGESTED = "another type", "other chunks", "no digests"
"""Why the rows of a column can't be compared."""


class Table(NamedTuple):
    """A table that a run read, as it was recorded; an array is one with a single column."""

    rows: int
    width: int
    columns: Sequence[str]
    dtypes: Sequence[str]
    chunks: Mapping[str, Any]

    @classmethod
    def of(cls, attributes: Mapping[str, Any]) -> Table | None:
        """The table that the attributes of an entity tell of, if they do."""
        shape = attributes.get("shape")
        if not shape:
            return None
        columns = attributes.get("columns")
        named = [""] if columns is None else _unique([str(column) for column in columns])
        dtypes = attributes.get("dtypes") or [attributes.get("dtype", "")]
        width = shape[1] if columns is not None and len(shape) > 1 else len(named)
        return cls(shape[0], width, named, dtypes, attributes.get("chunks") or {})


class Rows(msgspec.Struct, frozen=True):
    """The first and the last of some rows that differ, counted from 0; not all of them need to."""

    first: int
    last: int


class ColumnDiff(msgspec.Struct, frozen=True):
    """A column of which rows differ, or that has another type."""

    column: str
    rows: list[Rows] = []
    left_type: str = ""
    right_type: str = ""


class TableDiff(msgspec.Struct, frozen=True):
    """What differs between two tables of one name, and what is the same.

    ``left_rows`` and ``right_rows`` are their lengths. The first ``compared_rows`` were compared,
    in the columns ``changed`` and in those counted by ``same``; ``not_compared`` counts the other
    columns by the reason. ``unrecorded`` counts columns of which not even the name was recorded.
    """

    name: str
    left_rows: int
    right_rows: int
    added: list[str]
    removed: list[str]
    changed: list[ColumnDiff]
    same: int
    compared_rows: int
    not_compared: dict[str, int]
    unrecorded: int

    @property
    def differs(self) -> bool:
        """Whether anything is known to differ."""
        is_longer = self.left_rows != self.right_rows
        return is_longer or bool(self.added or self.removed or self.changed)


def compared(name: str, left: Table, right: Table) -> TableDiff:
    """The two tables compared, column by column by their names."""
    at = {column: (n, right.columns.index(column))
          for n, column in enumerate(left.columns) if column in set(right.columns)}  # fmt: skip
    changed, same, reach = [], 0, 0
    unlike: Counter[str] = Counter()
    for column, (here, there) in at.items():
        types = _type(left, here), _type(right, there)
        if types[0] != types[1]:
            changed.append(ColumnDiff(column, [], *types))
            unlike[OTHER_TYPE] += 1
            continue
        found = _differing(left, here, right, there)
        if isinstance(found, str):
            unlike[found] += 1
            continue
        rows, until = found
        reach = max(reach, until)
        if rows:
            changed.append(ColumnDiff(column, rows))
        else:
            same += 1
    hidden = max(left.width - len(left.columns), right.width - len(right.columns), 0)
    return TableDiff(
        name, left.rows, right.rows,
        [column for column in right.columns if column not in at],
        [column for column in left.columns if column not in at],
        changed, same, reach, dict(unlike), hidden,
    )  # fmt: skip


def _differing(left: Table, here: int, right: Table, there: int) -> tuple[list[Rows], int] | str:
    """The rows that differ and the number of rows that were compared; else why none could be."""
    a, b = _digests(left, here), _digests(right, there)
    if a is None or b is None:
        reasons = {one for table in (left, right) for one in table.chunks.get("left_out", ())}
        return f"{NOT_DIGESTED}: {', '.join(sorted(reasons))}" if reasons else NOT_DIGESTED
    size = max(left.chunks["rows"], right.chunks["rows"])
    width = _width(left, here)
    if left.chunks.get("by") != right.chunks.get("by") or width != _width(right, there):
        return OTHER_CHUNKS
    if left.chunks["rows"] != right.chunks["rows"] and not width:
        return OTHER_CHUNKS
    a = _joined(a, left.chunks["rows"], size, left.rows, width)
    b = _joined(b, right.chunks["rows"], size, right.rows, width)
    rows, until = list[Rows](), 0
    for n, (one, other) in enumerate(zip(a, b, strict=False)):
        ends = [min((n + 1) * size, table.rows) for table in (left, right)]
        if ends[0] != ends[1]:
            break
        until = ends[0]
        if one != other:
            first = n * size
            if rows and rows[-1].last == first - 1:
                first = rows.pop().first
            rows.append(Rows(first, until - 1))
    return rows, until


def _digests(table: Table, at: int) -> list[int] | None:
    digests = table.chunks.get("digests") or ()
    if at >= len(digests) or not isinstance(digests[at], bytes):
        return None
    raw = digests[at]
    return [int.from_bytes(raw[n : n + _SIZE], "little") for n in range(0, len(raw), _SIZE)]


def _width(table: Table, at: int) -> int:
    """The bytes of a row of a column, 0 where they are not known."""
    widths = table.chunks.get("widths") or ()
    return int(widths[at]) if at < len(widths) else 0


def _type(table: Table, at: int) -> str:
    return str(table.dtypes[at]) if at < len(table.dtypes) else ""


def _joined(digests: list[int], size: int, wanted: int, rows: int, width: int) -> list[int]:
    """The checksums of chunks of ``wanted`` rows, from those of chunks of ``size``.

    That of two pieces follows from theirs and the length of the second: a checksum is linear.
    """
    several, found = wanted // size, []
    for first in range(0, len(digests), several):
        whole = digests[first]
        for n in range(first + 1, min(first + several, len(digests))):
            zeros = bytes((min((n + 1) * size, rows) - n * size) * width)
            whole = crc32(zeros, whole) ^ crc32(zeros) ^ digests[n]
        found.append(whole)
    return found


def _unique(names: Sequence[str]) -> list[str]:
    """The names, the second of one name as ``name #2``."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return found
