"""The flow of two runs compared: what was read, what learned from it, and from which columns.

Calls are paired by what they are and where they stand, also when their lines have moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from whence.model.value import encode
from whence.query.diff.aspect import Aspect, FlowDifference
from whence.query.diff.pairing import paired
from whence.query.diff.steps import param_differences
from whence.query.diff.tables import Table, TableDiff, compared
from whence.query.flow import FlowEdge, SinkCall, SourceCall

Change = Literal["same", "changed", "added", "removed"]


class SourceFacts(NamedTuple):
    """A call of a run that brought data in: its files by name with their digests, its tables."""

    call: SourceCall
    function: str
    files: Mapping[str, str | None]
    tables: Mapping[str, Table]
    numbers: frozenset[int]


class SinkFacts(NamedTuple):
    """A call of a run that learned; ``edges`` lead to it, each with the number of its source."""

    call: SinkCall
    function: str
    params: Mapping[str, Any]
    edges: Sequence[tuple[int, FlowEdge]]
    number: int


class FlowFacts(NamedTuple):
    """What is compared of the flow of one run."""

    sources: Sequence[SourceFacts]
    sinks: Sequence[SinkFacts]


class SourceDiff(msgspec.Struct, frozen=True):
    """A call that brought data in, in both runs; None in the one that does not have it."""

    change: Change
    left: SourceCall | None
    right: SourceCall | None
    differences: list[FlowDifference] = []
    tables: list[TableDiff] = []


class SinkDiff(msgspec.Struct, frozen=True):
    """A call that learned, in both runs; None in the one that does not have it."""

    change: Change
    left: SinkCall | None
    right: SinkCall | None
    differences: list[FlowDifference] = []


class Cause(msgspec.Struct, frozen=True):
    """A difference, by the section (or ``sources``, ``sinks``) that tells it and its key there.

    ``detail`` says what is known of the way from it to the metric.
    """

    section: str
    key: str
    detail: str = ""


class MetricReach(msgspec.Struct, frozen=True):
    """A metric that moved, and which of the differences can reach it.

    ``known`` says that the whole way to it was followed, in both runs; where it was not, for the
    ``reason``, every difference may reach it.
    """

    metric: str
    left: Any
    right: Any
    call: SinkCall | None
    known: bool
    reason: str
    may: list[Cause]
    cannot: list[Cause]


class FlowDiff(msgspec.Struct, frozen=True):
    """The flow of two runs compared. ``metrics`` are those that moved."""

    sources: list[SourceDiff]
    sinks: list[SinkDiff]
    metrics: list[MetricReach] = []


class Pairs(NamedTuple):
    """The calls of two runs, paired."""

    sources: list[tuple[SourceFacts | None, SourceFacts | None]]
    sinks: list[tuple[SinkFacts | None, SinkFacts | None]]


def pair_flows(left: FlowFacts, right: FlowFacts) -> Pairs:
    """The calls of two runs, paired: those that are most alike first."""
    sources = paired(
        left.sources, right.sources,
        [
            lambda one: (one.call.file, one.function, one.call.call, one.call.origin),
            lambda one: (one.call.call, one.call.origin),
            lambda one: (one.call.file, one.function, one.call.line),
            lambda one: (one.function, one.call.call),
            lambda one: one.function,
        ],
    )  # fmt: skip
    sinks = paired(
        left.sinks, right.sinks,
        [
            lambda one: (*_named(one.call), one.call.file, one.function, one.call.line),
            lambda one: (*_named(one.call), one.call.file, one.function, encode(one.params)),
            lambda one: (*_named(one.call), one.call.file, one.function),
            lambda one: (*_named(one.call), one.function),
            lambda one: (one.call.file, one.function, one.call.call, one.call.line),
            lambda one: (one.function, one.call.call, _role(one)),
        ],
    )  # fmt: skip
    return Pairs(sources, sinks)


def diff_flows(left: FlowFacts, right: FlowFacts, pairs: Pairs) -> FlowDiff:
    """What differs between the flow of two runs."""
    places = {id(one): at for at, one in enumerate((*left.sources, *right.sources))}
    start = len(left.sources)
    other = {
        places[id(a)]: places[id(b)] - start
        for a, b in pairs.sources
        if a is not None and b is not None
    }
    return FlowDiff(
        [_source(*pair) for pair in pairs.sources],
        [_sink(a, b, other, right.sources) for a, b in pairs.sinks],
    )


def source_name(call: SourceCall) -> str:
    """What a source is called: the file or data set it read, else its call."""
    return call.origin or call.call


def _named(call: SinkCall) -> tuple[str, str]:
    return call.class_, call.call


def _role(sink: SinkFacts) -> str:
    return sink.edges[0][1].role if sink.edges else ""


def _source(left: SourceFacts | None, right: SourceFacts | None) -> SourceDiff:
    if left is None or right is None:
        gone, come = left and left.call, right and right.call
        return SourceDiff("removed" if right is None else "added", gone, come)
    found = list(_files(left.files, right.files))
    if left.call.call != right.call.call:
        found.append(FlowDifference("call", "", "changed", left.call.call, right.call.call))
    # A read of one table now reads another: these are compared though they have two names.
    names = {name: name for name in left.tables if name in right.tables}
    if len(left.tables) == len(right.tables) == 1:
        names = dict(zip(left.tables, right.tables, strict=True))
    tables = [
        compared(b if a == b else f"{a} → {b}", left.tables[a], right.tables[b])
        for a, b in names.items()
    ]
    tables = [one for one in tables if one.differs or one.not_compared or one.unrecorded]
    is_same = not found and not any(table.differs for table in tables)
    return SourceDiff("same" if is_same else "changed", left.call, right.call, found, tables)


def _files(left: Mapping[str, str | None], right: Mapping[str, str | None]) -> list[FlowDifference]:
    found = []
    for name in left:
        if name in right and left[name] is not None and right[name] is not None:
            if left[name] != right[name]:
                found.append(FlowDifference("content", name, "changed", left[name], right[name]))
        elif name in right and left[name] != right[name]:
            found.append(FlowDifference("content", name, "unknown", left[name], right[name]))
    gone = [name for name in left if name not in right]
    come = [name for name in right if name not in left]
    for a, b in zip(gone, come, strict=False):
        moved = left[a] is not None and left[a] == right[b]
        found.append(FlowDifference("input", a, "moved" if moved else "changed", a, b))
    many = min(len(gone), len(come))
    found += [FlowDifference("input", name, "removed", name, None) for name in gone[many:]]
    return found + [FlowDifference("input", name, "added", None, name) for name in come[many:]]


def _sink(
    left: SinkFacts | None,
    right: SinkFacts | None,
    other: Mapping[int, int],
    sources: Sequence[SourceFacts],
) -> SinkDiff:
    """The sink in both; ``other`` gives for a source of the first run that of the second."""
    if left is None or right is None:
        gone, come = left and left.call, right and right.call
        return SinkDiff("removed" if right is None else "added", gone, come)
    found: list[FlowDifference] = []
    asked: tuple[tuple[Aspect, str, str], ...] = (
        ("class", left.call.class_, right.call.class_),
        ("call", left.call.call, right.call.call),
        ("role", _role(left), _role(right)),
    )
    found += [FlowDifference(what, "", "changed", a, b) for what, a, b in asked if a != b]
    found += param_differences(left.params, right.params)
    found += _sources(left, right, other)
    found += _columns(left, right)
    return SinkDiff("changed" if found else "same", left.call, right.call, found)


def _sources(left: SinkFacts, right: SinkFacts, other: Mapping[int, int]) -> list[FlowDifference]:
    here = {other.get(number, -1 - number): edge.source for number, edge in left.edges}
    there = {number: edge.source for number, edge in right.edges}
    gone = [source_name(call) for number, call in here.items() if number not in there]
    come = [source_name(call) for number, call in there.items() if number not in here]
    return [
        *(FlowDifference("source", name, "removed", name, None) for name in gone),
        *(FlowDifference("source", name, "added", None, name) for name in come),
    ]


def _columns(left: SinkFacts, right: SinkFacts) -> list[FlowDifference]:
    """Columns more or less, where both runs know them."""
    found: list[FlowDifference] = []
    uses: tuple[tuple[Aspect, str], ...] = (
        ("feature", "features"), ("derived", "derived"), ("label", "labels"),
    )  # fmt: skip
    for aspect, name in uses:
        here, there = _used(left, name), _used(right, name)
        found += [
            FlowDifference(aspect, one, "removed", one, None) for one in here if one not in there
        ]
        found += [
            FlowDifference(aspect, one, "added", None, one) for one in there if one not in here
        ]
    return found


def _used(sink: SinkFacts, name: str) -> dict[str, None]:
    return {column: None for _, edge in sink.edges for column in getattr(edge.columns, name)}
