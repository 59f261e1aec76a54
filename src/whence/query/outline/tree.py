"""A lineage answer as a tree: a file, the run that made it, what went in, and so on up (or down).

What was printed once is referred to afterwards, so a graph with shared parts stays readable. A
group with more members than ``width`` says how many are left out; a branch deeper than ``DEEPEST``
goes on below under a number. Nothing is left out without a word.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Literal, NamedTuple

from whence.query.answer import Answer
from whence.query.outline.branch import Branch, Walk, branches_down, branches_up
from whence.query.outline.graph import Graph
from whence.query.outline.label import known_mark, label, short_label
from whence.query.outline.line import Line, Piece
from whence.query.spelling import count

DEEPEST = 24
WIDTH = 20


class _Item(NamedTuple):
    branch: Branch
    guides: str
    joint: str
    depth: int
    above: str = ""


class Tree:
    """Draws one answer. ``width`` is the most members of a group; None for all."""

    def __init__(
        self, answer: Answer, direction: Literal["up", "down"], width: int | None = WIDTH
    ) -> None:
        self._graph = Graph(answer)
        self._branches: Walk = branches_up if direction == "up" else branches_down
        self._width = width
        self._drawn: set[str] = set()
        self._later: deque[tuple[int, Branch]] = deque()
        self._numbers = 0

    def lines(self, roots: list[str]) -> Iterator[Line]:
        """The lines of the tree under each root, one after the other."""
        for root in roots:
            yield from self._grow(Branch(root), ())
            while self._later:
                number, branch = self._later.popleft()
                yield ()
                yield from self._grow(branch, (Piece(f"[{number}] ", "strong"),))

    def _grow(self, root: Branch, before: Line) -> Iterator[Line]:
        stack = [_Item(root, "", "", 0)]
        while stack:
            item = stack.pop()
            yield (*before, Piece(item.guides + item.joint, "guide"), *self._text(item.branch))
            before = ()
            children = self._children(item)
            inner = item.guides + _below(item.joint)
            last, above = len(children) - 1, item.branch.node or item.above
            stack.extend(
                _Item(child, inner, _joint(at == last), item.depth + 1, above)
                for at, child in reversed(list(enumerate(children)))
            )

    def _text(self, branch: Branch) -> list[Piece]:
        if not branch.node:
            return [Piece(branch.words, "dim")]
        node = self._graph.nodes[branch.node]
        pieces = [Piece(branch.words + " ")] if branch.words else []
        if branch.node in self._drawn and self._branches(self._graph, branch.node):
            return [*pieces, *short_label(node), Piece("  ↑ see above", "dim")]
        pieces += [*label(node), *known_mark(branch.edge)]
        if branch.note:
            pieces.append(Piece(f"  {branch.note}", "dim"))
        if branch.continued:
            pieces.append(Piece(f"  … goes on at [{branch.continued}]", "strong"))
        return pieces

    def _children(self, item: _Item) -> list[Branch]:
        branch = item.branch
        if branch.continued or branch.note:
            return []
        if not branch.node:
            return self._cut([one for one in branch.members if one.node != item.above])
        if branch.node in self._drawn:
            return []
        self._drawn.add(branch.node)
        around = self._branches(self._graph, branch.node)
        children = [child for child in around if child.node != item.above or not child.node]
        if item.depth < DEEPEST:
            return self._cut(children)
        return self._cut([self._continue(child) for child in children])

    def _continue(self, branch: Branch) -> Branch:
        """The same branch as a reference to where it goes on, when there is something to go on."""
        if not branch.node or branch.node in self._drawn:
            return branch
        if not self._branches(self._graph, branch.node):
            return branch
        self._numbers += 1
        self._later.append((self._numbers, Branch(branch.node)))
        return branch._replace(continued=self._numbers)

    def _cut(self, children: list[Branch]) -> list[Branch]:
        if self._width is None or len(children) <= self._width:
            return children
        rest = len(children) - self._width
        return [
            *children[: self._width],
            Branch("", f"… and {count(rest, 'more entry', 'more')} (--full lists all)"),
        ]


def _joint(is_last: bool) -> str:
    return "└─ " if is_last else "├─ "


def _below(joint: str) -> str:
    return {"": "", "└─ ": "   ", "├─ ": "│  "}[joint]
