"""The places in cells that nodes were recorded with, as answers tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from whence.model.kind import CELL, PROCESS, RUN, NodeType
from whence.model.relation import Relation
from whence.query.cells import EVER, CellPlace, Executions, in_words, is_cells, sessions_of, top_of
from whence.query.profile import whole_run
from whence.store.protocol import Node, Store

_PARTS = int(Relation.HAS_PART)
Told = Mapping[int, dict[str, Any]]


def with_cells(store: Store, nodes: Sequence[Node], recorded: Told) -> Told:
    """What was recorded of the nodes; where a call stands in a cell, with notebook and cell."""
    wanted = [node for node in nodes if _is_in_cell(node, recorded.get(node.number, {}))]
    if not wanted:
        return recorded
    sessions: dict[int, list[Executions]] = {}
    found = dict(recorded)
    for node in wanted:
        run = whole_run(store, node)
        if run is not None:
            if run.number not in sessions:
                sessions[run.number] = sessions_of(store, _with_cells(store, run))
            when = _when(store, node)
            found[node.number] = _placed(sessions[run.number], recorded[node.number], when)
    return found


def place_in(facts: Mapping[str, Any]) -> str:
    """The place that a node's attributes tell, as people read it; empty without one."""
    file, line, cell = facts.get("file"), facts.get("line"), facts.get("cell")
    if not file or not line:
        return str(file or "")
    place = msgspec.convert(cell, CellPlace) if isinstance(cell, dict) else msgspec.UNSET
    return in_words(str(file), line, place)


def _is_in_cell(node: Node, told: Mapping[str, Any]) -> bool:
    return node.kind != CELL and "line" in told and is_cells(told.get("file"))


def _with_cells(store: Store, run: Node) -> list[int]:
    """A run with its processes and the cells that ran in them."""
    found, open_ = [run.number], [run]
    for one in open_:
        edges = store.edges_at(one.number, "up")
        parts = store.nodes([edge.target for edge in edges if edge.relation == _PARTS])
        found += [part.number for part in parts if part.kind in (CELL, PROCESS)]
        open_ += [part for part in parts if part.kind in (RUN, PROCESS)]
    return found


def _when(store: Store, node: Node) -> int:
    """When something happened, or was made."""
    if node.type == NodeType.ACTIVITY:
        return node.started_at or EVER
    edges = store.edges_at(node.number, "up")
    times = [edge.at for edge in edges if edge.relation == Relation.WAS_GENERATED_BY and edge.at]
    return min(times, default=EVER)


def _placed(sessions: Sequence[Executions], told: dict[str, Any], when: int) -> dict[str, Any]:
    outer = [(one[0], one[2]) for one in told.get("callers") or ()]
    for session in sessions:
        found = session.find(told["file"], told["line"], outer, when)
        if found is not None:
            file, line, cell = found[0].shown(session.name, found[1])
            place = {"file": file, "line": line, "cell": msgspec.to_builtins(cell)}
            return {
                **told,
                **place,
                "function": top_of(told["file"], str(told.get("function", ""))),
            }
    return told
