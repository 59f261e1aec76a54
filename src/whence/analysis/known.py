"""What the code shows of values and frames: names, lists of names, and the columns there are."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from whence.analysis.constant import texts_of, value_of
from whence.analysis.context import Demand
from whence.analysis.tablecolumn import Undecided

if TYPE_CHECKING:
    from whence.analysis.keyed import Turn
    from whence.analysis.world import World

_MAX_DEPTH = 40

Node = TypeVar("Node", bound=ast.AST)
Told = TypeVar("Told")


def remembered(
    known: dict[Demand, Told | Undecided], demand: Demand, ask: Callable[[], Told]
) -> Told:
    """What was told of ``demand`` before, else what ``ask`` tells. Raises Undecided, again too."""
    found = known.get(demand)
    if found is None:
        try:
            found = ask()
        except Undecided as undecided:
            found = undecided
        known[demand] = found
    if isinstance(found, Undecided):
        raise found
    return found


class Known:
    """Values and columns that the code of ``world`` shows.

    ``seen`` gives the columns of a source in their order, None where nobody saw them;
    ``source_names`` are those of all sources.
    """

    world: World

    def __init__(
        self, seen: Callable[[Demand], tuple[str, ...] | None], source_names: frozenset[str]
    ) -> None:
        self.seen, self.source_names = seen, source_names
        self._depth = 0
        self._columns: dict[Demand, tuple[str, ...] | Undecided] = {}
        self.turns: dict[Demand, list[Turn] | Undecided] = {}
        self._made: list[ast.AST] = []

    def keep(self, node: Node) -> Node:
        """``node``, made here and not in the code, for as long as its world is asked.

        A world knows nodes by their ids, which must not become those of others.
        """
        self._made.append(node)
        return node

    def value(self, demand: Demand) -> Any:
        """The text, number, list or dictionary that a value is. Raises Undecided."""
        return self._guarded(value_of, demand, {})

    def texts(self, demand: Demand) -> list[str]:
        """The names that a value is. Raises Undecided."""
        return texts_of(self.value(demand))

    def columns(self, demand: Demand) -> tuple[str, ...]:
        """The columns of a frame, in their order. Raises Undecided."""
        from whence.analysis.layout import columns_of

        return remembered(self._columns, demand, lambda: tuple(self._guarded(columns_of, demand)))

    def followed(self, demand: Demand) -> Demand:
        """The one value that ``demand`` is. Raises Undecided where it may be several."""
        edges = self.world.step(demand)
        if len(edges) != 1 or not edges[0].is_same or edges[0].demand == demand:
            raise Undecided("its value is made at run time")
        return edges[0].demand

    def written(self, demand: Demand) -> Demand:
        """The expression that gives the value of names, as far as there is only one."""
        for _ in range(_MAX_DEPTH):
            is_name = isinstance(demand.node, (ast.Name, ast.arg)) or demand.path
            if not is_name or isinstance(demand.node, ast.Call):
                break
            try:
                demand = self.followed(demand)
            except Undecided:
                break
        return demand

    def _guarded(self, ask: Callable[..., Any], *arguments: Any) -> Any:
        if self._depth > _MAX_DEPTH:
            raise Undecided("it is made in too many steps")
        self._depth += 1
        try:
            return ask(self, *arguments)
        finally:
            self._depth -= 1
