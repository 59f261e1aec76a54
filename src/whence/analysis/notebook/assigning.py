"""What an assignment does to the globals: names get values, parts are stored, names go."""

from __future__ import annotations

import ast

from whence.analysis.notebook.function import late_of_function
from whence.analysis.notebook.method import FITS, GENERATORS, SPENT_CALLS, draws_when_fitted
from whence.analysis.notebook.scan import Scan
from whence.analysis.notebook.settling import settles
from whence.analysis.notebook.target import (
    dotted,
    is_part,
    key_of,
    keys_of,
    located,
    root_of,
    stored_key,
)
from whence.analysis.notebook.unit import (
    ALIAS,
    DELETE,
    DRAWS,
    GENERATOR,
    SETTLES,
    SPENT,
    STORE,
    Effect,
    Late,
    Ref,
)


def assign(scan: Scan, node: ast.Assign) -> None:
    """``a = b``, with any targets."""
    first = node.targets[0]
    if _is_alias(scan, first, node.value):
        assert isinstance(first, ast.Name)
        _bind_alias(scan, first, node.value)
    else:
        at = len(scan.effects)
        scan.expression(node.value)
        bind_target(scan, first, node.value)
        if len(scan.effects) == at + 1 and not scan.is_function and settles(node):
            scan.effects[at] = scan.effects[at]._replace(how=SETTLES)
    for target in node.targets[1:]:
        if isinstance(target, ast.Name) and isinstance(first, ast.Name) and not scan.weak:
            scan.effects.append(Effect(ALIAS, target.id, source=Ref(first.id)))
            scan.local.add(target.id)
        else:
            bind_target(scan, target, None)


def _is_alias(scan: Scan, target: ast.AST, value: ast.AST) -> bool:
    """Whether the target becomes a name of an object that another name has."""
    if not isinstance(target, ast.Name) or scan.weak or scan.is_function:
        return False
    inner = _fitted(value)
    ref = root_of(value if inner is None else inner)
    if ref is None or ref.name in scan.local:
        return False
    return isinstance(value, ast.Name) or is_part(value) or isinstance(inner, ast.Name)


def _fitted(value: ast.AST) -> ast.AST | None:
    """The estimator of ``estimator.fit(...)``, which gives itself."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.value if value.func.attr == "fit" else None
    return None


def _bind_alias(scan: Scan, target: ast.Name, value: ast.expr) -> None:
    inner = _fitted(value)
    if inner is not None:
        scan.expression(value)
    ref = root_of(value if inner is None else inner)
    assert ref is not None
    if not scan.maybe:
        scan.certain.add(ref.name)
    scan.alias(target, value if inner is None else inner)
    scan.effects.append(Effect(ALIAS, target.id, source=ref))
    scan.local.add(target.id)


def bind_target(scan: Scan, target: ast.expr, value: ast.AST | None) -> None:
    """A target gets a value, or what ``value`` of None does not say."""
    if isinstance(target, ast.Name):
        late, maker = _kind(value) if value is not None else (None, "")
        if isinstance(value, ast.Lambda):
            late = late_of_function(value)
        scan.bind(target.id, late, maker)
        if value is not None:
            scan.alias(target, value)
            _parts(scan, target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for one in target.elts:
            bind_target(scan, one, None)
    elif isinstance(target, ast.Starred):
        bind_target(scan, target.value, None)
    else:
        _store(scan, target, value)


def _kind(value: ast.AST) -> tuple[Late | None, str]:
    if isinstance(value, ast.GeneratorExp):
        return Late(SPENT), ""
    if not isinstance(value, ast.Call):
        return None, ""
    name = dotted(value.func)
    if name.rpartition(".")[2] in GENERATORS:
        return Late(GENERATOR), ""
    if draws_when_fitted(value) and name.rpartition(".")[2] not in FITS:
        return Late(DRAWS), ""
    return (Late(SPENT), "") if name in SPENT_CALLS else (None, name)


def _parts(scan: Scan, name: str, value: ast.AST) -> None:
    """The objects that a display holds: they change with it."""
    if scan.is_function or scan.weak:
        return
    pairs: list[tuple[str | None, ast.AST]] = []
    if isinstance(value, ast.Dict):
        pairs = [
            (None if k is None else key_of(k), v)
            for k, v in zip(value.keys, value.values, strict=True)
        ]
    elif isinstance(value, (ast.List, ast.Tuple)):
        pairs = [(f"[{at}]", one) for at, one in enumerate(value.elts)]
    for key, one in pairs:
        if key is not None and isinstance(one, ast.Name) and one.id != name:
            scan.effects.append(Effect(STORE, name, key, Ref(one.id)))


def _store(scan: Scan, target: ast.AST, value: ast.AST | None) -> None:
    ref = root_of(target)
    _subscripts(scan, target)
    if ref is None:
        return
    if not scan.maybe and ref.name not in scan.local:
        scan.certain.add(ref.name)
    several = keys_of(target.slice) if isinstance(target, ast.Subscript) else None
    if ref.name in scan.local:
        scan.change(ref)
    elif is_part(target) and ref.key is not None:
        source = Ref(value.id) if isinstance(value, ast.Name) else None
        scan.effects.append(Effect(STORE, ref.name, stored_key(ref.key), source))
    elif several and isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        scan.effects += [Effect(STORE, ref.name, key) for key in several]
    else:
        for one in located(target) or [ref]:
            scan.change(one, how="again")


def _subscripts(scan: Scan, target: ast.AST) -> None:
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        if isinstance(target, ast.Subscript):
            scan.expression(target.slice)
        target = target.value
    if not isinstance(target, ast.Name):
        scan.expression(target)


def annotated(scan: Scan, node: ast.AnnAssign) -> None:
    """``a: int = b``."""
    if node.value is not None:
        scan.expression(node.value)
        bind_target(scan, node.target, node.value)


def augmented(scan: Scan, node: ast.AugAssign) -> None:
    """``a += b``."""
    scan.expression(node.value)
    ref = root_of(node.target)
    if ref is None:
        scan.expression(node.target)
        return
    scan.read(ref)
    if isinstance(node.target, ast.Name):
        if node.target.id in scan.local:
            scan.change(ref)
        scan.bind(node.target.id)
    elif is_part(node.target) and ref.name not in scan.local and ref.key is not None:
        scan.effects.append(Effect(STORE, ref.name, stored_key(ref.key)))
    else:
        _subscripts(scan, node.target)
        scan.change(ref)


def delete(scan: Scan, node: ast.Delete) -> None:
    """``del a, b["c"]``."""
    for target in node.targets:
        ref = root_of(target)
        if ref is None or (scan.is_function and ref.name not in scan.outer):
            continue
        if isinstance(target, ast.Name) or is_part(target):
            key = None if ref.key is None else stored_key(ref.key)
            scan.effects.append(Effect(DELETE, ref.name, key))
        else:
            scan.change(ref, how="again")
        scan.local.discard(ref.name) if ref.key is None else None
