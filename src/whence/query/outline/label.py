"""One line for a node: its name, what it is, its short digest or id, and what matters of it."""

from __future__ import annotations

from typing import Any

from whence.model.kind import is_live
from whence.query.answer import AnswerEdge, AnswerNode
from whence.query.outline.line import Piece, Style
from whence.query.spelling import duration, escaped, moment, short_id, size, value

STATUS_STYLE: dict[str, Style] = {
    "finished": "good",
    "failed": "bad",
    "interrupted": "warn",
    "running": "warn",
}

_SILENT_KINDS = frozenset({"file", "code", "commit", "diff", "environment", "content"})


def label(node: AnswerNode) -> list[Piece]:
    """The pieces that name a node."""
    if node.type == "activity":
        return activity_label(node)
    if node.type == "agent":
        return [Piece(escaped(node.name), "agent")]
    return entity_label(node)


def entity_label(node: AnswerNode) -> list[Piece]:
    name = escaped(node.name) or short_id(node.id)
    if node.kind == "content":
        name = "content"
    elif node.kind == "commit":
        name = "commit " + (name if len(name) < 40 else name[:10])
    pieces = [Piece(name, "entity")]
    if node.kind not in _SILENT_KINDS:
        pieces.append(Piece(f"  {escaped(node.kind)}"))
    details = []
    if node.digest:
        details.append(short_id(node.digest))
    if isinstance(node.attributes.get("size"), int):
        details.append(size(node.attributes["size"]))
    shape = shape_of(node.attributes)
    if shape:
        details.append(shape)
    if lives_in_memory(node):
        details.append("in memory")
    if details:
        pieces.append(Piece("  " + "  ".join(details), "dim"))
    return pieces


def short_label(node: AnswerNode) -> list[Piece]:
    """The pieces that name a node which was described before."""
    if node.type != "activity":
        return label(node)[:1]
    return activity_label(node)[:3]


def lives_in_memory(node: AnswerNode) -> bool:
    """Whether the node is an object in a program's memory, which drawings leave out."""
    return node.type == "entity" and is_live(node.kind, bool(node.places), node.digest is not None)


def shape_of(attributes: dict[str, Any]) -> str:
    """``569 × 31`` where the rows and columns are known."""
    shape = attributes.get("shape")
    if isinstance(shape, list) and shape and all(isinstance(n, int) for n in shape):
        return " × ".join(f"{n:,}" for n in shape)
    return ""


def activity_label(node: AnswerNode) -> list[Piece]:
    status = str(node.attributes.get("status") or "")
    pieces = [
        Piece(f"{escaped(node.kind)} "),
        Piece(escaped(node.name) or short_id(node.id), "activity"),
        Piece(f" {short_id(node.id)}", "dim"),
    ]
    if status:
        pieces.append(Piece(f"  {status}", STATUS_STYLE.get(status, "")))
    when = moment(node.attributes.get("started_at"))
    if when:
        pieces.append(Piece(f"  {when}", "dim"))
    seconds = node.attributes.get("duration_s")
    if isinstance(seconds, int | float):
        pieces.append(Piece(f"  {duration(seconds)}", "dim"))
    command = command_of(node.attributes)
    is_kernel = node.attributes.get("session") == "kernel"  # its command names no work of anybody's
    if command and command != node.name and not is_kernel:
        pieces.append(Piece(f"  $ {value(command, 80)}"))
    return pieces


def command_of(attributes: dict[str, Any]) -> str:
    """The command line, as one would type it."""
    command = attributes.get("command") or attributes.get("argv")
    if isinstance(command, list):
        from shlex import join

        return join(str(part) for part in command)
    return str(command or "")


def known_mark(edge: AnswerEdge | None) -> list[Piece]:
    """What to say of an edge that was not observed."""
    if edge is None or edge.known == "observed":
        return []
    if edge.known == "declared":
        return [Piece("  (declared)", "dim")]
    return [Piece(f"  (inferred{' ' + escaped(edge.role) if edge.role else ''})", "warn")]
