"""The statements that the inferred edges of an answer rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whence.query.answer import Answer, AnswerNode
from whence.query.ground import Ground
from whence.query.outline.line import Line, Piece
from whence.query.spelling import escaped

MOST_STATEMENTS = 12


def ground_lines(answer: Answer, grounds: Sequence[Ground], full: bool) -> Iterator[Line]:
    """For each inferred edge a heading, and the statements in the order in which the data went."""
    nodes = {node.id: node for node in answer.nodes}
    for ground in grounds:
        yield (
            Piece("inferred  ", "warn"),
            *_named(nodes[ground.source], ground.role),
            Piece(" from "),
            *_named(nodes[ground.target]),
            Piece(", by the statements", "dim"),
        )
        lines = ground.statements[::-1]
        shown = lines if full else lines[:MOST_STATEMENTS]
        places = [f"{escaped(one.file)}:{one.line}" for one in shown]
        width = max(map(len, places), default=0)
        for place, one in zip(places, shown, strict=True):
            yield (Piece(f"  {place:<{width}}  ", "dim"), Piece(escaped(one.text)))
        if len(shown) < len(lines):
            yield (Piece(f"  … and {len(lines) - len(shown)} more (--full lists all)", "dim"),)
        yield ()


def _named(node: AnswerNode, role: str = "") -> list[Piece]:
    name = escaped(node.name)
    words = f"{escaped(role)} " if role and role != node.name else ""
    place = node.attributes.get("file"), node.attributes.get("line")
    at = f"  {escaped(str(place[0]))}:{place[1]}" if all(place) else ""
    return [Piece(words), Piece(name, "entity"), Piece(at, "dim")]
