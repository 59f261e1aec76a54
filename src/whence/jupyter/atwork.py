"""The cell that a shell is running, found in the shell's own frame.

Nothing else tells the number of an execution while it runs: versions of IPython differ in when they
count on. Nor which cell it is that loads the extension.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

_RUNS, _HOLDS = "run_cell_async", "result"


def result_at_work(frame: FrameType | None) -> Any:
    """IPython's result of the innermost cell that runs around ``frame``; None when none does."""
    while frame is not None:
        if frame.f_code.co_name == _RUNS:
            result = frame.f_locals.get(_HOLDS)
            if getattr(result, "info", None) is not None:
                return result
        frame = frame.f_back
    return None
