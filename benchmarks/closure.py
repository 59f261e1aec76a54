"""Closures beside the bare recursive query on the same file, on a made graph with hubs."""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.row import Row
from whence.model.relation import Relation
from whence.query.lineage import closure_of
from whence.store.sqlite import SqliteStore

NAME = "closure on a made graph, beside the bare recursive query"

BAR = 2.0
BLOCK = 5_000
"""Nodes of one project; an edge out of it is rare."""

CHAIN, HUB = 10_000, 100_000
_BARE = (
    "WITH RECURSIVE reached(number) AS (VALUES({seed}) UNION"
    " SELECT e.{to} FROM reached r JOIN edge e ON e.{at} = r.number AND e.rel < 64)"
    " SELECT number FROM reached"
)
_USED, _GENERATED = int(Relation.USED), int(Relation.WAS_GENERATED_BY)
_MEMBER, _SPECIALIZES = int(Relation.HAD_MEMBER), int(Relation.SPECIALIZATION_OF)
EdgeRow = tuple[int, int, int, int, int, int, int | None]


def run(quick: bool) -> list[Row]:
    """A row for each closure: 3, about 700 and 300,000 nodes, a deep chain, a wide hub."""
    rows = []
    for edges in (1_000_000,) if quick else (1_000_000, 10_000_000):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "index.sqlite"
            probes = make(path, edges)
            with SqliteStore(path) as store:
                rows += [_compared(store, edges, *probe) for probe in probes]
            print(f"  {edges:,} edges: {path.stat().st_size / edges:.1f} B each", file=sys.stderr)
    return rows


def make(path: Path, edges: int) -> list[tuple[str, int, str]]:
    """Fill an index with about that many edges; give (what, seed, direction) of what to ask."""
    SqliteStore(path).close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA synchronous = OFF")
    graph = _Graph(edges)
    raw.executemany("INSERT OR IGNORE INTO edge VALUES(?,?,?,?,?,?,?)", graph.rows())
    raw.executemany(
        "INSERT INTO node(number, uid, type, rank, kind, content, found, size)"
        " VALUES(?,?,?,2,?,?,?,?)",
        graph.nodes(),
    )
    raw.commit()
    probes = graph.probes(raw)
    raw.close()
    return probes


class _Graph:
    """Projects of runs that read a few earlier files and write one; contents shared by files;
    collections; a chain of derivations and one file that everybody read."""

    def __init__(self, edges: int) -> None:
        self._random = random.Random(7)
        self._runs = (edges - CHAIN - HUB) // 5
        self._contents = max(self._runs // 20, 1)
        self.chain = 1
        self.hub = self.chain + CHAIN + 1
        self.first = self.hub + HUB + 1
        self.first_content = self.first + 2 * self._runs
        self._collections: list[int] = []

    def rows(self) -> Iterator[EdgeRow]:
        derived = int(Relation.WAS_DERIVED_FROM)
        for number in range(CHAIN):
            yield (self.chain + number + 1, derived, self.chain + number, 0, 0, 0, None)
        for number in range(HUB):
            yield (self.hub + number + 1, _USED, self.hub, 0, 0, 0, None)
        chance = self._random
        for run in range(self._runs):
            activity, file = self.first + 2 * run, self.first + 2 * run + 1
            start = run - run % BLOCK
            for _ in range(2):
                # Most inputs are recent files of the project, a few come from anywhere before.
                if run and chance.random() < 0.002:
                    source = chance.randrange(run)
                elif run > start:
                    source = max(start, run - 1 - int(chance.expovariate(1 / 40)))
                else:
                    continue
                yield (activity, _USED, self.first + 2 * source + 1, 0, 0, 0, run)
            yield (file, _GENERATED, activity, 0, 0, 0, run)
            # One file in three has the content that a thousandth of all files have.
            common = chance.random() < 0.3
            content = chance.randrange(self._contents // 1000 + 1 if common else self._contents)
            yield (file, _SPECIALIZES, self.first_content + content, 0, 1, 0, None)
            if run % 10 == 9:
                for member in range(run - 9, run):
                    yield (file, _MEMBER, self.first + 2 * member + 1, 0, 0, 0, None)

    def nodes(self) -> Iterator[tuple[int, bytes, int, str, int | None, int | None, int | None]]:
        for number in range(1, self.first_content + self._contents):
            uid = number.to_bytes(16, "big")
            if number >= self.first_content:
                yield (number, uid, 1, "content", None, None, 4096)
            elif number >= self.first and (number - self.first) % 2 == 0:
                yield (number, uid, 2, "call", None, None, None)
            else:
                yield (number, uid, 1, "file", None, None, None)

    def probes(self, raw: sqlite3.Connection) -> list[tuple[str, int, str]]:
        """The closures to ask for, those of made-up size found by trying."""
        last = self.first + 2 * self._runs - 1
        found = [("3 nodes", self.chain + 2, "up")]
        found.append(("a chain 10,000 deep", self.chain + CHAIN, "up"))
        found.append(("100,000 wide", self.hub, "down"))
        for target, what in ((700, "about 700 nodes"), (300_000, "300,000 nodes")):
            found.append((what, *self._nearest(raw, target, last)))
        return found

    def _nearest(self, raw: sqlite3.Connection, target: int, last: int) -> tuple[int, str]:
        """The seed and direction whose closure comes nearest to ``target`` nodes."""
        tries = [
            (abs(self._size(raw, seed, at, to, target * 3) - target), seed, way)
            for way, at, to in (("up", "src", "dst"), ("down", "dst", "src"))
            for seed in (
                self.first + 2 * self._random.randrange((last - self.first) // 2) + 1
                for _ in range(40 if target < 1000 else 12)
            )
        ]
        _, seed, way = min(tries)
        return seed, way

    @staticmethod
    def _size(raw: sqlite3.Connection, seed: int, at: str, to: str, most: int) -> int:
        sql = _BARE.format(seed=seed, at=at, to=to)
        return int(raw.execute(f"SELECT count(*) FROM ({sql} LIMIT {most})").fetchone()[0])


def _compared(store: SqliteStore, edges: int, what: str, seed: int, direction: str) -> Row:
    at, to = ("src", "dst") if direction == "up" else ("dst", "src")
    sql = _BARE.format(seed=seed, at=at, to=to)
    bare, expected = _best(lambda: [row[0] for row in store.connection.raw.execute(sql)])
    ours, closure = _best(lambda: closure_of(store, [seed], direction).numbers)  # type: ignore[arg-type]
    assert set(closure) == set(expected), what
    return Row(
        what=f"closure, {edges:,} edges: {what} ({len(closure):,}, {direction})",
        measured=f"{ours * 1e3:.2f} ms CPU",
        floor=f"bare query {bare * 1e3:.2f} ms CPU",
        ratio=ours / bare,
        bar=f"at most {BAR:g}",
        ok=ours <= BAR * bare,
    )


def _best(work: Callable[[], list[int]]) -> tuple[float, list[int]]:
    """The least CPU time of a few tries, and what the work gave."""
    times, result = [], work()
    for _ in range(50 if len(result) < 1000 else 7 if len(result) < 50_000 else 3):
        began = time.process_time()
        result = work()
        times.append(time.process_time() - began)
    return min(times), result
