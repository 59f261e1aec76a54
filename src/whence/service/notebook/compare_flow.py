"""What fed what, compared: of two sessions as a section, of two executions by their calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whence.model.kind import CALL, FIT, SCORE
from whence.query.diff.cells import CellDifference, of_section
from whence.query.diff.flow import FlowDiff, SinkDiff, SourceDiff, source_name
from whence.query.diff.tables import TableDiff
from whence.query.diff.values import Difference, Kept, Section, compare
from whence.query.flow import FlowEdge, SinkCall
from whence.query.outline.flowdiff import rows_text
from whence.service.flow.edges import RunFlow
from whence.service.flow.join import Joined
from whence.store.protocol import Node, Store

FLOW = "flow"
_MAY_LEARN = frozenset({CALL, FIT, SCORE})


def flow_section(flow: FlowDiff | None) -> Section | None:
    """The calls of two runs that differ, as a section; None where no call is followed."""
    if flow is None:
        return None
    differences = [one for source in flow.sources for one in _source(source)]
    differences += [one for sink in flow.sinks for one in _sink(sink)]
    same = {
        _name(one.left or one.right): "same"
        for one in flow.sinks
        if one.change == "same" and (one.left or one.right)
    }
    return Section(FLOW, differences, same)


def execution_flow_differences(
    store: Store, session: Node, left: set[int], right: set[int], kept: Kept
) -> list[CellDifference]:
    """The data that reached what learned in one execution and not in the other, and the columns.

    ``left`` and ``right`` are the activities of the two executions.
    """
    if not any(node.kind in _MAY_LEARN for node in store.nodes(sorted(left | right))):
        return []
    flow = RunFlow(store, session, kept)
    if not flow.anchors.sinks:
        return []
    told = flow.told()
    sides = (dict(_edges(flow, told, parts)) for parts in (left, right))
    return of_section(compare(FLOW, *sides))


def _edges(
    flow: RunFlow, told: list[tuple[Joined, FlowEdge]], parts: set[int]
) -> Iterator[tuple[str, object]]:
    """What reached the sinks of an execution: by sink, source and role the columns that it took."""
    places = {one.place for one in flow.anchors.sinks if one.node.number in parts}
    own = [(j, e) for j, e in told if j.sink.node.number in parts]
    for _, edge in own or [(j, e) for j, e in told if j.sink.place in places]:
        key = f"{source_name(edge.source)} → {_name(edge.sink)}"
        columns: Mapping[str, list[str]] = {
            name: found
            for name in ("features", "derived", "labels")
            if (found := getattr(edge.columns, name))
        }
        yield key, {"role": edge.role, "arguments": edge.arguments, **columns}


def _source(source: SourceDiff) -> Iterator[Difference]:
    call = source.left or source.right
    if call is None or source.change == "same":
        return
    name = source_name(call)
    if source.change in ("added", "removed"):
        gone = source.change == "removed"
        side = source.left if gone else source.right
        told = "" if side is None else side.call
        yield Difference(name, source.change, told if gone else None, None if gone else told)
        return
    for one in source.differences:
        yield Difference(_key(name, one.aspect, one.key), one.change, one.left, one.right)
    for table in source.tables:
        yield from _table(name, table)


def _table(name: str, table: TableDiff) -> Iterator[Difference]:
    for column in table.removed:
        yield Difference(f"{name}: column {column}", "removed", column, None)
    for column in table.added:
        yield Difference(f"{name}: column {column}", "added", None, column)
    if table.left_rows != table.right_rows:
        yield Difference(f"{name}: rows", "changed", table.left_rows, table.right_rows)
    for one in table.changed:
        left, right = one.left_type, one.right_type
        if left == right:
            left, right = "", f"{rows_text(one.rows)} differ"
        yield Difference(f"{name}: column {one.column}", "changed", left, right)


def _sink(sink: SinkDiff) -> Iterator[Difference]:
    call = sink.left or sink.right
    if call is None or sink.change == "same":
        return
    name = _name(call)
    if sink.change in ("added", "removed"):
        gone = sink.change == "removed"
        yield Difference(name, sink.change, name if gone else None, None if gone else name)
        return
    for one in sink.differences:
        yield Difference(_key(name, one.aspect, one.key), one.change, one.left, one.right)


def _key(name: str, aspect: str, key: str) -> str:
    return f"{name}: {aspect}" + (f" {key}" if key and key != name else "")


def _name(call: SinkCall | None) -> str:
    return "" if call is None else ".".join(one for one in (call.class_, call.call) if one)
