"""What a statement does to the globals: names bound, parts stored, objects changed, names gone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from whence.analysis.notebook.assigning import annotated, assign, augmented, bind_target, delete
from whence.analysis.notebook.function import late_of_class, late_of_function
from whence.analysis.notebook.scan import Scan
from whence.analysis.notebook.unit import BIND, MODULE, WEAK, Effect, Late


def scan_statement(scan: Scan, node: ast.stmt) -> None:
    """Add what ``node`` does to ``scan``."""
    handle = _HANDLERS.get(type(node))
    if handle is not None:
        handle(scan, node)
    else:
        for child in ast.iter_child_nodes(node):
            scan.expression(child)


def scan_body(scan: Scan, body: Iterable[ast.stmt]) -> None:
    for statement in body:
        scan_statement(scan, statement)


def _expr(scan: Scan, node: ast.Expr) -> None:
    scan.bare(node.value)


def _loop(scan: Scan, node: ast.For | ast.AsyncFor) -> None:
    scan.expression(node.iter)
    bind_target(scan, node.target, None)
    scan.alias(node.target, node.iter)
    with scan.perhaps():
        scan_body(scan, node.body)
        scan_body(scan, node.orelse)


def _while(scan: Scan, node: ast.While) -> None:
    scan.expression(node.test)
    with scan.perhaps():
        scan_body(scan, node.body)
        scan_body(scan, node.orelse)


def _branches(scan: Scan, branches: list[Callable[[], None]], is_whole: bool) -> None:
    """Bodies of which one runs; names that all of them bind are bound for certain."""
    before, after = set(scan.local), []
    at = len(scan.effects)
    with scan.perhaps(weak=True):
        for branch in branches:
            scan.local = set(before)
            branch()
            after.append(scan.local)
    both = set.intersection(*after) if is_whole else set()
    scan.local = before | both
    if not scan.weak:
        scan.effects[at:] = [
            one._replace(kind=BIND) if one.kind == WEAK and one.name in both else one
            for one in scan.effects[at:]
        ]


def _if(scan: Scan, node: ast.If) -> None:
    scan.expression(node.test)
    bodies = [lambda: scan_body(scan, node.body), lambda: scan_body(scan, node.orelse)]
    _branches(scan, bodies, is_whole=True)


def _match(scan: Scan, node: ast.Match) -> None:
    scan.expression(node.subject)

    def case(one: ast.match_case) -> Callable[[], None]:
        def run() -> None:
            for part in ast.walk(one.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if isinstance(name, str):
                    scan.bind(name)
            scan.expression(one.guard)
            scan_body(scan, one.body)

        return run

    _branches(scan, [case(one) for one in node.cases], is_whole=False)


def _try(scan: Scan, node: ast.Try | ast.TryStar) -> None:
    before = set(scan.local)
    with scan.perhaps():
        scan_body(scan, node.body)
        scan_body(scan, node.orelse)
    after, scan.local = scan.local, before
    with scan.perhaps(weak=True):
        for handler in node.handlers:
            scan.expression(handler.type)
            with scan.scope([handler.name] if handler.name else []):
                scan_body(scan, handler.body)
    scan.local = after
    scan_body(scan, node.finalbody)


def _with(scan: Scan, node: ast.With | ast.AsyncWith) -> None:
    for item in node.items:
        scan.expression(item.context_expr)
        if item.optional_vars is not None:
            bind_target(scan, item.optional_vars, None)
            scan.alias(item.optional_vars, item.context_expr)
    scan_body(scan, node.body)


def _import(scan: Scan, node: ast.Import | ast.ImportFrom) -> None:
    for one in node.names:
        if one.name == "*":
            scan.opaque = True
            continue
        name = one.asname or one.name.partition(".")[0]
        if not scan.is_function:
            scan.effects.append(Effect(MODULE, name))
        scan.local.add(name)


def _define(scan: Scan, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    for one in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
        scan.expression(one)
    late = late_of_function(node)
    _inside(scan, late) if scan.is_function else None
    scan.bind(node.name, late)


def _class(scan: Scan, node: ast.ClassDef) -> None:
    for one in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
        scan.expression(one)
    late = late_of_class(node)
    _inside(scan, late) if scan.is_function else None
    scan.bind(node.name, late)


def _inside(scan: Scan, late: Late) -> None:
    """A function within a function: what it does is taken as done."""
    with scan.perhaps():
        for ref in late.reads:
            scan.read(ref)
    scan.effects += late.effects


def _global(scan: Scan, node: ast.Global) -> None:
    scan.outer.update(node.names)
    scan.local.difference_update(node.names)


_HANDLERS: dict[type[ast.stmt], Callable[..., None]] = {
    ast.Expr: _expr, ast.Assign: assign, ast.AnnAssign: annotated, ast.AugAssign: augmented,
    ast.For: _loop, ast.AsyncFor: _loop, ast.While: _while, ast.If: _if, ast.Match: _match,
    ast.Try: _try, ast.TryStar: _try, ast.With: _with, ast.AsyncWith: _with,
    ast.Delete: delete, ast.Import: _import, ast.ImportFrom: _import,
    ast.FunctionDef: _define, ast.AsyncFunctionDef: _define, ast.ClassDef: _class,
    ast.Global: _global,
}  # fmt: skip
