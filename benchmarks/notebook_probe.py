"""Digests of all values of a kernel, part by part; imported in the kernel that is measured."""

from __future__ import annotations

import hashlib
import json
import re
import types
from collections.abc import Iterator
from typing import Any

_ADDRESS = re.compile(r"0x[0-9a-f]+")
_OWN = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open"})
_MOST = 6


def digests(names: dict[str, Any]) -> str:
    """JSON: of each global the digests of its parts; ``""`` is what it is beside them."""
    found = {}
    for name, value in list(names.items()):
        if name.startswith("_") or name in _OWN or isinstance(value, types.ModuleType):
            continue
        found[name] = {part: _digest(inner) for part, inner in _parts(value)}
    return json.dumps(found)


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    kind = type(value)
    if kind.__name__ == "DataFrame" and hasattr(value, "index"):
        yield "", ("frame", list(value.index))
        for column in value.columns:
            yield str(column), value[column].to_numpy()
    elif kind is dict:
        yield "", "dict"
        for key, inner in value.items():
            yield str(key), inner
    elif (
        hasattr(value, "__dict__") and kind.__module__ == "__main__" and not isinstance(value, type)
    ):
        yield "", kind.__name__
        yield from ((key, inner) for key, inner in vars(value).items())
    else:
        yield "", value


def _digest(value: Any) -> str:
    return hashlib.sha256(_told(value, 0).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _told(value: Any, depth: int) -> str:
    """The value as text that is the same for equal values, in any process."""
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        return f"{name}:{value!r}"
    if depth > _MOST:
        return name
    if kind.__module__.startswith("numpy") and hasattr(value, "tobytes"):
        if str(getattr(value, "dtype", "")) == "object":
            return f"{name}:{[_told(one, depth + 1) for one in value.ravel()[:1000]]}"
        return f"{name}:{value.dtype}:{value.shape}:{hashlib.sha256(value.tobytes()).hexdigest()}"
    if hasattr(value, "bit_generator"):
        return f"{name}:{_told(value.bit_generator.state, depth + 1)}"
    if kind.__name__ == "RandomState":
        return f"{name}:{_told(value.get_state(), depth + 1)}"
    if isinstance(value, dict):
        return f"{name}:{[(_told(k, depth + 1), _told(v, depth + 1)) for k, v in value.items()]}"
    if isinstance(value, (set, frozenset)):
        return f"{name}:{sorted(_told(one, depth + 1) for one in value)}"
    if isinstance(value, (list, tuple)):
        return f"{name}:{[_told(one, depth + 1) for one in value]}"
    if kind.__module__ != "builtins" or getattr(value, "__module__", "__main__") == "__main__":
        pass
    elif isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return f"{name}:{value.__module__}.{value.__qualname__}"  # a library's: not its code
    if isinstance(value, types.FunctionType):
        code = value.__code__
        return (
            f"{name}:{code.co_code.hex()}:{code.co_names}:{_ADDRESS.sub('', repr(code.co_consts))}"
        )
    if isinstance(value, type):
        own = {k: v for k, v in vars(value).items() if isinstance(v, types.FunctionType)}
        return f"{name}:{value.__qualname__}:{_told(own, depth + 1)}"
    if hasattr(value, "to_numpy") and hasattr(value, "index"):
        inner = [_told(value.to_numpy(), depth + 1), _told(list(value.index), depth + 1)]
        return f"{name}:{inner}:{list(getattr(value, 'columns', ()))}"
    if kind.__module__.startswith("matplotlib"):
        return name
    state = getattr(value, "__dict__", None)
    if isinstance(state, dict) and state:
        return f"{name}:{_told(state, depth + 1)}"
    return f"{name}:{_ADDRESS.sub('', repr(value))}"
