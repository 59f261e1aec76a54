"""Watching callables by a wrapper in their place: on Python 3.11, and for those written in C.

The wrapper has the name, module, documentation and signature of the original, pickles as it does,
leaves no frame of its own in a traceback, and is not counted by `warnings`. It is put wherever a
loaded module holds the original under its name, and under any name in the user's own modules.
"""

from __future__ import annotations

import functools
import itertools
import sys
import weakref
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any, NamedTuple, cast

from whence.capture.process.taken import cut_our_frame
from whence.observers.binding import (
    bound,
    bound_in_c,
    innermost,
    names_in_c,
    python_function,
)
from whence.observers.call import AtWork, Watched, begin, finish, take, thread
from whence.observers.callsite import HIDDEN, USER, origin

_ArgumentsOf = Callable[[tuple[Any, ...], dict[str, Any]], dict[str, Any]]

_keys = itertools.count(-1, -1).__next__
_wrappers: weakref.WeakSet[FunctionType] = weakref.WeakSet()


class Place(NamedTuple):
    """Where a wrapper was put, and what was there."""

    owner: Any
    name: str
    original: Any
    wrapper: Any

    def restore(self) -> None:
        """Put the original back, unless somebody has put something else there since."""
        if vars(self.owner).get(self.name) is self.wrapper:
            _put(self.owner, self.name, self.original)


def put_in_class(
    owner: type, name: str, watched: Watched, *, counts_frames: bool = False
) -> list[Place]:
    """Wrap the method ``name`` that ``owner`` itself defines."""
    original = vars(owner)[name]
    function = python_function(original) or original
    if is_wrapper(function):
        return []
    wrapper: Any = wrapper_of(function, watched, counts_frames)
    if isinstance(original, staticmethod | classmethod):
        wrapper = type(original)(wrapper)
    elif function is not original:
        return _put_in_descriptor(original, function, wrapper)
    _put(owner, name, wrapper)
    return [Place(owner, name, original, wrapper)]


def put_in_modules(
    module: ModuleType, name: str, watched: Watched, *, counts_frames: bool = False
) -> list[Place]:
    """Wrap the function ``name`` of ``module`` there and wherever else it is held."""
    original = vars(module)[name]
    if is_wrapper(original):
        return []
    wrapper = wrapper_of(original, watched, counts_frames)
    places = [Place(m, held_as, original, wrapper) for m, held_as in _holders(original, name)]
    for place in places:
        _put(place.owner, place.name, wrapper)
    return places


def wrapper_of(original: Callable[..., Any], watched: Watched, counts_frames: bool) -> FunctionType:
    """A function that behaves as ``original`` and tells ``watched``.

    ``counts_frames``: the library finds the user's frame by passing over those of its own files or
    modules (pandas to warn, duckdb to find the frame that a query names), so the wrapper passes for
    one of them.
    """
    start, end, cut = _start, _end, cut_our_frame
    arguments_of = _binder(innermost(original))

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        entry = start(watched, arguments_of, args, kwargs)
        try:
            result = original(*args, **kwargs)
        except BaseException as error:
            end(entry, None, error)
            cut(error)
            raise
        end(entry, result, None)
        return result

    made = cast(FunctionType, wrapper)
    if counts_frames:
        made = FunctionType(made.__code__, _globals_of(original), closure=made.__closure__)
    _copy_looks(original, made)
    code = getattr(original, "__code__", None)
    filename = code.co_filename if counts_frames and code is not None else HIDDEN
    made.__code__ = made.__code__.replace(
        co_filename=filename, co_name=getattr(original, "__name__", "wrapper")
    )
    _wrappers.add(made)
    return made


def _globals_of(function: Any) -> dict[str, Any]:
    """The globals of a function; of one written in C those of its library's top module.

    An extension module is called as its package with an underscore before it.
    """
    found = getattr(function, "__globals__", None)
    if found is None:
        top = (getattr(function, "__module__", None) or "").partition(".")[0].lstrip("_")
        found = vars(sys.modules.get(top, sys.modules[__name__]))
    return cast("dict[str, Any]", found)


def is_wrapper(function: object) -> bool:
    """Whether ``function`` is one of ours."""
    return isinstance(function, FunctionType) and function in _wrappers


def _copy_looks(original: Any, wrapper: Any) -> None:
    functools.update_wrapper(wrapper, original)
    wrapper.__module__ = getattr(original, "__module__", None)
    wrapper.__wrapped__ = original


def _binder(function: Any) -> _ArgumentsOf:
    """What gives the arguments of a call by name; C functions are asked for theirs but once."""
    if hasattr(function, "__code__"):
        return functools.partial(bound, function)
    return functools.partial(bound_in_c, names_in_c(function))


def _start(
    watched: Watched, arguments_of: _ArgumentsOf, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> AtWork | None:
    if thread.busy or not watched.is_on:
        return None
    caller = sys._getframe(2)
    return begin(_keys(), watched, caller, lambda: arguments_of(args, kwargs))


def _end(entry: AtWork | None, result: Any, error: BaseException | None) -> None:
    if entry is not None and not thread.busy and take(entry.key) is entry:
        finish(entry, result, error)


def _put(owner: Any, name: str, value: Any) -> None:
    if isinstance(owner, type):
        try:
            type.__setattr__(owner, name, value)
        except TypeError:  # A metaclass that is written in C has a way of its own.
            setattr(owner, name, value)
    else:
        vars(owner)[name] = value


def _put_in_descriptor(descriptor: Any, function: FunctionType, wrapper: Any) -> list[Place]:
    """For a descriptor that holds its function in an attribute (``available_if``)."""
    places = [
        Place(descriptor, name, function, wrapper)
        for name, value in vars(descriptor).items()
        if value is function
    ]
    for place in places:
        _put(descriptor, place.name, wrapper)
    return places


def _holders(original: Any, name: str) -> Iterator[tuple[ModuleType, str]]:
    for key, module in list(sys.modules.items()):
        names = getattr(module, "__dict__", None)
        if names is None:
            continue
        if _is_users(key, module):
            for held_as, value in list(names.items()):
                if value is original:
                    yield module, held_as
        elif names.get(name) is original:
            yield module, name


_users: dict[str, bool] = {}
"""Whose each loaded module is: asked once for a name, since thousands are loaded."""


def _is_users(key: str, module: ModuleType) -> bool:
    known = _users.get(key)
    if known is None:
        file = vars(module).get("__file__")
        known = _users[key] = origin(file or _default_file(module)) == USER
    return known


def _default_file(module: ModuleType) -> str:
    """For a module without a file: the program typed in (``-c``) is the user's, others are not."""
    return "<string>" if vars(module).get("__name__") == "__main__" else "<frozen "
