"""What is told of two calls that are paired: each aspect in which they differ."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Aspect = Literal[
    "call", "class", "step", "input", "content", "source", "feature", "derived", "label", "role",
    "parameter",
]  # fmt: skip


class FlowDifference(msgspec.Struct, frozen=True):
    """What one aspect of a call is in the first run and in the second.

    ``input`` is a file that is now another, ``content`` the same file with other bytes, ``source``
    a call that feeds only one of the two, ``step`` a part of a model, by the key of its parameters,
    with its class. ``key`` names the file, column or parameter.
    """

    aspect: Aspect
    key: str
    change: Literal["changed", "added", "removed", "unknown", "moved"]
    left: Any
    right: Any
