"""How the program ended: finished, failed with which exception or exit code, or interrupted.

Nothing of the interpreter's is replaced but ``sys.exit``, ``os._exit`` and ``os.exec*``. An
exception that ends the program is found afterwards where the interpreter keeps it
(``sys.last_exc``). What was kept counts only if the program's main code stopped right there: code
may catch ``SystemExit`` and go on, and debuggers keep exceptions too.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from whence.capture.guard import asked
from whence.capture.masked import masked_text
from whence.model.status import FAILED, FINISHED, INTERRUPTED, Status

_LONGEST = 1000


class Ending:
    """The status of a process and what is known of it (``exit_code``, ``error``, ``message``)."""

    __slots__ = ("attributes", "status")

    def __init__(self, status: Status, attributes: dict[str, object]) -> None:
        self.status, self.attributes = status, attributes


class _Exit:
    """A call of ``sys.exit``: the code, the main code's frame, and where it stood."""

    __slots__ = ("code", "frame", "position")

    def __init__(self, code: object, frame: FrameType) -> None:
        self.code, self.frame, self.position = code, frame, frame.f_lasti


_last_exit: _Exit | None = None


def note_exit(code: object, caller: FrameType | None) -> None:
    """Remember a call of ``sys.exit`` in ``caller``."""
    global _last_exit
    frame = _main_frame(caller)
    if frame is not None:
        _last_exit = _Exit(code, frame)


def forget_exit() -> None:
    """Forget what was remembered: in a forked child."""
    global _last_exit
    _last_exit = None


def ending_now() -> Ending:
    """How the program ended, asked while the interpreter ends."""
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    if isinstance(error, BaseException) and _ended_main(error):
        return of_exception(error)
    last = _last_exit
    if last is not None and last.frame.f_lasti == last.position:
        return of_exit_code(last.code)
    return Ending(FINISHED, {})


def of_exception(error: BaseException) -> Ending:
    """The ending by an exception that nobody caught."""
    if isinstance(error, SystemExit):
        return of_exit_code(error.code)
    name = type(error).__qualname__
    if type(error).__module__ != "builtins":
        name = f"{type(error).__module__}.{name}"
    message = _message(error)
    status = INTERRUPTED if isinstance(error, KeyboardInterrupt) else FAILED
    return Ending(status, {"error": name, "message": message})


def of_exit_code(code: object) -> Ending:
    """The ending by ``sys.exit(code)`` or ``os._exit(code)``: anything but 0 is a failure."""
    if code is None:
        number = 0
    elif isinstance(code, int):
        number = code & 0xFF
    else:
        return Ending(FAILED, {"exit_code": 1, "message": _message(code)})
    return Ending(FINISHED if number == 0 else FAILED, {"exit_code": number})


def _message(said: object) -> str:
    """What an exception or an exit says, secrets masked."""
    text = asked(lambda: str(said)[: 4 * _LONGEST], "")
    return masked_text(text)[:_LONGEST]


def _ended_main(error: BaseException) -> bool:
    """Whether the main code stopped where this exception passed through it."""
    traceback = error.__traceback__
    if traceback is None:
        return isinstance(error, SyntaxError)
    while traceback is not None:
        if _is_main(traceback.tb_frame):
            return traceback.tb_frame.f_lasti == traceback.tb_lasti
        traceback = traceback.tb_next
    return isinstance(error, SyntaxError) or _is_runner(error)


def _is_runner(error: BaseException) -> bool:
    """Whether it came from ``python -m`` before any code of the program ran."""
    traceback = error.__traceback__
    return traceback is not None and traceback.tb_frame.f_globals.get("__name__") == "runpy"


def _main_frame(frame: FrameType | None) -> FrameType | None:
    """The frame of the main code below ``frame``; None in another thread."""
    while frame is not None:
        if _is_main(frame):
            return frame
        frame = frame.f_back
    return None


def _is_main(frame: FrameType) -> bool:
    main: Any = sys.modules.get("__main__")
    return (
        main is not None and frame.f_globals is main.__dict__ and frame.f_code.co_name == "<module>"
    )
