"""IPython's magics taken out of the text of a cell, so that what is left is Python.

Each line stays on its line. ``%time`` and its like run the statement that they are given: that
statement is left.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

RUNNING = frozenset({"time", "timeit", "prun", "capture", "memit", "mprun", "lprun"})
"""Magics that run the Python that they are given."""

MOST_MAGICS = 50

_LINE = re.compile(
    r"(?P<indent>\s*)(?P<target>[\w.,\[\]'\" ]+=\s*)?(?P<mark>%%?|!!?|\?\??)(?P<rest>.*)"
)
_RUN = re.compile(r"(?P<name>\w+)(?:\s+-\w+(?:[ =]?\d+)?)*\s*(?P<code>.*)")
_HELP = re.compile(r"\s*[\w.*]+\?\??\s*(#.*)?")
_CELL = re.compile(r"\s*%%(?P<name>\w+!?)")


def python_of(text: str) -> str | None:
    """The Python of a cell as it was written; None of a cell that is none, such as ``%%bash``."""
    magic = _CELL.match(text)
    if magic is None:
        return _without_lines(text)
    if magic["name"] not in RUNNING:
        return None
    _, _, body = text.partition("\n")
    rest = python_of(body)
    return None if rest is None else f"\n{rest}"


def _without_lines(text: str) -> str | None:
    """The text with its magics taken out one by one, where Python does not understand them."""
    lines = text.split("\n")
    for _ in range(MOST_MAGICS):
        wrong = _wrong_line("\n".join(lines))
        if wrong is None:
            return "\n".join(lines)
        plain = _python_of_line(lines[wrong - 1]) if wrong <= len(lines) else None
        if plain is None:
            break
        lines[wrong - 1] = plain
    every = (_python_of_line(line) or line for line in text.split("\n"))
    whole = "\n".join(every)
    return whole if _wrong_line(whole) is None else None


def _wrong_line(text: str) -> int | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, RecursionError, MemoryError):
        return 1
    return None


def _python_of_line(line: str) -> str | None:
    """What a line with a magic leaves to Python; None for a line without one."""
    if _HELP.fullmatch(line):
        return "pass"
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    indent, target = found["indent"], found["target"] or ""
    run = _RUN.fullmatch(found["rest"]) if found["mark"] == "%" else None
    if run is not None and run["name"] in RUNNING and run["code"]:
        return f"{indent}{target}{run['code']}"
    return f"{indent}{target}None" if target else f"{indent}pass"


def unwrapped(tree: ast.Module) -> str | None:
    """The text that a cell's magic was given, where the whole cell is a magic that runs Python.

    IPython has made it a call, ``get_ipython().run_cell_magic("time", "", text)``, by then.
    """
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return None
    words = _given(tree.body[0].value, "run_cell_magic")
    return words[2] if len(words) == 3 and words[0] in RUNNING else None


def with_timed(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statement, or what it runs where it is a call such as that of ``%time``."""
    value = getattr(statement, "value", None)
    words = _given(value, "run_line_magic") if isinstance(value, ast.Call) else []
    if len(words) != 2 or words[0] not in RUNNING:
        yield statement
        return
    inner = _parsed(f"{words[0]} {words[1]}", statement.lineno)
    first = inner[0] if len(inner) == 1 else None
    if isinstance(statement, ast.Expr):
        yield from inner
    elif isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(first, ast.Expr):
        statement.value = first.value
        yield statement
    else:
        yield statement


def _parsed(words: str, line: int) -> list[ast.stmt]:
    """The statements that a magic was given, as if they stood on the line of the magic."""
    found = _RUN.fullmatch(words)
    try:
        tree = ast.parse(found["code"] if found else "")
    except (SyntaxError, ValueError):
        return []
    ast.increment_lineno(tree, line - 1)
    return tree.body


def _given(call: ast.expr, method: str) -> list[str]:
    """The texts that a method of ``get_ipython()`` is given; none for any other call."""
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        return []
    shell = call.func.value
    is_shell = isinstance(shell, ast.Call) and isinstance(shell.func, ast.Name)
    if call.func.attr != method or not is_shell or shell.func.id != "get_ipython":  # type: ignore[attr-defined]
        return []
    texts = [one.value for one in call.args if isinstance(one, ast.Constant)]
    return texts if all(isinstance(one, str) for one in texts) else []  # type: ignore[return-value]
