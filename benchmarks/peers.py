"""One metric point recorded: Whence beside MLflow on SQLite and MLMD on SQLite, CPU time each."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from pathlib import Path

from benchmarks.peer import MLFLOW, MLMD, Peer, PeerUnavailableError, ask
from benchmarks.row import Row
from whence._base.ids import uuid7
from whence.capture.recorder import Recorder
from whence.journal.header import SCHEMA, Header
from whence.journal.layout import open_folder
from whence.model.event import MetricLogged

NAME = "one metric point, beside MLflow and MLMD on SQLite"

MLFLOW_SCRIPT = """
import json, sys, tempfile, time
import mlflow
count = int(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.set_experiment("benchmark")
    with mlflow.start_run():
        for step in range(20):
            mlflow.log_metric("loss", 0.5, step=step)
        began = time.process_time()
        for step in range(20, 20 + count):
            mlflow.log_metric("loss", 0.5, step=step)
        took = time.process_time() - began
print(json.dumps({"us": took / count * 1e6, "version": mlflow.__version__}))
"""

# MLMD has no metric series: the nearest is an execution whose property is set anew at each step.
MLMD_SCRIPT = """
import json, sys, tempfile, time
import ml_metadata
from ml_metadata import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb
count = int(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    config = pb.ConnectionConfig()
    config.sqlite.filename_uri = f"{folder}/mlmd.db"
    store = metadata_store.MetadataStore(config)
    kind = store.put_execution_type(pb.ExecutionType(name="run", properties={"loss": pb.DOUBLE}))
    run = pb.Execution(type_id=kind)
    [run.id] = store.put_executions([run])
    began = time.process_time()
    for step in range(count):
        run.properties["loss"].double_value = step / count
        store.put_executions([run])
    took = time.process_time() - began
print(json.dumps({"us": took / count * 1e6, "version": ml_metadata.__version__}))
"""


def run(quick: bool) -> list[Row]:
    ours = whence_us(20_000 if quick else 200_000)
    count = "100" if quick else "1000"
    return [
        _row(MLFLOW, "MLflow log_metric", MLFLOW_SCRIPT, count, ours, 1 / 100),
        _row(MLMD, "MLMD put_executions", MLMD_SCRIPT, count, ours, 1 / 10),
    ]


def _row(peer: Peer, call: str, script: str, count: str, ours: float, bar: float) -> Row:
    what, limit = f"one metric point, beside {call}", f"at most 1/{round(1 / bar)}"
    measured = f"{ours:.2f} us CPU"
    try:
        theirs = ask(peer, script, count)
    except PeerUnavailableError as error:
        return Row(what=what, measured=measured, floor=str(error), ratio=None, bar=limit, ok=None)
    ratio = ours / theirs["us"]
    floor = f"{theirs['us']:,.0f} us CPU ({theirs['version']})"
    return Row(what=what, measured=measured, floor=floor, ratio=ratio, bar=limit, ok=ratio <= bar)


def whence_us(count: int) -> float:
    """CPU microseconds to record one metric point so that ``kill -9`` can't lose it."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / ".whence"
        open_folder(store).mkdir(parents=True)
        recorder = Recorder(store, uuid7(), _header, print)
        activity, now = recorder.new_id(), time.time_ns
        for step in range(1000):
            recorder.record(MetricLogged(activity, "loss", 0.5, step, now()))
        began = time.process_time()
        for step in range(count):
            recorder.record(MetricLogged(activity, "loss", 0.5, step, now()))
        took = time.process_time() - began
        recorder.stop()
    return took / count * 1e6


def _header(segment: bytes, number: int) -> Header:
    return Header(
        schema=SCHEMA, writer="benchmark", segment=segment, run=segment, activity=segment,
        role="program", host=socket.gethostname(), machine="", boot="", pid=os.getpid(),
        process_start=0, user="", root=b"", wall=time.time_ns(), mono=time.monotonic_ns(),
        number=number,
    )  # fmt: skip
