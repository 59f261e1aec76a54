"""Watches matplotlib: which figure a file shows.

What was drawn into a figure is not watched, so its file is an output of the run and of no data.
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any, ClassVar

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.observers.call import Call
from whence.observers.imports import ImportWatch
from whence.observers.notes import Notes
from whence.observers.openings import Target, opening, target_of
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

_MOST_AXES = 20
_LONGEST = 200
_NOTHING: dict[str, Any] = {}


class MatplotlibObserver:
    """Records the files of figures, with their titles and labels."""

    library: ClassVar[str] = "matplotlib"
    tested: ClassVar[str] = ">=3.7,<4"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session, self._notes, self._library = session, Notes(session), module
        self._watcher = Watcher(session, "matplotlib")
        self._imports = ImportWatch()
        self._imports.when_imported("matplotlib.figure", self._watch)

    def detach(self) -> None:
        self._imports.stop()
        self._watcher.detach()

    def _watch(self, module: ModuleType) -> None:
        saved = self._watcher.watch(
            "Figure.savefig", group="io", when="outermost",
            called=self._saving, returned=self._saved,
        )  # fmt: skip
        self._watcher.method(module.Figure, "savefig", saved)

    def _saving(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.arguments.get("fname"), None)

    def _saved(self, call: Call) -> None:
        target = call.note
        if call.error is not None or not isinstance(target, Target):
            return
        ending = f".{call.arguments.get('format') or self._default_format()}"
        has_ending = bool(os.path.splitext(target.path)[1])
        file = opening(self._session.files, target, "w", () if has_ending else (ending,))
        if file is None:
            return
        notes, figure = self._notes, call.first
        path = target.path if has_ending or target.is_open else target.path + ending
        told = {
            "format": (call.arguments.get("format") or os.path.splitext(path)[1].lstrip(".")),
            **asked(lambda: _about(figure), _NOTHING),
            **notes.site(call),
        }
        notes.entity(kinds.FIGURE, notes.file_name(path), told, file)

    def _default_format(self) -> str:
        return asked(lambda: str(vars(self._library)["rcParams"]["savefig.format"]), "png")


def _about(figure: Any) -> dict[str, Any]:
    """The size in inches, and of each of the axes its title and labels."""
    axes = [
        {
            name: text[:_LONGEST]
            for name, text in (
                ("title", one.get_title()), ("x", one.get_xlabel()), ("y", one.get_ylabel()),
            )
            if text
        }
        for one in figure.axes[:_MOST_AXES]
    ]  # fmt: skip
    width, height = figure.get_size_inches()
    return {"inches": [float(width), float(height)], "axes": axes}
