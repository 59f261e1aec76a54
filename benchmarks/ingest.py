"""What a server takes in over HTTP: events a second until they can be asked for, and 48 at once."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import msgspec
import zstandard

from benchmarks.fold import metric_points, whole_events
from benchmarks.row import Row
from tests.support.receiving import ServerProcess, held_in
from whence._base.ids import uuid7
from whence.journal.frame import Preamble, encode_frame
from whence.journal.header import SCHEMA, Header, encode_header
from whence.journal.home import complete_store
from whence.journal.layout import open_path, open_segments
from whence.journal.remote import Remote
from whence.journal.ship import MEDIA_TYPE, Shipper
from whence.journal.ship_wire import Wire
from whence.model.event import Event, encoder
from whence.service.chunk import Chunk

NAME = "ingest over HTTP"

RATE_BAR = 20_000
CLIENTS, P99_BAR_S = 48, 1.0
GROWTH_BAR = 1.25
"""The memory at the end, over that half-way."""
PER_SEGMENT = 10_000
BATCH = 64 << 10

Events = Callable[[int, int], Iterable[Event]]


class Store(NamedTuple):
    """Where the server keeps its index."""

    name: str
    options: tuple[str, ...]


def run(quick: bool) -> list[Row]:
    """One row for each store and claim."""
    rows = []
    with stores() as found:
        for store in found:
            rows += _sustained(store, "whole events", whole_events, 50_000 if quick else 400_000)
            rows += _sustained(store, "points", metric_points, 200_000 if quick else 2_000_000)
            rows += _at_once(store, 10 if quick else 40)
    return rows


@contextmanager
def stores() -> Iterator[list[Store]]:
    """SQLite, and PostgreSQL where there is one."""
    from tests.support import postgres

    found = [Store("SQLite", ())]
    if postgres.binaries() is None:
        yield found
        return
    server = postgres.Postgres("fsync=on", "full_page_writes=on")
    try:
        yield [*found, Store("PostgreSQL", ("--store", server.url))]
    finally:
        server.close()


def _sustained(store: Store, what: str, events: Events, total: int) -> list[Row]:
    """One client that sends as fast as it can, until the last event is in the index."""
    with tempfile.TemporaryDirectory() as folder:
        client = Path(folder) / ".whence"
        _write(client, events, total)
        with ServerProcess(_made(folder, "home"), *store.options) as server:
            url, pid = server.url(), server.pid
            shipper, wire = Shipper(str(client), Remote(url)), Wire(Remote(url))
            began, cpu, memory = time.perf_counter(), _cpu_s(pid), [_own_mib(pid)]
            while shipper.outstanding().segments:
                shipper.step()
                memory.append(_own_mib(pid))
            received = time.perf_counter() - began
            while wire.get("/status")["store"]["unindexed"]:
                time.sleep(0.25)
                memory.append(_own_mib(pid))
            seconds, cpu = time.perf_counter() - began, _cpu_s(pid) - cpu
            assert held_in(server.folder()) == held_in(client)
    early, late = memory[len(memory) // 2], max(memory[-len(memory) // 4 :])
    print(
        f"  {store.name}, {what}: safe on disk {total / received:,.0f}/s, indexed "
        f"{total / seconds:,.0f}/s, {total / cpu:,.0f} a core-second of the server, "
        f"memory {memory[0]:.0f}, {early:.0f}, {late:.0f} MiB",
        file=sys.stderr,
    )
    rate, growth = total / seconds, late / early
    return [
        Row(
            what=f"ingest {total:,} {what} over HTTP into {store.name}, until indexed",
            measured=f"{rate:,.0f}/s",
            floor=f"{RATE_BAR:,}/s",
            ratio=rate / RATE_BAR,
            bar="at least 1",
            ok=rate >= RATE_BAR,
        ),
        Row(
            what="  memory of the server meanwhile",
            measured=f"{late:.0f} MiB",
            floor=f"half-way {early:.0f} MiB",
            ratio=growth,
            bar=f"at most {GROWTH_BAR}",
            ok=growth <= GROWTH_BAR,
        ),
    ]


def _at_once(store: Store, batches: int) -> list[Row]:
    """Many clients that send a batch each, wait for the answer, and send the next."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(_made(folder, "home"), *store.options) as server,
    ):
        remote = Remote(server.url())
        segments = [_segment(metric_points(n * 10_000, 1_200 * batches)) for n in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            times = [
                one for told in pool.map(lambda s: _send(remote, *s), segments) for one in told
            ]
        whole = {f"{run.hex()}.{segment.hex()}": data for run, segment, data in segments}
        held = {
            f"{file.run.hex()}.{file.segment.hex()}": file.path.read_bytes()
            for file in open_segments(server.folder())
        }
        lost = sum(held.get(name) != data for name, data in whole.items())
    times.sort()
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    print(
        f"  {store.name}: {len(times):,} batches, p50 {p50 * 1e3:.0f} ms, "
        f"longest {times[-1] * 1e3:.0f} ms, {lost} segments not equal",
        file=sys.stderr,
    )
    return [
        Row(
            what=f"{CLIENTS} clients at once into {store.name}: p99 of a batch of 64 KiB",
            measured=f"{p99:.2f} s, {lost} lost or doubled",
            floor=f"{P99_BAR_S:g} s",
            ratio=p99 / P99_BAR_S,
            bar="at most 1, none",
            ok=p99 <= P99_BAR_S and not lost,
        )
    ]


def _send(remote: Remote, run: bytes, segment: bytes, data: bytes) -> list[float]:
    """The seconds that each batch of a segment took. Raises ServerError at any trouble."""
    wire, pack = Wire(remote), zstandard.ZstdCompressor(write_checksum=True).compress
    headers = {"Content-Type": MEDIA_TYPE, "Content-Encoding": "zstd"}
    seconds, crc = [], 0
    for offset in range(0, len(data), BATCH):
        piece = data[offset : offset + BATCH]
        body = pack(msgspec.msgpack.encode([Chunk(run, segment, offset, crc, piece)]))
        crc = crc32(piece, crc)
        began = time.perf_counter()
        wire.call("POST", "/segments", body, headers)
        seconds.append(time.perf_counter() - began)
    wire.close()
    return seconds


def _write(store: Path, events: Events, total: int) -> None:
    """A client's store with so many events."""
    complete_store(str(store))
    for first in range(0, total, PER_SEGMENT):
        run, segment, data = _segment(events(first, PER_SEGMENT))
        open_path(store, run, segment).write_bytes(data)


def _segment(events: Iterable[Event]) -> tuple[bytes, bytes, bytes]:
    """The ids and the bytes of a segment."""
    run, segment = uuid7(), uuid7()
    header = Header(
        schema=SCHEMA, writer="bench", segment=segment, run=run, activity=run, role="program",
        host="bench", machine="bench", boot="bench", pid=1, process_start=1, user="bench",
        root=b"/bench", wall=time.time_ns(), mono=1,
    )  # fmt: skip
    preamble = Preamble.fresh()
    payloads = [encode_header(header), *map(encoder.encode, events)]
    frames = (encode_frame(preamble.salt, number, one) for number, one in enumerate(payloads))
    return run, segment, preamble.encode() + b"".join(frames)


def _made(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def _cpu_s(pid: int) -> float:
    """The CPU time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _own_mib(pid: int) -> float:
    """The memory that a process has of its own: without pages of files, as of its index."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024
