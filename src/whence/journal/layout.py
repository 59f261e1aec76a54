"""Where segments lie: ``journal/open`` while they grow, ``journal/sealed`` afterwards.

    journal/open/<run>.<segment>.seg
    journal/sealed/<segment's month>/<run>.<segment>.seg.zst

The name is enough to tell the run and the segment, so nothing is opened to list them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from whence.journal.frame import OPEN_SUFFIX

SEALED_SUFFIX = ".seg.zst"
_ID_DIGITS = 32
_HEX = frozenset("0123456789abcdef")


class SegmentFile(NamedTuple):
    """A segment on disk, by its name."""

    path: Path
    run: bytes
    segment: bytes
    sealed: bool


def open_folder(store: Path) -> Path:
    return store / "journal" / "open"


def sealed_folder(store: Path) -> Path:
    return store / "journal" / "sealed"


def open_path(store: Path, run: bytes, segment: bytes) -> Path:
    """Where a growing segment lies."""
    return open_folder(store) / f"{run.hex()}.{segment.hex()}{OPEN_SUFFIX}"


def sealed_path(store: Path, run: bytes, segment: bytes) -> Path:
    """Where a sealed segment lies: in a folder named for the month in the segment's id."""
    seconds = int.from_bytes(segment[:6], "big") / 1000
    month = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m")
    return sealed_folder(store) / month / f"{run.hex()}.{segment.hex()}{SEALED_SUFFIX}"


def open_segments(store: Path) -> list[SegmentFile]:
    """The segments that are not sealed, oldest first."""
    return sorted(_segments_in(open_folder(store), OPEN_SUFFIX, False), key=lambda s: s.segment)


def sealed_segments(store: Path) -> Iterator[SegmentFile]:
    """The sealed segments, month by month."""
    try:
        months = sorted(os.scandir(sealed_folder(store)), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for month in (month for month in months if month.is_dir()):
        yield from sorted(sealed_in(Path(month.path)), key=lambda s: s.segment)


def sealed_in(month: Path) -> Iterator[SegmentFile]:
    """The sealed segments in the folder of one month, in any order."""
    return _segments_in(month, SEALED_SUFFIX, True)


def _segments_in(folder: Path, suffix: str, sealed: bool) -> Iterator[SegmentFile]:
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        run, _, rest = name.partition(".")
        segment, _, ending = rest.partition(".")
        if "." + ending == suffix and _is_id(run) and _is_id(segment):
            yield SegmentFile(folder / name, bytes.fromhex(run), bytes.fromhex(segment), sealed)


def _is_id(text: str) -> bool:
    return len(text) == _ID_DIGITS and _HEX.issuperset(text)
