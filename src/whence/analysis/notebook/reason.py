"""Why a cell is not fresh, in plain sentences that name the cell and the name."""

from __future__ import annotations

from collections.abc import Sequence

from whence.analysis.notebook.execution import Cell
from whence.analysis.notebook.fresh import FreshRun
from whence.analysis.notebook.heap import UNDEFINED
from whence.analysis.notebook.history import History, Ran
from whence.analysis.notebook.names import read_cell
from whence.analysis.notebook.replay import Seen
from whence.analysis.notebook.unit import RANDOM

MOST = 6
"""More reasons than that are not given for one cell."""


class Reasons:
    """Explains the difference between what a cell met and what it would meet in a fresh run."""

    def __init__(self, cells: Sequence[Cell], history: History, fresh: FreshRun) -> None:
        self._cells, self._history, self._fresh = cells, history, fresh
        self._at = {cell.id: at for at, cell in enumerate(cells)}

    def stale(self, at: int, ran: Ran) -> list[str]:
        """Why the values of the cell are not those of a fresh run."""
        ideal = self._fresh.traces[at]
        found: dict[str, None] = {}
        if ideal.missing:
            found[self.missing(at, ideal.missing)] = None
        there = _first(ideal.seen)
        here = _first(ran.trace.seen)
        for key, seen in here.items():
            other = there.pop(key, None)
            if seen.name == ideal.missing or (other is None and ideal.stopped_at):
                continue
            if other is None or other.version != seen.version:
                found[self._differs(at, ran, seen, other)] = None
        for seen in () if ran.trace.stopped_at else there.values():
            found[self._differs(at, ran, None, seen)] = None
        for path, digest in self._fresh.read[at].items():
            if ran.execution.read.get(path) != digest:
                found[
                    f"the file {_short(path)} has other content now than when this cell read it"
                ] = None
        if not found and ideal.stopped_at:
            found["a run from top to bottom fails in this cell"] = None
        return list(found)[:MOST] or ["what it used is not what a run from top to bottom gives it"]

    def missing(self, at: int, name: str) -> str:
        """Why ``name`` is not there when the cell runs from top to bottom."""
        where = [
            other for other, cell in enumerate(self._cells) if name in read_cell(cell.source).binds
        ]
        above = [other for other in where if other < at]
        if above:
            return (
                f"`{name}` would not be there: {self._cell(above[-1])}, which defines it, fails "
                "in a run from top to bottom, or it is deleted again"
            )
        if at in where:
            return f"`{name}` is used before this cell itself defines it"
        if where:
            return f"`{name}` is defined only below, by {self._cell(where[0])}"
        thing = self._history.heap.names.get(name)
        if thing is not None and (
            made := self._history.runs.get(next(iter(thing.touched.values())))
        ):
            return f"`{name}` is defined by no cell any more; {_label(made)} defined it"
        return f"`{name}` is defined by no cell"

    def _differs(self, at: int, ran: Ran, here: Seen | None, there: Seen | None) -> str:
        seen = here or there
        assert seen is not None
        name = _spelled(seen)
        if here is None or here.version == UNDEFINED or here.by not in self._history.runs:
            assert there is not None or here is not None
            if there is None:
                return f"{name} was there before anything was recorded"
            return f"{name} is made by {self._cell(there.by)} above, which had not run then"
        made = self._history.runs[here.by]
        return self._from(at, ran, name, made, there)

    def _from(self, at: int, ran: Ran, name: str, made: Ran, there: Seen | None) -> str:
        """Why what ``made`` gave is not what a fresh run gives."""
        cell, label = made.execution.cell, _label(made)
        where = self._at.get(cell)
        if where is None:
            return f"{name} came from {label}, a cell that is no longer in the notebook"
        if cell == ran.execution.cell:
            return f"{name} had been changed by {label}, an earlier run of this cell"
        last = self._history.last[cell]
        if where < at and last.execution.order > ran.execution.order:
            return f"{name} was changed by {_label(last)} after this cell ran"
        if made.execution.source != self._cells[where].source:
            return f"{name} came from {label}; {self._cell(where)} was edited since"
        if where > at:
            return f"{name} came from {label}, which stands below this cell"
        if there is None or there.version == UNDEFINED:
            return f"{name} came from {label}, and would not be there in a run from top to bottom"
        return self._later(at, ran, name, made, there)

    def _later(self, at: int, ran: Ran, name: str, made: Ran, there: Seen) -> str:
        provider = self._cells[there.by] if 0 <= there.by < len(self._cells) else None
        last = None if provider is None else self._history.last.get(provider.id)
        if last is None:
            return f"{name} is changed by {self._cell(there.by)} above, which has not run"
        if last.execution.order > ran.execution.order:
            return f"{name} was changed by {_label(last)} after this cell ran"
        if last.execution.source != self._cells[there.by].source:
            return f"{name} is changed by {self._cell(there.by)}, which was edited since it ran"
        if last.execution.order != made.execution.order:
            above = self._cell(there.by)
            return f"{name} came from {_label(made)}; from top to bottom it comes from {above}"
        return f"{name} came from {_label(made)}, whose own values are out of date"

    def _cell(self, at: int) -> str:
        if not 0 <= at < len(self._cells):
            return "a cell"
        return f"cell {self._cells[at].index + 1}"


def _label(ran: Ran) -> str:
    return f"In [{ran.execution.count}]"


def _spelled(seen: Seen) -> str:
    if seen.name == RANDOM:
        return "the state of the random generator"
    if seen.key is None:
        return f"`{seen.name}`"
    if seen.key.startswith("."):
        return f"`{seen.name}{seen.key}`"
    return (
        f"`{seen.name}{seen.key}`" if seen.key.startswith("[") else f"`{seen.name}[{seen.key!r}]`"
    )


def _first(seen: Sequence[Seen]) -> dict[tuple[str, str | None], Seen]:
    """What was met first of each name and part; where several made it, the last of them."""
    found: dict[tuple[str, str | None], Seen] = {}
    for one in seen:
        key = (one.name, one.key)
        known = found.get(key)
        if known is None or (known.version == one.version and known.by < one.by):
            found[key] = one
    return found


def _short(path: str) -> str:
    return path.rpartition("/")[2]
