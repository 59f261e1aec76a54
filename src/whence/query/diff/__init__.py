"""Two runs side by side: what differs between them, and which difference can have moved what."""

from whence.query.diff.answer import Diff
from whence.query.diff.cells import CellDiff, CellDifference, CellSide, Comparison
from whence.query.diff.sections import UNCOMMITTED, diff_runs, facts_of
from whence.query.diff.values import Difference, Kept, Section

__all__ = [
    "UNCOMMITTED",
    "CellDiff",
    "CellDifference",
    "CellSide",
    "Comparison",
    "Diff",
    "Difference",
    "Kept",
    "Section",
    "diff_runs",
    "facts_of",
]
