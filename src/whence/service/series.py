"""Metric series as a chart wants them: a bounded number of points that keeps every peak."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import msgspec

from whence._base.ids import format_id
from whence.query.describe import iso
from whence.query.plain import clean, plain_float
from whence.store.protocol import Node, Point, Store


class MetricSeries(msgspec.Struct, frozen=True):
    """``points`` are [step, value, time], by step; ``sampled`` says that some were left out.

    A value is a number, or one of the texts NaN, Infinity and -Infinity. ``count`` is of all.
    """

    run: str
    key: str
    count: int
    points: list[tuple[int, float | str, str]]
    sampled: bool


def series_of(
    store: Store, runs: Sequence[Node], keys: Sequence[str], most: int
) -> list[MetricSeries]:
    """The series of some runs with these keys (all if empty), each of at most ``most`` points."""
    wanted, known = set(keys), store.summaries([run.number for run in runs])
    return [
        _series(store, run, summary.key, most)
        for run in runs
        for summary in known.get(run.number, ())
        if not wanted or summary.key in wanted
    ]


def sampled(points: Sequence[Point], most: int) -> Sequence[Point]:
    """At most ``most`` (4 or more) of the points: the first, the last, and of each of as many equal
    parts as fit the least and the greatest."""
    if len(points) <= most:
        return points
    inner = points[1:-1]
    parts = (most - 2) // 2
    kept = [points[0]]
    for part in range(parts):
        some = inner[part * len(inner) // parts : (part + 1) * len(inner) // parts]
        kept += _extremes(some)
    return [*kept, points[-1]]


def _extremes(points: Sequence[Point]) -> list[Point]:
    """The points with the least and the greatest value, in their order; NaN only where all are."""
    lowest = highest = -1
    least, greatest = float("inf"), float("-inf")
    for at, point in enumerate(points):
        value = point.value
        if value <= least:
            lowest, least = at, value
        if value >= greatest:
            highest, greatest = at, value
    ends = sorted({at for at in (lowest, highest) if at >= 0})
    return [points[at] for at in ends] or [one for one in points[:1] if isnan(one.value)]


def _series(store: Store, run: Node, key: str, most: int) -> MetricSeries:
    points = store.points(run.number, key)
    kept = sampled(points, most)
    shown = [(one.step, plain_float(one.value), iso(one.at) or "") for one in kept]
    return MetricSeries(format_id(run.uid), clean(key), len(points), shown, len(kept) < len(points))
