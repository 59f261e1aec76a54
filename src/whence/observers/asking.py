"""Asking objects of the user: their own code answers, and may raise anything."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from whence.capture.guard import is_foreign

T = TypeVar("T")


def asked(question: Callable[[], T], otherwise: T) -> T:
    """What an object of the user answers, or ``otherwise`` when its own code raises.

    For code of the user that we call on purpose (a property, ``__getattr__``, ``__len__``): its
    failure is neither ours nor the program's, so it is not counted. What one of the user's signal
    handlers raises meanwhile passes.
    """
    with _forgiving:
        return question()
    return otherwise


class _Forgiving:
    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        return isinstance(error, Exception) and not is_foreign(traceback)


_forgiving = _Forgiving()
