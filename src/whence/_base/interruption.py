"""Telling what broke into our code from what our code did: signal handlers, trace functions."""

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType, TracebackType

_OURS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")


def is_foreign(traceback: TracebackType | None) -> bool:
    """Whether an exception comes from a signal handler, a trace function or the like.

    These run on top of whatever frame is at work, and are given that frame as an argument. So the
    first frame of one holds the frame below it, which no function that our code calls does. A
    handler that has dropped its argument is known by its code, as long as it is still the handler.
    """
    below: FrameType | None = None
    while traceback is not None:
        frame, traceback = traceback.tb_frame, traceback.tb_next
        is_ours = frame.f_code.co_filename.startswith(_OURS)
        if below is not None and not is_ours and _runs_on_top(frame, below):
            return True
        below = frame
    return False


def _runs_on_top(frame: FrameType, below: FrameType) -> bool:
    return _holds(frame, below) or frame.f_code in _handler_codes()


def _holds(frame: FrameType, other: FrameType) -> bool:
    """Whether a local of ``frame`` is the frame ``other``, or a tuple with it (``*args``)."""
    for value in frame.f_locals.values():
        if value is other or (type(value) is tuple and any(item is other for item in value)):
            return True
    return False


def _handler_codes() -> list[CodeType]:
    """The code of every signal handler that is set now."""
    signals = sys.modules.get("signal")
    if signals is None:
        return []
    handlers = [signals.getsignal(number) for number in signals.valid_signals()]
    functions = [getattr(handler, "__func__", handler) for handler in handlers]
    return [code for f in functions if (code := getattr(f, "__code__", None)) is not None]
