"""The hyperparameters of an estimator, with nested estimators by class and dotted into."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

from whence.capture.guard import asked
from whence.model.value import typed
from whence.observers.describe import is_a, is_array, is_frame

_MAX_DEPTH = 4
_MAX_ITEMS = 50
_MAX_TEXT = 200

_names: weakref.WeakKeyDictionary[type, list[str]] = weakref.WeakKeyDictionary()


def hyperparameters(estimator: Any) -> dict[str, Any]:
    """The parameters by name, as scikit-learn spells nested ones (``clf__C``), typed."""
    found: dict[str, Any] = {}
    _collect(estimator, "", found, 0)
    return found


def own_parameters(estimator: Any) -> dict[str, Any]:
    """The parameters of an estimator itself; of those that are estimators their names or class."""
    found: dict[str, Any] = {}
    for name in _parameter_names(type(estimator)):
        value = asked(lambda name=name: getattr(estimator, name), None)  # type: ignore[misc]  # of no type
        named = _named_estimators(value)
        if named or _has_parameters(value):
            found[name] = [one for one, _ in named] or type(value).__name__
        else:
            found[name] = _plain(value, 0)
    return found


def plain_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that were given by name, typed; an estimator by its class."""
    return {str(name): _plain(value, 0) for name, value in parameters.items()}


def class_path(thing: object) -> str:
    """The class of a thing, with its module."""
    cls = type(thing)
    return f"{cls.__module__}.{cls.__qualname__}"


def _collect(estimator: Any, prefix: str, found: dict[str, Any], depth: int) -> None:
    for name in _parameter_names(type(estimator)):
        value = asked(lambda name=name: getattr(estimator, name), None)  # type: ignore[misc]  # of no type
        _add(prefix + name, prefix, value, found, depth)


def _add(key: str, prefix: str, value: Any, found: dict[str, Any], depth: int) -> None:
    if _has_parameters(value):
        found[key] = type(value).__name__
        if depth < _MAX_DEPTH:
            _collect(value, f"{key}__", found, depth + 1)
        return
    named = _named_estimators(value)
    if named and depth < _MAX_DEPTH:
        found[key] = [name for name, _ in named]
        for name, part in named:
            _add(prefix + name, prefix, part, found, depth + 1)
    else:
        found[key] = _plain(value, 0)


def _named_estimators(value: Any) -> list[tuple[str, Any]]:
    """The (name, estimator) pairs of ``steps``, ``transformers`` and ``estimators``."""
    if not isinstance(value, list | tuple) or not value:
        return []
    pairs = [
        (part[0], part[1])
        for part in value
        if isinstance(part, tuple) and len(part) >= 2 and isinstance(part[0], str)
    ]
    return pairs if len(pairs) == len(value) <= _MAX_ITEMS else []


def _plain(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | int | float | str | bytes | complex):
        return typed(value)
    if is_array(value) or is_a(value, "numpy", "generic"):
        return typed(value)
    if is_frame(value):
        return type(value).__name__
    if depth < _MAX_DEPTH and isinstance(value, dict) and len(value) <= _MAX_ITEMS:
        return {str(key): _plain(part, depth + 1) for key, part in value.items()}
    if depth < _MAX_DEPTH and isinstance(value, list | tuple) and len(value) <= _MAX_ITEMS:
        return typed(type(value)([_plain(part, depth + 1) for part in value]))
    return _named(value)


def _named(value: Any) -> str:
    """A function or class by its name, another object by its short text."""
    name = getattr(value, "__qualname__", None)
    if isinstance(name, str):
        return f"{getattr(value, '__module__', '')}.{name}".lstrip(".")
    if isinstance(value, dict | list | tuple | set | frozenset):
        return f"{type(value).__name__} of {len(value)}"
    if type(value).__module__.startswith("sklearn.model_selection"):
        return asked(lambda: repr(value)[:_MAX_TEXT], type(value).__name__)
    return class_path(value)


def _has_parameters(value: Any) -> bool:
    return not isinstance(value, type) and callable(getattr(type(value), "get_params", None))


def _parameter_names(cls: type) -> list[str]:
    names = _names.get(cls)
    if names is None:
        names = _names[cls] = asked(lambda: _asked_names(cls), [])
    return names


def _asked_names(cls: Any) -> list[str]:
    if hasattr(cls, "_get_param_names"):
        return list(cls._get_param_names())
    return []
