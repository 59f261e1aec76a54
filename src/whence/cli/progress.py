"""Progress on stderr for what takes over a second; nothing for what does not, or in a pipe."""

from __future__ import annotations

import sys
import time
from types import TracebackType

PATIENCE_S = 1.0
INTERVAL_S = 0.1


class Progress:
    """A single line that is drawn over itself and wiped at the end."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._drawn = 0.0
        self._is_shown = sys.stderr.isatty()
        self._width = 0

    def report(self, what: str, done: int, total: int | None = None) -> None:
        """Say how far ``what`` is; may be called as often as is convenient."""
        now = time.monotonic()
        if not self._is_shown or now - self._began < PATIENCE_S or now - self._drawn < INTERVAL_S:
            return
        self._drawn = now
        share = f" {100 * done // total:3d} %" if total else ""
        line = f"{what}{share} {done:,}" + (f" of {total:,}" if total else "")
        sys.stderr.write("\r" + line.ljust(self._width))
        sys.stderr.flush()
        self._width = len(line)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Wipe the line, so that the answer stands alone."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0
