"""How often each caller may ask: a bucket of tokens that fills at a steady rate."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from time import monotonic

from whence._base.errors import TooManyError

MOST_CALLERS = 10_000


class Buckets:
    """``rate`` calls a second for each caller, twice as many at once; no limit where it is 0."""

    def __init__(self, rate: float) -> None:
        self._rate, self._burst = rate, max(2 * rate, 1.0)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: str) -> None:
        """Count a call. Raises TooManyError."""
        if self._rate > 0:
            with self._lock:
                self._take(caller, monotonic())

    def _take(self, caller: str, at: float) -> None:
        left, since = self._left.get(caller, (self._burst, at))
        left = min(left + (at - since) * self._rate, self._burst)
        if left < 1:
            wait = (1 - left) / self._rate
            raise TooManyError(
                f"More than {self._rate:g} calls a second; try again in {wait:.1f} s", wait
            )
        self._left[caller] = (left - 1, at)
        self._left.move_to_end(caller)
        if len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)
