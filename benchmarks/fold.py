"""Folding a journal into SQLite: events per second of CPU, and whether that stays so."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from benchmarks.row import Row
from whence._base.ids import derived_id
from whence.journal.frame import Preamble, encode_frame
from whence.journal.header import SCHEMA, Header, encode_header
from whence.model.criterion import Comparison, Field
from whence.model.event import ActivityRecorded, Event, MetricLogged, encoder
from whence.service.index import fold_segment
from whence.store.sqlite import SqliteStore

NAME = "fold into SQLite, all indexes but text search"

EVENTS_PER_SEGMENT = 20_000
WHOLE_BAR, POINT_BAR = 20_000, 100_000
LINEAR_BAR = 1.5
"""The last tenth may cost this much more for each event than the first."""

_START = 1_790_000_000_000_000_000


def run(quick: bool) -> list[Row]:
    """One row for each kind of event, and one for each that says how linear it is."""
    whole, points = (100_000, 300_000) if quick else (1_000_000, 5_000_000)
    return [
        *_measured("whole events of 1 KB", whole_events, whole, WHOLE_BAR),
        *_measured("metric points", metric_points, points, POINT_BAR),
    ]


def whole_events(first: int, count: int) -> Iterator[Event]:
    """Activities of about 1 KB with 10 parameters, 5 metrics and 3 edges."""
    for number in range(first, first + count):
        yield ActivityRecorded(
            _uuid(number),
            "run" if number % 100 == 0 else "call",
            f"step {number % 50}",
            None,
            _START + number * 1000,
            _START + number * 1000 + 500,
            "finished",
            params={f"parameter_{n}": _parameter(number, n) for n in range(10)},
            metrics={f"metric_{n}": (number * 31 + n) % 997 / 997 for n in range(5)},
            used=[(_uuid(max(number - 7, 0), 1), "data"), (_uuid(number // 100, 2), "settings")],
            generated=[(_uuid(number, 1), "result")],
            attributes={
                "command": "python train.py --epochs 3 --seed " + str(number),
                "folder": "/home/someone/projects/wine-quality/experiments/" + str(number % 9),
                "digest": sha256(b"%d" % number).hexdigest() * 3,
                "note": "one of many steps of a made-up workflow, long enough to be true to life",
                "requirements": "numpy==2.3.1 pandas==2.3.0 scikit-learn==1.7.0 joblib==1.5.1",
                "machine": {"cpu": "16 cores", "memory": "64 GiB", "gpu": "none", "os": "Linux"},
            },
        )


def metric_points(first: int, count: int) -> Iterator[Event]:
    """Points of 20 metrics, step by step, of one run for each 100,000."""
    for number in range(first, first + count):
        step = number // 20
        at = _START + number * 1000
        yield MetricLogged(
            _uuid(number // 100_000), f"metric_{number % 20}", 1.0 / (1 + step), step, at
        )


def _measured(
    what: str, events: Callable[[int, int], Iterable[Event]], total: int, bar: int
) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        sizes: list[int] = []
        seconds: list[float] = []
        encoding: list[float] = []
        with SqliteStore(path) as store:
            fold_segment(store, _segment(0, events(0, EVENTS_PER_SEGMENT)))
            _query(store)
            for number in range(1, total // EVENTS_PER_SEGMENT + 1):
                recorded = list(events(number * EVENTS_PER_SEGMENT, EVENTS_PER_SEGMENT))
                began = time.process_time()
                data = _segment(number, recorded)
                encoding.append(time.process_time() - began)
                began = time.process_time()
                fold_segment(store, data)
                seconds.append(time.process_time() - began)
                sizes.append(len(data))
        index_size = path.stat().st_size
    rate = total / sum(seconds)
    tenth = max(len(seconds) // 10, 1)
    growth = sum(seconds[-tenth:]) / sum(seconds[:tenth])
    print(
        f"  {what}: {sum(sizes) / total:.0f} B an event, index {index_size / total:.0f} B an event,"
        f" {sum(encoding) / total * 1e6:.1f} us of CPU to encode and frame one",
        file=sys.stderr,
    )
    return [
        Row(
            what=f"fold {total:,} {what}",
            measured=f"{rate:,.0f} a core-second",
            floor=f"{bar:,} a core-second",
            ratio=rate / bar,
            bar="at least 1",
            ok=rate >= bar,
        ),
        Row(
            what=f"fold {total:,} {what}: last tenth to first",
            measured=f"{sum(seconds[-tenth:]):.2f} s CPU",
            floor=f"first tenth {sum(seconds[:tenth]):.2f} s CPU",
            ratio=growth,
            bar=f"at most {LINEAR_BAR}",
            ok=growth <= LINEAR_BAR,
        ),
    ]


def _query(store: SqliteStore) -> None:
    """Ask once for a parameter, a metric and a name: their side indexes are kept up from now on."""
    store.runs(Comparison(Field("params", "parameter_0"), ">", (0.001,)))
    store.runs(Comparison(Field("metrics", "metric_0"), ">", (0.5,)))
    store.numbers_named("step 1")


def _segment(number: int, events: Iterable[Event]) -> bytes:
    header = Header(
        schema=SCHEMA, writer="bench", segment=_uuid(number, 9), run=_uuid(0), activity=_uuid(0),
        role="program", host="bench", machine="bench", boot="bench", pid=1, process_start=1,
        user="bench", root=b"/bench", wall=_START, mono=1,
    )  # fmt: skip
    preamble = Preamble.fresh()
    payloads = [encode_header(header), *map(encoder.encode, events)]
    return preamble.encode() + b"".join(
        encode_frame(preamble.salt, sequence, payload) for sequence, payload in enumerate(payloads)
    )


def _uuid(number: int, kind: int = 0) -> bytes:
    """An id in order of time, as a version 7 UUID is."""
    chance = derived_id(b"bench", kind, number)[:7]
    return (
        (_START // 1_000_000 + number // 50).to_bytes(6, "big")
        + b"\x70"
        + bytes([kind])
        + (number).to_bytes(4, "big")
        + chance[:4]
    )


def _parameter(number: int, n: int) -> object:
    return (number % 13 * 0.001, number % 7, "adam" if number % 2 else "sgd", True)[n % 4]
