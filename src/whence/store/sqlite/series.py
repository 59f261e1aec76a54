"""Metric series in SQLite: a summary row for each, and blocks of points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from whence.fold.batch import PointRow
from whence.fold.series import (
    SeriesSummary,
    decode_points,
    encode_points,
    is_in_summary,
    merge_summaries,
    point_order,
    summarise,
)
from whence.store.protocol import Point, Summary
from whence.store.sqlite.connection import IN, Connection, many
from whence.store.sqlite.interning import Interned

SMALL_BLOCK = 512
"""A last block of fewer points is written again with the next ones, not followed by another."""

_SINGLE = "INSERT INTO series(node, key, count, last_step, last_at, last) VALUES(?,?,1,?,?,?)"
_SERIES = (
    "INSERT OR REPLACE INTO series(node, key, count, first_step, first_at, first, last_step,"
    " last_at, last, min, max, blocks) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"
)
_COLUMNS = "count, first_step, first_at, first, last_step, last_at, last, min, max, blocks"
_NAN = float("nan")


def write_series(
    connection: Connection,
    points: Mapping[tuple[bytes, str], list[PointRow]],
    nodes: Mapping[bytes, int],
    keys: Interned,
    first_new: int,
) -> None:
    """Add points to their series; nodes from ``first_new`` on have none yet."""
    if not points:
        return
    numbers = keys.of({key for _, key in points})
    single: list[tuple[int, int, int, int, float]] = []
    rest: list[tuple[int, int, list[PointRow]]] = []
    for (uid, name), added in points.items():
        node, key = nodes[uid], numbers[name]
        if node >= first_new and len(added) == 1 and is_in_summary(added[0]):
            single.append((node, key, *added[0]))
        else:
            rest.append((node, key, added))
    connection.raw.executemany(_SINGLE, single)
    if rest:
        _extend(connection, rest)


def _extend(connection: Connection, rest: list[tuple[int, int, list[PointRow]]]) -> None:
    """Write series that may be there already, or that need blocks."""
    known = _summary_rows(connection, {row[0] for row in rest})
    single, several, blocks = [], [], []
    for node, key, points in rest:
        id_, added = (node, key), points
        if id_ not in known and len(added) == 1 and is_in_summary(added[0]):
            single.append((*id_, *added[0]))
            continue
        summary, count = summarise(added), 0
        if id_ in known:
            old, count = known[id_]
            summary = merge_summaries(old, summary)
            if count == 0:
                added = [(old.first_step, old.first_at, old.first), *added]
            else:
                added, count = _with_small_block(connection, id_, count, added)
        blocks.append((*id_, count, len(added), encode_points(added)))
        several.append((*id_, *summary, count + 1))
    connection.raw.executemany("INSERT OR REPLACE INTO block VALUES(?,?,?,?,?)", blocks)
    connection.raw.executemany(_SINGLE, single)
    connection.raw.executemany(_SERIES, several)


def _summary_rows(
    connection: Connection, nodes: set[int]
) -> dict[tuple[int, int], tuple[SeriesSummary, int]]:
    if not nodes:
        return {}
    sql = f"SELECT node, key, {_COLUMNS} FROM series WHERE node {IN}"
    return {(row[0], row[1]): _summary(row[2:]) for row in connection.all(sql, many(nodes))}


def _summary(columns: Sequence[Any]) -> tuple[SeriesSummary, int]:
    """The summary in a row, and its number of blocks.

    SQLite has NULL for NaN; a single point that needs no block has its value as last only.
    """
    if columns[9] == 0:
        step, at, value = columns[4:7]
        return SeriesSummary(1, step, at, value, step, at, value, value, value), 0
    values: list[Any] = [_NAN if value is None else value for value in columns]
    return SeriesSummary(*values[:9]), values[9]


def _with_small_block(
    connection: Connection, series: tuple[int, int], count: int, added: list[PointRow]
) -> tuple[list[PointRow], int]:
    """The points for the next block and its number: over the last block where that is small."""
    row = connection.one(
        "SELECT body FROM block WHERE node=? AND key=? AND number=? AND count < ?",
        *series,
        count - 1,
        SMALL_BLOCK,
    )
    return (added, count) if row is None else (decode_points(row[0]) + added, count - 1)


class SqliteSeries:
    """Metric series as the store reads them."""

    connection: Connection

    def summaries(self, activities: Sequence[int]) -> dict[int, list[Summary]]:
        """The series of each activity that has any, by key."""
        found: dict[int, list[Summary]] = defaultdict(list)
        sql = (
            f"SELECT s.node, k.name, {_COLUMNS} FROM series s JOIN key k ON k.number = s.key"
            f" WHERE s.node {IN} ORDER BY s.node, k.name"
        )
        for node, key, *columns in self.connection.all(sql, many(activities)):
            s, _ = _summary(columns)
            found[node].append(Summary(key, s.points, s.first, s.last, s.min, s.max, s.last_step))
        return dict(found)

    def points(self, activity: int, key: str) -> list[Point]:
        """Every point of a series, by step, time and value; none when it is not known."""
        row = self.connection.one(
            f"SELECT s.key, {_COLUMNS} FROM series s JOIN key k ON k.number = s.key"
            " WHERE s.node = ? AND k.name = ?",
            activity,
            key,
        )
        if row is None:
            return []
        summary, blocks = _summary(row[1:])
        if not blocks:
            return [Point(summary.last_step, summary.last, summary.last_at)]
        bodies = self.connection.all(
            "SELECT body FROM block WHERE node = ? AND key = ?", activity, row[0]
        )
        points = [point for (body,) in bodies for point in decode_points(body)]
        return [Point(s, value, at) for s, at, value in sorted(points, key=point_order)]
