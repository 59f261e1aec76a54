"""Two kernel sessions, or two executions of a cell, compared: what differs comes first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from whence._base.errors import NotKnownError
from whence._base.ids import format_id
from whence.model.kind import CODE, OUTPUT
from whence.model.relation import Relation
from whence.query.diff import Difference, Kept, Section, diff_runs
from whence.query.diff.aligning import aligned, in_order
from whence.query.diff.cells import CellDiff, CellDifference, Comparison, as_difference
from whence.query.diff.flow import FlowDiff
from whence.query.diff.values import compare
from whence.query.disk import Disk
from whence.service.disk import NoDisk
from whence.service.flow.difference import flow_difference
from whence.service.notebook.compare_cells import Cell, cell_diff, cells_of, sorted_cells, written
from whence.service.notebook.compare_facts import facts_of_executions
from whence.service.notebook.compare_flow import execution_flow_differences, flow_section
from whence.service.notebook.record import Execution, SessionRecord
from whence.service.notebook.versions import notebook_uses
from whence.store.protocol import Node, Store

Pair = tuple[Cell | None, Cell | None]

_LAUNCH = ("command", "argv", "entry_point")
"""What is told of the start of a kernel: it names a file that is another each time."""
_THINNED = frozenset({"code", "outputs", "run"})


def is_session(store: Store, run: Node) -> bool:
    """Whether the run is the session of a kernel."""
    return store.attributes(run.number).get("session") == "kernel"


def compare_sessions(
    store: Store, left: Node, right: Node, kept: Kept, disk: Disk | None = None
) -> Comparison:
    """Two sessions compared: as runs, and cell by cell. Cells are aligned by their ids, and where
    these don't fit by their code; of each the last execution is compared.

    ``kept`` gives the texts that the store has; without a ``disk`` no file is looked at.
    """
    sections, flow, cells = session_parts(store, left, right, kept, disk)
    told = flow_section(flow)
    return Comparison(
        kind="sessions",
        left=format_id(left.uid),
        right=format_id(right.uid),
        cells=cells,
        sections=differences_first([*([told] if told else []), *sections]),
        names=[left.name, right.name],
    )


def compare_executions(
    store: Store, session: Node, left: int, right: int, kept: Kept
) -> Comparison:
    """Two executions of a session compared, named by their ordinals (from 1).

    Raises NotKnownError where the session has no such execution.
    """
    executions = executions_of(store, session)
    pair = [_execution(executions, n, session) for n in (left, right)]
    facts = facts_of_executions(store, pair)
    a, b = (Cell(_id(one), written(one, kept), one.n, one, 1) for one in pair)
    flow = execution_flow_differences(store, session, facts[left].parts, facts[right].parts, kept)
    cell = cell_diff(a, b, (facts[left], facts[right]), kept, flow)
    return Comparison(
        kind="executions",
        left=str(left),
        right=str(right),
        cells=[cell],
        sections=[],
        names=[f"{session.name} {one.cell} [{one.count}]" for one in pair],
    )


def executions_of(store: Store, session: Node) -> list[Execution]:
    """The executions of a session, in order."""
    record = SessionRecord(session)
    record.refresh(store, session)
    return record.executions


def session_cells(store: Store, left: Node, right: Node, kept: Kept) -> list[CellDiff]:
    """The cells of two sessions, aligned, those that differ first."""
    sides = [cells_of(executions_of(store, one), kept) for one in (left, right)]
    pairs = aligned(*sides)
    known = [
        facts_of_executions(store, [one.execution for one in side if one.execution])
        for side in sides
    ]
    moved = _moved(pairs)
    found = []
    for pair in pairs:
        a, b = pair
        facts = None
        if a is not None and b is not None and a.execution and b.execution:
            facts = known[0][a.execution.n], known[1][b.execution.n]
        found.append(cell_diff(a, b, facts, kept, _times(a, b), id(pair) in moved))
    return sorted_cells(found)


def session_parts(
    store: Store, left: Node, right: Node, kept: Kept, disk: Disk | None = None
) -> tuple[list[Section], FlowDiff | None, list[CellDiff]]:
    """The comparison of two sessions: the sections, what fed what, the cells."""
    sections = diff_runs(store, left, right, kept, disk or NoDisk())
    flow = flow_difference(store, left, right, sections, kept)
    cells = session_cells(store, left, right, kept)
    return _without_cells(store, left, right, sections, cells), flow, cells


def _without_cells(
    store: Store, left: Node, right: Node, sections: Sequence[Section], cells: Sequence[CellDiff]
) -> list[Section]:
    """The sections with what belongs to cells told by cell: executions have other names each
    time, so as parts of a run they can't be compared."""
    names = _names_of_cells(store, left) | _names_of_cells(store, right)
    owns = [store.params(one.number) for one in (left, right)]
    found = []
    for one in sections:
        if one.name == "parameters":
            one = compare("parameters", *owns)
        if one.name == "metrics":
            one = compare("metrics", *(_own_metrics(store, run) for run in (left, right)))
        if one.name in ("parameters", "metrics"):
            one.differences.extend(_of_cells(one.name, cells))
        dropped = names if one.name in ("code", "outputs") else _LAUNCH
        found.append(_without(one, dropped) if one.name in _THINNED else one)
    return [*found, compare("notebook", _notebooks(store, left), _notebooks(store, right))]


