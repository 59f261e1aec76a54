"""Which lines of the user's own files ran, told by `sys.monitoring` (Python 3.12 and later).

Only code of those files is watched. Each of its lines tells once that it ran, is switched off by
the interpreter, and from then on runs at full speed. So a branch that was never taken is known.
"""

from __future__ import annotations

import os
import sys
from types import CodeType
from typing import Any

from whence.capture.guard import guarded
from whence.capture.session import Session

ATTRIBUTE = "lines"
"""Of the activity of a process: for each file the first and last lines of stretches that ran."""

MOST_STRETCHES = 2000
"""Of a file with more nothing is told: then no branch of it counts as not taken."""

_NAME = "whence lines"
_TOOL, _OTHER = 3, 4
_guard = guarded("observer-failed", "lines")


class RanLines:
    """Collects the lines that run, of the files that it is told to expect."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._expected: set[str] = set()
        self._ran: dict[str, set[int]] = {}
        self._monitoring: Any = None

    def begin(self) -> None:
        """Begin, if this Python can; a free tool id is left to the watching of calls."""
        monitoring = vars(sys).get("monitoring")
        if monitoring is None or monitoring.get_tool(_TOOL) or monitoring.get_tool(_OTHER):
            return
        monitoring.use_tool_id(_TOOL, _NAME)
        monitoring.register_callback(_TOOL, monitoring.events.PY_START, self._started)
        monitoring.register_callback(_TOOL, monitoring.events.LINE, self._line)
        self._monitoring = monitoring
        self._session.at_end.append(self._tell)

    def expect(self, path: str) -> None:
        """Watch the file at ``path``, which is about to run."""
        if self._monitoring is not None:
            self._expected.add(os.path.realpath(path))
            self._set_starts(True)

    def _set_starts(self, on: bool) -> None:
        self._monitoring.set_events(_TOOL, self._monitoring.events.PY_START if on else 0)

    def _started(self, code: CodeType, offset: int) -> Any:
        """While a file is expected each function tells once that it began, until it is found."""
        with _guard:
            if code.co_name == "<module>":
                path = os.path.realpath(code.co_filename)
                if path in self._expected:
                    self._expected.discard(path)
                    self._follow(code, self._ran.setdefault(path, set()))
                    if code.co_filename != path:
                        self._ran[code.co_filename] = self._ran[path]
            if not self._expected:
                self._set_starts(False)
        return self._monitoring.DISABLE

    def _follow(self, code: CodeType, ran: set[int]) -> None:
        self._monitoring.set_local_events(_TOOL, code, self._monitoring.events.LINE)
        ran.add(code.co_firstlineno)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self._follow(constant, ran)

    def _line(self, code: CodeType, line: int) -> Any:
        ran = self._ran.get(code.co_filename)
        if ran is not None:
            ran.add(line)
        return self._monitoring.DISABLE

    def _tell(self) -> None:
        root = os.path.join(str(self._session.root), "")
        told = {
            path.removeprefix(root): stretches
            for path, lines in self._ran.items()
            if os.path.isabs(path) and len(stretches := _stretches(lines)) <= 2 * MOST_STRETCHES
        }
        self._session.outcome[ATTRIBUTE] = told


def _stretches(lines: set[int]) -> list[int]:
    """The first and last line of each stretch of lines, one after the other."""
    found: list[int] = []
    for line in sorted(lines):
        if found and line == found[-1] + 1:
            found[-1] = line
        else:
            found += [line, line]
    return found
