"""Spans of time as people write them: ``90d``, ``12h``, ``30m``; and moments."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from whence._base.clock import wall_ns
from whence._base.errors import UsageError

SECOND_NS = 1_000_000_000
_LONGEST_S = 100 * 365 * 86_400
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_FIRST_NS, _LAST_NS = 0, (1 << 63) - 1
"""What a store can hold: 1970 to 2262."""
_SPAN = re.compile(r"([1-9][0-9]{0,5})([smhdw])", re.ASCII)


def span_ns(text: str) -> int:
    """A span in nanoseconds. Raises UsageError."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is no span of time; write 90d, 12h or 30m")
    seconds = int(found[1]) * _UNITS[found[2]]
    if seconds > _LONGEST_S:
        raise UsageError(f"{text} is more than a hundred years")
    return seconds * SECOND_NS


def moment_ns(text: str) -> int:
    """A moment in nanoseconds since the epoch: a span ago, or a date or time in ISO 8601.

    Without a zone it is in UTC. Raises UsageError.
    """
    if _SPAN.fullmatch(text):
        return wall_ns() - span_ns(text)
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(_FIRST_NS, min(int(aware.timestamp()) * SECOND_NS, _LAST_NS))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{text!r} is no time; write 7d for a span ago, or 2026-01-31 or 2026-01-31T12:00Z"
        ) from error
