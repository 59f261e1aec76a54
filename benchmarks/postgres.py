"""The store on PostgreSQL: folding beside a server on the same cores, and closures beside the bare
recursive query."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import closure
from benchmarks.fold import EVENTS_PER_SEGMENT, _query, _segment, whole_events
from benchmarks.row import Row
from tests.support.postgres import Postgres
from whence.query.lineage import closure_of
from whence.service.index import fold_segment
from whence.store.postgres import PostgresStore
from whence.store.sql.statement import Rows

NAME = "the store on PostgreSQL"

FOLD_BAR = 20_000
"""Whole events a second on two cores, so twice that many of CPU: a client and its server."""

_EDGES = Rows(
    "INSERT INTO edge(src, rel, dst, role, origin, known, at)"
    " VALUES(?int,?int,?int,?int,?int,?int,?int)"
)
_NODES = Rows(
    "INSERT INTO node(number, uid, type, rank, kind, content, found, size)"
    " VALUES(?int,?bytes,?int,?int,?text,?int,?int,?int)"
)


def run(quick: bool) -> list[Row]:
    """A row for folding, and one for each closure."""
    server = Postgres("shared_buffers=256MB", "max_wal_size=4GB", "autovacuum=on")
    try:
        rows = _folded(server, 100_000 if quick else 500_000)
        for edges in (1_000_000,) if quick else (1_000_000, 10_000_000):
            rows += _closures(server, edges)
        return rows
    finally:
        server.close()


def _folded(server: Postgres, total: int) -> list[Row]:
    wall = ours = theirs = 0.0
    with PostgresStore(server.url, "fold") as store:
        fold_segment(store, _segment(0, whole_events(0, EVENTS_PER_SEGMENT)))
        _query(store)
        for number in range(1, total // EVENTS_PER_SEGMENT + 1):
            data = _segment(number, whole_events(number * EVENTS_PER_SEGMENT, EVENTS_PER_SEGMENT))
            began = time.perf_counter(), time.process_time(), server.cpu_s()
            fold_segment(store, data)
            wall += time.perf_counter() - began[0]
            ours += time.process_time() - began[1]
            theirs += server.cpu_s() - began[2]
        store.drop()
    rate = 2 * total / (ours + theirs)
    print(
        f"  {total:,} whole events: {total / wall:,.0f} a second, {ours / total * 1e6:.1f} us of"
        f" CPU for one here, {theirs / total * 1e6:.1f} us in PostgreSQL",
        file=sys.stderr,
    )
    return [
        Row(
            what=f"fold {total:,} whole events of 1 KB into PostgreSQL",
            measured=f"{rate:,.0f} in 2 core-seconds",
            floor=f"{FOLD_BAR:,} in 2 core-seconds",
            ratio=rate / FOLD_BAR,
            bar="at least 1",
            ok=rate >= FOLD_BAR,
        )
    ]


def _closures(server: Postgres, edges: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        probes = closure.make(path, edges)
        with PostgresStore(server.url, f"closure_{edges}") as store:
            _copy(path, store)
            size = store.connection.one("SELECT pg_total_relation_size('edge')")[0]
            print(f"  {edges:,} edges: {size / edges:.1f} B each", file=sys.stderr)
            rows = [_compared(store, edges, *probe) for probe in probes]
            store.drop()
    return rows


def _copy(path: Path, store: PostgresStore) -> None:
    raw = sqlite3.connect(path)
    for sql, statement in (
        ("SELECT src, rel, dst, role, origin, known, at FROM edge", _EDGES),
        ("SELECT number, uid, type, rank, kind, content, found, size FROM node", _NODES),
    ):
        found = raw.execute(sql)
        while some := list(islice(found, 200_000)):
            store.connection.write(statement, some)
    raw.close()
    store.connection.run("VACUUM ANALYZE")


def _compared(store: PostgresStore, edges: int, what: str, seed: int, direction: str) -> Row:
    at, to = ("src", "dst") if direction == "up" else ("dst", "src")
    sql = closure._BARE.format(seed=seed, at=at, to=to).replace("VALUES(", "SELECT (")
    raw = store.connection.raw
    bare, expected = _best(lambda: [row[0] for row in raw.execute(sql, binary=True)])
    ours, numbers = _best(lambda: closure_of(store, [seed], direction).numbers)  # type: ignore[arg-type]
    assert set(numbers) == set(expected), what
    return Row(
        what=f"closure on PostgreSQL, {edges:,} edges: {what} ({len(numbers):,}, {direction})",
        measured=f"{ours * 1e3:.2f} ms",
        floor=f"bare query {bare * 1e3:.2f} ms",
        ratio=ours / bare,
        bar=f"at most {closure.BAR:g}",
        ok=ours <= closure.BAR * bare,
    )


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    """The least time of a few tries, for the other side of a socket is at work too."""
    times, result = [], work()
    for _ in range(50 if len(result) < 1000 else 7 if len(result) < 50_000 else 3):
        began = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - began)
    return min(times), result
