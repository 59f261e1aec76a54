"""Two maps of values compared: what differs, what is the same, what has only another name.

Values are compared with their type: ``1`` and ``1.0`` differ, two NaN do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from whence.model.value import encode
from whence.query.plain import plain

Kept = Callable[[bytes], bytes | None]
"""Gives the content with that digest when it was kept, else None."""

Change = Literal["changed", "added", "removed", "moved", "unknown"]
LARGEST_TEXT = 256_000


class Difference(msgspec.Struct, frozen=True):
    """What one thing is in the first run and in the second; ``text`` is a unified diff of it."""

    key: str
    change: Change
    left: Any
    right: Any
    text: list[str] = []


class Section(msgspec.Struct, frozen=True):
    """One aspect of the two runs: what differs, and what is the same in both."""

    name: str
    differences: list[Difference]
    same: dict[str, Any]


def compare(name: str, left: Mapping[str, Any], right: Mapping[str, Any]) -> Section:
    """The section ``name`` of two maps: what is in one only, what is another value, the rest."""
    differences, same = [], {}
    for key in dict.fromkeys((*left, *right)):
        if key not in right:
            differences.append(Difference(key, "removed", plain(left[key]), None))
        elif key not in left:
            differences.append(Difference(key, "added", None, plain(right[key])))
        elif name in ("inputs", "outputs") and None in (left[key], right[key]):
            differences.append(Difference(key, "unknown", left[key], right[key]))
        elif encode(left[key]) == encode(right[key]):
            same[key] = plain(left[key])
        else:
            differences.append(Difference(key, "changed", plain(left[key]), plain(right[key])))
    return Section(name, differences, same)


def with_moves(section: Section) -> Section:
    """The section with what went and came with the same bytes taken as one that moved."""
    came = {d.right: d for d in section.differences if d.change == "added" and d.right}
    differences, paired = [], set()
    for one in section.differences:
        other = came.get(one.left) if one.change == "removed" else None
        if other is not None and other.key not in paired:
            paired.add(other.key)
            differences.append(
                Difference(f"{one.key} → {other.key}", "moved", one.left, other.right)
            )
        else:
            differences.append(one)
    kept = [d for d in differences if not (d.change == "added" and d.key in paired)]
    return Section(section.name, kept, section.same)


def text_diff(
    name: str, left: bytes | None, right: bytes | None, kept: Kept, renamed: str | None = None
) -> list[str]:
    """The unified diff of the two contents when both were kept (or are nothing)."""
    from difflib import unified_diff

    if left is None and right is None:
        return []
    before, after = text_lines(left, kept), text_lines(right, kept)
    if before is None or after is None:
        return []
    return list(unified_diff(before, after, f"a/{name}", f"b/{renamed or name}", lineterm="", n=2))


def text_lines(digest: bytes | None, kept: Kept) -> list[str] | None:
    """The lines of a text that was kept; none of no digest, None where it can't be had."""
    if digest is None:
        return []
    content = kept(digest)
    if content is None or len(content) > LARGEST_TEXT or b"\0" in content:
        return None
    return content.decode("utf-8", "backslashreplace").splitlines()
