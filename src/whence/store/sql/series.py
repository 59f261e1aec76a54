"""Metric series: a summary row for each, and blocks of points."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import isnan
from typing import Any

import msgspec

from whence.fold.batch import Batch, PointRow
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
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.interning import Interned
from whence.store.sql.statement import Rows

SMALL_BLOCK = 512
"""A last block of fewer points is written again with the next ones, not followed by another."""

_SINGLE = Rows(
    "INSERT INTO series(node, key, count, last_step, last_at, last)"
    " VALUES(?int,?int,?int,?int,?int,?real)"
)
_SERIES = Rows(
    "INSERT INTO series(node, key, count, first_step, first_at, first, last_step, last_at, last,"
    " min, max, blocks)"
    " VALUES(?int,?int,?int,?int,?int,?real,?int,?int,?real,?real,?real,?int)"
    " ON CONFLICT(node, key) DO UPDATE SET count=excluded.count, first_step=excluded.first_step,"
    " first_at=excluded.first_at, first=excluded.first, last_step=excluded.last_step,"
    " last_at=excluded.last_at, last=excluded.last, min=excluded.min, max=excluded.max,"
    " blocks=excluded.blocks"
)
_BLOCK = Rows(
    "INSERT INTO block(node, key, number, count, body) VALUES(?int,?int,?int,?int,?bytes)"
    " ON CONFLICT(node, key, number) DO UPDATE SET count=excluded.count, body=excluded.body"
)
_SHEET = Rows("INSERT INTO sheet(node, at, count, body) VALUES(?int,?int,?int,?bytes)")
_SMALLER_SHEET = Rows("UPDATE sheet SET count=?int, body=?bytes WHERE node=?int")
_COLUMNS = "count, first_step, first_at, first, last_step, last_at, last, min, max, blocks"
_NAN = float("nan")
_AT_ONCE = 5_000

METRICS = 3
"""The space under which `lookup_key` names the metrics that are never left in a sheet."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, float]).decode


def write_series(
    connection: Connection,
    batch: Batch,
    nodes: Mapping[bytes, int],
    keys: Interned,
    first_new: int,
) -> None:
    """Add points to their series; nodes from ``first_new`` on have none yet."""
    points = _without_sheets(connection, batch, nodes, first_new) if batch.sheets else batch.points
    if not points:
        return
    unpacked = _unpack(connection, {nodes[uid] for uid, _ in points if nodes[uid] < first_new})
    numbers = keys.of({key for _, key in points} | {key for _, key in unpacked})
    single: list[tuple[int, int, int, int, int, float]] = []
    rest: list[tuple[int, int, list[PointRow]]] = []
    for (uid, name), added in points.items():
        node, key = nodes[uid], numbers[name]
        if node >= first_new and len(added) == 1 and is_in_summary(added[0]):
            single.append((node, key, 1, *added[0]))
        else:
            rest.append((node, key, unpacked.pop((node, name), []) + added))
    rest += [(node, numbers[name], added) for (node, name), added in unpacked.items()]
    connection.write(_SINGLE, single)
    if rest:
        _extend(connection, rest)


def _without_sheets(
    connection: Connection, batch: Batch, nodes: Mapping[bytes, int], first_new: int
) -> dict[tuple[bytes, str], list[PointRow]]:
    """Write the sheets of new nodes that have nothing else; give all other points."""
    points, rows = dict(batch.points), []
    asked = [row[0] for row in connection.all("SELECT key FROM lookup_key WHERE space=?", METRICS)]
    busy = {uid for uid, _ in points}
    if len({row[0] for row in batch.sheets}) < len(batch.sheets):
        counted = Counter(row[0] for row in batch.sheets)
        busy.update(uid for uid, count in counted.items() if count > 1)
    for uid, at, metrics in batch.sheets:
        node = nodes[uid]
        if node < first_new or uid in busy:
            for name, value in metrics.items():
                points[uid, name] = [*points.get((uid, name), ()), (0, at, value)]
            continue
        kept = metrics
        for name in asked:
            if name in metrics:
                kept = metrics.copy() if kept is metrics else kept
                points[uid, name] = [(0, at, kept.pop(name))]
        if kept:
            rows.append((node, at, len(kept), _encode(kept)))
    connection.write(_SHEET, rows)
    return points


def _unpack(connection: Connection, nodes: set[int]) -> dict[tuple[int, str], list[PointRow]]:
    """Take the sheets of nodes away; give their points."""
    found: dict[tuple[int, str], list[PointRow]] = {}
    for node, at, body in _sheets(connection, nodes):
        for name, value in _decode(body).items():
            found[node, name] = [(0, at, value)]
    if found:
        connection.run(f"DELETE FROM sheet WHERE node {IN}", many(nodes))
    return found


