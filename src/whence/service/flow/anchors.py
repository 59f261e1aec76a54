"""The anchors of a run: the calls that brought data in, split it, or learned from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from whence.analysis.site import Anchor, Site, Span
from whence.model.kind import CALL, FIT, READ, SCORE
from whence.query.profile import Profile
from whence.service.flow.cells import SessionCells
from whence.store.protocol import Node, Store


class Watched(NamedTuple):
    """An anchor as it was recorded: its activity, what is known of it, and where it stands.

    ``attributes`` have its place as answers tell it.
    """

    node: Node
    attributes: dict[str, Any]
    anchor: Anchor

    @property
    def way(self) -> tuple[tuple[str, int], ...]:
        """The lines of the calls that led there: what one loop did often is one way."""
        return tuple((site.file, site.line) for site in self.anchor.stack)

    @property
    def place(self) -> object:
        """Where the call stands, and what is called there."""
        return (self.anchor.stack, self.attributes.get("call"))


class Anchors(NamedTuple):
    """``sources`` brought data in, ``sinks`` learned, ``others`` passed data on (splits).

    ``evaluations`` told of a model, or of what it predicted, how good it is; predictions and
    transformations are ``others``.
    """

    sources: list[Watched]
    sinks: list[Watched]
    others: list[Watched]
    evaluations: list[Watched]

    @property
    def every(self) -> list[Watched]:
        return [*self.sources, *self.others, *self.sinks, *self.evaluations]


def last_of_each_place(calls: Iterable[Watched]) -> list[Watched]:
    """Of the calls of one place the last: it can have had most."""
    return list({watched.place: watched for watched in calls}.values())


def anchors_of(store: Store, whole: Profile, cells: SessionCells) -> Anchors:
    """The anchors of a run and its parts, in the order in which they ran."""
    wanted = [node for node in _parts(store, whole) if node.kind in (READ, FIT, SCORE, CALL)]
    attributes = store.attributes_of([node.number for node in wanted])
    found = Anchors([], [], [], [])
    for node in wanted:
        told = attributes.get(node.number, {})
        if "line" not in told or "file" not in told:
            continue
        placed = cells.placed(told, node.started_at)
        watched = Watched(node, cells.told(placed), anchor_of(node, placed))
        if node.kind == READ:
            found.sources.append(watched)
        elif "data" in told:
            found.sinks.append(watched)
        elif node.kind == CALL:
            found.others.append(watched)
        elif "given" in told:
            found.evaluations.append(watched)
    for kind in found:
        kind.sort(key=lambda watched: watched.anchor.order)
    return found


def _parts(store: Store, whole: Profile) -> Iterable[Node]:
    return store.nodes([number for number in whole.parts if number != whole.run.number])


def anchor_of(node: Node, told: dict[str, Any]) -> Anchor:
    """Where a call stands, by the attributes that were recorded of it (`SessionCells.placed`)."""
    innermost = Site(told["file"], told.get("function", ""), told["line"], _span(told.get("span")))
    callers = [
        Site(file, function, line, _span(span))
        for file, function, line, span in told.get("callers", ())
    ]
    order = told.get("mono") or node.started_at or 0
    return Anchor(node.uid, told.get("call", node.name), (innermost, *callers), order)


def _span(numbers: Any) -> Span | None:
    return Span(*numbers) if numbers else None
