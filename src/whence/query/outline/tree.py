"""A lineage answer as a tree: a file, the run that made it, what went in, and so on up (or down).

What was printed once is referred to afterwards, so a graph with shared parts stays readable. A
group with more members than ``width`` says how many are left out; a branch deeper than ``DEEPEST``
goes on below under a number. Nothing is left out without a word.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from whence.model.kind import CONTENT, FILE
from whence.query.answer import Answer
from whence.query.outline.branch import Branch, Walk, branches_down, branches_up
from whence.query.outline.graph import Graph
from whence.query.outline.label import known_mark, label, short_label
from whence.query.outline.learning import learned, wrote
from whence.query.outline.line import Line, Piece
from whence.query.spelling import count, escaped

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
        self._query = answer.query
        self._graph = Graph(answer)
        self._branches: Walk = branches_up if direction == "up" else branches_down
        self._width = width
        self._drawn: set[str] = set()
        self._later: deque[tuple[int, Branch]] = deque()
        self._numbers = 0
        self._asks_all = answer.query.get("question", "trace") == "trace"
        self._cut_at = {one for cut in answer.completeness.truncated for one in cut.frontier}

    def lines(self, roots: list[str]) -> Iterator[Line]:
        """The lines of the tree under each root, one after the other."""
        asked = _asked_by_bytes(self._query)
        if asked and not any(self._is_content(root) for root in roots):
            yield tuple(asked)
        for root in roots:
            yield from self._grow(Branch(root), ())
            while self._later:
                number, branch = self._later.popleft()
                yield ()
                yield from self._grow(branch, (Piece(f"[{number}] ", "strong"),))

    def _is_content(self, node: str) -> bool:
        return self._graph.nodes[node].kind == CONTENT

    def _grow(self, root: Branch, before: Line) -> Iterator[Line]:
        stack = [_Item(root, "", "", 0)]
        while stack:
            item = stack.pop()
            text = self._text(item.branch)
            if item.depth == 0 and not before and self._is_content(root.node):
                text = _asked_by_bytes(self._query) or text
            yield (*before, Piece(item.guides + item.joint, "guide"), *text)
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
        if self._was_found(branch):
            pieces.append(Piece("  found", "dim"))
        if branch.note:
            pieces.append(Piece(f"  {branch.note}", "dim"))
        if branch.continued:
            pieces.append(Piece(f"  … goes on at [{branch.continued}]", "strong"))
        return pieces

    def _was_found(self, branch: Branch) -> bool:
        """Whether it is a file that went in and that nobody is recorded to have made."""
        node, walk = self._graph.nodes[branch.node], self._branches
        is_input = branch.edge is not None and branch.edge.relation == "used" and not branch.words
        return (
            walk is branches_up
            and is_input
            and node.kind == FILE
            and not branch.note
            and self._asks_all
            and branch.node not in self._cut_at
            and not walk(self._graph, branch.node)
        )

    def _children(self, item: _Item) -> list[Branch]:
        branch = item.branch
        if branch.continued or branch.note:
            return []
        if not branch.node:
            return self._cut([one for one in branch.members if one.node != item.above])
        if branch.node in self._drawn:
            return []
        self._drawn.add(branch.node)
        around = self._around(branch.node)
        children = [child for child in around if child.node != item.above or not child.node]
        if item.depth < DEEPEST:
            return self._cut(children)
        return self._cut([self._continue(child) for child in children])

    def _around(self, node: str) -> list[Branch]:
        found = self._branches(self._graph, node)
        if self._branches is branches_up and self._graph.nodes[node].type == "activity":
            whole = self._graph.whole(node)
            groups = {"learned": learned(self._graph, whole), "wrote": wrote(self._graph, whole)}
            blocks = [Branch("", word, members=tuple(one)) for word, one in groups.items() if one]
            return [*blocks, *found]
        return found

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


def _asked_by_bytes(query: dict[str, Any]) -> list[Piece]:
    """The head line of an answer about a path that only its bytes made known."""
    if query.get("found_by") != "content":
        return []
    return [
        Piece(escaped(str(query.get("thing", ""))), "entity"),
        Piece("  (not recorded at this place; the same bytes as:)", "dim"),
    ]


def _joint(is_last: bool) -> str:
    return "└─ " if is_last else "├─ "


def _below(joint: str) -> str:
    return {"": "", "└─ ": "   ", "├─ ": "│  "}[joint]