def _own_metrics(store: Store, run: Node) -> dict[str, float]:
    return {one.key: one.last for one in store.summaries([run.number]).get(run.number, ())}


def _of_cells(section: str, cells: Sequence[CellDiff]) -> list[Difference]:
    """What the cells tell of a section, each under the cell's name."""
    found = []
    for cell in cells:
        for one in cell.differences:
            if one.section == section:
                told = as_difference(one)
                found.append(msgspec.structs.replace(told, key=f"{cell.id}: {one.key}"))
    return found


def differences_first(sections: Sequence[Section]) -> list[Section]:
    """The sections, those with differences first."""
    return sorted(sections, key=lambda one: not one.differences)


def _execution(executions: Sequence[Execution], n: int, session: Node) -> Execution:
    if not 1 <= n <= len(executions):
        raise NotKnownError(
            f"{session.name} has no execution {n}: it has {len(executions)}, numbered from 1"
        )
    return executions[n - 1]


def _id(one: Execution) -> str:
    return "" if one.cell == f"[{one.count}]" else one.cell


def _times(a: Cell | None, b: Cell | None) -> list[CellDifference]:
    if a is None or b is None or a.executions == b.executions:
        return []
    return [CellDifference("executions", "times", "changed", a.executions, b.executions)]


def _moved(pairs: Sequence[Pair]) -> set[int]:
    """The pairs (by identity) that ran at another place among the others."""
    both = [(pair, b.place) for pair in pairs for a, b in [pair] if a is not None and b is not None]
    stayed = in_order([place for _, place in both])
    return {id(pair) for at, (pair, _) in enumerate(both) if at not in stayed}


def _names_of_cells(store: Store, session: Node) -> set[str]:
    """The names of what belongs to cells: their code, and what they displayed."""
    cells = [one for _, one in store.linked([session.number], int(Relation.HAS_PART), "up")]
    ends = {end for _, end in store.linked(cells, int(Relation.USED), "up")}
    ends |= {end for _, end in store.linked(cells, int(Relation.WAS_GENERATED_BY), "down")}
    nodes = store.nodes(sorted(ends))
    is_own = (OUTPUT, CODE)
    return {one.name for one in nodes if one.kind in is_own and not one.places}


def _notebooks(store: Store, session: Node) -> dict[str, str | None]:
    """The last recorded version of each notebook file that the session was of."""
    used = notebook_uses(store, session)
    return {node.name: format_id(node.digest) if node.digest else None for node, _ in used}


def _without(section: Section, names: Collection[str]) -> Section:
    return msgspec.structs.replace(
        section,
        differences=[
            one for one in section.differences if not set(one.key.split(" → ")) <= {*names}
        ],
        same={key: value for key, value in section.same.items() if key not in names},
    )
