"""Pictures of flow: data on the left, what learned from it on the right; and of columns."""

from __future__ import annotations

from whence.jupyter.picture import Box, Family, Link, Picture
from whence.query.cells import CellPlace, HasPlace, place_of
from whence.query.columns import ColumnUses
from whence.query.flow import Evaluation, Flow, SinkCall, SourceCall

_UNUSED_SHOWN = 12


class _Boxes:
    """The boxes of calls, each once, in the order in which they come."""

    def __init__(self) -> None:
        self.found: dict[str, Box] = {}

    def source(self, one: SourceCall) -> str:
        place = _place(one)
        name = one.origin or one.call
        note = f"{one.call} · {place}" if one.origin else place
        return self._add(f"{one.call}\0{place}\0{one.origin}", name, note, "data")

    def sink(self, one: SinkCall) -> str:
        place = _place(one)
        name = one.class_.rpartition(".")[2] or one.call
        return self._add(f"{one.call}\0{place}", name, f"{one.call} · {place}", "model")

    def evaluation(self, one: Evaluation) -> str:
        call = one.call
        place = _place(call)
        value = f"{one.value:.4g}" if isinstance(one.value, float) else one.value
        note = place if value is None else f"{value} · {place}"
        name = ".".join(part for part in (call.class_.rpartition(".")[2], call.call) if part)
        return self._add(f"{name}\0{place}\0{one.model}", name, note, "activity")

    def column(self, name: str, of: SourceCall, use: str) -> str:
        note = f"{use} · {of.origin or of.call}"
        return self._add(f"column\0{name}\0{of}\0{use}", name, note, "column")

    def _add(self, id: str, title: str, note: str, family: Family) -> str:
        self.found.setdefault(id, Box(id, title, note, family, f"{title}\n{note}"))
        return id


def flow_picture(flow: Flow, caption: str) -> Picture:
    """Data, the models that learned from it, and what they were scored on."""
    boxes, links = _Boxes(), {}
    for edge in flow.edges:
        ends = boxes.source(edge.source), boxes.sink(edge.sink)
        links[ends] = Link(*ends, edge.role, edge.known == "observed")
    for one in flow.evaluations:
        call = boxes.evaluation(one)
        if one.source is not None:
            source = boxes.source(one.source)
            links[source, call] = Link(source, call, one.role or "", one.known == "observed")
        if one.model is not None:
            model = boxes.sink(one.model)
            links[model, call] = Link(model, call, "", one.known == "observed")
    found = [link for link in links.values() if link.source != link.target]
    return Picture("flow", list(boxes.found.values()), found, caption)


def columns_picture(uses: ColumnUses, caption: str) -> Picture:
    """The columns that were used, each with what took it; the unused ones are told below."""
    boxes, links, unused = _Boxes(), {}, []
    for one in uses.columns:
        if one.use == "unused":
            unused.append(one.column)
            continue
        column = boxes.column(one.column, one.source, one.use)
        for sink in one.sinks:
            taker = boxes.sink(sink)
            links[column, taker] = Link(column, taker, "", one.known == "observed")
    if unused:
        rest = len(unused) - _UNUSED_SHOWN
        told = ", ".join(unused[:_UNUSED_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
        caption = f"Read and not used: {told}. {caption}"
    return Picture("columns", list(boxes.found.values()), list(links.values()), caption)


def _place(one: HasPlace) -> str:
    """The cell and line of a call, shorter than in a text: the notebook is known here."""
    if isinstance(one.cell, CellPlace) and one.cell.count is not None:
        return f"In [{one.cell.count}], line {str(one.line).rpartition(':')[2]}"
    return place_of(one)
