"""The guard: the one place with a broad ``except``. Capture never raises into the user's program.

A failure of ours is swallowed, counted and reported at the end of the run. What is not ours passes:
every BaseException, and an exception that a signal handler of the user raised while our code
happened to run.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

failures: Counter[tuple[str, str]] = Counter()
"""What failed in this process: (gap code, what and why) -> how often."""


def is_foreign(traceback: TracebackType | None) -> bool:
    """Whether an exception came from a frame that is neither ours nor below one of ours.

    A signal handler runs on top of whatever frame is at work: its frame is the last one, and its
    code is the user's.
    """
    last = None
    while traceback is not None:
        last, traceback = traceback.tb_frame, traceback.tb_next
    return last is not None and _is_user_code(last.f_code.co_filename)


def _is_user_code(filename: str) -> bool:
    if filename.startswith((_OURS, "<frozen")):
        return False
    return not filename.startswith(_library_folders())


def _library_folders() -> tuple[str, ...]:
    return _LIBRARIES


_LIBRARIES: tuple[str, ...] = tuple(
    {os.path.dirname(os.__file__) + os.sep, os.path.dirname(os.path.dirname(_OURS)) + os.sep}
)


class guarded:
    """Run a block of ours so that its failure is counted under ``code`` and goes no further.

    One made beforehand may be entered many times, also by several threads at once.
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
    ) -> bool | None:
        if error is None:
            return None
        if not isinstance(error, Exception) or is_foreign(traceback):
            return False
        failures[self._code, f"{self._what}: {type(error).__name__}: {error}"] += 1
        if self._on_failure is not None:
            self._on_failure()
        return True


def asked(question: Callable[[], T], otherwise: T) -> T:
    """What an object of the user answers, or ``otherwise`` when its own code raises.

    For code of the user that we call on purpose (``get_params``, a property, ``__getattr__``): its
    failure is neither ours nor the program's, so it is not counted. What one of the user's signal
    handlers raised meanwhile passes.
    """
    try:
        return question()
    except Exception as error:
        if _is_from_signal_handler(error.__traceback__):
            raise
        return otherwise


def _is_from_signal_handler(traceback: TracebackType | None) -> bool:
    handlers = {
        getattr(getattr(handler, "__func__", handler), "__code__", None)
        for handler in map(signal.getsignal, signal.valid_signals())
    }
    while traceback is not None:
        if traceback.tb_frame.f_code in handlers:
            return True
        traceback = traceback.tb_next
    return False
