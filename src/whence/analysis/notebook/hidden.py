"""Hidden state behind models: what a fit rests on and the notebook does not show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from whence.analysis.notebook.execution import Cell
from whence.analysis.notebook.history import History, Ran
from whence.analysis.notebook.names import read_cell

if TYPE_CHECKING:
    from whence.analysis.notebook.state import CellState


class HiddenState(NamedTuple):
    """A model that execution ``order`` of ``cell`` fitted, and what is hidden behind it."""

    model: str
    cell: str
    order: int
    reasons: tuple[str, ...]


def hidden_states(
    cells: Sequence[Cell], history: History, told: Sequence[CellState]
) -> tuple[HiddenState, ...]:
    """The last fit of each cell, where the notebook as it is would not make it."""
    states = {one.cell: one for one in told}
    found = []
    for id, ran in sorted(history.last.items(), key=lambda one: one[1].execution.order):
        models = tuple(ran.execution.models) or read_cell(ran.execution.source).fits
        state = states.get(id)
        if not models or (state is not None and state.state in ("fresh", "running", "failed")):
            continue
        reasons = _behind(ran, {cell.id: cell for cell in cells}, history)
        if not reasons and state is not None:
            reasons = list(state.reasons)
        if reasons:
            order = ran.execution.order
            found += [HiddenState(m, id, order, tuple(reasons)) for m in dict.fromkeys(models)]
    return tuple(found)


def _behind(ran: Ran, cells: dict[str, Cell], history: History) -> list[str]:
    """The executions behind it whose source is no longer in the notebook."""
    found: dict[str, None] = {}
    waiting, done = [ran.execution.order], set()
    while waiting:
        order = waiting.pop()
        one = history.runs.get(order)
        if order in done or one is None:
            continue
        done.add(order)
        waiting.extend(one.before)
        label = f"In [{one.execution.count}]"
        cell = cells.get(one.execution.cell)
        if cell is None:
            found[f"{label} is behind it, of a cell that is no longer in the notebook"] = None
        elif cell.source.rstrip() != one.execution.source.rstrip():
            found[f"{label} is behind it, and cell {cell.index + 1} was edited since"] = None
    return list(found)
