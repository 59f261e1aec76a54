"""A store in which one file has a lineage of many things: runs in layers, each fed by the last.

``python -m benchmarks.deep_lineage FOLDER [NODES]`` leaves one in a folder, to look at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from benchmarks.many_runs import MINUTE, START, run_id, write_events
from whence.journal.home import create_store
from whence.model.event import ActivityRecorded, EntityRecorded, Event
from whence.service.index import fold_new

LAYERS = 9
"""Of runs, and as many of what they wrote: as deep as the page looks at a time."""

LAST = "models/last.bin"


def make(folder: Path, nodes: int) -> Path:
    """A store, folded, in which ``LAST`` came of about ``nodes`` things, half of them runs."""
    store = create_store(folder / ".whence")
    write_events(store, 0, _events(max(nodes // 2 // LAYERS, 1)))
    fold_new(store)
    return store


def _events(width: int) -> Iterator[Event]:
    for layer in range(LAYERS):
        for at in range(width):
            # Each run reads what three of the layer before it wrote, so that all lead to the last.
            before = [(at + off) % width for off in (0, 1, 7)] if layer else []
            used = [((layer - 1) * width + other) for other in before]
            number = layer * width + at
            yield from _run(number, f"step_{layer}.py", used, f"data/{layer}/part_{at}.parquet")
    last = LAYERS * width
    yield from _run(last, "join.py", range(last - width, last), LAST)


def _run(number: int, name: str, used: Iterable[int], path: str) -> Iterator[Event]:
    at, made = START + number * MINUTE, run_id(number, 5)
    yield ActivityRecorded(
        run_id(number), "run", name, None, at, at + MINUTE, "finished",
        used=[(run_id(one, 5), "data") for one in used], generated=[(made, "data")],
    )  # fmt: skip
    yield EntityRecorded(made, "file", path, at, {}, sha256(made).digest(), 4096)


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000))
