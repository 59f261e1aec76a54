"""Whether an observer is tested with the version of its library that is here."""

from __future__ import annotations

from types import ModuleType

from whence._base.tested import is_tested
from whence.capture.session import Session

__all__ = ["is_tested", "note_untested"]


def note_untested(session: Session, library: ModuleType, tested: str) -> None:
    """Record a gap when the version of ``library`` lies outside of ``tested``."""
    version = getattr(library, "__version__", "")
    if isinstance(version, str) and not is_tested(version, tested):
        detail = f"{library.__name__} {version}; tested with {tested}"
        session.recorder.count_gap("untested-version", session.process, detail=detail)
