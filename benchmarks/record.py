"""One metric event recorded, beside the floor: the same event encoded and written at once."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.row import Row
from whence._base.ids import uuid7
from whence.capture.process.start import Process
from whence.capture.recorder import Recorder
from whence.journal.home import create_store
from whence.model.event import MetricLogged, encoder

NAME = "recording one metric event, beside encode + one write"

RUN = uuid7()
BATCH = 1000


def run(quick: bool) -> list[Row]:
    """CPU time per event: the least over many short batches that take turns, for less noise."""
    repeats = 60 if quick else 400
    with recorder() as (record, write):
        floor_us, ours_us = least_cpu_us([write, record], repeats)
    ratio = ours_us / floor_us
    return [
        Row(
            what="record a metric event, safe from kill -9",
            measured=f"{ours_us:.2f} us CPU",
            floor=f"encode + write: {floor_us:.2f} us CPU",
            ratio=ratio,
            bar="at most 2 times",
            ok=ratio <= 2.0,
        )
    ]


@contextmanager
def recorder() -> Iterator[
    tuple[Callable[[MetricLogged], object], Callable[[MetricLogged], object]]
]:
    """``record`` of a recorder, and the floor beside it, in one folder."""
    with tempfile.TemporaryDirectory(dir=os.getcwd(), prefix=".bench-") as folder:
        store = create_store(Path(folder) / ".whence")
        ours = Recorder(store, RUN, Process(str(store), RUN, RUN), print)
        fd = os.open(Path(folder) / "floor", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        encode, write = encoder.encode, os.write

        def encode_and_write(event: MetricLogged) -> None:
            write(fd, encode(event))

        yield ours.record, encode_and_write
        ours.stop()
        os.close(fd)


def least_cpu_us(functions: list[Callable[[MetricLogged], object]], repeats: int) -> list[float]:
    """For each function the CPU time of one call, in us: the least of ``repeats`` batches."""
    least = [float("inf")] * len(functions)
    for _ in range(repeats):
        for place, function in enumerate(functions):
            events = [MetricLogged(RUN, "loss", 0.25, step, step) for step in range(BATCH)]
            began = time.thread_time_ns()
            for event in events:
                function(event)
            took_us = (time.thread_time_ns() - began) / 1000 / BATCH
            least[place] = min(least[place], took_us)
    return least
