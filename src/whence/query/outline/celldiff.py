"""The cells of two sessions, versions or notebooks side by side, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whence.query.diff.cells import CellDiff, Comparison, as_difference
from whence.query.outline.diff import difference_lines, section_lines
from whence.query.outline.line import Line, Piece, Style
from whence.query.outline.runs import names
from whence.query.spelling import count, escaped, short_id

SHOWN = 30
SOURCE_LINES = 40
_STYLES: dict[str, Style] = {"added": "good", "removed": "bad", "changed": "warn", "moved": "dim"}
_WORDS = {"added": "only in b", "removed": "only in a", "moved": "ran at another place"}


def comparison_lines(found: Comparison, full: bool = False) -> Iterator[Line]:
    """What the two are, their cells, then the sections that have anything in them."""
    named = found.names or [found.left, found.right]
    for side, style, name, key in zip(
        "ab", ("bad", "good"), named, (found.left, found.right), strict=True
    ):
        known: Style = "bad" if style == "bad" else "good"
        told = "" if key == name or found.kind == "executions" else f"  {short_id(key)}"
        yield (Piece(f"{side}  ", known), Piece(escaped(name), "activity"), Piece(told, "dim"))
    yield ()
    yield from cell_lines(found.cells, full, is_static=found.kind in ("notebooks", "versions"))
    for section in found.sections:
        if section.differences or section.same:
            yield ()
            yield from section_lines(section, full)
    for note in found.notes:
        yield (Piece(escaped(note), "warn"),)


def cell_lines(
    cells: Sequence[CellDiff], full: bool = False, *, is_static: bool = False
) -> Iterator[Line]:
    """The cells that differ, each with its code and what it did; how many are the same."""
    differing = [one for one in cells if one.change != "same"]
    same = len(cells) - len(differing)
    told = count(len(differing), "difference") if differing else "the same"
    rest = f", {same:,} the same" if differing and same else ""
    yield (Piece("cells", "strong"), Piece(f"  {told}{rest}", "dim"))
    if not differing and cells:
        yield (Piece(f"  {names([one.id for one in cells], None if full else 6)}", "dim"),)
    shown = differing if full else differing[:SHOWN]
    for one in shown:
        yield from _cell(one, full, is_static)
    if len(differing) > len(shown):
        more = len(differing) - len(shown)
        yield (Piece(f"  … and {more:,} more (--full lists all)", "dim"),)


def _cell(cell: CellDiff, full: bool, is_static: bool) -> Iterator[Line]:
    word = _WORDS.get(cell.change, "")
    if is_static and cell.change == "moved":
        word = "stands at another place"
    yield (
        Piece("  "), Piece(escaped(cell.id), "entity"),
        Piece(f"  {_counts(cell)}", "dim"),
        Piece(f"  {word}" if word else "", _STYLES.get(cell.change, "")),
    )  # fmt: skip
    if not cell.source_known:
        yield (Piece("    code  not known on both sides: a text was not kept", "warn"),)
    yield from _source(cell.source_diff, full)
    for one in cell.differences:
        if one.section == "order" and cell.change == "moved":
            continue
        if one.section == "names":  # a name was bound, or it was not
            word = _WORDS.get(one.change, one.change)
            yield (Piece("    names ", "dim"), Piece(escaped(one.key)), Piece(f"  {word}", "dim"))
            continue
        first, *others = difference_lines(as_difference(one), full)
        yield (Piece(f"    {one.section} ", "dim"), *_without_indent(first))
        for line in others:
            yield (Piece("    "), *line)


def _counts(cell: CellDiff) -> str:
    sides = (cell.left, cell.right)
    told = [f"[{one.count}]" for one in sides if one is not None and one.count is not None]
    return " → ".join(dict.fromkeys(told))


def _source(text: str, full: bool) -> Iterator[Line]:
    lines = [one for one in text.splitlines() if not one.startswith(("---", "+++"))]
    for line in lines if full else lines[:SOURCE_LINES]:
        style: Style = "good" if line[:1] == "+" else "bad" if line[:1] == "-" else ""
        dim: Style = "dim" if line.startswith("@@") else style
        yield (Piece("    "), Piece(escaped(line.replace("\t", "    ")), dim))
    if not full and len(lines) > SOURCE_LINES:
        more = len(lines) - SOURCE_LINES
        yield (Piece(f"    … {more:,} more lines (--full shows all)", "dim"),)


def _without_indent(line: Line) -> Line:
    first, *others = line
    return (Piece(first.text.lstrip(), first.style), *others)
