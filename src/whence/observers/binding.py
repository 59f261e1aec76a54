"""What a call was given, by name: from a frame that just began, or from args and kwargs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import Any


def python_function(attribute: Any) -> FunctionType | None:
    """The Python function that runs when ``attribute`` of a module or class is called.

    It looks through bound and static methods and descriptors such as scikit-learn's
    ``available_if``, but not into decorators. None for a callable written in C.
    """
    for _ in range(8):
        if isinstance(attribute, FunctionType):
            return attribute
        if isinstance(attribute, type):
            return None
        attribute = getattr(attribute, "__func__", None) or getattr(attribute, "__wrapped__", None)
        if attribute is None:
            return None
    return None


def innermost(function: Any) -> Any:
    """The function under all its decorators."""
    return inspect.unwrap(function)


def shared_cell(function: FunctionType) -> str | None:
    """For a function made by a decorator: the name of the cell that holds the decorated one.

    All functions of one decorator share their code; the cell tells which one runs.
    """
    inner = getattr(function, "__wrapped__", None)
    if inner is None:
        return None
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        if _content(cell) is inner:
            return name
    return None


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def call_of(code: CodeType, values: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The positional and the named arguments that a frame of ``code`` began with."""
    names = code.co_varnames
    given = [values[name] for name in names[: code.co_argcount]]
    at = code.co_argcount + code.co_kwonlyargcount
    named = {name: values[name] for name in names[code.co_argcount : at]}
    if code.co_flags & inspect.CO_VARARGS:
        given += values[names[at]]
        at += 1
    if code.co_flags & inspect.CO_VARKEYWORDS:
        named.update(values[names[at]])
    return given, named


def bound(
    function: Callable[..., Any], given: list[Any] | tuple[Any, ...], named: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments by the names that ``function`` has for them; defaults only of Python ones."""
    code = getattr(function, "__code__", None)
    if code is None:
        return bound_in_c(names_in_c(function), given, named)
    count = code.co_argcount
    names = code.co_varnames[:count]
    arguments = dict(zip(names, given, strict=False))
    if code.co_flags & inspect.CO_VARARGS:
        arguments[code.co_varnames[count + code.co_kwonlyargcount]] = tuple(given[count:])
    arguments.update(named)
    for name, value in zip(reversed(names), reversed(_defaults(function)), strict=False):
        arguments.setdefault(name, value)
    for name, value in (getattr(function, "__kwdefaults__", None) or {}).items():
        arguments.setdefault(name, value)
    return arguments


def _defaults(function: Any) -> tuple[Any, ...]:
    return getattr(function, "__defaults__", None) or ()


def names_in_c(function: Callable[..., Any]) -> list[str]:
    """The names of the parameters of a function written in C, as far as it tells them."""
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


def bound_in_c(
    names: list[str], given: list[Any] | tuple[Any, ...], named: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments by those names; the others by their place."""
    if len(given) > len(names):
        names = [*names, *(f"argument_{n}" for n in range(len(names), len(given)))]
    return {**dict(zip(names, given, strict=False)), **named}