def _sheets(connection: Connection, nodes: set[int] | Sequence[int]) -> list[Any]:
    if not nodes:
        return []
    return connection.all(f"SELECT node, at, body FROM sheet WHERE node {IN}", many(nodes))


def knows_key(connection: Connection, key: str) -> bool:
    """Whether any series has that key."""
    if connection.one("SELECT 1 FROM key WHERE name = ?", key):
        return True
    return next(_sheets_with(connection, key), None) is not None


def take_from_sheets(connection: Connection, key: str) -> int:
    """Have all series with that key in ``series``; give its number. Within a transaction."""
    number = Interned(connection, "key").of([key])[key]
    found = _sheets_with(connection, key)
    while some := list(islice(found, _AT_ONCE)):
        _extend(connection, [(node, number, [(0, at, m.pop(key))]) for node, at, m in some])
        connection.write(
            _SMALLER_SHEET,
            [(len(metrics), _encode(metrics), node) for node, _, metrics in some],
        )
    connection.run("DELETE FROM sheet WHERE count=0")
    return number


def last_values(connection: Connection, key: str) -> list[tuple[int, float | None]]:
    """(node, last value) of every series with that key; None for NaN."""
    rows = connection.all(
        "SELECT s.node, s.last FROM series s JOIN key k ON k.number = s.key WHERE k.name = ?", key
    )
    for node, _, metrics in _sheets_with(connection, key):
        rows.append((node, None if isnan(metrics[key]) else metrics[key]))
    return rows


def metric_keys(connection: Connection, nodes: str) -> set[str]:
    """Every key of a series that one of the nodes has, which a query gives."""
    found = {
        row[0]
        for row in connection.all(
            "SELECT DISTINCT k.name FROM series s JOIN key k ON k.number = s.key"
            f" WHERE s.node IN ({nodes})"
        )
    }
    for (body,) in connection.all(f"SELECT body FROM sheet WHERE node IN ({nodes})"):
        found.update(_decode(body))
    return found


def _sheets_with(connection: Connection, key: str) -> Iterator[tuple[int, int, dict[str, float]]]:
    last = 0
    while rows := connection.all(
        "SELECT node, at, body FROM sheet WHERE node > ? AND instr(body, ?) > 0 ORDER BY 1 LIMIT ?",
        last,
        key.encode("utf-8", "surrogatepass"),
        _AT_ONCE,
    ):
        for node, at, body in rows:
            metrics = _decode(body)
            if key in metrics:
                yield node, at, metrics
        last = rows[-1][0]


def _extend(connection: Connection, rest: list[tuple[int, int, list[PointRow]]]) -> None:
    """Write series that may be there already, or that need blocks."""
    known = _summary_rows(connection, {row[0] for row in rest})
    single, several, blocks = [], [], []
    for node, key, points in rest:
        id_, added = (node, key), points
        if id_ not in known and len(added) == 1 and is_in_summary(added[0]):
            single.append((*id_, 1, *added[0]))
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
    connection.write(_BLOCK, blocks)
    connection.write(_SINGLE, single)
    connection.write(_SERIES, several)


def _summary_rows(
    connection: Connection, nodes: set[int]
) -> dict[tuple[int, int], tuple[SeriesSummary, int]]:
    if not nodes:
        return {}
    sql = f"SELECT node, key, {_COLUMNS} FROM series WHERE node {IN}"
    return {(row[0], row[1]): _summary(row[2:]) for row in connection.all(sql, many(nodes))}


def _summary(columns: Sequence[Any]) -> tuple[SeriesSummary, int]:
    """The summary in a row, and its number of blocks.

    The table has NULL for NaN; a single point that needs no block has its value as last only.
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


class MetricSeries:
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
        for node, at, body in _sheets(self.connection, activities):
            for key, value in _decode(body).items():
                s = summarise([(0, at, value)])
                found[node].append(Summary(key, 1, s.first, s.last, s.min, s.max))
            found[node].sort(key=lambda summary: summary.key)
        return dict(sorted(found.items()))

    def points(self, activity: int, key: str) -> list[Point]:
        """Every point of a series, by step, time and value; none when it is not known."""
        row = self.connection.one(
            f"SELECT s.key, {_COLUMNS} FROM series s JOIN key k ON k.number = s.key"
            " WHERE s.node = ? AND k.name = ?",
            activity,
            key,
        )
        if row is None:
            return [
                Point(0, metrics[key], at)
                for _, at, body in _sheets(self.connection, [activity])
                if key in (metrics := _decode(body))
            ]
        summary, blocks = _summary(row[1:])
        if not blocks:
            return [Point(summary.last_step, summary.last, summary.last_at)]
        bodies = self.connection.all(
            "SELECT body FROM block WHERE node = ? AND key = ?", activity, row[0]
        )
        points = [point for (body,) in bodies for point in decode_points(body)]
        return [Point(s, value, at) for s, at, value in sorted(points, key=point_order)]
