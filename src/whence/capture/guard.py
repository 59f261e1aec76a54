"""The guard: the one place with a broad ``except``. Capture never raises into the user's program.

A failure of ours is swallowed, counted and reported at the end of the run. What is not ours passes:
every BaseException, and an exception that a signal handler of the user raised while our code
happened to run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from whence._base.interruption import is_foreign

T = TypeVar("T")

failures: Counter[tuple[str, str]] = Counter()
"""What failed in this process: (gap code, what and why) -> how often."""


class guarded:
    """Run a block of ours so that its failure is counted under ``code`` and goes no further.

    ``on_failure`` is called after a failure. One made beforehand may be entered many times, also by
    several threads at once.
    """

    __slots__ = ("_code", "_on_failure", "_what")

    def __init__(self, code: str, what: str, on_failure: Callable[[], None] | None = None) -> None:
        self._code, self._what, self._on_failure = code, what, on_failure

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if error is None:
            return False
        if not isinstance(error, Exception) or is_foreign(traceback):
            return False
        count_failure(self._code, self._what, error)
        if self._on_failure is not None:
            try:
                self._on_failure()
            except Exception as second:
                if is_foreign(second.__traceback__):
                    raise
                count_failure(self._code, f"{self._what}, and what follows a failure", second)
        return True


def count_failure(code: str, what: str, error: Exception) -> None:
    """Count a failure of ours under the gap ``code``."""
    failures[code, f"{what}: {type(error).__name__}: {_text(error)}"] += 1


def asked(question: Callable[[], T], otherwise: T) -> T:
    """What an object of the user answers, or ``otherwise`` when its own code raises.

    For code of the user that we call on purpose (``get_params``, a property, ``__getattr__``): its
    failure is neither ours nor the program's, so it is not counted. What one of the user's signal
    handlers raised meanwhile passes.
    """
    try:
        return question()
    except Exception as error:
        if is_foreign(error.__traceback__):
            raise
        return otherwise


def _text(error: Exception) -> str:
    try:
        return str(error)
    except Exception as second:
        if is_foreign(second.__traceback__):
            raise
        return "no text"
