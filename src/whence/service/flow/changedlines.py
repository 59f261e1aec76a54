"""Changed code: which statements changed, and whether they are on the way to something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from whence._base.ids import parse_id
from whence.model.kind import CODE
from whence.query.diff import UNCOMMITTED, Difference, Kept, Section
from whence.service.flow.edges import RunFlow
from whence.service.flow.upstream import Line, Upstream

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)


class ChangedCode:
    """The changed source files of two runs."""

    def __init__(self, left: RunFlow, right: RunFlow, code: Section, kept: Kept) -> None:
        self._kept, self._cells = kept, (left.cells, right.cells)
        self._names = [{node.name for node in flow.whole.of_kind(CODE)} for flow in (left, right)]
        self._anchors = [_anchor_lines(flow) for flow in (left, right)]
        self._changes = {
            one.key: self._read(one) for one in code.differences if self.is_source(one)
        }

    def is_source(self, one: Difference) -> bool:
        """Whether a difference of the code is one of a file, not of the commit."""
        left, right = _names_of(one)
        return one.key != UNCOMMITTED and (left in self._names[0] or right in self._names[1])

    def can_reach(self, one: Difference, back: tuple[Upstream, Upstream]) -> bool:
        """Whether a changed file can reach what those are upstream of.

        It can't when only comments and layout changed, or nothing but statements that are a call
        which was watched, and is not upstream.
        """
        changes = self._changes.get(one.key)
        if changes is None:
            return True
        texts = zip(_names_of(one), (one.left, one.right), self._cells, strict=True)
        pairs = zip(texts, changes, back, self._anchors, strict=True)
        for (name, digest, cells), spans, upstream, anchors in pairs:
            for span in spans:
                lines = cells.lines_in(name, digest, span) or {(name, line) for line in span}
                if lines & upstream.lines or not lines & anchors:
                    return True
        return False

    def _read(self, one: Difference) -> tuple[list[range], list[range]] | None:
        """The lines of the statements that changed, in both; None where it can't be told."""
        left, right = self._tree(one.left), self._tree(one.right)
        if left is None or right is None:
            return None
        if ast.dump(left) == ast.dump(right):
            return [], []
        gone, come = _changed_lines(one.text)
        here, there = _spans(left, gone), _spans(right, come)
        return None if here is None or there is None or not (here or there) else (here, there)

    def _tree(self, digest: object) -> ast.Module | None:
        known = parse_id(digest) if isinstance(digest, str) else None
        text = None if known is None else self._kept(known)
        try:
            return None if text is None else ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return None


def _names_of(one: Difference) -> tuple[str, str]:
    left, arrow, right = one.key.partition(" → ")
    return left, right if arrow else left


def _anchor_lines(flow: RunFlow) -> set[Line]:
    sites = (one.anchor.stack[0] for one in flow.anchors.every)
    return {(site.file, site.line) for site in sites}


def _changed_lines(text: Sequence[str]) -> tuple[list[int], list[int]]:
    """The numbers of the lines that a unified diff takes away and puts in."""
    gone, come, left, right = [], [], 0, 0
    for line in text[2:]:
        hunk = _HUNK.match(line)
        if hunk:
            left, right = int(hunk[1]), int(hunk[2])
        elif line.startswith("-"):
            gone.append(left)
            left += 1
        elif line.startswith("+"):
            come.append(right)
            right += 1
        else:
            left, right = left + 1, right + 1
    return gone, come


def _spans(tree: ast.Module, lines: Iterable[int]) -> list[range] | None:
    """The lines of the simple statements that those lines belong to.

    Lines of no statement (comments) are left out. None when one is of another statement.
    """
    simple: dict[int, range] = {}
    others: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            span = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            if isinstance(node, _SIMPLE):
                simple.update(dict.fromkeys(span, span))
            else:
                others.update(span)
    found: dict[range, None] = {}
    for line in lines:
        if line in simple:
            found[simple[line]] = None
        elif line in others:
            return None
    return list(found)
