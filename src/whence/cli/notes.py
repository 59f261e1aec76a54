"""What to say of how a thing was found: changed on disk, found by its bytes, earlier versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whence.query.outline.line import Line, Piece
from whence.query.spelling import count, escaped


def note_lines(query: dict[str, Any], asks_past: bool = True) -> Iterator[Line]:
    """The lines that a person has to know beside the answer."""
    path = escaped(str(query.get("path") or query.get("thing") or ""))
    if query.get("on_disk") == "changed":
        yield _warn(f"{path} has changed since it was recorded; this is its last recorded version")
    elif query.get("on_disk") == "missing":
        yield _warn(f"{path} is not there any more; this is its last recorded version")
    yield from _folder_notes(query.get("files") or [])
    if query.get("found_by") == "content" and not asks_past:
        yield _warn(f"{path} itself is not recorded; it was found by its bytes")
    others = query.get("other_versions") or []
    if others and not query.get("all_versions"):
        place = "these places" if query.get("files") else "this place"
        versions = f"{count(len(others), 'other version')} at {place}"
        verb = "shows its past too" if len(others) == 1 else "shows their past too"
        yield (Piece(f"{versions}" + (f"; --all-versions {verb}" if asks_past else ""), "dim"),)


def _folder_notes(files: list[dict[str, Any]]) -> Iterator[Line]:
    for one in files:
        if one["on_disk"] == "changed":
            path = escaped(str(one["path"]))
            yield _warn(f"{path} has changed since it was recorded; this is its last version")


def _warn(text: str) -> Line:
    return (Piece(text, "warn"),)
