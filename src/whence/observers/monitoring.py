"""Watching Python functions by local `sys.monitoring` events (Python 3.12 and later).

Nothing is patched: the interpreter tells when one of the watched code objects starts and returns.
Other code is not slowed. That a call ended by an exception is told by an event that only exists for
all code at once; it is switched on while a watched call is at work and off again once it has fired
`_IDLE_UNWINDS` times for nothing, so that many short calls don't switch to and fro.
"""

from __future__ import annotations

import inspect
import sys
import threading
import weakref
from types import CodeType, FunctionType
from typing import Any

from whence.observers.binding import bound, call_of, innermost, shared_cell
from whence.observers.call import AtWork, Watched, begin, finish, take, thread

_NAME = "whence"
_FREE_IDS = (4, 3)
"""The ids that Python gives to no kind of tool."""

_IDLE_UNWINDS = 1000


class _Code:
    """What is watched of one code object; a decorator's is shared by all that it decorates.

    ``around`` has the code of the decorators that call it, whose frames are not its callers.
    """

    __slots__ = ("around", "cell", "ref", "shared", "watched")

    def __init__(self, ref: weakref.ref[CodeType], cell: str | None) -> None:
        self.ref, self.cell = ref, cell
        self.around: frozenset[CodeType] = frozenset()
        self.watched: Watched | None = None
        self.shared: dict[str, list[tuple[FunctionType | None, Watched]]] = {}

    def find(self, frame: Any) -> tuple[Watched, Any] | None:
        """What this frame runs, with the function whose names its arguments have."""
        if self.cell is None:
            return None if self.watched is None else (self.watched, None)
        inner = frame.f_locals.get(self.cell)
        for function, watched in self.shared.get(getattr(inner, "__name__", ""), ()):
            if function is None or function is inner:
                return watched, innermost(inner)
        return None

    def caller(self, frame: Any) -> Any:
        """The frame that called the function, over its decorators."""
        outer = frame.f_back
        while outer is not None and outer.f_code in self.around:
            outer = outer.f_back
        return outer

    def forget(self, owned: set[Watched]) -> bool:
        """Drop what belongs to ``owned``; true when nothing is left to watch."""
        if self.watched in owned:
            self.watched = None
        kept = {
            name: [pair for pair in pairs if pair[1] not in owned]
            for name, pairs in self.shared.items()
        }
        self.shared = {name: pairs for name, pairs in kept.items() if pairs}
        return self.watched is None and not self.shared


_codes: dict[int, _Code] = {}
_at_work: set[int] = set()
_tool: int | None = None
_unwinding = False
_idle = 0


def _monitoring() -> Any:
    """`sys.monitoring`, which the oldest Python that we run on does not have."""
    return vars(sys)["monitoring"]


def is_available() -> bool:
    """Whether functions can be watched so: a Python that has it, and a free tool id."""
    return sys.version_info >= (3, 12) and (_tool is not None or _free_id() is not None)


def watch(
    function: FunctionType, watched: Watched, *, any_class: bool = False, undecorated: bool = False
) -> bool:
    """Tell ``watched`` of the calls of ``function``; false when that can't be done.

    ``any_class``: where the code is a decorator's, every function of that name under it counts.
    ``undecorated``: what the decorators hold is watched, so others under them are not slowed.
    """
    around, function = _undecorated(function) if undecorated else (frozenset(), function)
    code = function.__code__
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        return False
    if not _take_tool():
        return False
    entry = _codes.get(id(code))
    if entry is None:
        entry = _add(code, shared_cell(function))
        entry.around = around
    if entry.cell is None:
        entry.watched = watched
    else:
        inner = None if any_class else getattr(function, "__wrapped__", None)
        pairs = entry.shared.setdefault(function.__name__, [])
        if (inner, watched) not in pairs:
            pairs.append((inner, watched))
    return True


