"""What is known of the objects that variables stand for: class, shape and columns.

Nothing is asked of the kernel: a call that was recorded is found in the cell's source by its place,
and what it gave, or was given, by the names that stand there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from whence.query.plain import clean, plain
from whence.service.notebook.binding import Bindings, State
from whence.service.notebook.contents import Call, Contents
from whence.service.notebook.record import Execution
from whence.store.protocol import Edge

MOST_COLUMNS = 200


class Site(NamedTuple):
    """A call in a source: the names that its value is given to, the name whose method it calls
    (or empty), and its arguments: a name, or empty for any other expression."""

    targets: tuple[str, ...]
    receiver: str
    arguments: tuple[str, ...]


Span = tuple[int, ...]


@lru_cache(maxsize=1024)
def sites_in(source: str) -> Mapping[Span, Site]:
    """The calls of a source by where they stand; none where it does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[Span, Site] = {}
    for statement in tree.body:
        value = getattr(statement, "value", None)
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                targets = _targets(statement) if node is value else ()
                found[_span(node)] = Site(targets, _receiver(node), tuple(map(_name, node.args)))
    return found


def _span(node: ast.Call) -> Span:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


def _targets(statement: ast.stmt) -> tuple[str, ...]:
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    if len(targets) != 1:
        return ()
    one = targets[0]
    parts = one.elts if isinstance(one, ast.Tuple | ast.List) else [one]
    names = tuple(map(_name, parts))
    return names if all(names) else ()


def _receiver(call: ast.Call) -> str:
    return _name(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def _name(node: ast.AST | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def described(
    source: str, one: Execution, contents: Contents, bindings: Bindings
) -> dict[State, dict[str, Any]]:
    """What is known of variables by the calls of one execution: attributes of their states."""
    calls = contents.calls.get(one.number)
    if not calls:
        return {}
    used = {state.name: state for state in bindings.used.get(one.n, ())}
    used |= {name: State(name, one.n) for name in one.bound}
    sites, found = sites_in(source), {}
    for call in calls:
        site = sites.get(tuple(call.told.get("span") or ()))
        if site is None:
            continue
        for name, entity in _handed(call, site, contents):
            if name in used:
                found[used[name]] = attributes_told(contents.told.get(entity, {}))
        for name, entity in _given(call, site, contents):
            found[State(name, one.n)] = attributes_told(contents.told.get(entity, {}))
    return found


def _handed(call: Call, site: Site, contents: Contents) -> Iterator[tuple[str, int]]:
    for edge in contents.handed.get(call.node.number, ()):
        name = _argument(call, site, edge)
        if name:
            yield name, edge.target


def _given(call: Call, site: Site, contents: Contents) -> Iterator[tuple[str, int]]:
    given = sorted(contents.given.get(call.node.number, ()))
    if site.targets and len(given) == len(site.targets):
        yield from zip(site.targets, given, strict=True)
    elif site.receiver and len(given) == 1:
        yield site.receiver, given[0]


def _argument(call: Call, site: Site, edge: Edge) -> str:
    places = call.told.get("data") or call.told.get("given") or {}
    at = places.get(edge.role) if isinstance(places, dict) else None
    if isinstance(at, int) and 0 <= at < len(site.arguments):
        return site.arguments[at]
    return ""


def attributes_told(told: Mapping[str, Any]) -> dict[str, Any]:
    """The columns and a summary of an object, as far as they are recorded."""
    found: dict[str, Any] = {}
    columns = told.get("columns") or told.get("feature_names")
    if isinstance(columns, list | tuple):
        found["columns"] = [_column(one) for one in columns[:MOST_COLUMNS]]
    kind, shape = str(told.get("class", "")).rpartition(".")[2], told.get("shape")
    size = " × ".join(map(str, shape)) if isinstance(shape, list | tuple) else ""
    if kind or size:
        found["summary"] = clean(f"{kind} {size}".strip())
    return found


def _column(label: Any) -> str:
    shown = plain(label)
    return shown if isinstance(shown, str) else str(shown)
