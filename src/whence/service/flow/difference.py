"""The flow of two runs compared: what is asked of each, and the answer made of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from whence._base.ids import format_id
from whence.query.diff import Kept, Section
from whence.query.diff.flow import (
    FlowDiff,
    FlowFacts,
    SinkFacts,
    SourceFacts,
    diff_flows,
    pair_flows,
)
from whence.query.diff.tables import Table
from whence.query.flow import FlowEdge, SourceCall
from whence.service.flow.anchors import Watched
from whence.service.flow.causes import RunSide, metric_reach
from whence.service.flow.edges import RunFlow, sink_call
from whence.store.protocol import Node, Store


def flow_difference(
    store: Store, left: Node, right: Node, sections: Sequence[Section], kept: Kept
) -> FlowDiff | None:
    """What fed what, in two runs; None where neither has a call that is followed."""
    here, there = RunFlow(store, left, kept), RunFlow(store, right, kept)
    if not any(flow.anchors.sources or flow.anchors.sinks for flow in (here, there)):
        return None
    before, after = _facts(store, here), _facts(store, there)
    pairs = pair_flows(before, after)
    found = diff_flows(before, after, pairs)
    reach = metric_reach(
        RunSide(store, here, kept), RunSide(store, there, kept), sections, pairs, found
    )
    return msgspec.structs.replace(found, metrics=reach)


def _facts(store: Store, flow: RunFlow) -> FlowFacts:
    told = flow.told()
    sources = _Sources(store, flow)
    edges: dict[object, list[tuple[int, FlowEdge]]] = {}
    for joined, edge in told:
        numbers = [source.node.number for source in joined.sources]
        edges.setdefault(edge.sink, []).append((sources.of(numbers, edge.source), edge))
    places = {sink_call(sink): sink for sink in flow.anchors.sinks}
    sinks = [
        SinkFacts(
            call, str(sink.attributes.get("function", "")), store.params(sink.node.number),
            edges.get(call, []), sink.node.number,
        )
        for call, sink in places.items()
    ]  # fmt: skip
    return FlowFacts(sources.facts, sinks)


class _Sources:
    """The sources of a run; the calls that one place made by one way are taken as one."""

    def __init__(self, store: Store, flow: RunFlow) -> None:
        self._store, self._flow = store, flow
        ways: dict[object, list[Watched]] = {}
        for source in flow.anchors.sources:
            ways.setdefault(source.way, []).append(source)
        self.facts = [self._of_way(several) for several in ways.values()]
        self._numbers = {n: at for at, one in enumerate(self.facts) for n in one.numbers}

    def of(self, numbers: Sequence[int], call: SourceCall) -> int:
        """The number of the source that those reads are; a new one for what is no read."""
        if numbers:
            return self._numbers[numbers[0]]
        for at, one in enumerate(self.facts):
            if one.call == call:
                return at
        self.facts.append(SourceFacts(call, "", {}, {}, frozenset()))
        return len(self.facts) - 1

    def _of_way(self, several: Sequence[Watched]) -> SourceFacts:
        numbers = {source.node.number for source in several}
        nodes = self._flow.whole.nodes
        files = {
            nodes[edge.target].name: nodes[edge.target].digest
            for source in several
            for edge in self._flow.identity.read_by(source)
        }
        return SourceFacts(
            self._flow.source_call(several),
            str(several[0].attributes.get("function", "")),
            {name: format_id(digest) if digest else None for name, digest in files.items()},
            self._tables(several),
            frozenset(numbers),
        )

    def _tables(self, several: Sequence[Watched]) -> dict[str, Table]:
        entities = [n for source in several for n in self._flow.identity.brought_by(source)]
        told = self._store.attributes_of(entities)
        names = {node.number: node.name for node in self._store.nodes(entities)}
        found: dict[str, Table] = {}
        for number in entities:
            table = Table.of(told.get(number, {}))
            if table is not None:
                found[_free(names[number], found.__contains__)] = table
        return found


def _free(name: str, is_taken: Callable[[str], bool]) -> str:
    """The name, numbered where it is taken."""
    at, key = 1, name
    while is_taken(key):
        at += 1
        key = f"{name} #{at}"
    return key
