"""The flow of a run as it is told: edges with their columns, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import UNSET

from whence._base.errors import WhenceError
from whence._base.ids import format_id
from whence.analysis.module import Module, read_module
from whence.analysis.program import Program
from whence.analysis.site import Site
from whence.model.kind import CODE
from whence.query.answer import Completeness, GapNote
from whence.query.cells import CellPlace, place_of
from whence.query.completeness import completeness
from whence.query.diff import Kept
from whence.query.flow import (
    Evaluation,
    FlowEdge,
    Role,
    SinkCall,
    SourceCall,
    Statement,
)
from whence.query.plain import plain_float
from whence.query.profile import profile
from whence.service.flow.anchors import Watched, anchors_of
from whence.service.flow.cells import SessionCells
from whence.service.flow.columns import ColumnJoin
from whence.service.flow.evaluations import Evaluated, Evaluations
from whence.service.flow.identity import Identity
from whence.service.flow.join import UNRESOLVED, Join, Joined, Missed
from whence.service.flow.lines import lines_that_ran
from whence.service.flow.names import DRAWS
from whence.service.flow.roles import Roles
from whence.store.protocol import Node, Store

MOST_NAMES = 5
VALIDATION = frozenset(
    {"eval_set", "validation_data", "X_val", "y_val", "valid_sets", "evals", "eval_sample_weight"}
)
"""Arguments of a sink that it is not trained on."""

_ROLES: tuple[Role, ...] = ("train", "validation", "test")
"""Data that come as several arguments have the first of these that one of them has."""

NOT_READ = "code-not-read"


class RunFlow:
    """What fed which model in one run."""

    def __init__(self, store: Store, run: Node, kept: Kept) -> None:
        self._store = store
        self.whole = profile(store, run)
        self.cells = SessionCells(store, self.whole, kept)
        self.anchors = anchors_of(store, self.whole, self.cells)
        self._gaps: list[GapNote] = []
        self.identity = Identity(store, self.whole, self.anchors.sources)
        self.joined: list[Joined] = []
        self._kept = kept
        if self.anchors.sinks:
            join = Join(self.anchors, self.identity, self.program)
            self.joined = join.edges
            self._gaps += [_missed(missed) for missed in join.missed]

    @cached_property
    def columns(self) -> ColumnJoin:
        """The columns of what the calls of the run were given."""
        return ColumnJoin(self._store, self.identity, self.program, self.anchors, self.cells)

    @cached_property
    def program(self) -> Program:
        """The code of the run with the calls that it made."""
        modules: dict[str, Module] = {}
        ran = lines_that_ran(self._store, self.whole)
        for node in self.whole.of_kind(CODE):
            if self.cells.is_cell(node):
                continue
            text = None if node.digest is None else self._kept(node.digest)
            if text is None:
                self._gaps.append(_unread(node, "its text was not kept"))
                continue
            try:
                modules[node.name] = read_module(text, node.name, ran.get(node.name))
            except WhenceError as error:
                self._gaps.append(_unread(node, str(error)))
        modules.update(self._cell_modules())
        sources = [watched.anchor for watched in self.anchors.sources]
        every = [watched.anchor for watched in self.anchors.every]
        return Program(modules, sources, every[len(sources) :], DRAWS)

    def _cell_modules(self) -> dict[str, Module]:
        """The cells of the run's kernel sessions."""
        for one in self.cells.unread:
            self._gaps.append(_unread(one.node, "its text was not kept"))
        try:
            return self.cells.modules()
        except WhenceError as error:
            self._gaps.append(_unread(self.whole.run, str(error)))
            return {}

    def edges(self) -> list[FlowEdge]:
        """The edges in the order of their sinks, then of their sources, in the code."""
        told = [edge for _, edge in self.told()]
        return sorted(told, key=_in_code)

    def told(self) -> list[tuple[Joined, FlowEdge]]:
        """The edges, each with what was joined to it."""
        return [(joined, self._told(joined)) for joined in self.joined]

    @property
    def is_partial(self) -> bool:
        """Whether some of the code or of the ways of the data could not be read."""
        return bool(self._gaps)

    def evaluations(self) -> list[Evaluation]:
        """On what data which model was scored or asked, in the order in which it was."""
        return [self._evaluation(one) for one in self.evaluated]

    @cached_property
    def evaluated(self) -> list[Evaluated]:
        """The same with what was joined."""
        anchors = self.anchors
        if not any("given" in one.attributes for one in (*anchors.evaluations, *anchors.others)):
            return []
        roles = Roles(self._store, self.identity, anchors, dict(self.program.modules))
        found = Evaluations(self._store, anchors, self.identity, self.program, roles)
        return found.told(self.joined)

    def completeness(self) -> Completeness:
        """Complete means: the origin of each argument of each sink was found."""
        own = completeness(self._store, self.whole.parts)
        gaps = [*own.gaps, *self._gaps]
        return Completeness(not gaps, own.truncated, gaps)

    def _told(self, joined: Joined) -> FlowEdge:
        return FlowEdge(
            source=self._source(joined),
            sink=sink_call(joined.sink),
            role=self._role(joined),
            known="observed" if joined.observed else "inferred",
            columns=self.columns.told(joined),
            arguments=list(joined.arguments),
            through=self._statements(joined.through),
        )

    def _evaluation(self, one: Evaluated) -> Evaluation:
        joined, value = one.joined, one.call.attributes.get("value")
        observed = one.sided.observed and (joined is None or joined.observed)
        through = [] if observed else [*(joined.through if joined else ()), *one.sided.through]
        return Evaluation(
            source=None if joined is None else self._source(joined),
            call=sink_call(one.call),
            model=None if one.fit is None else sink_call(one.fit),
            role=one.role,
            known="observed" if observed else "inferred",
            value=plain_float(value) if isinstance(value, float) else None,
            arguments=[] if joined is None else list(joined.arguments),
            through=self._statements(through),
        )

    def _source(self, joined: Joined) -> SourceCall:
        if joined.drawn is not None:
            drawn = joined.drawn
            file, line, cell = self.cells.shown(drawn.site.file, drawn.site.line)
            return SourceCall(drawn.call, file, line, synthetic=True, cell=cell)
        return self.source_call(joined.sources)

    def source_call(self, sources: Sequence[Watched]) -> SourceCall:
        """The reads that one place in the code made, as they are told."""
        source = sources[0]
        return SourceCall(
            call=source.attributes.get("call", source.node.name),
            file=source.attributes["file"],
            line=source.attributes["line"],
            origin=self._origin(sources),
            cell=source.attributes.get("cell", UNSET),
        )

    def _statements(self, sites: Iterable[Site]) -> list[Statement]:
        lines = dict.fromkeys((site.file, site.line) for site in sites)
        return [Statement(*self.cells.shown(file, line)) for file, line in lines]

    def _origin(self, sources: Sequence[Watched]) -> str:
        """The names of what the reads read: of many, the first."""
        names = dict.fromkeys(
            self.whole.nodes[edge.target].name
            for source in sources
            for edge in self.identity.read_by(source)
        )
        more = len(names) - MOST_NAMES
        return ", ".join(list(names)[:MOST_NAMES]) + (f" +{more}" if more > 0 else "")

    def _role(self, joined: Joined) -> Role:
        told = joined.sink.attributes.get("role")
        if told == "transform" or told == "resample":
            return told  # type: ignore[no-any-return]  # it is one of the two
        arguments = set(joined.arguments)
        if arguments and arguments <= VALIDATION:
            return "validation"
        roles = joined.sink.attributes.get("roles", {})
        of_arguments = {roles.get(one, "train") for one in arguments}
        return next((role for role in _ROLES if role in of_arguments), "train")


