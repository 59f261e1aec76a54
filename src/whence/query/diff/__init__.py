"""Two runs side by side: what differs between them, and which difference can have moved what."""

from whence.query.diff.answer import Diff
from whence.query.diff.sections import (
    UNCOMMITTED,
    Difference,
    Kept,
    Section,
    diff_runs,
    facts_of,
)

__all__ = ["UNCOMMITTED", "Diff", "Difference", "Kept", "Section", "diff_runs", "facts_of"]
