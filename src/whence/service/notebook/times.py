"""Times as answers tell them: a session tells the same ones again and again."""

from __future__ import annotations

from functools import lru_cache

from whence.query import describe


@lru_cache(maxsize=32_768)
def iso(at: int | None) -> str | None:
    """Nanoseconds since the epoch as ISO 8601 in UTC."""
    return describe.iso(at)
