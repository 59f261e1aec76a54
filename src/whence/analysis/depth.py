"""Code that is nested too deeply for a search through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from whence._base.errors import AnalysisError


@contextmanager
def told_when_too_deep(file: str, line: int = 1) -> Iterator[None]:
    """Raises AnalysisError, with that place, where Python's stack does not suffice."""
    try:
        yield
    except RecursionError as error:
        raise AnalysisError(file, line, "it is nested too deeply") from error
