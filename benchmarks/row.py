"""A row of the table: what was measured, beside what, and whether it holds the bar."""

from __future__ import annotations

from typing import TypedDict


class Row(TypedDict):
    """One claim. ``measured`` and ``floor`` are text with units; ``floor`` says of what it is.

    ``ratio`` is measured over floor, None where there is none; ``ok`` is None where the claim could
    not be judged (a peer that can't be had), and then ``measured`` or ``floor`` says why.
    """

    what: str
    measured: str
    floor: str
    ratio: float | None
    bar: str
    ok: bool | None
