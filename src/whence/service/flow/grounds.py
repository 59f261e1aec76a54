"""The text of the statements that inferred edges rest on, from the code that was kept."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from contextlib import suppress

from whence.analysis.site import Site
from whence.model.kind import CODE
from whence.query.diff import Kept
from whence.query.ground import CodeLine
from whence.query.plain import clean
from whence.query.profile import Profile
from whence.service.flow.cells import SessionCells

LONGEST = 200
"""Of a longer statement the start is shown."""


class Code:
    """The kept code of one run, by file."""

    def __init__(self, whole: Profile, kept: Kept, cells: SessionCells) -> None:
        self._digests = {node.name: node.digest for node in whole.of_kind(CODE)}
        self._kept, self._cells = kept, cells
        self._texts: dict[str, list[str]] = {}

    def lines(self, sites: Iterable[Site]) -> list[CodeLine]:
        """The statements at ``sites``, each once."""
        found: dict[tuple[str, int], CodeLine] = {}
        for site in sites:
            more = site.span.end_line - site.line if site.span is not None else 0
            found.setdefault((site.file, site.line), self._line(site.file, site.line, more))
        return list(found.values())

    def _line(self, file: str, line: int, more: int) -> CodeLine:
        """The statement at ``line``, which goes on for some lines more."""
        shown = self._cells.shown(file, line)
        lines, first = self._cells.lines(file, line) or (self._lines(file), line)
        return CodeLine(shown.file, shown.line, _text(lines[first - 1 : first + more]), shown.cell)

    def _lines(self, file: str) -> list[str]:
        if file not in self._texts:
            digest = self._digests.get(file)
            raw = None if digest is None else self._kept(digest)
            self._texts[file] = [] if raw is None else raw.decode("utf-8", "replace").splitlines()
        return self._texts[file]


def _text(lines: Sequence[str]) -> str:
    parts = [line.strip() for line in lines]
    if parts and _is_block(parts):
        parts = parts[:1]
    text = clean(" ".join(part for part in parts if part))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _is_block(parts: list[str]) -> bool:
    """Whether the lines are those of a loop, a ``with`` or a function: its head is enough."""
    with suppress(SyntaxError, ValueError):
        return any(hasattr(one, "body") for one in ast.parse(f"{parts[0]} pass").body)
    return False
