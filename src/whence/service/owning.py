"""Whose segments lie in a journal: the id of a segment belongs to one run."""

from __future__ import annotations

from pathlib import Path

from whence.journal.layout import (
    SegmentFile,
    open_segments,
    sealed_in,
    sealed_path,
    sealed_segments,
)


class Owners:
    """The runs of the segments in the store at ``folder``; for one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._segments: set[bytes] | None = None

    def add(self, segment: bytes) -> None:
        """Note a segment that begins."""
        self._known().add(segment)

    def is_of_another(self, run: bytes, segment: bytes) -> bool:
        """Whether a segment of that id is here, of another run."""
        return segment in self._known() and any(
            file.segment == segment and file.run != run for file in self._beside(run, segment)
        )

    def _known(self) -> set[bytes]:
        """The ids of all segments. The folders are listed once: a long journal has very many."""
        if self._segments is None:
            files = (*open_segments(self._folder), *sealed_segments(self._folder))
            self._segments = {file.segment for file in files}
        return self._segments

    def _beside(self, run: bytes, segment: bytes) -> list[SegmentFile]:
        """The segments that lie now where one of that id does."""
        month = sealed_path(self._folder, run, segment).parent
        return [*open_segments(self._folder), *sealed_in(month)]
