"""A watched call: when it counts as the user's, and what an observer is told of it.

Both ways of watching (`monitoring`, `wrapping`) end here: `begin` when a watched callable starts,
`finish` when it returned or raised.

Every watched call that is at work lies on a stack of its thread. Of those in one *group* only the
outermost counts: a ``fit`` inside a ``Pipeline.fit`` is the library's, whoever's class it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Literal

from whence._base.clock import mono_ns, wall_ns
from whence.capture.guard import guarded
from whence.observers.callsite import CallSite, direct_user_frame, site_of, user_frame

When = Literal["by user", "outermost", "always"]
"""Which calls are told: those that the user's code makes itself; the outermost of the group, also
when a library makes it on behalf of the user's code; or every one (for our own plumbing)."""


class Call:
    """One call of a watched callable.

    ``arguments`` are bound by name (``*args`` under its name, ``**kwargs`` merged), as they were at
    the start; ``first`` is the first of them, ``self`` in a method. ``note`` is for the observer.
    Set at the end: ``result``, or ``error`` when the call raised, which is there only while the
    observer is told.
    """

    __slots__ = (
        "arguments", "by_user", "error", "mono", "name", "note", "result", "site", "started_at",
    )  # fmt: skip

    def __init__(self, name: str, site: CallSite | None, by_user: bool) -> None:
        self.name = name
        self.site = site
        self.by_user = by_user
        self.arguments: dict[str, Any] = {}
        self.started_at, self.mono = wall_ns(), mono_ns()
        self.result: Any = None
        self.error: BaseException | None = None
        self.note: Any = None

    @property
    def first(self) -> Any:
        return next(iter(self.arguments.values()), None)


Told = Callable[[Call], None]


class Watched:
    """A callable that is watched, and who is told of its calls."""

    __slots__ = ("called", "fail", "group", "is_on", "name", "returned", "when")

    def __init__(
        self,
        name: str,
        group: str,
        when: When,
        called: Told | None,
        returned: Told | None,
        fail: Callable[[], None],
    ) -> None:
        self.name, self.group, self.when = name, group, when
        self.called, self.returned, self.fail = called, returned, fail
        self.is_on = True

    def __reduce__(self) -> tuple[Callable[[], Watched], tuple[()]]:
        """In another process nobody is told: a class may travel there by value."""
        return unwatched, ()


def unwatched() -> Watched:
    """A watched callable that nobody watches."""
    watched = Watched("", "", "by user", None, None, _nothing)
    watched.is_on = False
    return watched


def _nothing() -> None:
    """What fails where nobody watches."""


class AtWork:
    """An entry of a thread's stack: a watched callable at work, and its call if that counts."""

    __slots__ = ("call", "key", "watched")

    def __init__(self, key: int, watched: Watched | None, call: Call | None) -> None:
        self.key, self.watched, self.call = key, watched, call


class _Thread(threading.local):
    """What this thread is at: ``busy`` inside our own callbacks, where nothing is watched."""

    def __init__(self) -> None:
        self.busy = False
        self.stack: list[AtWork] = []


thread = _Thread()


def begin(
    key: int, watched: Watched, caller: FrameType | None, arguments: Callable[[], dict[str, Any]]
) -> AtWork:
    """Put a call on the stack and, when it counts, tell the observer that it starts."""
    call = _counted(watched, caller)
    entry = AtWork(key, watched, call)
    if call is not None:
        thread.busy = True
        try:
            with guarded("observer-failed", watched.name, watched.fail):
                call.arguments = arguments()
                if watched.called is not None:
                    watched.called(call)
        finally:
            thread.busy = False
    thread.stack.append(entry)
    return entry


def finish(entry: AtWork, result: Any, error: BaseException | None) -> None:
    """Tell the observer how a call ended, if it counts."""
    call, watched = entry.call, entry.watched
    if call is None or watched is None or watched.returned is None or not watched.is_on:
        return
    call.result, call.error = result, error
    thread.busy = True
    try:
        with guarded("observer-failed", watched.name, watched.fail):
            watched.returned(call)
    finally:
        thread.busy = False
        call.error = None  # Its frames hold this call: nobody would let go of either.


def take(key: int) -> AtWork | None:
    """Take the innermost entry of ``key`` off the stack, and all above it."""
    stack = thread.stack
    for at in range(len(stack) - 1, -1, -1):
        if stack[at].key == key:
            entry = stack[at]
            del stack[at:]
            return entry
    return None


def _counted(watched: Watched, caller: FrameType | None) -> Call | None:
    if not watched.is_on:
        return None
    if watched.when == "always":
        return Call(watched.name, None, False)
    group = watched.group
    for entry in thread.stack:
        if entry.watched is not None and entry.watched.group == group:
            return None
    frame = direct_user_frame(caller)
    by_user = frame is not None
    if frame is None and watched.when == "outermost" and not thread.stack:
        frame = user_frame(caller)
    return None if frame is None else Call(watched.name, site_of(frame), by_user)
