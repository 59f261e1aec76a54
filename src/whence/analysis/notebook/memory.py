"""Names whose values no cell of the notebook makes any more."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from whence.analysis.notebook.execution import Cell
from whence.analysis.notebook.history import History
from whence.analysis.notebook.names import read_cell
from whence.analysis.notebook.unit import RANDOM


class InMemory(msgspec.Struct, frozen=True):
    """A name whose value rests on a source that is gone: ``cell`` ran it, as ``count``."""

    name: str
    cell: str
    count: int
    reason: str


def only_in_memory(cells: Sequence[Cell], history: History) -> tuple[InMemory, ...]:
    """The names that a kernel holds and a run of the notebook would not make so."""
    now = {unit.text for cell in cells for unit in read_cell(cell.source).units}
    ids = {cell.id: cell for cell in cells}
    found = []
    for name, thing in history.heap.names.items():
        if thing.is_module or name == RANDOM or name.startswith("_"):
            continue
        for at, (unit, order) in enumerate(thing.touched.items()):
            made = history.runs.get(order)
            if unit in now or made is None or _has_opaque(made.execution.source, ids):
                continue
            one = made.execution
            did = "changed" if at else "defined"
            reason = f"`{name}` was {did} by In [{one.count}], {_what(one.cell, ids)}"
            found.append(InMemory(name, one.cell, one.count, reason))
            break
    return tuple(found)


def _has_opaque(source: str, cells: dict[str, Cell]) -> bool:
    """Whether it is a source of the notebook, which binds names that no statement shows."""
    return any(cell.source == source for cell in cells.values())


def _what(cell: str, cells: dict[str, Cell]) -> str:
    if cell not in cells:
        return "a cell that is no longer in the notebook"
    return f"by a source that cell {cells[cell].index + 1} no longer has"
