"""The graph of a session: executions of cells, states of variables, data, models and figures.

Each node has ``attributes.order``, its place in time: an execution comes after what it used and
before what it made. What only the code tells is marked inferred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from whence._base.ids import derived_id, format_id
from whence.model.kind import CELL, MODEL, OUTPUT
from whence.model.relation import Known, Relation
from whence.query.answer import AnswerEdge, AnswerNode, Truncation
from whence.query.describe import answer_node
from whence.query.plain import clean
from whence.service.notebook.binding import MOST_EARLIER, Bindings, State
from whence.service.notebook.contents import Contents, outputs_of
from whence.service.notebook.record import Execution
from whence.service.notebook.times import iso
from whence.service.notebook.view import Graph
from whence.store.protocol import Edge, Store

VARIABLE = "variable"
MOST_NODES = 2000
EARLIER = "earlier"
"""The state of an execution that is not its cell's last, and that a later one rests on."""

_USED, _MADE = Relation.USED.term, Relation.WAS_GENERATED_BY.term
_DERIVED = Relation.WAS_DERIVED_FROM.term
_OBSERVED, _INFERRED = Known.OBSERVED.term, Known.INFERRED.term


class Shown(NamedTuple):
    """What is drawn: executions by ordinal, with the cell and the state of each, and what is known
    of them. An execution without a state is not the last of its cell; those whose ids are in
    ``cut`` would come before these, and are left out."""

    session: bytes
    executions: Mapping[int, Execution]
    cells: Mapping[int, str]
    states: Mapping[int, str]
    bindings: Bindings
    contents: Contents
    described: Mapping[State, Mapping[str, Any]]
    cut: Sequence[str]


def graph_of(store: Store, shown: Shown) -> tuple[Graph, list[Truncation]]:
    """The graph, and what was left out of it: of more than `MOST_NODES` the latest are kept,
    cells and models before files, and these before variables; earlier executions that the cells
    rest on are followed as far as `bindings_of` does."""
    drawing = _Drawing(store, shown)
    nodes, edges = drawing.nodes(), drawing.edges()
    truncated = []
    if shown.cut:
        truncated = [Truncation("executions", MOST_EARLIER, list(shown.cut))]
    if len(nodes) > MOST_NODES:
        ranked = sorted(nodes, key=lambda node: (_rank(node), -node.attributes["order"]))
        truncated += [Truncation("nodes", MOST_NODES, [one.id for one in ranked[MOST_NODES:]])]
        nodes = ranked[:MOST_NODES]
    nodes.sort(key=lambda node: (node.attributes["order"], node.id))
    ids = {node.id for node in nodes}
    kept = [edge for edge in edges if edge.source in ids and edge.target in ids]
    return Graph(nodes, kept), truncated


def _rank(node: AnswerNode) -> int:
    return 0 if node.kind in (CELL, MODEL) else 2 if node.kind == VARIABLE else 1


