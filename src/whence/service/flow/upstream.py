"""All that can have had a part in an activity of a run: the calls, data and statements before it.

The way back goes by objects where these were seen, else by the code between two calls. Where it
ends at something whose origin is not known, that is said: then anything may have had a part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import UNSET

from whence._base.ids import parse_id
from whence.model.kind import SCORE, is_live
from whence.model.relation import Relation
from whence.query.cells import in_words
from whence.service.flow.anchors import Watched
from whence.service.flow.edges import RunFlow
from whence.service.flow.evaluations import PREDICTED
from whence.service.flow.join import UNRESOLVED, Joined
from whence.store.protocol import Store

Line = tuple[str, int]

_MADE = int(Relation.WAS_GENERATED_BY)
_BACK = frozenset(map(int, (Relation.WAS_DERIVED_FROM, Relation.WAS_REVISION_OF)))


class Upstream(NamedTuple):
    """The numbers of activities and entities, and the lines, that lie upstream of something.

    ``unknown`` says where the way could not be followed.
    """

    nodes: frozenset[int]
    lines: frozenset[Line]
    unknown: list[str]


class Ways:
    """The ways back in one run."""

    def __init__(self, store: Store, flow: RunFlow) -> None:
        self._store, self._flow = store, flow
        self.parts = frozenset(flow.whole.parts)
        self.watched = {one.node.number: one for one in flow.anchors.every}
        self.lines: dict[Line, list[Watched]] = defaultdict(list)
        for one in self.watched.values():
            for site in one.anchor.stack:
                self.lines[site.file, site.line].append(one)
        self._joined: dict[object, list[Joined]] = defaultdict(list)
        evaluated = (one.joined for one in flow.evaluated if one.joined is not None)
        for joined in (*flow.joined, *evaluated):
            self._joined[joined.sink.place].append(joined)
        gaps = (gap for gap in flow.completeness().gaps if gap.code == UNRESOLVED)
        missed = {parse_id(gap.subject): gap.detail for gap in gaps if gap.subject}
        # A place that was passed often is joined once: what is missing there is of all its calls.
        self._missed = {
            one.place: missed[one.node.uid]
            for one in self.watched.values()
            if one.node.uid in missed
        }
        self._used: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for edge in flow.whole.edges:
            if edge.relation == Relation.USED:
                self._used[edge.source].append((edge.target, edge.role))

    def back(self, starts: Iterable[Watched]) -> Upstream:
        """Everything upstream of those calls, these included."""
        return _Walk(self._store, self).from_(starts)

    def joined(self, watched: Watched) -> list[Joined]:
        """What reached the calls of that class from that place."""
        return self._joined.get(watched.place, [])

    def missed(self, watched: Watched) -> str:
        """Why the data of a call could not all be followed; empty when they could."""
        return self._missed.get(watched.place, "")

    def used(self, number: int) -> list[tuple[int, str]]:
        """The entities that an activity used, with their roles."""
        return self._used.get(number, [])


class _Walk:
    """One search for what is upstream.

    Something is reached *surely* when the code told, too, from which reads it came: then it does
    not matter that an object on the way was not seen before.
    """

    def __init__(self, store: Store, ways: Ways) -> None:
        self._store, self._ways = store, ways
        self._waiting: list[tuple[int, bool]] = []
        self._reached: dict[int, bool] = {}
        self._lines: set[Line] = set()
        self._missed: dict[str, None] = {}
        self._ends: dict[int, str] = {}

    def from_(self, starts: Iterable[Watched]) -> Upstream:
        for one in starts:
            self._reach(one.node.number, False)
        while self._waiting:
            number, sure = self._waiting.pop()
            watched = self._ways.watched.get(number)
            if watched is None:
                self._entity(number, sure)
            else:
                self._activity(watched, sure)
        ends = [text for number, text in self._ends.items() if not self._reached[number]]
        unknown = list(dict.fromkeys((*self._missed, *ends)))
        return Upstream(frozenset(self._reached), frozenset(self._lines), unknown)

    def _reach(self, number: int, sure: bool) -> None:
        before = self._reached.get(number)
        if before is None or (sure and not before):
            self._reached[number] = sure
            self._waiting.append((number, sure))

    def _pass(self, lines: Iterable[Line]) -> None:
        """The way leads over those lines, so over the calls on them."""
        for line in lines:
            if line not in self._lines:
                self._lines.add(line)
                for watched in self._ways.lines.get(line, ()):
                    self._reach(watched.node.number, True)

    def _activity(self, watched: Watched, sure: bool) -> None:
        self._lines.update((site.file, site.line) for site in watched.anchor.stack)
        followed: set[str] = set()
        for joined in self._ways.joined(watched):
            followed.update(joined.arguments)
            for source in joined.sources:
                self._reach(source.node.number, True)
            drawn = [] if joined.drawn is None else [joined.drawn.site]
            self._pass((site.file, site.line) for site in (*joined.through, *drawn))
        if missed := self._ways.missed(watched):
            self._missed[missed] = None
        elif "data" in watched.attributes:
            followed.update(watched.attributes["data"])
        used = self._ways.used(watched.node.number)
        self._given(watched, sure, followed, {role for _, role in used})
        for entity, role in used:
            self._reach(entity, sure or role in followed)

    def _given(self, watched: Watched, sure: bool, followed: set[str], used: set[str]) -> None:
        """Of what was scored all must be known: the data, and what predicted them."""
        if sure and watched.node.kind != SCORE:
            return
        for argument in watched.attributes.get("given", ()):
            known = used if argument in PREDICTED else used | followed
            if argument not in known:
                self._ends[watched.node.number] = f"{argument} of {_called(watched)}"
        if "splits" in watched.attributes and not used:
            self._ends[watched.node.number] = f"what was given to {_called(watched)}"

    def _entity(self, number: int, sure: bool) -> None:
        has_origin, is_made = False, False
        for edge in self._store.edges_at(number, "up"):
            is_maker = edge.relation == _MADE
            if edge.relation in _BACK or (is_maker and edge.target in self._ways.watched):
                self._reach(edge.target, sure)
                has_origin = True
            elif is_maker:
                is_made = is_made or edge.target in self._ways.parts
        if not has_origin:
            (node,) = self._store.nodes([number])
            if is_made or is_live(node.kind, bool(node.places), node.digest is not None):
                self._ends[number] = node.name if node.places else f"{node.name} in memory"


def _called(watched: Watched) -> str:
    told = watched.attributes
    where = in_words(told["file"], told["line"], told.get("cell", UNSET))
    return f"{told.get('call', watched.node.name)} at {where}"
