"""What a person names, compared: notebooks, their versions, cells of them, and sessions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from whence._base.errors import AmbiguousError, NotKnownError, UsageError
from whence._base.ids import format_id
from whence.query.diff import Section
from whence.query.diff.aligning import aligned, in_order
from whence.query.diff.cells import CellDiff, Comparison
from whence.query.plain import clean
from whence.service.notebook.compare import (
    compare_executions,
    compare_sessions,
    differences_first,
    executions_of,
    session_parts,
)
from whence.service.notebook.compare_cells import Cell, cell_diff, sorted_cells
from whence.service.notebook.compare_flow import flow_section
from whence.service.notebook.record import Execution
from whence.service.notebook.versions import (
    file_cells,
    is_notebook,
    sessions_of,
    split,
    version_cells,
    version_name,
    version_named,
    versions_of,
)
from whence.store.protocol import Node

if TYPE_CHECKING:
    from whence.service.questions import Questions


class NotebookComparing:
    """Comparisons asked of one open store."""

    def __init__(self, asked: Questions) -> None:
        self._asked, self._store = asked, asked.store

    def one(self, text: str, ordinals: Sequence[int] = ()) -> Comparison:
        """``notebook.ipynb``: its newest two sessions. ``notebook.ipynb#CELL``: the newest two
        executions of that cell. ``ordinals`` name two executions of the newest session instead.

        Raises NotKnownError where there are not two.
        """
        path, mark, rest = split(text)
        if mark == "@":
            return self.two(text, path)
        sessions = self.sessions(path)
        if ordinals:
            return self.executions(sessions[0], *ordinals)
        if mark == "#":
            return self._cell(path, sessions, rest)
        if len(sessions) < 2:
            raise NotKnownError(f"{path} has one recorded session only; two are needed to compare")
        return self.sessions_compared(sessions[1], sessions[0])

    def two(self, left: str, right: str) -> Comparison:
        """Two notebooks, or two versions (``path@DIGEST``); a path alone is the file as it is.

        Two notebooks that both have sessions are compared by the newest of each too. Where only
        one is a notebook, its newest session is compared with the run that the other names.
        """
        if is_notebook(left) != is_notebook(right):
            return self.sessions_compared(*(self._run(one) for one in (left, right)))
        if "#" in (split(left)[1], split(right)[1]):
            raise UsageError(
                "Two cells of notebooks are not compared; give one notebook.ipynb#CELL for its "
                "newest two executions"
            )
        before, after = self._side(left), self._side(right)
        notes = [note for _, _, several in (before, after) for note in several]
        only_code = bool(notes)  # where a file is not kept, only what ran is known
        cells = static_cells(
            *([one for one in side[0] if one.kind == "code" or not only_code]
              for side in (before, after))
        )  # fmt: skip
        sections: list[Section] = []
        if split(left)[1] == split(right)[1] == "":
            newest = [self._newest(one) for one in (left, right)]
            if newest[0] is not None and newest[1] is not None:
                sections, flow, _ = session_parts(
                    self._store, newest[0], newest[1], self._asked.kept, self._asked.disk
                )
                told = flow_section(flow)
                sections = [*([told] if told else []), *sections]
            else:
                missing = [p for p, s in zip((left, right), newest, strict=True) if s is None]
                notes.append(f"Only code is compared: no session of {' and '.join(missing)}"
                             " is recorded")  # fmt: skip
        is_version = "@" in (split(left)[1], split(right)[1])
        return Comparison(
            kind="versions" if is_version else "notebooks",
            left=before[1],
            right=after[1],
            cells=cells,
            sections=differences_first(sections),
            notes=notes,
            names=[before[1], after[1]],
        )

    def sessions_compared(self, left: Node, right: Node) -> Comparison:
        """Two sessions."""
        return compare_sessions(self._store, left, right, self._asked.kept, self._asked.disk)

    def _run(self, text: str) -> Node:
        return self.sessions(split(text)[0])[0] if is_notebook(text) else self._asked.run_of(text)

    def executions(self, session: Node, left: int, right: int) -> Comparison:
        """Two executions of a session, by their ordinals from 1."""
        return compare_executions(self._store, session, left, right, self._asked.kept)

    def sessions(self, path: str) -> list[Node]:
        """The sessions of a notebook, newest first. Raises NotKnownError where there is none."""
        found = sessions_of(self._store, self._places(path))
        if not found:
            raise NotKnownError(
                f"No session of {path} is recorded. Record one: whence run {path}, or "
                "%load_ext whence in it"
            )
        return found

    def _newest(self, path: str) -> Node | None:
        found = sessions_of(self._store, self._places(path))
        return found[0] if found else None

    def _places(self, path: str) -> list[bytes]:
        return self._asked.disk.spellings(os.path.join(self._asked.cwd, os.fsencode(path)))

    def _side(self, text: str) -> tuple[list[Cell], str, list[str]]:
        """The cells that a text stands for, what it is called, and what is to be noted of it."""
        path, mark, start = split(text)
        if mark != "@":
            return file_cells(self._file(path)), clean(path), []
        versions = versions_of(self._store, self.sessions(path))
        version = version_named(versions, start, path)
        cells, is_file = version_cells(self._store, version, self._asked.kept, self._asked.disk)
        name = version_name(path, version)
        note = f"{name}: the file is not kept; its cells are those that ran"
        return cells, name, [] if is_file else [note]

    def _file(self, path: str) -> str:
        if not self._asked.disk.is_here:
            raise UsageError("A notebook file is read where it lies: whence diff on that machine")
        return os.path.join(os.fsdecode(self._asked.cwd), path)

    def _cell(self, path: str, sessions: Sequence[Node], cell: str) -> Comparison:
        """The newest two executions of a cell: in one session, else in two."""
        found: list[tuple[Node, Execution]] = []
        for session in sessions:
            ran = executions_named(executions_of(self._store, session), cell, path)
            found += [(session, one) for one in reversed(ran)]
            if len(found) > 1:
                break
        if not found:
            raise NotKnownError(
                f"{path} has no recorded cell {cell!r}; list them: whence diff {path}"
            )
        if len(found) == 1:
            raise NotKnownError(f"Cell {cell} of {path} ran once only; two executions are compared")
        (late, second), (early, first) = found[:2]
        if late.number == early.number:
            return self.executions(late, first.n, second.n)
        return self._across(early, late, first.cell)

    def _across(self, left: Node, right: Node, cell: str) -> Comparison:
        """A cell of two sessions."""
        whole = self.sessions_compared(left, right)
        cells = [one for one in whole.cells if cell in _ids(one)]
        return Comparison(
            kind="sessions", left=format_id(left.uid), right=format_id(right.uid), cells=cells,
            sections=[], names=[left.name, right.name],
        )  # fmt: skip


def executions_named(executions: Sequence[Execution], cell: str, path: str) -> list[Execution]:
    """The executions of the cell that is named by its id, the start of it, or ``[count]``.

    Raises AmbiguousError where several cells start so.
    """
    exact = [one for one in executions if one.cell == cell]
    if exact:
        return exact
    ids = {one.cell for one in executions if cell and one.cell.startswith(cell)}
    if len(ids) > 1:
        raise AmbiguousError(
            f"Several cells of {path} start with {cell!r}: {', '.join(sorted(ids))}"
        )
    return [one for one in executions if one.cell in ids]


def static_cells(left: Sequence[Cell], right: Sequence[Cell]) -> list[CellDiff]:
    """The cells of two notebooks aligned, by their code and place alone; differences first."""
    pairs = aligned(left, right)
    both = [(at, b.place) for at, (a, b) in enumerate(pairs) if a is not None and b is not None]
    stayed = in_order([place for _, place in both])
    moved = {at for n, (at, _) in enumerate(both) if n not in stayed}
    return sorted_cells(
        [
            cell_diff(a, b, None, lambda digest: None, moved=at in moved)
            for at, (a, b) in enumerate(pairs)
        ]
    )


def _ids(cell: CellDiff) -> set[str]:
    return {side.id for side in (cell.left, cell.right) if side is not None} | {cell.id}


__all__ = ["NotebookComparing", "executions_named", "is_notebook", "static_cells"]
