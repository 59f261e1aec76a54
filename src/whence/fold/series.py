"""Metric series: their summaries and the column blocks that hold their points."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import accumulate
from math import isfinite, isnan
from operator import sub
from struct import pack
from sys import byteorder
from typing import Any, NamedTuple

import zstandard

from whence.fold.batch import PointRow

SMALLEST_COMPRESSED = 256
_PLAIN, _COMPRESSED = b"\0", b"\1"
_NAN = float("nan")


class SeriesSummary(NamedTuple):
    """A series in short; ``first`` and ``last`` by (step, at, value), min and max without NaN."""

    points: int
    first_step: int
    first_at: int
    first: float
    last_step: int
    last_at: int
    last: float
    min: float
    max: float


def summarise(points: list[PointRow]) -> SeriesSummary:
    """The summary of at least one point."""
    if len(points) == 1:
        step, at, value = points[0]
        value += 0.0
        return SeriesSummary(1, step, at, value, step, at, value, value, value)
    values = [point[2] for point in points]
    if isfinite(sum(values)):
        first, last = min(points), max(points)
        lowest, highest = min(values), max(values)
    else:
        first, last = min(points, key=_order), max(points, key=_order)
        numbers = [value for value in values if not isnan(value)] or [_NAN]
        lowest, highest = min(numbers), max(numbers)
    # Adding 0.0 turns -0.0 into 0.0: equal values must give equal summaries in any order.
    return SeriesSummary(
        len(points),
        first[0],
        first[1],
        first[2] + 0.0,
        last[0],
        last[1],
        last[2] + 0.0,
        lowest + 0.0,
        highest + 0.0,
    )


def merge_summaries(one: SeriesSummary, other: SeriesSummary) -> SeriesSummary:
    """The summary of both series' points together."""
    first = min(one[1:4], other[1:4], key=_order)
    last = max(one[4:7], other[4:7], key=_order)
    lows = [v for v in (one.min, other.min) if not isnan(v)] or [_NAN]
    highs = [v for v in (one.max, other.max) if not isnan(v)] or [_NAN]
    return SeriesSummary(one.points + other.points, *first, *last, min(lows), max(highs))


def is_in_summary(point: PointRow) -> bool:
    """Whether a summary of this point alone gives it back to the last bit."""
    return point[2] != 0.0 and point[2] == point[2]


def point_order(point: PointRow) -> tuple[int, int, bytes]:
    """A total order of points, also where values are not comparable."""
    return (point[0], point[1], pack(">d", point[2]))


def encode_points(points: list[PointRow]) -> bytes:
    """The block of some points: columns of steps and times (as differences) and of values."""
    steps, times, values = zip(*points, strict=True)
    columns = (_differences(steps), _differences(times), array("d", values))
    if byteorder == "big":
        for column in columns:
            column.byteswap()
    body = b"".join(column.tobytes() for column in columns)
    if len(body) < SMALLEST_COMPRESSED:
        return _PLAIN + body
    return _COMPRESSED + _compressor.compress(body)


def decode_points(block: bytes) -> list[PointRow]:
    """The points that `encode_points` was given."""
    body = block[1:]
    if block[:1] == _COMPRESSED:
        body = zstandard.ZstdDecompressor().decompress(body)
    size = len(body) // 3
    columns: list[array[Any]] = [array("q"), array("q"), array("d")]
    for number, column in enumerate(columns):
        column.frombytes(body[number * size : (number + 1) * size])
        if byteorder == "big":
            column.byteswap()
    return list(zip(_summed(columns[0]), _summed(columns[1]), columns[2], strict=True))


def _differences(numbers: Iterable[int]) -> array[int]:
    listed = list(numbers)
    try:
        return array("q", [listed[0], *map(sub, listed[1:], listed)])
    except OverflowError:
        return array("q", [listed[0], *(_wrapped(d) for d in map(sub, listed[1:], listed))])


def _summed(differences: Iterable[int]) -> Iterable[int]:
    return (_wrapped(total) for total in accumulate(differences))


def _wrapped(number: int) -> int:
    """``number`` modulo 2**64, signed: differences of far numbers wrap, and sums wrap back."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def _order(point: tuple[int, int, float]) -> tuple[int, int, bool, float]:
    step, at, value = point
    return (step, at, not isnan(value), 0.0 if isnan(value) else value)


_compressor = zstandard.ZstdCompressor(level=1)
