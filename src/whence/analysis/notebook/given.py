"""The names that a kernel gives to every cell."""

from __future__ import annotations

import builtins

BUILTINS = frozenset(dir(builtins)) | {
    "get_ipython", "display", "In", "Out", "exit", "quit", "__name__", "__file__", "__doc__",
    "__shell__", "__magic__", "_", "__", "___", "_i", "_dh", "_oh", "_ih", "__builtins__",
}  # fmt: skip
"""Names that are there before any cell runs."""
