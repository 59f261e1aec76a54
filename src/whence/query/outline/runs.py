"""A list of runs as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whence.query.answer import AnswerNode
from whence.query.outline.label import STATUS_STYLE
from whence.query.outline.line import Line, Piece
from whence.query.outline.table import table_lines
from whence.query.spelling import escaped, moment, value

HEADING = ("id", "name", "status", "time", "commit", "in", "out")
_ELASTIC = (1, 5, 6)

MOST_COLUMNS = 6
"""So many names of columns stand in one line; of more it is said how many."""


def run_lines(
    runs: Sequence[AnswerNode],
    width: int | None = None,
    columns: Sequence[str] = (),
    nested: bool = True,
) -> Iterator[Line]:
    """One line a run; ``columns`` are more fields to show, such as ``params.lr``.

    With ``nested`` a run that took place in another one comes right below it; else, and where that
    one is not among the ``runs``, its line says in which.
    """
    ordered = _nested(runs) if nested else [(run, 0) for run in runs]
    rows = [_row(run, columns, depth) for run, depth in ordered]
    heading = (*HEADING[:5], *columns, *HEADING[5:])
    shift = len(columns)
    elastic = [_ELASTIC[0], *(at + shift for at in _ELASTIC[1:])]
    yield from table_lines(heading, rows, width, elastic)


def more_line(shown: int) -> Line:
    """What to say when there are more runs than were asked for."""
    return (Piece(f"the newest {shown}; --limit N shows more, --limit 0 all", "dim"),)


def _nested(runs: Sequence[AnswerNode]) -> list[tuple[AnswerNode, int]]:
    """The runs with those that took place in each right below it, and how deep each is."""
    ids = {run.id for run in runs}
    inner: dict[str, list[AnswerNode]] = {}
    for run in runs:
        inner.setdefault(run.attributes.get("part_of", ""), []).append(run)
    stack = [(run, 0) for run in reversed(runs) if run.attributes.get("part_of") not in ids]
    ordered = []
    while stack:
        run, depth = stack.pop()
        ordered.append((run, depth))
        stack += [(one, depth + 1) for one in reversed(inner.get(run.id, []))]
    return ordered


def _name(run: AnswerNode, depth: int) -> str:
    outer = run.attributes.get("part_of_name")
    if depth:
        return "  " * (depth - 1) + "└ " + escaped(run.name)
    return escaped(run.name) + (f" (in {escaped(outer)})" if outer else "")


def _row(run: AnswerNode, columns: Sequence[str], depth: int) -> list[Piece]:
    attributes = run.attributes
    status = str(attributes.get("status") or "")
    fields = attributes.get("fields") or {}
    return [
        Piece(attributes.get("short_id") or run.id, "dim"),
        Piece(_name(run, depth), "activity"),
        Piece(status, STATUS_STYLE.get(status, "")),
        Piece(moment(attributes.get("started_at"))),
        Piece(escaped(str(attributes.get("commit") or ""))[:8], "dim"),
        *(Piece("" if fields.get(name) is None else value(fields[name], 24)) for name in columns),
        Piece(names(attributes.get("inputs") or [])),
        Piece(names(attributes.get("outputs") or [])),
    ]


def names(found: Sequence[str], shown: int | None = 2) -> str:
    """``a.csv, b.csv +3``: the first names and how many more."""
    if not found:
        return ""
    text = ", ".join(escaped(name) for name in found[:shown])
    rest = 0 if shown is None else len(found) - shown
    return f"{text} +{rest}" if rest > 0 else text


def none_line(filtered: bool) -> Line:
    """What to say when there are none."""
    if filtered:
        return (Piece("no run fits"),)
    return (Piece("no runs yet; record one: whence run SCRIPT"),)
