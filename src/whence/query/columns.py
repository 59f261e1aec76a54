"""Columns: what each column that a run read was for. Made from the edges of its flow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from whence.query.answer import Completeness
from whence.query.flow import FlowEdge, SinkCall, SourceCall

Use = Literal["feature", "label", "derived", "unused"]


class ColumnUse(msgspec.Struct, frozen=True):
    """One column of a source and what it was for.

    ``unused`` was read, and no call that learned took it under its name. ``derived`` is a feature
    that the source does not have: the code made it.
    """

    column: str
    use: Use
    source: SourceCall
    sinks: list[SinkCall]


class ColumnUses(msgspec.Struct, frozen=True):
    """The columns of a run, in the order of its reads."""

    query: dict[str, Any]
    columns: list[ColumnUse]
    completeness: Completeness


def column_uses(edges: Sequence[FlowEdge]) -> list[ColumnUse]:
    """What each column of each source was for, over all edges of a run."""
    found: dict[tuple[SourceCall, str, Use], dict[SinkCall, None]] = {}
    for edge in edges:
        columns = edge.columns
        uses: tuple[tuple[Use, list[str]], ...] = (
            ("feature", columns.features), ("derived", columns.derived),
            ("label", columns.labels), ("unused", columns.unused),
        )  # fmt: skip
        for use, names in uses:
            for name in names:
                found.setdefault((edge.source, name, use), {})[edge.sink] = None
    used = {(source, name) for source, name, use in found if use != "unused"}
    return [
        ColumnUse(name, use, source, [] if use == "unused" else list(sinks))
        for (source, name, use), sinks in found.items()
        if use != "unused" or (source, name) not in used
    ]
