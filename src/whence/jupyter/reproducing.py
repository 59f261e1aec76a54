"""Running a notebook anew, from top to bottom in a copy of its folder, and comparing the two.

Nothing of the user's is overwritten: the kernel works in a copy, and its record goes into a store
in the copy. What a notebook writes by an absolute path lies outside of the copy, so one that does
is refused unless the user says otherwise.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from whence._base.errors import NotKnownError, UsageError, WhenceError
from whence._base.ids import format_id, parse_id
from whence.journal.home import content_path, create_store
from whence.journal.layout import open_segments
from whence.jupyter.document import INJECTED
from whence.jupyter.executed import ExecutedNotebook, Step
from whence.jupyter.running import run_notebook
from whence.jupyter.workcopy import copy_folder
from whence.model.kind import RUN
from whence.service.index import open_store
from whence.service.notebook.alike import Alike
from whence.service.notebook.record import SessionRecord
from whence.service.notebook.reproduced import Reproduction, Side, files_written, reproduced
from whence.service.notebook.versions import file_cells, sessions_of
from whence.service.questions import Questions
from whence.store.protocol import Node, Store

PATIENCE_S = 60.0
"""How long a record may take to be complete once the kernel has ended."""


class Wanted(NamedTuple):
    """What is to be reproduced, and how.

    ``session`` is the run to compare with, the notebook's newest if None. ``anyway`` runs a
    notebook that names its folder by an absolute path. ``keep`` leaves the copy where it is.
    ``parameters`` are what it is given; those that the session was given if None.
    """

    notebook: Path
    session: str | None = None
    tolerance: float = 1e-9
    timeout: int | None = None
    anyway: bool = False
    keep: bool = False
    parameters: Mapping[str, Any] | None = None
    report: Callable[[Step], None] = lambda step: None


def reproduce(asked: Questions, wanted: Wanted) -> Reproduction:
    """Run the notebook anew and compare what it gave with a recorded session.

    Raises NotKnownError where no session is recorded, UsageError where it can't be run safely,
    DocumentError where the file holds no notebook, MissingExtraError without nbclient.
    """
    notebook = Path(os.path.realpath(os.path.join(os.fsdecode(asked.cwd), wanted.notebook)))
    session = _session(asked, notebook, wanted.session)
    attributes = asked.store.attributes(session.number)
    root = _root(notebook, asked.folder.parent)
    if not wanted.anyway:
        _refuse_absolute(notebook, root)
        _refuse_outside(asked.store, session, root)
    parameters = wanted.parameters
    if parameters is None:
        parameters = _given(asked.store, session)
    with _copy(root, wanted.keep) as copy:
        inside = copy / notebook.relative_to(root)
        folder = _working_folder(attributes, root, copy) or inside.parent
        store = create_store(copy / ".whence")
        done = run_notebook(
            inside, store=store, timeout=wanted.timeout, cwd=folder, report=wanted.report,
            parameters=parameters,
        )  # fmt: skip
        _wait_for_record(store)
        with open_store(store) as fresh:
            node = _fresh_session(fresh, done)
            items = reproduced(
                Side(asked.store, session, asked.kept, os.fspath(root)),
                Side(fresh, node, _kept_in(store), os.fspath(copy)),
                Alike(wanted.tolerance),
            )
    return Reproduction(
        os.fspath(notebook), format_id(session.uid), done.status, wanted.tolerance, items,
        _failure(done), os.fspath(copy) if wanted.keep else "",
    )  # fmt: skip


def _session(asked: Questions, notebook: Path, named: str | None) -> Node:
    file_cells(os.fspath(notebook))  # tells first what is wrong with the file itself
    if named is not None:
        session = asked.run_of(named)
        if asked.store.attributes(session.number).get("session") != "kernel":
            raise UsageError(f"{named} is no session of a kernel; list them: whence log")
        return session
    found = sessions_of(asked.store, [os.fsencode(notebook)])
    if not found:
        raise NotKnownError(
            f"No session of {notebook} is recorded, so there is nothing to compare with. "
            f"Record one: whence run {notebook}"
        )
    return found[0]


def _given(store: Store, session: Node) -> dict[str, Any]:
    """The parameters that the session was given: those of its run that their own cell bound."""
    record = SessionRecord(session)
    record.refresh(store, session)
    bound = {name for one in record.executions if one.cell == INJECTED for name in one.bound}
    return {name: given for name, given in store.params(session.number).items() if name in bound}


def _root(notebook: Path, project: Path) -> Path:
    """What is copied: the folder with the store where the notebook lies in it, else its own."""
    project = Path(os.path.realpath(project))
    is_within = notebook.is_relative_to(project) and project != Path(project.anchor)
    return project if is_within and project != Path.home() else notebook.parent


def _refuse_absolute(notebook: Path, root: Path) -> None:
    """Raise UsageError for a notebook whose code names its own folder by an absolute path."""
    for cell in file_cells(os.fspath(notebook)):
        if cell.kind == "code" and os.fspath(root) in (cell.source or ""):
            name = cell.id or f"number {cell.place}"
            raise UsageError(
                f"Cell {name} of {notebook} names {root}, so what it writes there would be written "
                "to your own files. Use paths from the notebook's folder, or give --anyway"
            )


def _refuse_outside(store: Store, session: Node, root: Path) -> None:
    """Raise UsageError where the session wrote files that lie outside of what is copied."""
    safe = [os.path.realpath(one) for one in (root, tempfile.gettempdir(), Path.home() / ".cache")]
    for place in files_written(store, session):
        if not any(Path(place).is_relative_to(one) for one in safe):
            raise UsageError(
                f"The session wrote {place}, which lies outside of {root} and would be written "
                "anew. Use paths from the notebook's folder, or give --anyway"
            )


def _working_folder(attributes: Mapping[str, Any], root: Path, copy: Path) -> Path | None:
    """Where the session worked, seen in the copy."""
    told = Path(os.path.realpath(str(attributes.get("cwd") or "/")))
    place = copy / told.relative_to(root) if told.is_relative_to(root) else None
    return place if place is not None and place.is_dir() else None


@contextmanager
def _copy(root: Path, keep: bool) -> Iterator[Path]:
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="whence-reproduce-")))
    copy = folder / (root.name or "root")
    try:
        copy_folder(root, copy)
        yield copy
    finally:
        if not keep:
            _wait_for_record(copy / ".whence")  # whoever still writes would make the folder anew
            shutil.rmtree(folder, ignore_errors=True)


def _wait_for_record(store: Path) -> None:
    """Wait until the record is complete: its digests are made beside the program, and after it."""
    until = time.monotonic() + PATIENCE_S
    while store.exists() and open_segments(store) and time.monotonic() < until:
        time.sleep(0.05)


def _fresh_session(store: Store, done: ExecutedNotebook) -> Node:
    uid = parse_id(done.run) if done.run else None
    number = None if uid is None else store.number_of(uid)
    nodes = [] if number is None else store.nodes([number])
    if not nodes or nodes[0].kind != RUN:
        raise WhenceError(
            "The fresh run was not recorded, so nothing can be compared. Try: whence run NOTEBOOK"
        )
    return nodes[0]


def _kept_in(store: Path) -> Callable[[bytes], bytes | None]:
    def kept(digest: bytes) -> bytes | None:
        try:
            return content_path(store, digest).read_bytes()
        except OSError:
            return None

    return kept


def _failure(done: ExecutedNotebook) -> str:
    if done.failure is None:
        return ""
    cell = done.failure.cell or f"number {done.failure.number}"
    return f"cell {cell}: {done.failure.error}: {done.failure.message}"
