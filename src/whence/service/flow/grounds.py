"""The text of the statements that inferred edges rest on, from the code that was kept."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from contextlib import suppress

from whence.analysis.site import Site
from whence.model.kind import CODE
from whence.query.diff import Kept
from whence.query.ground import CodeLine
from whence.query.plain import clean
from whence.query.profile import Profile

LONGEST = 200
"""Of a longer statement the start is shown."""


class Code:
    """The kept code of one run, by file."""

    def __init__(self, whole: Profile, kept: Kept) -> None:
        self._digests = {node.name: node.digest for node in whole.of_kind(CODE)}
        self._kept = kept
        self._texts: dict[str, list[str]] = {}

    def lines(self, sites: Iterable[Site]) -> list[CodeLine]:
        """The statements at ``sites``, each once."""
        found: dict[tuple[str, int], CodeLine] = {}
        for site in sites:
            last = site.span.end_line if site.span is not None else site.line
            text = self._text(site.file, site.line, last)
            found.setdefault((site.file, site.line), CodeLine(site.file, site.line, text))
        return list(found.values())

    def _text(self, file: str, first: int, last: int) -> str:
        lines = self._lines(file)
        parts = [line.strip() for line in lines[first - 1 : last]]
        if parts and _is_block(parts):
            parts = parts[:1]
        text = clean(" ".join(part for part in parts if part))
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

    def _lines(self, file: str) -> list[str]:
        if file not in self._texts:
            digest = self._digests.get(file)
            raw = None if digest is None else self._kept(digest)
            self._texts[file] = [] if raw is None else raw.decode("utf-8", "replace").splitlines()
        return self._texts[file]


def _is_block(parts: list[str]) -> bool:
    """Whether the lines are those of a loop, a ``with`` or a function: its head is enough."""
    with suppress(SyntaxError, ValueError):
        return any(hasattr(one, "body") for one in ast.parse(f"{parts[0]} pass").body)
    return False
