"""48 processes that record into one folder, beside 48 that insert into one shared SQLite file."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.row import Row
from whence._base.ids import uuid7
from whence.capture.process.start import Process
from whence.capture.recorder import Recorder
from whence.journal.home import create_store
from whence.journal.layout import open_segments
from whence.journal.reader import SegmentReader
from whence.model.event import MetricLogged, decoder, encoder

NAME = "48 processes into one folder, beside one shared SQLite file"

WRITERS = 48
RUN = uuid7()

Work = Callable[[str, int, int, Barrier], list[int]]


def run(quick: bool) -> list[Row]:
    """Events a second of all writers, what got lost or doubled, the 99th percentile of a call."""
    events, inserts = (1500, 40) if quick else (10_000, 150)
    with tempfile.TemporaryDirectory(dir=os.getcwd(), prefix=".bench-") as folder:
        store = create_store(Path(folder) / ".whence")
        took_s, waits = _all_at_once(_record, str(store), events)
        wrong = _lost_or_doubled(store, events)
        path = os.path.join(folder, "shared.sqlite")
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE event (body BLOB)")
        sqlite_s, _ = _all_at_once(_insert, path, inserts)
    ours, theirs = WRITERS * events / took_s, WRITERS * inserts / sqlite_s
    p99_us = waits[int(len(waits) * 0.99)] / 1000
    return [
        Row(
            what=f"{WRITERS} processes recording: lost or doubled",
            measured=f"{wrong} of {WRITERS * events}",
            floor="",
            ratio=None,
            bar="none",
            ok=wrong == 0,
        ),
        Row(
            what=f"{WRITERS} processes recording: throughput",
            measured=f"{ours:,.0f} events/s",
            floor=f"shared SQLite, WAL: {theirs:,.0f} events/s",
            ratio=ours / theirs,
            bar="at least 5 times",
            ok=ours >= 5 * theirs,
        ),
        Row(
            what=f"{WRITERS} processes recording: p99 of one call",
            measured=f"{p99_us:.1f} us",
            floor="",
            ratio=None,
            bar="under 50 us",
            ok=p99_us < 50,
        ),
    ]


def _all_at_once(work: Work, place: str, count: int) -> tuple[float, list[int]]:
    """Wall time from the moment all are ready, and the time of each call in ns, sorted."""
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(WRITERS + 1), context.SimpleQueue()

    def body(number: int) -> None:
        results.put(work(place, number, count, barrier))

    processes = [context.Process(target=body, args=(number,)) for number in range(WRITERS)]
    for process in processes:
        process.start()
    barrier.wait()
    began = time.perf_counter()
    waits: list[int] = []
    ended = began
    for _ in processes:
        waits += results.get()
        ended = time.perf_counter()
    for process in processes:
        process.join()
    return ended - began, sorted(waits)


def _record(store: str, number: int, count: int, barrier: Barrier) -> list[int]:
    recorder = Recorder(store, RUN, Process(store, RUN, RUN), print)
    barrier.wait()
    clock, waits = time.perf_counter_ns, []
    for step in range(count):
        event = MetricLogged(RUN, str(number), 0.5, step, step)
        began = clock()
        recorder.record(event)
        waits.append(clock() - began)
    return waits


def _insert(path: str, number: int, count: int, barrier: Barrier) -> list[int]:
    connection = sqlite3.connect(path, timeout=300, isolation_level=None)
    connection.execute("PRAGMA synchronous = NORMAL")
    barrier.wait()
    for step in range(count):
        event = encoder.encode(MetricLogged(RUN, str(number), 0.5, step, step))
        connection.execute("INSERT INTO event VALUES (?)", (event,))
    connection.close()
    return []


def _lost_or_doubled(store: Path, count: int) -> int:
    seen: dict[tuple[str, int], int] = {}
    for file in open_segments(store):
        for frame in SegmentReader(file.path.read_bytes()).frames():
            event = decoder.decode(frame.payload)
            assert isinstance(event, MetricLogged)
            seen[event.key, event.step] = seen.get((event.key, event.step), 0) + 1
    expected = WRITERS * count
    return expected - len(seen) + sum(number - 1 for number in seen.values())