def _in_code(edge: FlowEdge) -> tuple[object, ...]:
    sink, source = edge.sink, edge.source
    return (*_at(sink), sink.class_, *_at(source))


def _at(call: SinkCall | SourceCall) -> tuple[str, int, int]:
    """The place of a call in the order of the code: cells in the order in which they ran."""
    execution = call.cell.execution if isinstance(call.cell, CellPlace) else 0
    return call.file, execution, int(str(call.line).rpartition(":")[2])


def sink_call(sink: Watched) -> SinkCall:
    """A sink as it is told."""
    call = str(sink.attributes.get("call", sink.node.name))
    path = str(sink.attributes.get("class", ""))
    return SinkCall(
        call=call.rpartition(".")[2],
        class_=path.rpartition(".")[2],
        file=sink.attributes["file"],
        line=sink.attributes["line"],
        cell=sink.attributes.get("cell", UNSET),
    )


def in_code(call: SinkCall) -> str:
    """What learned and where it stands, as people read it."""
    return f"{call.class_ or call.call} at {place_of(call)}"


def _missed(missed: Missed) -> GapNote:
    why = Counter(unknown.reason for unknown in missed.reasons)
    reason = "; ".join(why) or "no read that ran was found in the code before it"
    detail = f"{missed.argument} of {in_code(sink_call(missed.sink))}: {reason}"
    return GapNote(UNRESOLVED, format_id(missed.sink.node.uid), 1, detail)


def _unread(node: Node, reason: str) -> GapNote:
    return GapNote(NOT_READ, format_id(node.uid), 1, f"{node.name}: {reason}")
