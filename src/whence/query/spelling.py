"""How things are spelled for people: names without tricks, short ids, sizes, times, durations.

File names are hostile input: a terminal acts on control characters and a person is misled by
invisible ones, so both are written as escapes, here and nowhere else.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from whence._base.ids import CONTENT_PREFIX
from whence.query.plain import clean, plain

SHORT_ID, SHORT_DIGEST = 13, 10

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def escaped(text: str) -> str:
    """``text`` with control, invisible and direction-changing characters as escapes."""
    return _UNSAFE.sub(lambda match: _escape(match.group()), clean(text))


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def short_id(text: str) -> str:
    """The start of an id or digest that is long enough to name it again."""
    if text.startswith(CONTENT_PREFIX):
        return text[len(CONTENT_PREFIX) :][:SHORT_DIGEST]
    return text[:SHORT_ID]


def size(count: int) -> str:
    """Bytes: ``812 B``, ``1.5 kB``, ``2.0 GB`` (powers of 1000).

    >>> size(1536)
    '1.5 kB'
    """
    if count < 1000:
        return f"{count} B"
    number = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        number /= 1000
        if number < 999.95 or unit == "TB":
            break
    return f"{number:.1f} {unit}"


def duration(seconds: float) -> str:
    """``0.24 s``, ``12 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 d 4 h``.

    >>> duration(200)
    '3 min 20 s'
    """
    if seconds < 9.995:
        return f"{max(seconds, 0):.2f} s"
    whole = round(seconds)
    for width, large, small, factor in (
        (60, "s", "", 1), (3600, "min", "s", 60), (86400, "h", "min", 3600),
    ):  # fmt: skip
        if whole < width:
            first, rest = divmod(whole, factor)
            rest = rest * 60 // factor if small == "min" else rest
            return f"{first} {large}" + (f" {rest} {small}" if small and rest else "")
    days, rest = divmod(whole, 86400)
    return f"{days} d" + (f" {rest // 3600} h" if rest >= 3600 else "")


def moment(at: str | int | None) -> str:
    """A time in the reader's own zone: ``2026-11-20 14:03:07``; empty for None.

    ``at`` is ISO 8601 or nanoseconds since the epoch.
    """
    if at is None or at == "":
        return ""
    if isinstance(at, int):
        return datetime.fromtimestamp(at // 1_000_000_000).strftime("%Y-%m-%d %H:%M:%S")
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return escaped(at)


def value(anything: Any, width: int = 60) -> str:
    """A parameter or attribute on one line, cut (and marked so) at ``width``."""
    shown = plain(anything)
    if isinstance(shown, float):
        text = repr(shown)
    elif isinstance(shown, str):
        text = shown
    else:
        text = str(shown)
    text = escaped(text)
    return text if len(text) <= width else text[: width - 1] + "…"


def count(number: int, one: str, many: str = "") -> str:
    """``1 run``, ``3 runs``, ``12,000 runs``.

    >>> count(2, "entry", "entries")
    '2 entries'
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
