"""The same program in other words has the same flow."""

from __future__ import annotations

import ast
from collections.abc import Callable
from textwrap import dedent

import pytest

from tests.support.anchors import Run
from tests.unit.analysis import calls, programs

PROGRAMS = {
    title: dedent(text)
    for group in (
        programs.STATEMENTS,
        programs.OBJECTS,
        programs.ALIASES,
        programs.SERIES,
        calls.FUNCTIONS,
        calls.CLASSES,
    )
    for title, text in group.items()
}
AT_TOP_ONLY = ("global ", "exec(", "import *")


class _Renaming(ast.NodeTransformer):
    """Gives other names to the variables of a program."""

    def __init__(self, tree: ast.AST) -> None:
        self._names = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        declared = (ast.Global, ast.Nonlocal, ast.MatchAs, ast.MatchStar, ast.MatchMapping)
        for node in ast.walk(tree):
            if isinstance(node, declared):
                self._names = set()
            elif isinstance(node, ast.ClassDef):
                self._names -= {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            elif isinstance(node, (ast.arg, ast.keyword)):
                self._names.discard(node.arg or "")

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id in self._names:
            node.id = f"{node.id}_renamed"
        return node


class _AfterAssignments(ast.NodeTransformer):
    """Adds statements after each assignment to names; ``{}`` stands for the name."""

    def __init__(self, text: str) -> None:
        self._text = text

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        added = "\n".join(self._text.replace("{}", name) for name in names)
        return [node, *ast.parse(added).body]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node


def _renamed(text: str) -> str:
    tree = ast.parse(text)
    return ast.unparse(_Renaming(tree).visit(tree))


def _wrapped(text: str) -> str:
    lines = "\n".join(f"    {line}" for line in text.splitlines())
    return f"def whole():\n{lines}\nif __name__ == '__main__':\n    whole()\n"


def _after(added: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        tree = _AfterAssignments(added).visit(ast.parse(text))
        return ast.unparse(ast.fix_missing_locations(tree))

    return change


CHANGES: dict[str, Callable[[str], str]] = {
    "renamed": _renamed,
    "wrapped in a function": _wrapped,
    "with dead reads": _after("dead = source('dead')\nlen([{}, dead])"),
    "with branches that are not taken": _after("if len('') > 1:\n    {} = source('never')"),
    "with aliases": _after("{}_too = {}\n{} = {}_too"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("title", PROGRAMS)
def test_a_program_in_other_words_has_the_same_flow(title: str, change: str):
    text = PROGRAMS[title]
    if change.startswith("wrapped") and any(mark in text for mark in AT_TOP_ONLY):
        pytest.skip("it means something else inside a function")
    assert Run(CHANGES[change](text)).reached() == Run(text).wanted()


@pytest.mark.parametrize("title", PROGRAMS)
def test_without_exact_positions_lines_find_all_that_flows(title: str):
    run = Run(PROGRAMS[title], without_spans=True)
    pairs = zip(run.wanted(), run.reached(), strict=True)
    assert [wanted - reached for wanted, reached in pairs] == [set()] * len(run.sinks)
