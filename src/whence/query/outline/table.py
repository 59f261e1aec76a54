"""Columns that line up, also with wide characters, and fit a width when there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width

from whence.query.outline.line import Line, Piece

GAP = "  "
NARROWEST = 8


def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def table_lines(
    heading: Sequence[str],
    rows: Sequence[Sequence[Piece]],
    width: int | None,
    elastic: Sequence[int],
) -> Iterator[Line]:
    """The heading and the rows in columns; those named ``elastic`` give way where it is narrow."""
    everything: list[Sequence[Piece]] = [[Piece(word, "dim") for word in heading], *rows]
    widths = [max(cells(row[at].text) for row in everything) for at in range(len(heading))]
    _fit(widths, width, elastic)
    for row in everything:
        yield tuple(
            piece
            for at, cell in enumerate(row)
            for piece in (_cut(cell, widths[at]), Piece(_pad(cell, widths, at)))
        )


def _fit(widths: list[int], width: int | None, elastic: Sequence[int]) -> None:
    if width is None:
        return
    over = sum(widths) + len(GAP) * (len(widths) - 1) - width
    while over > 0:
        widest = max(elastic, key=lambda at: widths[at])
        if widths[widest] <= NARROWEST:
            return
        widths[widest] -= 1
        over -= 1


def _cut(cell: Piece, width: int) -> Piece:
    if cells(cell.text) <= width:
        return cell
    text = cell.text
    while text and cells(text) > width - 1:
        text = text[:-1]
    return Piece(text + "…", cell.style)


def _pad(cell: Piece, widths: Sequence[int], at: int) -> str:
    if at == len(widths) - 1:
        return ""
    return " " * max(widths[at] - cells(cell.text), 0) + GAP
