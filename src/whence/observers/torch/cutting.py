"""Whether the exception that ended the program came out of a certain loop."""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any

from whence.capture.guard import asked


def came_out_of(file: str, loop: int | None, function: str) -> bool:
    """Whether what ended the program passed through the loop at that line of that file.

    Where no loop is known, through that function; of a module's own code that says nothing.
    """
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    traceback: Any = getattr(error, "__traceback__", None)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename.endswith(file):
            position = traceback.tb_lasti
            if loop is None:
                if code.co_qualname == function != "<module>":
                    return True
            elif asked(lambda: _is_inside(code, position, loop), False):  # noqa: B023 - at once
                return True
        traceback = traceback.tb_next
    return False


def _is_inside(code: CodeType, position: int, line: int) -> bool:
    """Whether an instruction lies in the ``for`` loop whose head stands on ``line``."""
    import dis

    return any(
        one.opname == "FOR_ITER"
        and one.positions is not None
        and one.positions.lineno == line
        and one.offset <= position < one.argval
        for one in dis.get_instructions(code)
    )
