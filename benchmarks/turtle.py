"""Turtle of 100,000 records beside the `prov` library's, which is given a tenth of them."""

from __future__ import annotations

import io

from benchmarks.prov_json import built, least_cpu_s, ours
from benchmarks.row import Row
from whence.standards.prov.rdf import Turtle

NAME = "Turtle of 100,000 records, beside the prov library"

PART = 10
"""How many times fewer records the library is given; its time grows with them at least evenly."""


def run(quick: bool) -> list[Row]:
    """CPU time a record, from facts in hand to bytes: the least of three that take turns."""
    records = 10_000 if quick else 100_000
    ours_s, theirs_s = least_cpu_s(
        [lambda: ours(records, Turtle()), lambda: theirs(records // PART)]
    )
    ratio = ours_s / (theirs_s * PART)
    return [
        Row(
            what=f"Turtle of {records:,} records",
            measured=f"{1e6 * ours_s / records:.1f} us a record",
            floor=f"prov, build + serialise: {1e6 * theirs_s * PART / records:.0f} us a record",
            ratio=ratio,
            bar="at most 0.1 times",
            ok=ratio <= 0.1,
        )
    ]


def theirs(records: int) -> bytes:
    """The same document through the library's own calls."""
    out = io.BytesIO()
    built(records).serialize(out, format="rdf", rdf_format="turtle")
    return out.getvalue()
