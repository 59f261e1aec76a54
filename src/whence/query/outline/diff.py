"""Two runs side by side, as text: what differs, and in one line what doesn't."""

from __future__ import annotations

from collections.abc import Iterator

from whence.query.answer import AnswerNode
from whence.query.diff import UNCOMMITTED, Diff, Difference, Section
from whence.query.outline.flowdiff import flow_diff_lines, reach_lines
from whence.query.outline.line import Line, Piece, Style
from whence.query.outline.runs import names
from whence.query.spelling import count, duration, escaped, moment, short_id, value

SHOWN = 30
TEXT_LINES = 40
_DIGEST = "sha256:"


def diff_lines(diff: Diff, full: bool = False) -> Iterator[Line]:
    """The two runs, what moved and why, the flow, then the sections that have anything in them."""
    left, right = diff.nodes[0], diff.nodes[-1]
    yield (Piece("a  ", "bad"), *_run(left))
    yield (Piece("b  ", "good"), *_run(right))
    if diff.flow is not None:
        yield ()
        yield from reach_lines(diff.flow, full)
        yield from flow_diff_lines(diff.flow, full)
    if diff.cells is not None:
        from whence.query.outline.celldiff import cell_lines

        yield ()
        yield from cell_lines(diff.cells, full)
    for section in diff.sections:
        if section.differences or section.same:
            yield ()
            yield from section_lines(section, full)


def _run(run: AnswerNode) -> list[Piece]:
    return [
        Piece(escaped(run.name), "activity"),
        Piece(f"  {short_id(run.id)}", "dim"),
        Piece(f"  {run.attributes.get('status', '')}  {moment(run.attributes.get('started_at'))}"),
    ]


def section_lines(section: Section, full: bool) -> Iterator[Line]:
    """A section: each difference, and how much is the same."""
    changed, same = len(section.differences), len(section.same)
    if not changed:
        yield (
            Piece(section.name, "strong"),
            Piece(f"  the same: {names(list(section.same), None if full else 6)}", "dim"),
        )
        return
    yield (
        Piece(section.name, "strong"),
        Piece(
            f"  {count(changed, 'difference')}" + (f", {same:,} the same" if same else ""), "dim"
        ),
    )
    limit = None if full else SHOWN
    has_sources = any(one.text and one.key != UNCOMMITTED for one in section.differences)
    for one in section.differences[:limit]:
        is_told = one.key == UNCOMMITTED and has_sources and not full
        yield from difference_lines(one, full, is_told)
    if limit is not None and changed > limit:
        yield (Piece(f"  … and {changed - limit:,} more (--full lists all)", "dim"),)


def difference_lines(one: Difference, full: bool, is_told: bool = False) -> Iterator[Line]:
    """The two values, and the text unless ``is_told`` by the differences of the sources."""
    key = Piece(f"  {escaped(one.key)}  ", "")
    left, right = Piece(_side(one.left), "bad"), Piece(_side(one.right), "good")
    if one.change == "moved":
        yield (key, Piece(f"moved, the same bytes {_side(one.left)}", "dim"))
    elif one.change == "removed":
        yield (key, left, Piece("  only in a", "dim"))
    elif one.change == "added":
        yield (key, right, Piece("  only in b", "dim"))
    elif one.change == "unknown":
        yield (key, Piece("not known whether they are the same: a digest is missing", "warn"))
    elif one.key == "duration_s":
        yield (
            Piece("  duration  "),
            _took(one.left, "bad"),
            Piece(" → "),
            _took(one.right, "good"),
        )
    elif len(left.text) + len(right.text) > 72:
        yield (key,)
        yield (Piece("    a  ", "bad"), left)
        yield (Piece("    b  ", "good"), right)
    else:
        yield (key, left, Piece(" → "), right)
    if is_told:
        return
    shown = one.text if full else one.text[:TEXT_LINES]
    for line in shown:
        yield (Piece("    "), Piece(escaped(line.replace("\t", "    ")), _style(line)))
    if len(one.text) > len(shown):
        rest = len(one.text) - len(shown)
        yield (Piece(f"    … {rest:,} more lines (--full shows all)", "dim"),)


def _took(seconds: object, style: Style) -> Piece:
    return Piece(duration(seconds) if isinstance(seconds, float | int) else "", style)


def _side(anything: object) -> str:
    if isinstance(anything, dict) and anything:
        return value(
            ", ".join(f"{escaped(key)} = {value(one)}" for key, one in anything.items()), 60
        )
    if isinstance(anything, str) and anything.startswith(_DIGEST):
        return short_id(anything)
    return value(anything, 100)


def _style(line: str) -> Style:
    if line.startswith(("---", "+++", "@@")):
        return "dim"
    return "good" if line.startswith("+") else "bad" if line.startswith("-") else ""
