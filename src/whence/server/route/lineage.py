"""Where things came from and what they reach: trace, impact and why."""

from __future__ import annotations

from typing import Annotated

import msgspec

from whence.server.operation import Call, Operation
from whence.server.parameter import AllVersions, Depth, Nodes, Thing
from whence.service.reply import ColumnImpact, ColumnTrace, Lineage, Why


class LineageQuery(msgspec.Struct, frozen=True):
    thing: Thing
    depth: Depth = None
    limit: Nodes = None
    all_versions: AllVersions = False


class TraceQuery(LineageQuery, frozen=True):
    columns: Annotated[
        bool, msgspec.Meta(description="With the columns of the models, each back to the files'")
    ] = False


class WhyQuery(msgspec.Struct, frozen=True):
    source: Thing
    target: Thing


def trace(call: Call[TraceQuery]) -> Lineage:
    """Everything upstream of a thing."""
    with call.questions() as asked:
        return asked.trace(call.query.thing, columns=call.query.columns, **_options(call.query))


def impact(call: Call[LineageQuery]) -> Lineage:
    """Everything downstream of a thing, or (``FILE:COLUMN``) of a column."""
    with call.questions() as asked:
        return asked.impact(call.query.thing, **_options(call.query))


def why(call: Call[WhyQuery]) -> Why:
    """Every path between two things, and what its inferred steps rest on."""
    with call.questions() as asked:
        return asked.why(call.query.source, call.query.target)


def _options(query: LineageQuery) -> dict[str, int | None]:
    return {
        "max_depth": query.depth,
        "max_nodes": query.limit,
        "all_versions": query.all_versions,
    }


AT = "/projects/{project}"
OPERATIONS = (
    Operation(
        "GET",
        AT + "/trace",
        trace,
        "Everything upstream of a thing",
        TraceQuery,
        (ColumnTrace, Lineage),
    ),
    Operation(
        "GET",
        AT + "/impact",
        impact,
        "Everything downstream of a thing or column",
        LineageQuery,
        (ColumnImpact, Lineage),
    ),
    Operation("GET", AT + "/why", why, "The paths between two things", WhyQuery, Why),
)
