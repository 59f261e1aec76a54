"""What recording adds to a cell: the time of an empty one, and the bytes of an execution.

Two kernels, a bare one and one with Whence, run the same cell in turns; each pair gives one
difference. The bytes are all that the store holds after the fold, of many executions less those of
few, so that what is there once for a session does not count.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.cost import environment, whence
from benchmarks.row import Row
from tests.support.kernel import Kernel, kernel

NAME = "what recording adds to a notebook's cells"

EMPTY = "pass"
GLOBALS = 500
CELLS = 200
_FILL = f"globals().update({{f'name_{{n}}': [n] for n in range({GLOBALS})}})"
_CPU = "import time\ntime.process_time()"


def run(quick: bool) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-cells-") as folder:
        return [*_time(Path(folder), 100 if quick else 600), _bytes(Path(folder), quick)]


def _time(folder: Path, pairs: int) -> list[Row]:
    """Both kernels have as many globals as a long session: their ids are compared at each cell."""
    with ExitStack() as stack:
        bare = stack.enter_context(kernel(folder / "bare", load=""))
        ours = stack.enter_context(kernel(folder / "ours"))
        for running in (bare, ours):
            running.run(_FILL)
            for _ in range(20):
                running.run(EMPTY)
        cpu = [-_cpu_s(bare), -_cpu_s(ours)]
        walls = [_pair(bare, ours, number % 2 == 0) for number in range(pairs)]
        cpu = [cpu[0] + _cpu_s(bare), cpu[1] + _cpu_s(ours)]
    added = statistics.median(one - other for other, one in walls)
    least = min(one for _, one in walls) - min(other for other, _ in walls)
    bare_s = statistics.median(other for other, _ in walls)
    cpu_s = (cpu[1] - cpu[0]) / pairs
    return [
        Row(
            what=f"an empty cell with {GLOBALS} globals: from request to reply",
            measured=f"+{added * 1000:.2f} ms median, +{least * 1000:.2f} ms least",
            floor=f"bare kernel: {bare_s * 1000:.1f} ms, paired",
            ratio=None,
            bar="under +1 ms",
            ok=added < 0.001,
        ),
        Row(
            what=f"an empty cell with {GLOBALS} globals: CPU in the kernel",
            measured=f"+{cpu_s * 1000:.2f} ms",
            floor=f"bare kernel: {cpu[0] / pairs * 1000:.1f} ms",
            ratio=None,
            bar="under +1 ms",
            ok=cpu_s < 0.001,
        ),
    ]


def _bytes(folder: Path, quick: bool) -> Row:
    few, many = CELLS * 2, CELLS * (5 if quick else 25)
    sizes = [_stored(folder / f"store-{count}", count) for count in (few, many)]
    each = (sizes[1] - sizes[0]) / (many - few)
    return Row(
        what=f"the store, an execution without outputs ({CELLS} cells, {many} executions)",
        measured=f"{each:.0f} bytes",
        floor=f"{sizes[1] / 1e6:.1f} MB in all",
        ratio=None,
        bar="under 2 KB",
        ok=each < 2048,
    )


def _stored(folder: Path, count: int) -> int:
    """The bytes of a store that holds so many executions, of 200 cells of ten lines each."""
    folder.mkdir()
    (folder / "notebook.ipynb").write_text(json.dumps({"cells": [], "nbformat": 4}))
    with kernel(folder, WHENCE_NOTEBOOK="notebook.ipynb") as running:
        for number in range(count):
            cell = number % CELLS
            lines = [f"name_{cell}_{line} = {line}" for line in range(10)]
            running.run("\n".join(lines), f"{cell:08x}-0000-4000-8000-000000000000")
        running.shut_down()
    subprocess.run(
        [whence(), "fold"], cwd=folder, env=environment(), check=True, capture_output=True
    )
    return sum(path.stat().st_size for path in (folder / ".whence").rglob("*") if path.is_file())


def _pair(bare: Kernel, ours: Kernel, bare_first: bool) -> tuple[float, float]:
    """What both took, in seconds; each goes first as often as the other."""
    if bare_first:
        return _took(bare), _took(ours)
    took = _took(ours)
    return _took(bare), took


def _took(running: Kernel) -> float:
    began = time.perf_counter()
    running.run(EMPTY)
    return time.perf_counter() - began


def _cpu_s(running: Kernel) -> float:
    return float(running.run(_CPU, store_history=False).result)
