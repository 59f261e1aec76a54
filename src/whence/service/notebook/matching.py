"""Which recorded executions are of which cell of the file: by id, else by source, else by count."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from whence.analysis.notebook.execution import Cell, Execution


def matched(cells: Sequence[Cell], executions: Sequence[Execution]) -> list[Execution]:
    """The executions with the ids that the cells have here.

    A file of an older format has no ids, and some front ends tell none: then a cell that was
    recorded is the one with the source that ran last in it, else the one with its ``In [n]``.
    """
    known = {cell.id for cell in cells}
    last = {one.cell: one for one in executions if one.cell not in known}
    if not last:
        return list(executions)
    free = [cell for cell in cells if cell.id not in {one.cell for one in executions}]
    names: dict[str, str] = {}
    for fits in (_is_same, _is_source, _is_count):
        for recorded, one in last.items():
            if recorded in names:
                continue
            found = next((cell for cell in free if fits(cell, one)), None)
            if found is not None:
                names[recorded] = found.id
                free.remove(found)
    names |= _earlier(last, names, {cell.id: cell for cell in cells})
    return [msgspec.structs.replace(one, cell=names.get(one.cell, one.cell)) for one in executions]


def _earlier(
    last: dict[str, Execution], names: dict[str, str], cells: dict[str, Cell]
) -> dict[str, str]:
    """Earlier executions of a cell without an id, which were recorded as if of another cell."""
    sources = {cells[id].source.rstrip(): id for id in names.values()}
    return {
        recorded: sources[one.source.rstrip()]
        for recorded, one in last.items()
        if recorded not in names and recorded.startswith("[") and one.source.rstrip() in sources
    }


def _is_same(cell: Cell, one: Execution) -> bool:
    return _is_source(cell, one) and _is_count(cell, one)


def _is_source(cell: Cell, one: Execution) -> bool:
    return cell.source.rstrip() == one.source.rstrip()


def _is_count(cell: Cell, one: Execution) -> bool:
    return cell.count == one.count


def with_unsaved(
    cells: Sequence[Cell], executions: Sequence[Execution], since: int | None
) -> list[Cell]:
    """The cells with what an editor has and the file does not have yet.

    ``since`` is the order of the first execution after the file was saved, None where there is
    none. What ran since then is as it was run; a cell that is not in the file stands behind the one
    that ran before it.
    """
    found = list(cells)
    if since is None:
        return found
    at = {cell.id: place for place, cell in enumerate(found)}
    behind = ""
    for one in executions:
        if one.order >= since:
            place = at.get(one.cell)
            if place is None:
                place = at.get(behind, len(found) - 1) + 1
                found.insert(place, Cell(one.cell, -1, one.source, one.count))
                at = {cell.id: place for place, cell in enumerate(found)}
            else:
                found[place] = msgspec.structs.replace(found[place], source=one.source)
        behind = one.cell
    return found
