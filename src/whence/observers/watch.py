"""How an observer watches callables, and how all is left as it was found.

On Python 3.12 and later a Python function is watched by events of the interpreter (`monitoring`);
on 3.11, when no slot for that is free, and for functions written in C, by a wrapper (`wrapping`).
An observer does not see which.
"""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType

from whence.capture.guard import guarded
from whence.capture.session import Session
from whence.observers import monitoring, wrapping
from whence.observers.binding import python_function
from whence.observers.call import Told, Watched, When

_IMMUTABLE = 1 << 8
"""``Py_TPFLAGS_IMMUTABLETYPE``."""


class Watcher:
    """Watches callables for one observer, named ``observer`` in what is reported.

    ``counts_frames``: see `whence.observers.wrapping.wrapper_of`; ``undecorated``: see
    `whence.observers.monitoring.watch`. A failure of the observer ends
    all of its watching, is counted as a gap, and leaves the library as it was found.
    """

    def __init__(
        self,
        session: Session,
        observer: str,
        *,
        counts_frames: bool = False,
        undecorated: bool = False,
    ) -> None:
        self._session = session
        self._observer = observer
        self._counts_frames = counts_frames
        self._undecorated = undecorated
        self._watched: set[Watched] = set()
        self._places: list[wrapping.Place] = []
        self._uses_monitoring = monitoring.is_available()
        self.is_on = True
        if _needs_wrapper():
            detail = f"no slot of sys.monitoring was free for the {observer} observer"
            session.recorder.count_gap("watched-by-wrapper", session.process, detail=detail)

    def watch(
        self,
        name: str,
        *,
        returned: Told | None = None,
        called: Told | None = None,
        group: str = "",
        when: When = "by user",
    ) -> Watched:
        """Something to be told of, which `function` and `method` then attach to callables.

        ``called`` is told when it starts, ``returned`` when it has returned or raised. Of the
        calls in one ``group`` only the outermost counts; ``when`` says which others do not.
        """
        watched = Watched(name, group or self._observer, when, called, returned, self.fail)
        watched.is_on = self.is_on
        self._watched.add(watched)
        return watched

    def function(self, module: ModuleType, name: str, watched: Watched) -> bool:
        """Watch ``module.name``; false when the module has no such callable."""
        attribute = vars(module).get(name)
        if not callable(attribute) or not self.is_on:
            return False
        function = python_function(attribute)
        if not (self._uses_monitoring and function and self._monitored(function, watched)):
            self._places += wrapping.put_in_modules(
                module, name, watched, counts_frames=self._counts_frames
            )
        return True

    def method(
        self, owner: type, name: str, watched: Watched, *, written_in_c: bool = False
    ) -> bool:
        """Watch the method that ``owner`` itself defines; false when it defines none.

        One that is written in C is watched only when ``written_in_c`` says so, and only in a class
        whose attributes may be set.
        """
        attribute = vars(owner).get(name)
        if attribute is None or not self.is_on:
            return False
        function = python_function(attribute)
        if function is None and not (written_in_c and _is_open(owner)):
            return False
        if (
            function is not None
            and self._uses_monitoring
            and self._monitored(function, watched, any_class=True)
        ):
            return True
        self._places += wrapping.put_in_class(
            owner, name, watched, counts_frames=self._counts_frames
        )
        return True

    def _monitored(
        self, function: FunctionType, watched: Watched, *, any_class: bool = False
    ) -> bool:
        return monitoring.watch(
            function, watched, any_class=any_class, undecorated=self._undecorated
        )

    def detach(self) -> None:
        """Stop watching and put back what was replaced; a second call does nothing."""
        self.is_on = False
        for watched in self._watched:
            watched.is_on = False
        monitoring.forget(self._watched)
        while self._places:
            self._places.pop().restore()
        self._watched = set()

    def fail(self) -> None:
        """End all watching after a failure, and count it."""
        with guarded("observer-failed", f"{self._observer}: detach"):
            self.detach()
        self._session.recorder.count_gap(
            "observer-failed", self._session.process, detail=f"the {self._observer} observer"
        )


def _is_open(cls: type) -> bool:
    """Whether the attributes of a class may be set."""
    return not cls.__flags__ & _IMMUTABLE


def _needs_wrapper() -> bool:
    """Whether this Python could watch without a wrapper but has no free slot for it."""
    return sys.version_info >= (3, 12) and not monitoring.is_available()
