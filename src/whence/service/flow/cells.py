"""The code of kernel sessions: the cells that ran, as one module named after the notebook.

In the module a cell's lines count on from those of the cells that ran before it. What is recorded
of a call is brought there; what is told of it is brought back to the cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from whence._base.ids import parse_id
from whence.analysis.cells import CellCode, CellModule
from whence.analysis.module import Module
from whence.analysis.reloading import file_of
from whence.analysis.site import Site, Span
from whence.model.kind import CODE
from whence.query.cells import (
    EVER,
    TIMED,
    Execution,
    Executions,
    Shown,
    sessions_of,
    top_of,
)
from whence.query.diff import Kept
from whence.query.profile import Profile
from whence.service.flow.versions import Versions
from whence.store.protocol import Node, Store


class CellSession:
    """The cells that ran in one kernel session. ``file`` is what its module is called."""

    def __init__(self, executions: Executions, file: str, kept: Kept) -> None:
        self.executions, self.file, self._kept = executions, file, kept

    @cached_property
    def texts(self) -> list[str | None]:
        """The sources of the executions; None of one that was not kept."""
        digests = [str(one.told.get("code", "")) for one in self.executions.every]
        read = {digest: self._text(digest) for digest in dict.fromkeys(digests)}
        return [read[digest] for digest in digests]

    def _text(self, digest: str) -> str | None:
        try:
            raw = self._kept(bytes.fromhex(digest)) if digest else None
        except ValueError:
            raw = None
        return None if raw is None else raw.decode("utf-8", "replace")

    @cached_property
    def code(self) -> CellModule:
        """The sources as one module."""
        pairs = zip(self.executions.every, self.texts, strict=True)
        return CellModule(self.file, [_cell(one, text) for one, text in pairs])

    def find(
        self, file: str, line: int, outer: Sequence[tuple[str, int]], when: int
    ) -> tuple[Execution, int] | None:
        """The execution that a frame was in, and the frame's line in the module."""
        found = self.executions.find(file, line, outer, when)
        if found is None:
            return None
        execution, own = found
        return execution, self.code.firsts[execution.place.execution - 1] + own

    def shown(self, line: int) -> Shown:
        """A line of the module as it is told."""
        number, own = self.code.place(line)
        return self.executions.every[number].shown(self.executions.name, own)

    def lines(self, line: int) -> tuple[list[str], int]:
        """The lines of the cell that a line of the module is in, and which of them it is."""
        number, own = self.code.place(line)
        return self.code.lines(number), own


def _cell(one: Execution, text: str | None) -> CellCode:
    stopped = one.told.get("stopped_at")
    return CellCode(
        text,
        stopped if isinstance(stopped, int) else None,
        frozenset(one.told.get("bound") or ()),
        frozenset(one.told.get("deleted") or ()),
    )


def _moved(span: Sequence[int], lines: int) -> list[int]:
    return [span[0] + lines, span[1], span[2] + lines, span[3]]


class SessionCells:
    """The cells that ran in one run; there are none in a run that is no kernel session."""

    def __init__(self, store: Store, whole: Profile, kept: Kept) -> None:
        self._store, self._whole = store, whole
        self.sessions: dict[str, CellSession] = {}
        for executions in sessions_of(store, whole.parts):
            at = sum(one.executions.name == executions.name for one in self.sessions.values())
            file = f"{executions.name} ({at + 1})" if at else executions.name
            self.sessions[file] = CellSession(executions, file, kept)
        code = [one for one in whole.of_kind(CODE) if not self.is_cell(one)]
        self.versions = Versions(store, whole, code if self.sessions else [], kept)

    def modules(self) -> dict[str, Module]:
        """The module of each session, and those of files that were loaded in several versions.

        Raises AnalysisError for what is nested too deeply.
        """
        found = {file: session.code.module() for file, session in self.sessions.items()}
        return {**self.versions.modules, **found}

    @property
    def unread(self) -> list[Execution]:
        """The executions of cells whose text was not kept."""
        return [
            one
            for session in self.sessions.values()
            for one, text in zip(session.executions.every, session.texts, strict=True)
            if text is None
        ]

    def is_cell(self, code: Node) -> bool:
        """Whether some code that the run used is that of a cell."""
        return code.number in self._cells

    @cached_property
    def _cells(self) -> frozenset[int]:
        code = [node.number for node in self._whole.of_kind(CODE)] if self.sessions else []
        told = self._store.attributes_of(code) if code else {}
        return frozenset(number for number, one in told.items() if "cell" in one)

    # From the record into the modules

    def placed(self, told: Mapping[str, Any], when: int | None) -> dict[str, Any]:
        """What was recorded of a call, with its places as they are in the modules."""
        placed = dict(told)
        if not self.sessions or "file" not in told:
            return placed
        at = EVER if when is None else when
        own = (told["file"], told.get("function", ""), told.get("line", 0), told.get("span"))
        frames = [own, *map(tuple, told.get("callers") or ())]
        inner, *outer = (self._frame(frames, number, at) for number in range(len(frames)))
        placed.update(zip(("file", "function", "line", "span"), inner, strict=True))
        if "callers" in told:
            placed["callers"] = outer
        if "given_at" in told:
            given = told["given_at"]
            placed["given_at"] = {name: self._given(one, at) for name, one in given.items()}
        return placed

    def _given(self, told: Any, when: int) -> Any:
        if not isinstance(told, dict):
            return told
        placed = self.placed(told, when)
        if isinstance(told.get("iterated_at"), dict):
            placed["iterated_at"] = self.placed(told["iterated_at"], when)
        return placed

    def _frame(self, frames: Sequence[Any], number: int, when: int) -> tuple[Any, ...]:
        file, function, line, span = frames[number]
        outer = [(one[0], one[2]) for one in frames[number + 1 :]]
        for session in self.sessions.values():
            found = session.find(file, line, outer, when)
            if found is not None:
                execution, to = found
                # The columns of what a line magic ran are those of its statement alone.
                is_own = file not in TIMED or execution.is_magic
                moved = _moved(span, to - line) if span and is_own else None
                return session.file, top_of(file, function), to, moved
        site = Site(file, function, line, Span(*span) if span else None)
        return self.versions.placed(site, when)

    # From the modules to what is told

    def shown(self, file: str, line: int) -> Shown:
        """A place in the code as it is told."""
        session = self.sessions.get(file)
        return Shown(file_of(file), line) if session is None else session.shown(line)

    def lines(self, file: str, line: int) -> tuple[list[str], int] | None:
        """The lines of the cell or version that a place is in, and which of them it is."""
        session = self.sessions.get(file)
        if session is not None:
            return session.lines(line)
        return (self.versions.lines[file], line) if file in self.versions.lines else None

    def lines_in(self, code: str, digest: object, span: range) -> set[tuple[str, int]]:
        """Lines of a cell's code, named as the record names it, as they are in the modules."""
        known = parse_id(digest) if isinstance(digest, str) else None
        return {
            (file, first + line)
            for file, session in self.sessions.items()
            for one, first in zip(session.executions.every, session.code.firsts, strict=True)
            if known is not None
            and one.told.get("code") == known.hex()
            and code == f"{session.executions.name}#{one.place.id or f'[{one.place.count}]'}"
            for line in span
        }

    def told(self, placed: dict[str, Any]) -> dict[str, Any]:
        """What was recorded of a call with its place as it is told."""
        if not self.sessions or "line" not in placed:
            return placed
        file, line, cell = self.shown(placed["file"], placed["line"])
        return {**placed, "file": file, "line": line, "cell": cell}
