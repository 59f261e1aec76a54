"""Joining the anchors of a run to edges: by the objects where they are known, else by the code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from whence.analysis.answer import Drawn, Slice, Unknown
from whence.analysis.program import Program
from whence.analysis.site import Site
from whence.service.flow.anchors import Anchors, Watched
from whence.service.flow.giving import places_of, reads_inside
from whence.service.flow.identity import Identity

UNRESOLVED = "flow-unresolved"
"""The gap of a call whose data could not be followed to where they came from."""

MOST_SEEN = 500
"""Of more calls of one place the objects of the first ones, and of the last, are asked."""

NOT_FOUND = "the code that gave it its data was not found"


@dataclass
class Joined:
    """Data of a source that reached a sink, as the arguments that ``arguments`` names.

    ``sources`` are the calls that one place in the code made, by the same way: a loop's. Random
    data have none; there ``drawn`` is the call in the code.
    """

    sink: Watched
    observed: bool
    drawn: Drawn | None = None
    sources: list[Watched] = field(default_factory=list)
    arguments: dict[str, None] = field(default_factory=dict)
    through: dict[Site, None] = field(default_factory=dict)

    def add(self, source: Watched) -> None:
        if source not in self.sources:
            self.sources.append(source)


@dataclass
class Missed:
    """An argument of a sink whose origin could not be told, and why."""

    sink: Watched
    argument: str
    reasons: list[Unknown]


class Join:
    """The edges of one run. Repeated calls from one place are taken as one."""

    def __init__(self, anchors: Anchors, identity: Identity, program: Program) -> None:
        self._identity, self._program = identity, program
        self._sources = {watched.anchor.id: watched for watched in anchors.sources}
        self._edges: dict[object, Joined] = {}
        self._known: dict[int, list[Watched] | None] = {}
        self.missed: list[Missed] = []
        calls: dict[object, list[Watched]] = {}
        for sink in anchors.sinks:
            calls.setdefault((sink.anchor.stack, _class(sink)), []).append(sink)
        for of_place in calls.values():
            self._join(of_place)

    @property
    def edges(self) -> list[Joined]:
        return list(self._edges.values())

    def _join(self, calls: list[Watched]) -> None:
        """Join the calls of one place: each by its own objects, by the code only the last.

        The last can have had most, and the code is the same for all.
        """
        sink = calls[-1]
        for argument, position in sink.attributes["data"].items():
            seen = [self._reads(one, argument) for one in (*calls[:MOST_SEEN], sink)]
            for read in dict.fromkeys(read.anchor.id for reads in seen for read in reads or ()):
                source = self._sources[read]
                self._joined(source.way, sink, argument, True).add(source)
            if None in seen:
                self._look(sink, argument, position)

    def _reads(self, sink: Watched, argument: str) -> list[Watched] | None:
        """The reads that the very object came from; None where that is not known."""
        entity = self._identity.given(sink, argument)
        if entity is None:
            return None
        if entity not in self._known:
            reads = self._identity.reads_of(entity)
            self._known[entity] = reads and [
                one for read in reads for one in self._identity.behind(read)
            ]
        return self._known[entity]

    def _look(self, sink: Watched, argument: str, position: int) -> None:
        """Look in the code for where an argument came from."""
        places = places_of(sink, argument, position, self._program.modules)
        unknown = [] if places else [Unknown(sink.anchor.stack[0], NOT_FOUND)]
        is_found = False
        for place in places:
            found = self._program.slice(*place)
            self._follow(sink, argument, found)
            unknown += found.unknown
            is_found = is_found or bool(found.reached or found.drawn)
        if "given_at" in sink.attributes and not is_found:
            inside = reads_inside(sink, argument, self._sources.values())
            for read in inside:
                through = read.anchor.stack[:1]
                self._joined(read.way, sink, argument, False, through).add(read)
            if not inside:
                self.missed.append(Missed(sink, argument, unknown))
        elif unknown:
            self.missed.append(Missed(sink, argument, unknown))

    def _follow(self, sink: Watched, argument: str, found: Slice) -> None:
        for reached in found.reached:
            for source in self._identity.behind(self._sources[reached.source.id]):
                self._joined(source.way, sink, argument, False, reached.through).add(source)
        for drawn in found.drawn:
            self._joined(drawn.site, sink, argument, False, drawn.through).drawn = drawn

    def _joined(
        self,
        way: object,
        sink: Watched,
        argument: str,
        observed: bool,
        through: Iterable[Site] = (),
    ) -> Joined:
        key = (way, sink.way, _class(sink))
        joined = self._edges.setdefault(key, Joined(sink, observed))
        joined.arguments[argument] = None
        joined.observed = joined.observed and observed
        joined.through.update(dict.fromkeys(through))
        return joined


def _class(sink: Watched) -> object:
    return sink.attributes.get("class")
