"""The answer of a comparison. Its JSON is a public contract: ``answer.schema.json``."""

from __future__ import annotations

from whence.query.answer import Answer
from whence.query.diff.cells import CellDiff
from whence.query.diff.flow import FlowDiff
from whence.query.diff.values import Section


class Diff(Answer, frozen=True, kw_only=True):
    """Two runs compared; ``nodes`` are the two.

    ``flow`` compares what fed what; None where neither run has a call that is followed. ``cells``
    are those of two kernel sessions, aligned; None where a run is none.
    """

    sections: list[Section]
    flow: FlowDiff | None = None
    cells: list[CellDiff] | None = None
