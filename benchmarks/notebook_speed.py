"""How long it takes to judge a notebook of 200 cells after 5,000 executions."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from benchmarks.row import Row
from whence.analysis.notebook.execution import Cell, Execution
from whence.analysis.notebook.history import History
from whence.analysis.notebook.names import read_cell
from whence.analysis.notebook.state import judge

CELLS, EXECUTIONS, BAR_MS = 200, 5_000, 50.0


def rows() -> list[Row]:
    """Read anew, judged from nothing, and judged after one more execution."""
    chance = random.Random(1)
    edits = [0] * CELLS
    executions = []
    for order in range(1, EXECUTIONS + 1):
        at = order - 1 if order <= CELLS else chance.randrange(CELLS)
        edits[at] += order > CELLS and chance.random() < 0.05
        executions.append(Execution(f"c{at}", order, order, _source(at, edits[at])))
    cells = [Cell(f"c{at}", at, _source(at, edits[at])) for at in range(CELLS)]
    read_cell.cache_clear()
    sources = {one.source for one in executions}
    reading = _least(lambda: [read_cell(one) for one in sources], 1)
    whole = _least(lambda: judge(cells, executions), 5)
    history = History(executions)
    again = _least(lambda: judge(cells, history), 5)
    what = f"{CELLS} cells, {EXECUTIONS:,} executions"
    return [
        Row(what=f"judge {what}", measured=f"{whole:.0f} ms of CPU",
            floor=f"reading its {len(sources)} sources once: {reading:.0f} ms", ratio=None,
            bar=f"{BAR_MS:.0f} ms", ok=whole <= BAR_MS),
        Row(what=f"judge {what}, as the session goes on", measured=f"{again:.0f} ms of CPU",
            floor="", ratio=None, bar=f"{BAR_MS:.0f} ms", ok=again <= BAR_MS),
    ]  # fmt: skip


def _source(at: int, edit: int) -> str:
    lines = [
        f"v{at} = load('f{at}.csv', {edit})" if at % 20 == 0 else f"v{at} = step(v{at - 1}, {edit})"
    ]
    if at % 5 == 0:
        lines.append(f"v{at}['c'] = v{at}['b'] * 2")
    if at % 7 == 0:
        lines.append(f"m{at} = Model().fit(v{at}[['b', 'c']], v{at}['y'])")
    if at % 9 == 0:
        lines.append(f"v{at}.append({edit})")
    return "\n".join([*lines, f"print(v{at})"])


def _least(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append((time.process_time() - began) * 1e3)
    return min(found)
