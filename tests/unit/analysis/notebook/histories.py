"""Notebooks and histories in few words, for tests: cells by letter, executions by letter.

cells = notebook(a="x = 1", b="y = x")
state = judge(cells, ran(cells, "a", "b", ("a", "x = 2")))
"""

from __future__ import annotations

from typing import Any

from whence.analysis.notebook.execution import Cell, Execution
from whence.analysis.notebook.state import CellState, NotebookState, judge

Ran = str | tuple[str, str] | tuple[str, str, dict[str, Any]]


def notebook(**sources: str) -> list[Cell]:
    """Cells with these ids and sources, from top to bottom."""
    return [Cell(id, index, source) for index, (id, source) in enumerate(sources.items())]


def ran(cells: list[Cell], *what: Ran) -> list[Execution]:
    """Executions in order: of a cell as it is, or with another source, or with more told of it."""
    sources = {cell.id: cell.source for cell in cells}
    found = []
    for order, one in enumerate(what, 1):
        id, source, told = (*((one, sources.get(one, "")) if isinstance(one, str) else one), {})[:3]
        found.append(Execution(id, order, order, source, **told))
    return found


def judged(cells: list[Cell], *what: Ran, **options: Any) -> NotebookState:
    """The state after those executions."""
    return judge(cells, ran(cells, *what), **options)


def states(cells: list[Cell], *what: Ran, **options: Any) -> dict[str, str]:
    """The states of the cells, by id."""
    return {one.cell: one.state for one in judged(cells, *what, **options).cells}


def of(state: NotebookState, cell: str) -> CellState:
    """What is said of one cell."""
    return next(one for one in state.cells if one.cell == cell)
