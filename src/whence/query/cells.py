"""The executions of cells in a kernel session, and which of them a place in the code is in.

IPython compiles each cell under a file name of its own, which a cell that runs again unchanged has
again. So a file name and a time say which execution is meant: the latest one before it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from whence.model.kind import CELL, PROCESS, RUN
from whence.model.relation import Relation
from whence.store.protocol import Node, Store

_TIMEIT = "<magic-timeit>"
TIMED = frozenset({"<timed exec>", "<timed eval>", _TIMEIT})
"""The files of what ``%time``, ``%%time`` and ``%timeit`` run; it stands in the cell that did."""

_CELLS = ("/ipykernel_", "<ipython-input")
"""What is in the names under which IPython compiles cells."""

PYTHON, TOP = "python", "<module>"
_PARTS = int(Relation.HAS_PART)
EVER = 1 << 62
"""A time after all others."""


class CellPlace(msgspec.Struct, frozen=True):
    """An execution of a cell: the cell's id (empty where it has none), the count that its prompt
    showed, and its place among the executions of the session, from 1."""

    id: str
    count: int | None
    execution: int


class Shown(NamedTuple):
    """A place in the code as answers tell it. ``line`` is a text where it is in a cell."""

    file: str
    line: int | str
    cell: CellPlace | msgspec.UnsetType = msgspec.UNSET


class Execution(NamedTuple):
    """One execution of a cell, as its activity was recorded."""

    node: Node
    place: CellPlace
    file: str
    told: Mapping[str, Any]

    @property
    def is_magic(self) -> bool:
        """Whether the cell begins with a magic that was given its text, such as ``%%time``."""
        return bool(self.told.get("language", PYTHON) != PYTHON)

    def shown(self, notebook: str, line: int) -> Shown:
        """A line of it, in the notebook of that name."""
        return Shown(notebook, f"{self.place.id or f'[{self.place.count}]'}:{line}", self.place)


class Executions:
    """The executions of one session, in the order in which they ran. ``name`` is the notebook's."""

    def __init__(
        self, name: str, nodes: Iterable[Node], told: Mapping[int, Mapping[str, Any]]
    ) -> None:
        self.name = name
        ran = sorted(nodes, key=lambda node: (node.started_at or 0, node.number))
        self.every = [_execution(at, node, told[node.number]) for at, node in enumerate(ran, 1)]
        self._by_file: dict[str, tuple[list[int], list[Execution]]] = {}
        for one in self.every:
            times, executions = self._by_file.setdefault(_key(one.file), ([], []))
            times.append(one.node.started_at or 0)
            executions.append(one)

    def at(self, file: str, when: int) -> Execution | None:
        """The latest execution of that file that began before ``when``."""
        times, executions = self._by_file.get(_key(file), ([], []))
        number = bisect_right(times, when)
        return executions[max(number, 1) - 1] if executions else None

    def find(
        self, file: str, line: int, outer: Sequence[tuple[str, int]], when: int
    ) -> tuple[Execution, int] | None:
        """The execution and its line that a frame was at; ``outer`` are the frames around it.

        What a magic such as ``%%capture`` runs is in no execution of its own, but in the magic's.
        """
        found = self.at(file, when)
        if found is not None or not is_cells(file):
            return None if found is None else (found, line)
        for around, at in outer:
            found = self.at(around, when)
            if found is not None:
                return found, (at + line if found.is_magic else at + line - 1)
        return None


def is_cells(file: object) -> bool:
    """Whether a file's name is one under which IPython compiles cells, or parts of them."""
    return isinstance(file, str) and (file in TIMED or any(one in file for one in _CELLS))


def sessions_of(store: Store, parts: Sequence[int]) -> list[Executions]:
    """The kernel sessions among the parts of a run, those in which cells ran; most runs have none.

    A run has several where it started several kernels.
    """
    nodes = {node.number: node for node in store.nodes(parts)}
    cells = [node.number for node in nodes.values() if node.kind == CELL]
    told = store.attributes_of(cells) if cells else {}
    left = {number: nodes[number] for number in cells if "file" in told.get(number, {})}
    holders = [node for node in nodes.values() if node.kind in (RUN, PROCESS)] if left else []
    found: list[Executions] = []
    for holder in reversed(holders):
        edges = store.edges_at(holder.number, "up")
        own = [left.pop(e.target) for e in edges if e.relation == _PARTS and e.target in left]
        if holder is holders[0]:
            own += left.values()  # cells that cells ran
        if own:
            found.append(Executions(_notebook(store, holder), own, told))
    return found[::-1]


def _notebook(store: Store, session: Node) -> str:
    """What the notebook of a session is called in answers."""
    path = str(store.attributes(session.number).get("notebook") or "")
    return path.rpartition("/")[2] or session.name


def top_of(file: str, function: str) -> str:
    """A function's name; what stands in no function of a cell is the top of the module."""
    is_top = function.startswith("<cell line: ") or (file == _TIMEIT and function == "inner")
    return TOP if is_top else function


def in_words(
    file: str, line: int | str | None, cell: CellPlace | msgspec.UnsetType = msgspec.UNSET
) -> str:
    """A place as people read it: ``train.py:7``, ``train.ipynb[3]:2``."""
    if isinstance(cell, CellPlace) and cell.count is not None:
        return f"{file}[{cell.count}]:{str(line).rpartition(':')[2]}"
    return f"{file}:{line}"


class HasPlace(Protocol):
    """What answers tell with its place in the code."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int | str | None: ...
    @property
    def cell(self) -> CellPlace | msgspec.UnsetType: ...


def place_of(one: HasPlace) -> str:
    """Where something stands in the code, as people read it."""
    return in_words(one.file, one.line, one.cell)


def _execution(at: int, node: Node, told: Mapping[str, Any]) -> Execution:
    count = told.get("count")
    place = CellPlace(str(told.get("cell") or ""), count if isinstance(count, int) else None, at)
    return Execution(node, place, str(told["file"]), told)


def _key(file: str) -> str:
    """The end of a file's name: links in the path of the folder for temporary files differ."""
    return "/".join(file.split("/")[-2:])
