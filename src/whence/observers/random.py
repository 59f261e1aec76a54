"""Random seeds that a program sets by ``random.seed``, recorded as parameters ``seed.random``.

``PYTHONHASHSEED`` is recorded with the environment; the seeds of numpy and torch belong to the
observers of these libraries.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, ClassVar

from whence._base.clock import wall_ns
from whence.capture.guard import guarded
from whence.capture.session import Session
from whence.model.event import ParamsLogged
from whence.model.value import typed

_guard = guarded("observer-failed", "random")


class SeedObserver:
    """Watches ``random.seed``, the module's function; generators of one's own are not watched."""

    library: ClassVar[str] = "random"
    tested: ClassVar[str] = ""

    def __init__(self) -> None:
        self._module: ModuleType | None = None
        self._original: Any = None
        self._wrapper: Any = None
        self._session: Session | None = None

    def attach(self, module: ModuleType, session: Session) -> None:
        """Begin to watch ``random``."""
        original = module.seed
        self._module, self._original, self._session = module, original, session

        @functools.wraps(original)
        def seed(a: Any = None, version: int = 2) -> None:
            original(a, version)
            if self._session is not None and a is not None:
                with _guard:
                    record_seed(self._session, "random", a)

        self._wrapper = module.seed = seed  # type: ignore[attr-defined]  # a module takes any name

    def detach(self) -> None:
        """Put the function back."""
        self._session = None
        if self._module is not None and self._module.seed is self._wrapper:
            self._module.seed = self._original  # type: ignore[attr-defined]


def record_seed(session: Session, library: str, seed: Any) -> None:
    """Record the seed of a library's generator as a parameter of what is at work."""
    session.recorder.record(
        ParamsLogged(session.activity(), {f"seed.{library}": typed(seed)}, wall_ns())
    )
