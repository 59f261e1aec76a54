"""Watches the ways out of a process that no ``atexit`` sees, and the exit code of ``sys.exit``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

from whence.capture.guard import guarded
from whence.capture.masked import masked
from whence.capture.process.ending import Ending, note_exit, of_exit_code
from whence.capture.process.taken import cut_our_frame, taken_for
from whence.model.status import FINISHED

Finish = Callable[[Ending], None]


def watch_exits(finish: Finish) -> None:
    """Have ``finish`` called before ``os._exit`` and ``os.exec*``, and note ``sys.exit``'s code."""
    sys.exit = _exit_noting(sys.exit)
    setattr(os, "_exit", _leaving(os._exit, finish))  # noqa: B010 - its type is that very one's
    os.execv = _replacing(os.execv, finish)
    os.execve = _replacing(os.execve, finish)


def _exit_noting(original: Callable[..., NoReturn]) -> Callable[..., NoReturn]:
    def exit(status: object = None, /) -> NoReturn:
        with guarded("observer-failed", "sys.exit"):
            note_exit(status, _caller())
        try:
            original(status)
        except BaseException as error:
            cut_our_frame(error)
            raise

    return taken_for(original, exit)


def _leaving(original: Callable[[int], NoReturn], finish: Finish) -> Callable[[int], NoReturn]:
    def _exit(status: int) -> NoReturn:
        with guarded("observer-failed", "os._exit"):
            finish(of_exit_code(status))
        original(status)

    return taken_for(original, _exit)


def _replacing(original: Callable[..., NoReturn], finish: Finish) -> Callable[..., NoReturn]:
    def replace(path: Any, argv: Any, *environment: Any, **named: Any) -> NoReturn:
        with guarded("observer-failed", "os.exec"):
            if os.access(path, os.X_OK) and os.path.isfile(path):
                words = [os.fsdecode(word) for word in argv]
                finish(Ending(FINISHED, {"replaced_by": masked(words)}))
        try:
            original(path, argv, *environment, **named)
        except BaseException as error:
            cut_our_frame(error)
            raise

    return taken_for(original, replace)


def _caller() -> FrameType | None:
    """The frame that called the function that calls this."""
    return sys._getframe(1).f_back
