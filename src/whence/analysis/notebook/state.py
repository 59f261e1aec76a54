"""The state of a notebook: what became of each cell, and what only the kernel's memory holds.

A cell is fresh where a run of the notebook from top to bottom would meet, in it, what it met when
it last ran.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

import msgspec

from whence.analysis.notebook.execution import Cell, Execution
from whence.analysis.notebook.fresh import FreshRun
from whence.analysis.notebook.hidden import HiddenState, hidden_states
from whence.analysis.notebook.history import History, Ran
from whence.analysis.notebook.memory import InMemory, only_in_memory
from whence.analysis.notebook.names import CellNames, read_cell
from whence.analysis.notebook.reason import Reasons
from whence.model.status import FINISHED, RUNNING

State = Literal["fresh", "stale", "edited", "not-run", "failed", "running"]


class CellState(msgspec.Struct, frozen=True):
    """What became of a cell. ``index`` is None where it is no longer in the notebook.

    ``out_of_order`` concerns what it depends on; ``order_differs`` says just that a cell above ran
    later. ``unreachable`` is why a run from top to bottom can't get through it, else empty.
    """

    cell: str
    index: int | None
    count: int | None
    state: State
    out_of_order: bool
    order_differs: bool
    unreachable: str
    reasons: tuple[str, ...]
    order_reasons: tuple[str, ...]
    executions: int
    last: int | None
    names: CellNames


class NotebookState(NamedTuple):
    """The cells from top to bottom, then those that are gone; and what only memory holds."""

    cells: tuple[CellState, ...]
    only_in_memory: tuple[InMemory, ...]
    hidden: tuple[HiddenState, ...]


def judge(
    cells: Sequence[Cell],
    executions: Sequence[Execution] | History,
    now: Mapping[str, str] | None = None,
) -> NotebookState:
    """The state that ``executions`` have left the notebook in.

    ``now`` gives files that were read the digest of what they hold now, where that is known. The
    executions up to some time give the state at that time.
    """
    history = executions if isinstance(executions, History) else History(executions)
    fresh = FreshRun(cells, history, now)
    reasons = Reasons(cells, history, fresh)
    order = _Order(cells, history)
    told = [_judged(at, cell, order, history, fresh, reasons) for at, cell in enumerate(cells)]
    last = sorted(history.last.items(), key=lambda one: one[1].execution.order)
    gone = [_gone(ran, history) for id, ran in last if id not in order.places]
    memory = only_in_memory(cells, history)
    return NotebookState((*told, *gone), memory, hidden_states(cells, history, told))


class _Order:
    """The cells by their places, and of each place when the last of the cells above it ran."""

    def __init__(self, cells: Sequence[Cell], history: History) -> None:
        self.cells = cells
        self.places = {cell.id: at for at, cell in enumerate(cells)}
        last = (history.last.get(cell.id) for cell in cells)
        orders = (-1 if one is None else one.execution.order for one in last)
        self.latest_above = list(accumulate(orders, max, initial=-1))


def _judged(
    at: int, cell: Cell, order: _Order, history: History, fresh: FreshRun, reasons: Reasons
) -> CellState:
    ran = history.last.get(cell.id)
    ideal = fresh.traces[at]
    unreachable = reasons.missing(at, ideal.missing) if ideal.missing else ""
    state, why = _state(at, cell, ran, fresh, reasons)
    disorder = _disorder(at, ran, order, history, fresh) if ran is not None else []
    return CellState(
        cell.id, cell.index, ran.execution.count if ran else None, state, bool(disorder),
        ran is not None and order.latest_above[at] > ran.execution.order, unreachable, tuple(why),
        tuple(disorder), history.counts.get(cell.id, 0), ran.execution.order if ran else None,
        read_cell(cell.source).names,
    )  # fmt: skip


def _state(
    at: int, cell: Cell, ran: Ran | None, fresh: FreshRun, reasons: Reasons
) -> tuple[State, list[str]]:
    if ran is None:
        return "not-run", []
    if ran.execution.status == RUNNING:
        return "running", []
    if ran.execution.source.rstrip() != cell.source.rstrip():
        return "edited", [f"it was edited since In [{ran.execution.count}]"]
    if ran.execution.status != FINISHED:
        return "failed", [
            f"In [{ran.execution.count}] {_ENDED.get(ran.execution.status, 'failed')}"
        ]
    ideal = fresh.traces[at]
    if (
        not ideal.stopped_at
        and ideal.versions == ran.trace.versions
        and fresh.read[at] == dict(ran.execution.read)
    ):
        return "fresh", []
    return "stale", reasons.stale(at, ran)


_ENDED = {"failed": "failed", "interrupted": "was interrupted"}


def _disorder(at: int, ran: Ran, order: _Order, history: History, fresh: FreshRun) -> list[str]:
    """Why its place in the order of executions is not that in the notebook, where that matters."""
    cells, found = order.cells, dict[str, None]()
    for before, seen in ran.before.items():
        made = history.runs.get(before)
        if made is not None and order.places.get(made.execution.cell, -1) > at:
            found[
                f"`{seen.name}` came from In [{made.execution.count}], which stands below this cell"
            ] = None
    for seen in fresh.traces[at].seen:
        if not 0 <= seen.by < at:
            continue
        last = history.last.get(cells[seen.by].id)
        if last is not None and last.execution.order > ran.execution.order:
            found[
                f"cell {cells[seen.by].index + 1}, which gives it `{seen.name}`, ran again in "
                f"In [{last.execution.count}] after this cell"
            ] = None
    return list(found)


def _gone(ran: Ran, history: History) -> CellState:
    one = ran.execution
    state: State = "running" if one.status == RUNNING else "edited"
    why = ("this cell is no longer in the notebook",)
    return CellState(
        one.cell, None, one.count, state, False, False, "", why, (), history.counts[one.cell],
        one.order, read_cell(one.source).names,
    )  # fmt: skip
