"""What is on disk against the record, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from whence.query.outline.line import Line, Piece, Style
from whence.query.spelling import escaped, short_id

SHOWN = 50
_STYLES: dict[str, Style] = {"same": "good", "changed": "bad", "missing": "bad", "unknown": "warn"}


class Checked(Protocol):
    """What `whence.service.verify.Check` says."""

    @property
    def path(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def recorded(self) -> str | None: ...
    @property
    def found(self) -> str | None: ...
    @property
    def note(self) -> str: ...


def verify_lines(checks: Sequence[Checked], full: bool = False, here: str = "") -> Iterator[Line]:
    """A line for each file, those that are not the same first, and the sum.

    Paths below ``here`` are shown from there.
    """
    ordered = sorted(checks, key=lambda check: (check.state == "same", check.path))
    shown = ordered if full else ordered[:SHOWN]
    for check in shown:
        yield _line(check, here.rstrip("/") + "/")
    if len(ordered) > len(shown):
        yield (Piece(f"… and {len(ordered) - len(shown):,} more (--full lists all)", "dim"),)
    if len(checks) != 1:
        counts = Counter(check.state for check in checks)
        states = [f"{counts[s]:,} {s}" for s in _STYLES if counts[s]]
        yield (Piece(", ".join(states) or "nothing to check", "strong"),)


def _line(check: Checked, here: str) -> Line:
    digests = ""
    if check.state == "changed" and check.recorded and check.found:
        digests = f"  recorded {short_id(check.recorded)}, found {short_id(check.found)}"
    elif check.recorded:
        digests = f"  {short_id(check.recorded)}"
    return (
        Piece(f"{check.state:<8} ", _STYLES.get(check.state, "")),
        Piece(escaped(check.path.removeprefix(here)) or "(no place)"),
        Piece(digests, "dim"),
        Piece(f"  {check.note}" if check.note else "", "warn"),
    )
