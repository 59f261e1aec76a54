"""Columns: what each column that a run read was for, and where those of models come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from whence.query.answer import Completeness
from whence.query.cells import CellPlace
from whence.query.flow import FlowEdge, Knowledge, SinkCall, SourceCall

Use = Literal["feature", "label", "derived", "weight", "group", "key", "written", "unused"]
ModelUse = Literal["feature", "label", "weight", "group", "column"]
ReachedKind = Literal[
    "column", "file", "feature", "label", "weight", "group", "model", "metric", "prediction"
]


class ColumnUse(msgspec.Struct, frozen=True):
    """One column of a source and what it was for, under the name that the source has for it.

    ``key``: frames were joined or grouped by it. ``written``: it went on into a table that the run
    wrote, ``sinks`` being the calls that wrote. ``unused`` was read, and nothing of these. Only
    ``derived`` has a name that the source does not: a feature that the code made.
    """

    column: str
    use: Use
    source: SourceCall
    sinks: list[SinkCall]
    known: Knowledge = "inferred"


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

    ``id`` and ``model`` are the nodes of the column and of the model that ``sink`` made; where a
    table was asked about its columns are told so too, ``model`` being the table.
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
    cell: CellPlace | msgspec.UnsetType = msgspec.UNSET


class ColumnUses(msgspec.Struct, frozen=True):
    """The columns of a run, in the order of its reads."""

    query: dict[str, Any]
    columns: list[ColumnUse]
    completeness: Completeness


class Taken(msgspec.Struct, frozen=True):
    """One use of one column, by one call; without a call the column was only read."""

    source: SourceCall
    column: str
    use: Use
    sink: SinkCall | None
    known: Knowledge


def taken_by(edges: Sequence[FlowEdge]) -> Iterator[Taken]:
    """What each edge says of the columns of its source."""
    for edge in edges:
        columns = edge.columns
        uses: tuple[tuple[Use, list[str]], ...] = (
            ("feature", columns.features), ("derived", columns.derived),
            ("label", columns.labels), ("weight", columns.weights), ("group", columns.groups),
            ("key", columns.keys), ("unused", columns.unused),
        )  # fmt: skip
        for use, names in uses:
            for name in names:
                yield Taken(edge.source, name, use, edge.sink, edge.known)


def column_uses(taken: Iterable[Taken]) -> list[ColumnUse]:
    """What each column of each source was for; unused is only what nothing took."""
    found: dict[tuple[SourceCall, str, Use], dict[SinkCall, None]] = {}
    observed: set[tuple[SourceCall, str, Use]] = set()
    for one in taken:
        key = (one.source, one.column, one.use)
        sinks = found.setdefault(key, {})
        if one.sink is not None:
            sinks[one.sink] = None
        if one.known == "observed":
            observed.add(key)
    used = {(source, name) for source, name, use in found if use != "unused"}
    return [
        ColumnUse(
            name, use, source, [] if use == "unused" else list(sinks),
            "observed" if (source, name, use) in observed else "inferred",
        )
        for (source, name, use), sinks in found.items()
        if use != "unused" or (source, name) not in used
    ]  # fmt: skip
