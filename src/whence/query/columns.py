"""Columns: what each column that a run read was for, and where those of models come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from whence.query.answer import Completeness
from whence.query.flow import FlowEdge, SinkCall, SourceCall

Use = Literal["feature", "label", "derived", "unused"]
ModelUse = Literal["feature", "label", "weight", "group"]
ReachedKind = Literal[
    "column", "file", "feature", "label", "weight", "group", "model", "metric", "prediction"
]


class ColumnUse(msgspec.Struct, frozen=True):
    """One column of a source and what it was for.

    ``unused`` was read, and no call that learned took it under its name. ``derived`` is a feature
    that the source does not have: the code made it.
    """

    column: str
    use: Use
    source: SourceCall
    sinks: list[SinkCall]


class ColumnOrigin(msgspec.Struct, frozen=True):
    """Where a column of a model comes from in the end, as far as it could be followed.

    ``id`` is that of the column's node; where ``column`` is None, of the file or data set: which
    of its columns it is could not be told. ``of`` is the name of the file or data set.
    """

    id: str
    column: str | None
    of: str
    known: str


class ModelColumn(msgspec.Struct, frozen=True):
    """A feature, label, weight or group of a model, and the columns that it comes from.

    ``id`` and ``model`` are the nodes of the column and of the model that ``sink`` made.
    """

    id: str
    column: str
    use: ModelUse
    model: str
    sink: SinkCall
    origins: list[ColumnOrigin]


class Reached(msgspec.Struct, frozen=True):
    """Something that a column reaches: ``id`` is its node, ``of`` the table or model it is in.

    ``known`` is that of the weakest step that leads there. ``file`` and ``line`` are those of the
    call; ``value`` is that of a metric.
    """

    id: str
    kind: ReachedKind
    name: str
    of: str
    known: str
    file: str = ""
    line: int | str | None = None
    value: Any = None


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
