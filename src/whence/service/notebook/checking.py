"""Checks a notebook: its file against what was recorded of its last kernel session."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from whence._base.errors import DocumentError, NotKnownError
from whence._base.ids import format_id
from whence.analysis.notebook.document import Document, read_document
from whence.analysis.notebook.execution import Cell, Execution
from whence.analysis.notebook.state import CellState, NotebookState, judge
from whence.model.status import RUNNING
from whence.query.describe import true_status
from whence.query.plain import clean
from whence.service.checking import Fault, known_lints
from whence.service.notebook.record import SessionRecord
from whence.service.notebook.sessions import session_nodes
from whence.service.notebook.state import SessionHistory, files_now
from whence.service.questions import Questions, Thing
from whence.service.subject import text_of
from whence.standards.lint.notebook import (
    EDITED,
    HIDDEN_STATE,
    IN_MEMORY,
    OUT_OF_ORDER,
    STALE,
    UNREACHABLE,
)

SUFFIX = ".ipynb"
LARGEST = 256 << 20
"""Bytes of a notebook file that is read."""


class CellSlip(msgspec.Struct, frozen=True):
    """What a lint found: ``cell`` is the id of the cell, ``name`` the variable or model, if any."""

    lint: str
    message: str
    things: list[str]
    run: str | None
    cell: str
    name: str | None = None


class CellChecked(msgspec.Struct, frozen=True):
    """A cell; ``index`` is its place among all cells from 0, None where it is gone."""

    id: str
    index: int | None
    count: int | None
    state: str
    out_of_order: bool
    reasons: list[str]


class NotebookChecked(msgspec.Struct, frozen=True):
    """``session`` is the kernel session that is told of, None where nothing was recorded."""

    session: str | None
    executions: int
    cells: list[CellChecked]


class CheckedNotebook(msgspec.Struct, frozen=True):
    """What the check of a notebook came to; the rules of PROV are about records and hold."""

    subject: str
    statements: int
    valid: bool
    faults: list[Fault]
    slips: list[CellSlip]
    notebook: NotebookChecked


def is_notebook(thing: Thing) -> bool:
    """Whether ``thing`` names a notebook by its name."""
    return os.fsdecode(thing).endswith(SUFFIX)


def check_notebook(
    asked: Questions | None, thing: Thing, without: Collection[str] = ()
) -> CheckedNotebook:
    """Check the notebook in the file, by its last session in the store that is asked, if any.

    Raises NotKnownError when there is no file, DocumentError when it holds no notebook, UsageError
    for a lint that there is not.
    """
    known_lints(without)
    path = Path(os.fsdecode(thing))
    document = _read(path)
    told = None if asked is None else _recorded(asked, path, document)
    if told is None:
        state, session, executions = _by_counts(document), None, 0
    else:
        state, session, executions = told
    found = _slips(state, document, session, is_recorded=told is not None)
    slips = [slip for slip in found if slip.lint not in without]
    cells = [_told(one) for one in state.cells] if told is not None else []
    notebook = NotebookChecked(session, executions, cells)
    return CheckedNotebook(text_of(thing), 0, True, [], slips, notebook)


def _read(path: Path) -> Document:
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, IsADirectoryError, ValueError) as error:
        raise NotKnownError(f"There is no notebook {path}") from error
    except OSError as error:
        raise DocumentError(f"{path} can't be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise DocumentError(f"{path} is larger than {LARGEST >> 20} MiB; it is not read")
    return read_document(data, str(path))


def _recorded(
    asked: Questions, path: Path, document: Document
) -> tuple[NotebookState, str, int] | None:
    """The state by the newest session that ran a cell; None where there is none."""
    for node in session_nodes(asked.store, os.path.abspath(path)):
        record = SessionRecord(node)
        record.refresh(asked.store, node)
        if not record.executions:
            continue

        def source_of(digest: str) -> str | None:
            content = asked.kept(bytes.fromhex(digest)) if digest else None
            return None if content is None else content.decode("utf-8", "replace")

        history = SessionHistory(source_of)
        is_alive = true_status(asked.store, node) == RUNNING
        executions = history.executions(asked.store, record, is_alive)
        state = history.state(
            asked.store, record, document.cells,
            is_alive=is_alive, now=files_now(executions, asked.disk),
        )  # fmt: skip
        return state, format_id(node.uid), len(executions)
    return None


def _by_counts(document: Document) -> NotebookState:
    """What the file alone shows: the numbers beside its cells are the order in which they ran."""
    ran = sorted((cell.count, at, cell) for at, cell in enumerate(document.cells) if cell.count)
    executions = [
        Execution(cell.id, count, order, cell.source)
        for order, (count, _, cell) in enumerate(ran, 1)
    ]
    return judge(document.cells, executions)


def _slips(
    state: NotebookState, document: Document, session: str | None, *, is_recorded: bool
) -> list[CellSlip]:
    found: list[CellSlip] = []

    def add(lint: str, cell: str, message: str, name: str | None = None) -> None:
        found.append(CellSlip(lint, message, [], session, clean(cell), name and clean(name)))

    cells: dict[str, Cell] = {cell.id: cell for cell in document.cells}
    for lint, one, reasons in _of_cells(state, is_recorded):
        add(lint, one.cell, f"{_named(one)}: {'; '.join(reasons)}")
    if not is_recorded:
        return found
    for name in state.only_in_memory:
        add(IN_MEMORY, name.cell, name.reason, name.name)
    for model in state.hidden:
        where = cells.get(model.cell)
        at = f"cell {where.index + 1}" if where else "a cell that is no longer in the notebook"
        add(HIDDEN_STATE, model.cell, f"{model.model}, fitted in {at}: {'; '.join(model.reasons)}",
            model.model)  # fmt: skip
    return found


def _of_cells(
    state: NotebookState, is_recorded: bool
) -> Iterator[tuple[str, CellState, Sequence[str]]]:
    for one in state.cells:
        if one.index is None:
            continue
        reasons = [reason for reason in one.reasons if reason != one.unreachable]
        if is_recorded and reasons and one.state in ("stale", "edited"):
            yield (STALE if one.state == "stale" else EDITED), one, reasons
        if one.out_of_order:
            yield OUT_OF_ORDER, one, one.order_reasons
        if one.unreachable:
            yield UNREACHABLE, one, [one.unreachable]


def _named(one: CellState) -> str:
    at = "a cell" if one.index is None else f"cell {one.index + 1}"
    return at if one.count is None else f"{at}, In [{one.count}]"


def _told(one: CellState) -> CellChecked:
    reasons = [clean(reason) for reason in one.reasons]
    return CellChecked(clean(one.cell), one.index, one.count, one.state, one.out_of_order, reasons)
