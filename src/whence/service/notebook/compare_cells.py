"""The cells of kernel sessions: which there are, what each ran last, what differs between two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Any

import msgspec

from whence._base.ids import format_id
from whence.query.describe import iso
from whence.query.diff.cells import (
    RANK,
    CellChange,
    CellDiff,
    CellDifference,
    CellSide,
    of_section,
)
from whence.query.diff.tables import Table, TableDiff, compared
from whence.query.diff.values import Kept, compare, text_diff, with_moves
from whence.query.outline.flowdiff import rows_text
from whence.service.notebook.compare_facts import Facts, Shown
from whence.service.notebook.record import Execution

MOST_TEXT_LINES = 200
"""How many lines of a difference of texts are told."""


class Cell(msgspec.Struct, frozen=True):
    """A cell of a session: ``execution`` is the one that is compared, mostly its last."""

    id: str
    source: str | None
    place: int
    execution: Execution | None = None
    executions: int = 0
    kind: str = "code"

    @property
    def side(self) -> CellSide:
        """The cell as an answer tells it."""
        one = self.execution
        if one is None:
            return CellSide(self.id, self.place)
        return CellSide(
            one.cell, self.place, one.count, one.n, self.executions, one.status,
            iso(one.started_at or None),
        )  # fmt: skip


def written(execution: Execution, kept: Kept) -> str | None:
    """The cell's code as a person wrote it; None where it was not kept."""
    for digest in (execution.raw, execution.code):
        content = kept(bytes.fromhex(digest)) if digest else None
        if content is not None:
            return content.decode("utf-8", "backslashreplace")
    return None


def cells_of(executions: Sequence[Execution], kept: Kept) -> list[Cell]:
    """The cells that ran, in the order of their last execution. Without ids, cells of the same
    code are one cell."""
    texts: dict[str, str | None] = {}
    latest: dict[str, Execution] = {}
    times: dict[str, int] = {}
    for one in executions:
        digest = one.raw or one.code
        if digest not in texts:
            texts[digest] = written(one, kept)
        key = digest if _is_nameless(one) else one.cell
        latest.pop(key, None)
        latest[key] = one
        times[key] = times.get(key, 0) + 1
    return [
        Cell(
            "" if _is_nameless(one) else one.cell,
            texts[one.raw or one.code],
            place,
            one,
            times[key],
        )
        for place, (key, one) in enumerate(latest.items(), 1)
    ]


def _is_nameless(execution: Execution) -> bool:
    return execution.cell == f"[{execution.count}]"


def cell_diff(
    left: Cell | None,
    right: Cell | None,
    facts: tuple[Facts, Facts] | None,
    kept: Kept,
    more: Sequence[CellDifference] = (),
    moved: bool = False,
) -> CellDiff:
    """What differs between the two; ``facts`` are what the two executions did."""
    some = left or right
    if some is None:
        raise ValueError("a cell is on one side at least")
    name = some.id or (some.execution.cell if some.execution else f"cell {some.place}")
    source, known = source_diff(left, right)
    found: list[CellDifference] = [*more]
    if left is not None and right is not None:
        found += _course(left, right)
        if facts is not None:
            found += fact_differences(*facts, kept)
    change: CellChange = "moved" if moved else "same"
    if left is None:
        change = "added"
    elif right is None:
        change = "removed"
    elif source or found or _is_other(left, right):
        change = "changed"
    if moved and left is not None and right is not None:
        found.append(CellDifference("order", "place", "changed", left.place, right.place))
    return CellDiff(name, change, source, found, _side(left), _side(right), known)


def _side(cell: Cell | None) -> CellSide | None:
    return None if cell is None else cell.side


def sorted_cells(cells: Sequence[CellDiff]) -> list[CellDiff]:
    """The cells with differences first, those of a kind in their order."""
    return sorted(cells, key=lambda one: RANK[one.change])


def source_diff(left: Cell | None, right: Cell | None) -> tuple[str, bool]:
    """The unified diff of the code, and whether both texts are known."""
    before = "" if left is None else left.source
    after = "" if right is None else right.source
    if before is None or after is None:
        return "", False
    if before == after:
        return "", True
    lines = unified_diff(
        before.splitlines(), after.splitlines(), _label("a", left), _label("b", right),
        lineterm="", n=2,
    )  # fmt: skip
    return "\n".join(lines), True


