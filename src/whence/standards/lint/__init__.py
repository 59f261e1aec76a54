"""Slips of machine-learning work that PROV has no rule for; each lint has a name and a reason."""

from whence.standards.lint.facts import Facts
from whence.standards.lint.notebook import NOTEBOOK_LINTS, NotebookLint
from whence.standards.lint.rules import LINTS, Finding, Lint, findings

__all__ = [
    "LINTS", "NOTEBOOK_LINTS", "Facts", "Finding", "Lint", "NotebookLint", "findings",
]  # fmt: skip
