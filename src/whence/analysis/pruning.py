"""The code without what never ran: branches that were not taken, statements that were not reached.

Lines that ran are known of Python 3.12 and later. Statements of one block run one after the other,
so those that never ran are its last ones; a branch is one block. What stands on one line with what
ran is taken to have run.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Sequence
from typing import TypeVar

_BODIED = (ast.With, ast.AsyncWith, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_Declaring = ast.Global | ast.Nonlocal | ast.Pass
_Node = TypeVar("_Node", bound=ast.AST)


def prune(tree: ast.Module, ran: Container[int]) -> ast.Module:
    """``tree`` without the statements of which no line is in ``ran``; it is changed in place."""
    tree.body = _Pruning(ran).block(tree.body)
    return tree


class _Pruning:
    def __init__(self, ran: Container[int]) -> None:
        self._ran = ran

    def block(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """What of a block ran."""
        last = max((n for n, one in enumerate(body) if self._has_run(one)), default=-1)
        kept = [
            *body[: last + 1],
            *(one for one in body[last + 1 :] if isinstance(one, _Declaring)),
        ]
        return [part for one in kept for part in self._statement(one)]

    def _has_run(self, node: ast.stmt | ast.ExceptHandler | ast.match_case) -> bool:
        first = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
        end = node.body[-1].end_lineno if isinstance(node, ast.match_case) else node.end_lineno
        return any(line in self._ran for line in range(first, (end or first) + 1))

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.If):
            return self._if(node)
        if isinstance(node, ast.Try | ast.TryStar):
            return self._try(node)
        if isinstance(node, ast.Match):
            node.cases = [case for case in node.cases if self._body_ran(case.body)] or node.cases
            for case in node.cases:
                case.body = self._filled(case.body)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
            node.body, node.orelse = self._filled(node.body), self.block(node.orelse)
        elif isinstance(node, _BODIED):
            node.body = self._filled(node.body)
        return [node]

    def _if(self, node: ast.If) -> list[ast.stmt]:
        """The branch that was taken alone, after the test, where the other was not."""
        test = ast.copy_location(ast.Expr(node.test), node)
        is_taken, is_other_taken = self._body_ran(node.body), self._body_ran(node.orelse)
        if node.orelse and is_taken and not is_other_taken:
            return [test, *self.block(node.body)]
        if not is_taken:
            return [test, *self.block(node.orelse)]
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return [node]

    def _try(self, node: ast.Try | ast.TryStar) -> list[ast.stmt]:
        node.handlers = [one for one in node.handlers if self._has_run(one)]
        for handler in node.handlers:
            handler.body = self._filled(handler.body)
        body, orelse = self.block(node.body), self.block(node.orelse)
        if not node.handlers and not node.finalbody:
            return [*body, *orelse]
        node.body, node.orelse = body or [_nothing(node)], orelse
        node.finalbody = self.block(node.finalbody)
        return [node]

    def _body_ran(self, body: Sequence[ast.stmt]) -> bool:
        return any(self._has_run(one) for one in body)

    def _filled(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        return self.block(body) or [_nothing(body[0])]


def _nothing(where: ast.AST) -> ast.stmt:
    return ast.copy_location(ast.Pass(), where)
