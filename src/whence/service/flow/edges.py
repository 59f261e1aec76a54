"""The flow of a run as it is told: edges with their columns, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from whence._base.errors import WhenceError
from whence._base.ids import format_id
from whence.analysis.module import Module, read_module
from whence.analysis.program import Program
from whence.model.kind import CODE
from whence.model.relation import Relation
from whence.query.answer import Completeness, GapNote
from whence.query.completeness import completeness
from whence.query.flow import (
    Columns,
    FlowEdge,
    Role,
    SinkCall,
    SourceCall,
    Statement,
)
from whence.query.profile import profile
from whence.service.flow.anchors import Watched, anchors_of
from whence.service.flow.identity import Identity
from whence.service.flow.join import UNRESOLVED, Join, Joined, Missed
from whence.store.protocol import Node, Store

Kept = Callable[[bytes], bytes | None]
"""The kept content of a digest, None when it was not kept."""

MOST_NAMES = 5
NOT_READ = "code-not-read"
LABELS = frozenset({"y"})
NO_DATA = frozenset({"sample_weight", "groups"})
"""Arguments of a sink that are neither features nor labels."""


class RunFlow:
    """What fed which model in one run."""

    def __init__(self, store: Store, run: Node, kept: Kept) -> None:
        self._store = store
        self.whole = profile(store, run)
        self.anchors = anchors_of(store, self.whole)
        self._gaps: list[GapNote] = []
        self.identity = Identity(store, self.whole, self.anchors.sources)
        self.joined: list[Joined] = []
        if self.anchors.sinks:
            join = Join(self.anchors, self.identity, self._program(kept))
            self.joined = join.edges
            self._gaps += [_missed(missed) for missed in join.missed]

    def _program(self, kept: Kept) -> Program:
        modules: dict[str, Module] = {}
        for node in self.whole.of_kind(CODE):
            text = None if node.digest is None else kept(node.digest)
            if text is None:
                self._gaps.append(_unread(node, "its text was not kept"))
                continue
            try:
                modules[node.name] = read_module(text, node.name)
            except WhenceError as error:
                self._gaps.append(_unread(node, str(error)))
        others = [watched.anchor for watched in (*self.anchors.others, *self.anchors.sinks)]
        return Program(modules, [watched.anchor for watched in self.anchors.sources], others)

    def edges(self) -> list[FlowEdge]:
        """The edges in the order of their sinks, then of their sources, in the code."""
        told = [self._told(joined) for joined in self.joined]
        return sorted(
            told, key=lambda e: (e.sink.file, e.sink.line, e.sink.class_, e.source.file,
                                 e.source.line)
        )  # fmt: skip

    def completeness(self) -> Completeness:
        """Complete means: the origin of each argument of each sink was found."""
        own = completeness(self._store, self.whole.parts)
        gaps = [*own.gaps, *self._gaps]
        return Completeness(not gaps, own.truncated, gaps)

    def _told(self, joined: Joined) -> FlowEdge:
        source, sink = joined.sources[0], joined.sink
        return FlowEdge(
            source=SourceCall(
                call=source.attributes.get("call", source.node.name),
                file=source.attributes["file"],
                line=source.attributes["line"],
                origin=self._origin(joined.sources),
                synthetic=False,
            ),
            sink=sink_call(sink),
            role=self._role(joined),
            known="observed" if joined.observed else "inferred",
            columns=self._columns(joined),
            arguments=list(joined.arguments),
            through=[
                Statement(file, line)
                for file, line in dict.fromkeys((site.file, site.line) for site in joined.through)
            ],
        )

    def _origin(self, sources: Sequence[Watched]) -> str:
        """The names of what the reads read: of many, the first."""
        numbers = {source.node.number for source in sources}
        names = dict.fromkeys(
            self.whole.nodes[edge.target].name
            for edge in self.whole.edges
            if edge.source in numbers and edge.relation == Relation.USED
        )
        more = len(names) - MOST_NAMES
        return ", ".join(list(names)[:MOST_NAMES]) + (f" +{more}" if more > 0 else "")

    def _role(self, joined: Joined) -> Role:
        told = joined.sink.attributes.get("role")
        if told == "transform" or told == "resample":
            return told  # type: ignore[no-any-return]  # it is one of the two
        arguments = set(joined.arguments)
        if arguments and arguments <= {"eval_set", "validation_data", "X_val", "y_val"}:
            return "validation"
        return "train"

    def _columns(self, joined: Joined) -> Columns:
        features = self._columns_given(joined, lambda name: name not in LABELS | NO_DATA)
        labels = self._columns_given(joined, LABELS.__contains__)
        brought = [one for source in joined.sources for one in self.identity.brought_by(source)]
        of_source = self._columns_of(brought)
        if not of_source:
            return Columns([], [], [], features)
        return Columns(
            [name for name in features if name in of_source],
            [name for name in labels if name in of_source],
            [name for name in of_source if name not in features and name not in labels],
            [name for name in features if name not in of_source],
        )

    def _columns_given(self, joined: Joined, wanted: Callable[[str], bool]) -> list[str]:
        entities = [
            entity
            for argument in joined.sink.attributes["data"]
            if wanted(argument)
            and (entity := self.identity.given(joined.sink, argument)) is not None
        ]
        return self._columns_of(entities)

    def _columns_of(self, entities: list[int]) -> list[str]:
        told: Mapping[int, dict[str, Any]] = self._store.attributes_of(entities)
        names = (str(name) for one in entities for name in told.get(one, {}).get("columns") or ())
        return list(dict.fromkeys(names))


def sink_call(sink: Watched) -> SinkCall:
    """A sink as it is told."""
    call = str(sink.attributes.get("call", sink.node.name))
    path = str(sink.attributes.get("class", ""))
    return SinkCall(
        call=call.rpartition(".")[2],
        class_=path.rpartition(".")[2],
        file=sink.attributes["file"],
        line=sink.attributes["line"],
    )


def _missed(missed: Missed) -> GapNote:
    told = sink_call(missed.sink)
    why = Counter(unknown.reason for unknown in missed.reasons)
    reason = "; ".join(why) or "no read that ran was found in the code before it"
    detail = f"{missed.argument} of {told.class_ or told.call} at {told.file}:{told.line}: {reason}"
    return GapNote(UNRESOLVED, format_id(missed.sink.node.uid), 1, detail)


def _unread(node: Node, reason: str) -> GapNote:
    return GapNote(NOT_READ, format_id(node.uid), 1, f"{node.name}: {reason}")