def forget(owned: set[Watched]) -> None:
    """Stop telling ``owned``; once nothing is watched the interpreter is as it was found."""
    if _tool is None:
        return
    for key, entry in list(_codes.items()):
        if entry.forget(owned):
            code = entry.ref()
            if code is not None:
                _monitoring().set_local_events(_tool, code, 0)
            _codes.pop(key, None)
    if not _codes:
        _give_tool_back()


def _free_id() -> int | None:
    return next((n for n in _FREE_IDS if _monitoring().get_tool(n) is None), None)


def _take_tool() -> bool:
    global _tool
    if _tool is not None:
        return True
    number = _free_id() if sys.version_info >= (3, 12) else None
    if number is None:
        return False
    monitoring, events = _monitoring(), _monitoring().events
    monitoring.use_tool_id(number, _NAME)
    monitoring.register_callback(number, events.PY_START, _started)
    monitoring.register_callback(number, events.PY_RETURN, _returned)
    monitoring.register_callback(number, events.PY_UNWIND, _unwound)
    _tool = number
    return True


def _give_tool_back() -> None:
    global _tool, _unwinding
    monitoring, events = _monitoring(), _monitoring().events
    monitoring.set_events(_tool, 0)
    for event in (events.PY_START, events.PY_RETURN, events.PY_UNWIND):
        monitoring.register_callback(_tool, event, None)
    monitoring.free_tool_id(_tool)
    _tool, _unwinding = None, False
    _at_work.clear()


def _add(code: CodeType, cell: str | None) -> _Code:
    key = id(code)
    entry = _codes[key] = _Code(weakref.ref(code, lambda _: _codes.pop(key, None)), cell)
    events = _monitoring().events
    _monitoring().set_local_events(_tool, code, events.PY_START | events.PY_RETURN)
    return entry


def _undecorated(function: FunctionType) -> tuple[frozenset[CodeType], FunctionType]:
    """The function under its decorators, and the code of these."""
    around: set[CodeType] = set()
    inner = getattr(function, "__wrapped__", None)
    while isinstance(inner, FunctionType):
        around.add(function.__code__)
        function, inner = inner, getattr(inner, "__wrapped__", None)
    return frozenset(around), function


def _set_unwinding(on: bool) -> None:
    global _unwinding, _idle
    if _tool is not None:
        _unwinding, _idle = on, 0
        _monitoring().set_events(_tool, _monitoring().events.PY_UNWIND if on else 0)


def _started(code: CodeType, offset: int) -> None:
    if thread.busy:
        return
    entry = _codes.get(id(code))
    if entry is None:
        return
    _at_work.add(threading.get_ident())
    if not _unwinding:
        _set_unwinding(True)
    frame = sys._getframe(1)
    found = entry.find(frame)
    if found is None:
        thread.stack.append(AtWork(id(code), None, None))
        return
    watched, inner = found
    begin(id(code), watched, entry.caller(frame), lambda: _arguments(frame, code, inner))


def _arguments(frame: Any, code: CodeType, inner: Any) -> dict[str, Any]:
    given, named = call_of(code, frame.f_locals)
    if inner is not None:
        return bound(inner, given, named)
    arguments = dict(zip(code.co_varnames, given, strict=False))
    if code.co_flags & inspect.CO_VARARGS:
        name = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        arguments[name] = frame.f_locals[name]
    return {**arguments, **named}


def _returned(code: CodeType, offset: int, result: object) -> None:
    _ended(code, result, None)


def _unwound(code: CodeType, offset: int, error: BaseException) -> None:
    global _idle
    if id(code) in _codes:
        _ended(code, None, error)
    elif not _at_work:
        _idle += 1
        if _idle > _IDLE_UNWINDS:
            _set_unwinding(False)
            if _at_work:
                _set_unwinding(True)


def _ended(code: CodeType, result: object, error: BaseException | None) -> None:
    if thread.busy:
        return
    entry = take(id(code))
    if entry is not None:
        finish(entry, result, error)
    if not thread.stack:
        _at_work.discard(threading.get_ident())
