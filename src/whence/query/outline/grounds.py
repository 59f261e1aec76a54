"""The statements that the inferred edges of an answer rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whence.query.answer import Answer, AnswerNode
from whence.query.cells import place_of
from whence.query.ground import CodeLine, Ground
from whence.query.outline.label import lives_in_memory
from whence.query.outline.line import Line, Piece
from whence.query.spelling import escaped

MOST_STATEMENTS = 12


def ground_lines(answer: Answer, grounds: Sequence[Ground], full: bool) -> Iterator[Line]:
    """For each inferred edge a heading, and the statements in the order in which the data went.

    Edges to one thing that rest on the same statements stand together.
    """
    nodes = {node.id: node for node in answer.nodes}
    together: dict[tuple[str, str, tuple[CodeLine, ...]], list[Ground]] = {}
    for one in grounds:
        together.setdefault((one.target, one.reason, tuple(one.statements)), []).append(one)
    for (target, reason, statements), same in together.items():
        made = dict.fromkeys(_made(nodes[one.source], one.role) for one in same)
        yield (
            Piece("inferred  ", "warn"),
            Piece(", ".join(made), "entity"),
            Piece(" from "),
            Piece(escaped(nodes[target].name), "entity"),
            Piece(f": {escaped(reason)}" if reason else ", by the statements", "dim"),
        )
        yield from _statements(statements[::-1], full)
        yield ()


def _statements(lines: Sequence[CodeLine], full: bool) -> Iterator[Line]:
    shown = lines if full else lines[:MOST_STATEMENTS]
    places = [escaped(place_of(one)) for one in shown]
    width = max(map(len, places), default=0)
    for place, one in zip(places, shown, strict=True):
        yield (Piece(f"  {place:<{width}}  ", "dim"), Piece(escaped(one.text)))
    if len(shown) < len(lines):
        yield (Piece(f"  … and {len(lines) - len(shown)} more (--full lists all)", "dim"),)


def _made(node: AnswerNode, role: str) -> str:
    """An object in memory is named after what it was to the call."""
    return escaped(role if role and lives_in_memory(node) else node.name)
