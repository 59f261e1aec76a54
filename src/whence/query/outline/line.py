"""A line of text in pieces, each with a style that a terminal may show and a pipe leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Style = Literal["", "strong", "dim", "entity", "activity", "agent", "good", "bad", "warn", "guide"]


class Piece(NamedTuple):
    text: str
    style: Style = ""


Line = tuple[Piece, ...]


def plain_text(lines: Iterable[Line]) -> str:
    """The lines without any style."""
    return "\n".join("".join(piece.text for piece in line).rstrip() for line in lines)
