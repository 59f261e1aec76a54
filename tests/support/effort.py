"""How much work a call is, counted instead of timed: a count is the same on a busy machine.

What a cost is in seconds belongs to `benchmarks/`; a test asks how it grows.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


def effort(work: Callable[[], T]) -> tuple[T, int]:
    """What *work* gives, and how many calls, Python's and C's, it took."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        result = work()
    finally:
        sys.setprofile(before)
    return result, count
