"""What is told of two kernel sessions, executions, versions or notebooks, cell by cell."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from whence.query.diff.values import Difference, Section

CellChange = Literal["changed", "added", "removed", "moved", "same"]

RANK: dict[str, int] = {"changed": 0, "added": 1, "removed": 2, "moved": 3, "same": 4}
"""Differences come first."""


class CellSide(msgspec.Struct, frozen=True):
    """A cell on one side: its id there, the execution that is compared (``execution`` from 1 in
    the session, ``count`` as the notebook shows it; both None where it did not run), how often it
    ran, how it ended, and where it stands: in order of execution, or in the notebook (from 1)."""

    id: str
    place: int
    count: int | None = None
    execution: int | None = None
    executions: int = 0
    status: str = ""
    started_at: str | None = None


class CellDifference(msgspec.Struct, frozen=True):
    """What one thing of a cell is on the left and on the right; ``text`` is a unified diff."""

    section: str
    key: str
    change: str
    left: Any
    right: Any
    text: list[str] = []


class CellDiff(msgspec.Struct, frozen=True):
    """A cell of both sides, None on the one that does not have it.

    ``source_diff`` is a unified diff of its code (with ``added`` and ``removed`` all of it);
    empty where it is the same. ``source_known`` is false where one of the texts was not kept.
    """

    id: str
    change: CellChange
    source_diff: str
    differences: list[CellDifference]
    left: CellSide | None = None
    right: CellSide | None = None
    source_known: bool = True


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two sides of ``kind`` compared, differences first. ``left`` and ``right`` name them: ids of
    sessions, ``path@digest`` of versions, ordinals of executions, paths of notebooks.

    ``notes`` say what could not be compared, and why.
    """

    kind: Literal["sessions", "executions", "versions", "notebooks"]
    left: str
    right: str
    cells: list[CellDiff]
    sections: list[Section]
    notes: list[str] = []
    names: list[str] = []

    @property
    def differs(self) -> bool:
        """Whether anything is known to differ."""
        return any(cell.change != "same" for cell in self.cells) or any(
            section.differences for section in self.sections
        )


def of_section(section: Section) -> list[CellDifference]:
    """The differences of a section as those of a cell."""
    return [
        CellDifference(section.name, one.key, one.change, one.left, one.right, one.text)
        for one in section.differences
    ]


def as_difference(one: CellDifference) -> Difference:
    """A cell's difference as that of a section, for what tells both alike."""
    change: Any = one.change
    return Difference(one.key, change, one.left, one.right, one.text)