class _Drawing:
    """One graph in the making."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store, self._shown = store, shown
        self._ids = {one.number: format_id(one.uid) for one in shown.executions.values()}
        self._ordinals = {one.number: one.n for one in shown.executions.values()}
        self._outputs = outputs_of(shown.contents)
        contents = shown.contents
        self._entities = {
            number: format_id(node.uid)
            for number, node in contents.entities.items()
            if not contents.is_live(number) and self._is_drawn(number)
        }

    def _is_drawn(self, number: int) -> bool:
        """Of the outputs only pictures are drawn."""
        contents = self._shown.contents
        mime = str(contents.told.get(number, {}).get("mime", ""))
        return contents.entities[number].kind != OUTPUT or mime.startswith("image/")

    def nodes(self) -> list[AnswerNode]:
        shown = self._shown
        cells = [self._cell(one) for one in shown.executions.values()]
        return [*cells, *self._things(), *self._variables()]

    def _cell(self, one: Execution) -> AnswerNode:
        outputs = [self._output(number) for number in self._outputs.get(one.number, ())]
        attributes: dict[str, Any] = {
            "cell": clean(self._shown.cells[one.n]),
            "count": one.count,
            "execution": one.n,
            "state": self._shown.states.get(one.n, EARLIER),
            "status": one.status,
            "started_at": iso(one.started_at),
            "took_ms": one.took_ms,
            "order": 2 * one.n,
        }
        if outputs:
            attributes["outputs"] = outputs
        name = f"In [{one.count}]"
        return AnswerNode(self._ids[one.number], "activity", CELL, name, None, [], attributes)

    def _output(self, number: int) -> dict[str, Any]:
        node, told = (
            self._shown.contents.entities[number],
            self._shown.contents.told.get(number, {}),
        )
        return {
            "digest": format_id(node.digest) if node.digest else None,
            "mime": clean(str(told.get("mime", ""))),
            "kept": told.get("kept") is True,
        }

    def _things(self) -> list[AnswerNode]:
        contents, first = self._shown.contents, self._orders()
        nodes = []
        for number in self._entities:
            node = answer_node(
                self._store, contents.entities[number], contents.told.get(number, {})
            )
            node.attributes["order"] = first.get(number, 0)
            nodes.append(node)
        return nodes

    def _orders(self) -> dict[int, int]:
        """Of each thing its place in time: after what made it, else before what used it first."""
        found: dict[int, int] = {}
        for edge in self._shown.contents.used:
            at = 2 * self._ordinals[edge.source] - 1
            found[edge.target] = min(found.get(edge.target, at), at)
        for edge in self._shown.contents.made:
            found[edge.source] = 2 * self._ordinals[edge.target] + 1
        return found

    def _variables(self) -> list[AnswerNode]:
        made = (one.state for several in self._shown.bindings.made.values() for one in several)
        return [self._variable(one) for one in dict.fromkeys(made)]

    def _variable(self, state: State) -> AnswerNode:
        attributes = {
            "cell": clean(self._shown.cells[state.n]),
            "execution": state.n,
            "order": 2 * state.n + 1,
            **self._shown.described.get(state, {}),
        }
        name = clean(state.name)
        return AnswerNode(self._id(state), "entity", VARIABLE, name, None, [], attributes)

    def _id(self, state: State) -> str:
        return _variable_id(self._shown.session, *state)

    def edges(self) -> list[AnswerEdge]:
        return [*self._edges_of_things(), *self._edges_of_variables()]

    def _edges_of_things(self) -> list[AnswerEdge]:
        contents = self._shown.contents
        ends = self._ids | self._entities
        found = {
            (edge.source, edge.relation, edge.target, edge.role): edge
            for edge in (*contents.used, *contents.made, *contents.derived)
            if edge.source in ends and edge.target in ends
        }
        return [_told(edge, ends) for edge in found.values()]

    def _edges_of_variables(self) -> list[AnswerEdge]:
        found, executions = [], self._shown.executions
        for n, states in self._shown.bindings.used.items():
            cell, at = self._ids[executions[n].number], iso(executions[n].started_at)
            found += [AnswerEdge(cell, self._id(one), _USED, "", _INFERRED, at) for one in states]
        for n, several in self._shown.bindings.made.items():
            cell, at = self._ids[executions[n].number], iso(executions[n].ended_at)
            for made in several:
                variable, known = self._id(made.state), _OBSERVED if made.seen else _INFERRED
                found.append(AnswerEdge(variable, cell, _MADE, "", known, at))
                if made.before is not None:
                    before = self._id(made.before)
                    found.append(AnswerEdge(variable, before, _DERIVED, "changed", known, at))
        return found


@lru_cache(maxsize=32_768)
def _variable_id(session: bytes, name: str, n: int) -> str:
    """The id of a state of a variable: the same in every view."""
    return format_id(derived_id(b"variable", session, name, n))


def _told(edge: Edge, ids: Mapping[int, str]) -> AnswerEdge:
    return AnswerEdge(
        ids[edge.source], ids[edge.target], Relation(edge.relation).term, clean(edge.role),
        Known(edge.known).term, iso(edge.at),
    )  # fmt: skip
