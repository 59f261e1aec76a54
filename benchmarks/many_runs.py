"""A store of many runs, as a team's server has it after a year: made in bulk, event by event.

``python -m benchmarks.many_runs FOLDER [COUNT]`` leaves one in a folder, to look at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from whence._base.ids import derived_id
from whence.journal.frame import Preamble, encode_frame
from whence.journal.header import SCHEMA, Header, encode_header
from whence.journal.home import create_store
from whence.journal.layout import open_path
from whence.model.event import (
    ActivityRecorded,
    EntityRecorded,
    Event,
    MetricsLogged,
    TagsSet,
    encoder,
)
from whence.service.index import fold_new

RUNS_PER_SEGMENT = 2_000
START = 1_790_000_000_000_000_000
MINUTE = 60_000_000_000
MODELS = ("linear", "forest", "boosting", "network")


def make(folder: Path, runs: int) -> Path:
    """A store with that many runs, folded; each with data, a fit, a model and metrics."""
    store = create_store(folder / ".whence")
    for first in range(0, runs, RUNS_PER_SEGMENT):
        write(store, first, min(RUNS_PER_SEGMENT, runs - first))
    fold_new(store)
    return store


def write(store: Path, first: int, count: int) -> None:
    """Add a segment with some runs to the journal."""
    write_events(store, first, events(first, count))


def write_events(store: Path, first: int, said: Iterable[Event]) -> None:
    """Add a segment with these events to the journal; ``first`` is a number of its own."""
    segment = run_id(first, 9)
    header = Header(
        schema=SCHEMA, writer="bench", segment=segment, run=run_id(first), activity=run_id(first),
        role="program", host="bench", machine="bench", boot="bench", pid=1, process_start=1,
        user="bench", root=b"/bench", wall=START, mono=1,
    )  # fmt: skip
    preamble = Preamble.fresh()
    payloads = [encode_header(header), *map(encoder.encode, said)]
    path = open_path(store, run_id(first), segment)
    path.write_bytes(
        preamble.encode()
        + b"".join(
            encode_frame(preamble.salt, sequence, payload)
            for sequence, payload in enumerate(payloads)
        )
    )


def events(first: int, count: int) -> Iterator[Event]:
    """What ``count`` runs say: 10 parameters, 3 metrics of 5 epochs, 2 inputs, a fit, a model."""
    for number in range(first, first + count):
        yield from _events(number)


def _events(number: int) -> Iterator[Event]:
    run, fit, model, at = run_id(number), run_id(number, 1), run_id(number, 2), _at(number)
    data = [(run_id(number // 100, 3), "data"), (run_id(number // 1000, 4), "data")]
    for at_data, (entity, _) in enumerate(data):
        digest = sha256(entity).digest()
        name = f"data/part_{number // 100 if at_data == 0 else number // 1000}.parquet"
        yield EntityRecorded(entity, "dataset", name, at, {"rows": 10_000}, digest, 1 << 20)
    yield ActivityRecorded(
        run, "run", f"train_{number % 20}.py", None, at, at + MINUTE,
        "failed" if number % 17 == 0 else "finished",
        params={
            "lr": number % 13 * 0.001, "batch_size": 2 ** (number % 8), "optimizer": "adam",
            "model": MODELS[number % 4], **{f"p{n}": number % (n + 7) for n in range(6)},
        },
        attributes={"command": ["python", f"train_{number % 20}.py"], "cwd": "/bench"},
        used=data, generated=[(model, "model")],
    )  # fmt: skip
    yield ActivityRecorded(
        fit, "fit", "sklearn.fit", run, at, at + MINUTE // 2, "finished",
        params={"max_depth": number % 9}, used=data[:1], generated=[(model, "model")],
    )  # fmt: skip
    yield EntityRecorded(
        model, "model", f"models/model_{number}.joblib", at, {"class": "sklearn.Pipeline"},
        sha256(model).digest(), 4096,
    )  # fmt: skip
    for epoch in range(5):
        worth = (number * 31 + epoch) % 997 / 997
        metrics = {"acc": worth, "loss": 1 - worth, "f1": worth / 2}
        yield MetricsLogged(run, metrics, epoch, at + epoch)
    yield TagsSet(run, {"team": f"team {number % 5}"}, at)


def _at(number: int) -> int:
    return START + number * MINUTE


def run_id(number: int, kind: int = 0) -> bytes:
    """An id in order of time, as a version 7 UUID is."""
    milliseconds = (START + number * MINUTE) // 1_000_000
    chance = derived_id(b"many runs", kind, number)[:7]
    return milliseconds.to_bytes(6, "big") + b"\x70" + bytes([kind, 0x80]) + chance


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000))
