"""Globs over paths, as settings have them.

Globs are relative to a folder, or absolute. ``*`` and ``?`` stay within one part of a path, ``**``
does not; a pattern without a slash matches a name at any depth; a pattern that matches a folder
matches all that is in it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable

_STEPS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matcher(patterns: Iterable[str], root: str) -> Callable[[str], object] | None:
    """Tells of an absolute path whether one of the globs matches it; None without globs.

    ``root`` is the folder they are relative to, ending in a slash.
    """
    parts = [_expression(pattern, root) for pattern in patterns]
    return re.compile("|".join(parts)).match if parts else None


def _expression(pattern: str, root: str) -> str:
    """A regular expression for a glob, over absolute paths."""
    pattern = pattern.rstrip("/")
    if pattern.startswith("~/"):
        pattern = os.path.expanduser(pattern)
    if pattern.startswith("/"):
        start = ""
    else:
        start = re.escape(root) + ("" if "/" in pattern else "(?:.*/)?")
    pattern = pattern.removeprefix("./")
    return f"{start}{_translated(pattern)}(?:/.*)?\\Z"


def _translated(pattern: str) -> str:
    tokens = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return "".join(_STEPS.get(token, re.escape(token)) for token in tokens)
