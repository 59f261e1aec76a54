"""Stores to send, and sending them through whatever trouble passes."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.support.journal import JournalBuilder
from whence._base.errors import UnreachableError
from whence.journal.layout import open_segments
from whence.journal.seal import seal
from whence.journal.ship import Shipper
from whence.service.index import fold_new, open_index


def client(root: Path, runs: int = 3, points: int = 2000, *, sealed: bool = True) -> Path:
    """A store with runs in it."""
    journal = JournalBuilder(root)
    for number in range(runs):
        with journal.run(f"run {number}") as run:
            run.params(lr=0.1 * number)
            for step in range(points):
                run.metric("loss", random.random(), step)
    if sealed:
        for file in open_segments(journal.store):
            seal(journal.store, file)
    return journal.store


def ship_all(shipper: Shipper) -> None:
    """Ship until nothing is left, through any trouble that passes."""
    end = time.monotonic() + 60
    while shipper.outstanding().segments:
        assert time.monotonic() < end
        try:
            shipper.step()
        except UnreachableError:
            time.sleep(0.02)


def points_in(folder: Path) -> dict[str, int]:
    fold_new(folder)
    with open_index(folder) as index:
        return {key: count for key, count in index.counts().items() if key in ("runs", "points")}
