"""The module whose parameters an optimizer was given, found where the program has it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from types import FrameType, GeneratorType
from typing import Any

from whence.capture.guard import asked
from whence.observers.callsite import USER, origin
from whence.observers.describe import is_a
from whence.observers.torch.models import weights_of

_MOST_FRAMES = 8
_MOST_MODULES = 50


def module_giving(parameters: Any) -> Any:
    """The module of ``module.parameters()``, asked of the generator before it runs; or None."""
    if not isinstance(parameters, GeneratorType):
        return None
    owner = asked(lambda: inspect.getgeneratorlocals(parameters).get("self"), None)
    return owner if is_a(owner, "torch.nn", "Module") else None


def module_of(weights: list[Any]) -> Any:
    """The largest module with all these parameters among the variables of the calling code."""
    wanted = {id(weight) for weight in weights}
    best, most = None, 0
    for module in _modules_in_sight():
        own = {id(weight) for weight in weights_of(module)}
        if wanted <= own and len(own) > most:
            best, most = module, len(own)
    return best


def _modules_in_sight() -> list[Any]:
    """The modules that the user's frames name, or that an object has which is ``self`` there."""
    found: dict[int, Any] = {}
    frame: FrameType | None = sys._getframe(1)
    seen = 0
    while frame is not None and seen < _MOST_FRAMES and len(found) < _MOST_MODULES:
        if origin(frame.f_code.co_filename) == USER:
            seen += 1
            found.update((id(one), one) for one in _named_in(frame))
        frame = frame.f_back
    return list(found.values())[:_MOST_MODULES]


def _named_in(frame: FrameType) -> Iterator[Any]:
    values = list(frame.f_locals.values())
    values += asked(lambda: list(vars(frame.f_locals["self"]).values()), [])
    if frame.f_locals is not frame.f_globals:
        values += [frame.f_globals.get(name) for name in frame.f_code.co_names]
    return (value for value in values if is_a(value, "torch.nn", "Module"))
