"""The statements of a cell as `Unit`s, and in short what a cell needs, defines and changes."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from whence.analysis.notebook.given import BUILTINS
from whence.analysis.notebook.scan import Scan
from whence.analysis.notebook.source import readable
from whence.analysis.notebook.statement import scan_statement
from whence.analysis.notebook.unit import (
    ALIAS,
    BIND,
    DELETE,
    KINDS,
    MODULE,
    MUTATE,
    RANDOM,
    STORE,
    WEAK,
    Effect,
    Unit,
)  # fmt: skip

_BINDING = frozenset({BIND, WEAK, ALIAS, MODULE})
_CHANGING = frozenset({MUTATE, STORE})
_CACHED = 8192


class CellNames(NamedTuple):
    """The names of a cell: those it uses from before it, binds, may bind, changes and deletes."""

    uses: frozenset[str]
    defines: frozenset[str]
    may_define: frozenset[str]
    changes: frozenset[str]
    deletes: frozenset[str]


class CellCode:
    """The source of a cell, read once. ``error`` says why it is no Python, if it is none."""

    def __init__(self, source: str) -> None:
        self.source = source
        read = readable(source)
        self.language, self.error = read.language, ""
        self.units: tuple[Unit, ...] = ()
        try:
            self.units = tuple(_units(read.text))
        except SyntaxError as error:
            self.error = f"line {error.lineno or 1}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            self.error = str(error) or "it is nested too deeply"
        if read.binds:
            effects = tuple(Effect(BIND, name) for name in read.binds)
            text = f"%%{read.language}\n{source}"
            self.units += (Unit(1, 1, text, (), frozenset(), effects, (), touches_files=True),)

    @cached_property
    def names(self) -> CellNames:
        """What the cell does to the names of the kernel, in short."""
        uses: set[str] = set()
        has: set[str] = {RANDOM, *BUILTINS}
        kinds: dict[int, set[str]] = {kind: set() for kind in KINDS}
        for unit in self.units:
            own = {one.name for one in unit.effects if one.kind in _BINDING}
            needed = {ref.name for ref in unit.reads} | unit.certain
            for one in unit.effects:
                kinds[one.kind].add(one.name)
                if one.source is not None:
                    needed.add(one.source.name)
                if one.kind in _CHANGING and one.name not in own:
                    needed.add(one.name)
            uses |= needed - has
            has |= own - kinds[WEAK]
        defines = kinds[BIND] | kinds[ALIAS] | kinds[MODULE]
        return CellNames(
            frozenset(uses),
            frozenset(defines - {RANDOM}),
            frozenset(kinds[WEAK] - defines),
            frozenset((kinds[MUTATE] | kinds[STORE]) - {RANDOM}),
            frozenset(kinds[DELETE]),
        )

    @cached_property
    def binds(self) -> frozenset[str]:
        """All names that its statements can bind by themselves."""
        return frozenset(e.name for u in self.units for e in u.effects if e.kind in _BINDING)

    @cached_property
    def fits(self) -> tuple[str, ...]:
        """What it fits: the text of the object, as far as it is names."""
        return tuple(name for unit in self.units for name in unit.fits)


@lru_cache(maxsize=_CACHED)
def read_cell(source: str) -> CellCode:
    """The code of a cell; each distinct source is read once."""
    return CellCode(source)


def _units(text: str) -> Iterator[Unit]:
    if not text.strip():
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    lines = text.encode().splitlines() if not text.isascii() else text.splitlines()
    body = list(_flat(tree.body))
    shown = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    for statement in body:
        scan = Scan(shown=shown)
        scan_statement(scan, statement)
        yield Unit(
            statement.lineno, statement.end_lineno or statement.lineno, _text(lines, statement),
            tuple(scan.reads), frozenset(scan.certain), tuple(dict.fromkeys(scan.effects)),
            tuple(scan.calls), scan.opaque, tuple(scan.fits), scan.calls_any,
        )  # fmt: skip


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements; what stands under ``if __name__ == "__main__"`` as if it stood outside."""
    for one in body:
        if isinstance(one, ast.If) and not one.orelse and "__name__" in ast.unparse(one.test):
            yield from _flat(one.body)
        else:
            yield one


def _text(lines: list[str] | list[bytes], node: ast.stmt) -> str:
    """The text of a statement: what stays the same is the same statement."""
    end = node.end_lineno or node.lineno
    part = [
        line if isinstance(line, bytes) else line.encode() for line in lines[node.lineno - 1 : end]
    ]
    part[-1] = part[-1][: node.end_col_offset]
    part[0] = part[0][node.col_offset :]
    return b"\n".join(part).decode("utf-8", "replace")
