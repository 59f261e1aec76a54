"""What a function or class of the user's does with globals when it is used."""

from __future__ import annotations

import ast

from whence.analysis.notebook.scan import Scan
from whence.analysis.notebook.target import names_in
from whence.analysis.notebook.unit import CLASS, FUNCTION, Late, Ref

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def late_of_function(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Late:
    """What a call of the function reads and changes of the globals and of its arguments."""
    scan, parameters = _scanned(node)
    changed: set[int | str] = set(scan.changed)
    changed |= {at for at, name in enumerate(parameters) if name in scan.changed}
    return Late(
        FUNCTION,
        tuple(scan.reads),
        frozenset(scan.certain),
        tuple(scan.effects),
        frozenset(changed),
    )


def late_of_class(node: ast.ClassDef) -> Late:
    """What its methods do, all of them together, and which of them change their object."""
    reads: dict[Ref, None] = {}
    effects = []
    changing: set[str] = set()
    calling: dict[str, set[str]] = {}
    for method in node.body:
        if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        scan, parameters = _scanned(method)
        reads.update(scan.reads)
        effects += scan.effects
        calling[method.name] = _own_calls(method)
        if parameters and parameters[0] in scan.changed and method.name != "__init__":
            changing.add(method.name)
    for _ in calling:
        more = {name for name, called in calling.items() if called & changing} - changing
        if not more:
            break
        changing |= more
    return Late(
        CLASS, tuple(reads), effects=tuple(effects), methods=frozenset(changing),
        known=frozenset(calling),
    )  # fmt: skip


def _scanned(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
) -> tuple[Scan, list[str]]:
    from whence.analysis.notebook.statement import scan_body

    arguments = node.args
    positional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    others = [one.arg for one in arguments.kwonlyargs]
    others += [one.arg for one in (arguments.vararg, arguments.kwarg) if one is not None]
    scan = Scan((*positional, *others, *_bound_in(node)))
    scan.is_function = True
    scan.aliases = {name: (Ref("", name),) for name in (*positional, *others)}
    if isinstance(node, ast.Lambda):
        scan.expression(node.body)
    else:
        scan_body(scan, node.body)
    return scan, positional


def _bound_in(node: ast.AST) -> set[str]:
    """The names that a function binds for itself."""
    bound: set[str] = set()
    free: set[str] = set()
    waiting = [node.body] if isinstance(node, ast.Lambda) else list(getattr(node, "body", ()))
    while waiting:
        one = waiting.pop()
        if isinstance(one, _NESTED):
            bound.add(one.name)
        elif isinstance(one, (ast.Global, ast.Nonlocal)):
            free.update(one.names)
        elif isinstance(one, ast.Name):
            bound.update(names_in(one))
        elif isinstance(one, (ast.Import, ast.ImportFrom)):
            bound.update((n.asname or n.name).partition(".")[0] for n in one.names)
        elif isinstance(one, ast.ExceptHandler) and one.name:
            bound.add(one.name)
            waiting.extend(ast.iter_child_nodes(one))
        elif not isinstance(one, ast.Lambda):
            waiting.extend(ast.iter_child_nodes(one))
    return bound - free


def _own_calls(method: ast.AST) -> set[str]:
    return {
        node.func.attr
        for node in ast.walk(method)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "self"
    }