def _label(side: str, cell: Cell | None) -> str:
    if cell is None:
        return "/dev/null"
    one = cell.execution
    return f"{side}/{cell.id or 'cell'}" + (f" [{one.count}]" if one is not None else "")


def _is_other(left: Cell, right: Cell) -> bool:
    """Whether the code is another though a text was not kept."""
    a, b = left.execution, right.execution
    return a is not None and b is not None and (a.raw or a.code) != (b.raw or b.code)


def _course(left: Cell, right: Cell) -> list[CellDifference]:
    a, b = left.execution, right.execution
    if a is None or b is None:
        return []
    found = of_section(compare("course", _ending(a), _ending(b)))
    names = (dict.fromkeys(one.bound, True) for one in (a, b))
    return found + of_section(compare("names", *names))


def _ending(one: Execution) -> dict[str, Any]:
    told = {"status": one.status, "error": one.error, "message": one.message}
    return {key: value for key, value in told.items() if value}


def fact_differences(left: Facts, right: Facts, kept: Kept) -> list[CellDifference]:
    """What differs in what two executions did: data, columns, parameters, metrics, outputs."""
    found = of_section(with_moves(compare("inputs", left.inputs, right.inputs)))
    found += table_differences(left.tables, right.tables)
    found += of_section(compare("parameters", *_flat(left.parameters, right.parameters)))
    found += of_section(compare("metrics", left.metrics, right.metrics))
    found += of_section(compare("models", left.models, right.models))
    found += of_section(with_moves(compare("outputs", left.outputs, right.outputs)))
    return found + _shown(left.shown, right.shown, kept)


def _flat(left: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The parameters of the calls that both have one by one, others as a whole."""
    return tuple(
        {
            key: value
            for call, given in one.items()
            for key, value in (
                ((f"{call}.{name}", each) for name, each in given.items())
                if isinstance(given, Mapping) and call in other
                else ((call, given),)
            )
        }
        for one, other in ((left, right), (right, left))
    )


def table_differences(
    left: Mapping[str, Table], right: Mapping[str, Table]
) -> list[CellDifference]:
    """The columns that differ, of the tables that both brought in."""
    names = {name: name for name in left if name in right}
    if len(left) == len(right) == 1:
        names = dict(zip(left, right, strict=True))
    return [one for a, b in names.items() for one in _table(compared(b, left[a], right[b]))]


def _table(table: TableDiff) -> Iterator[CellDifference]:
    section, name = "columns", table.name
    for column in table.removed:
        yield CellDifference(section, f"{name}: {column}", "removed", column, None)
    for column in table.added:
        yield CellDifference(section, f"{name}: {column}", "added", None, column)
    if table.left_rows != table.right_rows:
        yield CellDifference(section, f"{name}: rows", "changed", table.left_rows, table.right_rows)
    for one in table.changed:
        types = (one.left_type, one.right_type)
        if types[0] == types[1]:
            types = ("", f"{rows_text(one.rows)} differ")
        yield CellDifference(section, f"{name}: {one.column or 'values'}", "changed", *types)


def _shown(
    left: Mapping[str, Shown], right: Mapping[str, Shown], kept: Kept
) -> list[CellDifference]:
    digests = (
        {key: format_id(one.digest) if one.digest else None for key, one in side.items()}
        for side in (left, right)
    )
    found = []
    for one in of_section(compare("shown", *digests)):
        a, b = left.get(one.key), right.get(one.key)
        if a is None or b is None or not _is_text(a.mime) or not _is_text(b.mime):
            found.append(one)
            continue
        lines = text_diff(one.key, a.digest, b.digest, kept)
        if len(lines) > MOST_TEXT_LINES:
            lines = [*lines[:MOST_TEXT_LINES], f"… {len(lines) - MOST_TEXT_LINES:,} more lines"]
        found.append(msgspec.structs.replace(one, text=lines))
    return found


def _is_text(mime: str) -> bool:
    return mime.startswith("text/") or mime in ("application/json", "")
