"""The JupyterLab panel: what a view of a long session costs, at first and as it goes on.

The session is made: 200 cells, 5,000 executions in turns, edits between them, files and models.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks.row import Row
from tests.support.notebook_journal import KernelJournal, NotebookJournal, large_session
from whence.service.notebook.answers import Notebooks

NAME = "the view of a notebook for the JupyterLab panel"

BAR_MS = 100.0
STORE_BAR = 2048
TIMES = 15


def run(quick: bool) -> list[Row]:
    """Rows for the view of a session that goes on, that did not change, at an earlier time and for
    the first time, and for what the journal takes."""
    cells, executions = (50, 1_000) if quick else (200, 5_000)
    what = f"{cells} cells, {executions:,} executions"
    with tempfile.TemporaryDirectory() as name, _session(Path(name), cells, executions) as session:
        notebook = session.notebook
        size = session.path.stat().st_size / executions
        first = _milliseconds(lambda: Notebooks(notebook.store).view(notebook.path), 1)
        cold = _milliseconds(lambda: Notebooks(notebook.store).view(notebook.path), 3)
        asked = Notebooks(notebook.store)
        asked.view(notebook.path)
        same = _milliseconds(lambda: asked.view(notebook.path), TIMES)
        on = _milliseconds(lambda: _further(session, asked), TIMES)
        back = _milliseconds(_back(asked, notebook, executions), TIMES)
    return [
        _row(f"view: {what}, after one more execution", on, BAR_MS),
        _row(f"view: {what}, nothing new", same, BAR_MS),
        _row(f"view: {what}, back at some execution", back, None),
        _row(f"view: {what}, first since the server started", cold, None),
        _row(f"view: {what}, first with the index to be made", first, None),
        _size(f"journal: {what}, without outputs", size),
    ]


def _session(root: Path, cells: int, executions: int) -> KernelJournal:
    return large_session(root, cells, executions, ends=False)


def _further(session: KernelJournal, asked: Notebooks) -> object:
    number = session.count % len(session.notebook.cells)
    session.cell(f"cell-{number}", bound=[f"v{number}", f"w{number}"])
    return asked.view(session.notebook.path, since=session.count - 1)


def _back(asked: Notebooks, notebook: NotebookJournal, executions: int) -> Callable[[], object]:
    places = iter(range(executions // 2, executions, executions // 100))
    return lambda: asked.view(notebook.path, at=next(places))


def _milliseconds(work: Callable[[], object], times: int) -> float:
    """The median CPU time of the work with its answer as JSON."""
    found = []
    for _ in range(times):
        began = time.process_time()
        msgspec.json.encode(work())
        found.append((time.process_time() - began) * 1e3)
    return sorted(found)[times // 2]


def _row(what: str, ms: float, bar: float | None) -> Row:
    return Row(
        what=what,
        measured=f"{ms:.0f} ms CPU",
        floor="",
        ratio=None,
        bar="" if bar is None else f"under {bar:.0f} ms",
        ok=None if bar is None else ms < bar,
    )


def _size(what: str, bytes_each: float) -> Row:
    return Row(
        what=what,
        measured=f"{bytes_each:.0f} B an execution",
        floor="",
        ratio=None,
        bar=f"under {STORE_BAR} B",
        ok=bytes_each < STORE_BAR,
    )
