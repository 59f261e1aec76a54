"""The values of a column as bytes, without a copy where its library keeps them so.

The libraries are asked by what their own objects can do; none is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from zlib import crc32

BYTES_A_SECOND = 1.5e9
"""What a checksum reads at least; see the ADR for the figures."""

SECONDS_A_COLUMN = 3e-5
SECONDS_A_TEXT = 1e-7
SECONDS_A_HASH, SECONDS_A_QUERY = 5e-9, 1e-4
MOST_CATEGORIES = 10_000
_NULL = "\0"

Checksums = Callable[[int], list[int]]
"""The checksums of the rows of a column, so many rows at a time."""


class Rows(NamedTuple):
    """The rows of one column. ``opened`` prepares them to be read.

    ``width`` is the number of bytes of a row, 0 where rows differ in it; ``size`` that of all.
    """

    opened: Callable[[], Checksums]
    width: int
    size: int
    seconds: float


def numpy_rows(array: Any) -> Rows | None:
    """The rows of an array of numbers or times; None for objects."""
    if array.dtype.hasobject:
        return None
    size = int(array.nbytes)
    width = size // len(array)
    return Rows(lambda: _fixed(_bytes(array), width), width, size, _seconds(size))


def _seconds(size: int) -> float:
    return SECONDS_A_COLUMN + size / BYTES_A_SECOND


def _bytes(array: Any) -> memoryview:
    numpy: Any = sys.modules["numpy"]
    return memoryview(numpy.ascontiguousarray(array).reshape(-1).view(numpy.uint8))


def _fixed(data: memoryview, width: int, start: Sequence[int] | int = 0) -> Checksums:
    """Of rows of ``width`` bytes; each checksum goes on from ``start``."""

    def checksums(rows: int) -> list[int]:
        step = rows * width
        places = range(0, len(data), step)
        if isinstance(start, int):
            return [crc32(data[at : at + step], start) for at in places]
        return [crc32(data[at : at + step], one) for at, one in zip(places, start, strict=True)]

    return checksums


def pandas_rows(column: Any) -> Rows | None:
    """The rows of a pandas column: numbers, times, texts, and categories by their code."""
    values = column.array
    if hasattr(values, "codes") and hasattr(values, "categories"):
        return _categorical(values)
    if hasattr(values, "asi8"):
        return numpy_rows(values.view("i8"))
    if hasattr(values, "__arrow_array__"):
        return arrow_rows(values.__arrow_array__())
    if not isinstance(column.dtype, sys.modules["numpy"].dtype):
        # A sparse column, say: its plain form may be far larger than it is.
        return None
    array = column.to_numpy()
    return _texts(array) if array.dtype.hasobject else numpy_rows(array)


def _categorical(values: Any) -> Rows | None:
    names, codes = values.categories, numpy_rows(values.codes)
    if len(names) > MOST_CATEGORIES or codes is None:
        return None
    said = repr(list(names)).encode("utf-8", "backslashreplace")

    return Rows(lambda: _fixed(_bytes(values.codes), values.codes.itemsize, crc32(said)),
                0, codes.size, codes.seconds)  # fmt: skip


def _texts(array: Any) -> Rows:
    """The rows of an array of Python texts; any other value but None and NaN is refused."""

    def checksum(values: list[Any]) -> int:
        texts = [_text(value) for value in values]
        lengths = ",".join(map(str, map(len, texts)))
        return crc32("".join(texts).encode("utf-8", "surrogatepass"), crc32(lengths.encode()))

    def checksums(rows: int) -> list[int]:
        places = range(0, len(array), rows)
        return [checksum(array[at : at + rows].tolist()) for at in places]

    return Rows(lambda: checksums, 0, int(array.nbytes), len(array) * SECONDS_A_TEXT)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if value is None or value != value:
        return _NULL
    raise TypeError(f"{type(value).__name__} is no text")


def polars_rows(series: Any) -> Rows | None:
    """The hashes of the rows of a polars column, which are the same for one version of polars."""
    if str(series.dtype).startswith(("Categorical", "Enum", "Object")):
        return None
    seconds = SECONDS_A_QUERY + len(series) * SECONDS_A_HASH
    return Rows(
        lambda: _fixed(_bytes(series.hash(1).to_numpy()), 8),
        8, int(series.estimated_size()), seconds,
    )  # fmt: skip


def arrow_rows(column: Any) -> Rows | None:
    """The rows of a column of arrow: of fixed width, or texts."""
    opening = _arrow_opening(column.type)
    if opening is None:
        return None
    size = int(column.nbytes)
    is_fixed = opening is _opened_numbers and not column.null_count
    width = column.type.bit_width // 8 if is_fixed else 0

    def opened() -> Checksums:
        whole = column.combine_chunks() if hasattr(column, "combine_chunks") else column
        return opening(whole)

    return Rows(opened, width, size, _seconds(size))


def _arrow_opening(kind: Any) -> Callable[[Any], Checksums] | None:
    arrow: Any = sys.modules["pyarrow"]
    types = arrow.types
    if types.is_boolean(kind):
        return lambda whole: _opened_numbers(whole.cast(arrow.uint8()))
    if types.is_dictionary(kind):
        inner = _arrow_opening(kind.value_type)
        return None if inner is None else lambda whole: inner(whole.dictionary_decode())
    if types.is_string(kind) or types.is_binary(kind):
        return lambda whole: _opened_texts(whole, "i4")
    if types.is_large_string(kind) or types.is_large_binary(kind):
        return lambda whole: _opened_texts(whole, "i8")
    return _opened_numbers if types.is_primitive(kind) or types.is_decimal(kind) else None


def _opened_numbers(whole: Any) -> Checksums:
    missing, whole = _filled(whole, 0)
    width, at = whole.type.bit_width // 8, whole.offset
    values = memoryview(whole.buffers()[1])[at * width : (at + len(whole)) * width]
    return lambda rows: _fixed(values, width, _start(missing, rows))(rows)


def _opened_texts(whole: Any, integer: str) -> Checksums:
    missing, whole = _filled(whole, b"" if "binary" in str(whole.type) else "")
    numpy: Any = sys.modules["numpy"]
    _, buffer, data = whole.buffers()
    ends = numpy.frombuffer(buffer, integer)[whole.offset : whole.offset + len(whole) + 1]
    lengths = _bytes(numpy.diff(ends).astype("i4"))
    texts = memoryview(b"" if data is None else data)

    def checksums(rows: int) -> list[int]:
        before = _fixed(lengths, 4, _start(missing, rows))(rows)
        cuts = [*ends[:-1:rows].tolist(), int(ends[-1])]
        return [crc32(texts[cuts[n] : cuts[n + 1]], one) for n, one in enumerate(before)]

    return checksums


def _start(missing: memoryview, rows: int) -> list[int] | int:
    """The checksums of which values are missing; 0 where none is."""
    return _fixed(missing, 1)(rows) if len(missing) else 0


def _filled(whole: Any, filling: Any) -> tuple[memoryview, Any]:
    """Which values are missing, a byte for each, none where none is; and the values without gaps,
    since what lies in memory where one is missing may be anything."""
    if not whole.null_count:
        return memoryview(b""), whole
    arrow: Any = sys.modules["pyarrow"]
    missing = whole.is_null().to_numpy(zero_copy_only=False)
    if whole.type == arrow.null():
        return _bytes(missing), whole
    return _bytes(missing), whole.fill_null(arrow.scalar(filling).cast(whole.type))
