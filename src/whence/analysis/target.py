"""What is bound by a target or a pattern: names, and parts of objects."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.definition import ASSIGN, STAR, STORE, Definition, Place, Write
from whence.analysis.path import Path, access, key_of

if TYPE_CHECKING:
    from whence.analysis.building import Builder


def bind(
    builder: Builder,
    target: ast.expr,
    value: ast.AST,
    path: Path,
    place: Place,
    is_added: bool = False,
) -> None:
    """Give ``target`` the part ``path`` of ``value``, which is evaluated at ``place``."""
    if isinstance(target, ast.Name):
        builder.define(Definition(ASSIGN, target.id, value, place, path))
    elif isinstance(target, (ast.Attribute, ast.Subscript)):
        builder.scan(target, place)
        base, keys, _, is_part = access(target)
        is_added = is_added or len(keys) > 1 or not is_part
        at = Place(place.scope, builder.block, builder.order, place.statement)
        for key in keys:
            write = Write(STORE, base, (key,), value, path, at, is_added)
            builder.flow.writes.append(write)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _bind_elements(builder, target.elts, value, path, place)


def _bind_elements(
    builder: Builder, targets: list[ast.expr], value: ast.AST, path: Path, place: Place
) -> None:
    is_starred = False
    for number, target in enumerate(targets):
        if isinstance(target, ast.Starred):
            is_starred = True
            _bind_rest(builder, targets, number, value, path, place)
        else:
            key = None if is_starred else number
            known = _element(value, path, number - len(targets)) if is_starred else None
            if known is not None:
                bind(builder, target, known, (), place)
            else:
                bind(builder, target, value, (*path, key), place)


def _bind_rest(
    builder: Builder,
    targets: list[ast.expr],
    number: int,
    value: ast.AST,
    path: Path,
    place: Place,
) -> None:
    """Bind the target that is starred to what the others leave."""
    starred = targets[number]
    assert isinstance(starred, ast.Starred)
    if isinstance(value, (ast.Tuple, ast.List)) and not path and _is_plain(value):
        end = len(value.elts) - (len(targets) - number - 1)
        rest = ast.copy_location(ast.List(value.elts[number:end], ast.Load()), value)
        bind(builder, starred.value, rest, (), place)
    elif isinstance(starred.value, ast.Name):
        builder.define(Definition(STAR, starred.value.id, value, place, path))


def _element(value: ast.AST, path: Path, number: int) -> ast.expr | None:
    """The element of a display, counted from its end."""
    if isinstance(value, (ast.Tuple, ast.List)) and not path and _is_plain(value):
        return value.elts[number] if -number <= len(value.elts) else None
    return None


def _is_plain(value: ast.Tuple | ast.List) -> bool:
    return not any(isinstance(element, ast.Starred) for element in value.elts)


def bind_pattern(
    builder: Builder, pattern: ast.pattern, value: ast.AST, path: Path, place: Place
) -> None:
    """Bind the names that a pattern of ``match`` captures."""
    if isinstance(pattern, (ast.MatchAs, ast.MatchStar)):
        if pattern.name is not None:
            kind = STAR if isinstance(pattern, ast.MatchStar) else ASSIGN
            builder.define(Definition(kind, pattern.name, value, place, path))
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
            bind_pattern(builder, pattern.pattern, value, path, place)
    for part, key in _parts(pattern):
        inner = path if isinstance(part, ast.MatchStar) or key == "" else (*path, key)
        bind_pattern(builder, part, value, inner, place)
    if isinstance(pattern, ast.MatchMapping) and pattern.rest is not None:
        builder.define(Definition(ASSIGN, pattern.rest, value, place, path))


def _parts(pattern: ast.pattern) -> list[tuple[ast.pattern, str | int | None]]:
    """The patterns inside a pattern, with their keys; an empty key means the whole."""
    if isinstance(pattern, ast.MatchOr):
        return [(part, "") for part in pattern.patterns]
    if isinstance(pattern, ast.MatchSequence):
        stars = [isinstance(part, ast.MatchStar) for part in pattern.patterns]
        first = stars.index(True) if any(stars) else len(stars)
        return [(part, n if n < first else None) for n, part in enumerate(pattern.patterns)]
    if isinstance(pattern, ast.MatchMapping):
        keys = [key_of(key) for key in pattern.keys]
        return list(zip(pattern.patterns, keys, strict=True))
    if isinstance(pattern, ast.MatchClass):
        named = [(part, f".{name}") for part, name in _named(pattern)]
        return [*((part, "") for part in pattern.patterns), *named]
    return []


def _named(pattern: ast.MatchClass) -> list[tuple[ast.pattern, str]]:
    return list(zip(pattern.kwd_patterns, pattern.kwd_attrs, strict=True))


def is_irrefutable(pattern: ast.pattern) -> bool:
    """Whether a pattern takes everything."""
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
