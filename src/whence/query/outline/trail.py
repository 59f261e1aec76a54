"""Columns in a drawing: those of models back to files, and what one column of a file reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from whence.model.kind import COLUMN
from whence.query.answer import Answer, AnswerEdge, AnswerNode, Completeness
from whence.query.cells import place_of
from whence.query.columns import ModelColumn, Reached
from whence.query.outline.closing import ended
from whence.query.outline.line import Line, Piece
from whence.query.spelling import count, escaped, value

WIDTH = 40
"""Of a model with more columns the first are drawn."""

_ORDER = (
    "column", "feature", "label", "weight", "group", "model", "prediction", "metric", "file",
)  # fmt: skip
_MADE = frozenset({"wasDerivedFrom", "wasRevisionOf", "alternateOf"})


def model_lines(answer: Answer, columns: Sequence[ModelColumn], full: bool) -> Iterator[Line]:
    """For each model its features and labels, each with the columns that it comes from."""
    way = _Way(answer)
    models: dict[str, list[ModelColumn]] = defaultdict(list)
    for one in columns:
        models[one.model].append(one)
    for found in models.values():
        sink = found[0].sink
        call = Piece(".".join(escaped(one) for one in (sink.class_, sink.call) if one), "activity")
        is_table = found[0].use == "column"
        yield (
            Piece("columns of ", "dim"),
            *([*way.name(found[0].model), Piece("  "), call] if is_table else [call]),
            Piece(f"  {escaped(place_of(sink))}", "dim"),
        )
        shown = found if full else found[:WIDTH]
        for at, one in enumerate(shown):
            is_last = at == len(shown) - 1 and len(shown) == len(found)
            use = [] if is_table else [Piece(f"{one.use} ", "dim")]
            start = [*use, Piece(escaped(one.column), "entity")]
            yield from way.up(one.id, start, "", is_last)
        if len(shown) < len(found):
            rest = count(len(found) - len(shown), "more column")
            yield (Piece("└─ ", "guide"), Piece(f"… and {rest} (--full lists all)", "dim"))
        yield ()


def reached_lines(answer: Answer, reached: Sequence[Reached], full: bool) -> Iterator[Line]:
    """A tree from the column down to what it reaches."""
    way = _Way(answer, {one.id: one for one in reached})
    for subject in answer.query["subjects"]:
        yield (*way.name(subject), Piece("  column", "dim"))
        yield from way.down(subject, "", None if full else WIDTH)


def reached_closing(reached: Sequence[Reached], completeness: Completeness) -> Iterator[Line]:
    """How much of each kind is reached, and what may be."""
    kinds = [one.kind for one in reached]
    parts = [count(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)]
    return ended(completeness, f"{', '.join(parts) or 'nothing'} reached")


class _Way:
    """The columns of an answer, and the steps between them."""

    def __init__(self, answer: Answer, reached: dict[str, Reached] | None = None) -> None:
        self._nodes = {node.id: node for node in answer.nodes}
        self._reached = reached or {}
        self._up: dict[str, list[AnswerEdge]] = defaultdict(list)
        self._down: dict[str, list[AnswerEdge]] = defaultdict(list)
        self._owner: dict[str, str] = {}
        for edge in answer.edges:
            if edge.source not in self._nodes or edge.target not in self._nodes:
                continue
            if edge.relation == "hadMember" and self._nodes[edge.target].kind == COLUMN:
                self._owner[edge.target] = edge.source
            else:
                self._up[edge.source].append(edge)
                self._down[edge.target].append(edge)
        self._drawn: set[str] = set()

    def name(self, one: str) -> list[Piece]:
        """``data/raw.csv:age``; of what is no column its own name."""
        node = self._nodes[one]
        if node.kind != COLUMN:
            return [Piece(escaped(node.name) or one, "entity")]
        return [
            Piece(f"{escaped(str(node.attributes['of_name']))}:", "dim"),
            Piece(escaped(node.name), "entity"),
        ]

    def up(self, one: str, line: list[Piece], guides: str, is_last: bool) -> Iterator[Line]:
        """A line that goes on as long as there is one column that it was made of."""
        pieces, seen = list(line), {one}
        edges = self._above(one, seen)
        while len(edges) == 1:
            (edge,) = edges
            pieces += [Piece(" ← ", "guide"), *self.name(edge.target), *_all(self._nodes, edge)]
            seen.add(edge.target)
            edges = self._above(edge.target, seen)
        yield (Piece(guides + ("└─ " if is_last else "├─ "), "guide"), *pieces)
        inner = guides + ("   " if is_last else "│  ")
        for at, edge in enumerate(edges):
            start = [Piece("← ", "guide"), *self.name(edge.target), *_all(self._nodes, edge)]
            yield from self.up(edge.target, start, inner, at == len(edges) - 1)

    def _above(self, one: str, seen: set[str]) -> list[AnswerEdge]:
        if self._nodes[one].kind != COLUMN:
            return []
        found = (edge for edge in self._up[one] if edge.relation in _MADE)
        return [edge for edge in found if edge.target not in seen]

    def down(self, one: str, guides: str, width: int | None) -> Iterator[Line]:
        """What came of a column or object, each thing once."""
        if one in self._drawn:
            return
        self._drawn.add(one)
        below = self._below(one)
        shown = below if width is None else below[:width]
        for at, (edge, child) in enumerate(shown):
            is_last = at == len(below) - 1
            again = child in self._drawn and bool(self._below(child))
            yield (
                Piece(guides + ("└─ " if is_last else "├─ "), "guide"),
                *self._told(child),
                *_mark(edge),
                *([Piece("  ↑ see above", "dim")] if again else []),
            )
            yield from self.down(child, guides + ("   " if is_last else "│  "), width)
        if len(shown) < len(below):
            rest = count(len(below) - len(shown), "more entry", "more")
            yield (Piece(f"{guides}└─ ", "guide"), Piece(f"… and {rest} (--full lists all)", "dim"))

    def _below(self, one: str) -> list[tuple[AnswerEdge | None, str]]:
        """The next things that are worth telling: calls on the way are passed over."""
        found: dict[str, AnswerEdge | None] = {}
        owner = self._owner.get(one)
        if owner is not None and self._nodes[owner].kind == "model":
            found[owner] = None
        for edge in self._down[one]:
            found.setdefault(edge.source, edge)
        told: list[tuple[AnswerEdge | None, str]] = []
        for child, why in found.items():
            told += [(why, child)] if child in self._reached else self._below(child)
        unique = {child: (why, child) for why, child in told}.values()
        return sorted(unique, key=lambda pair: _ORDER.index(self._reached[pair[1]].kind))

    def _told(self, one: str) -> list[Piece]:
        reached = self._reached[one]
        place = f"  {escaped(place_of(reached))}" if reached.file else ""
        if reached.kind in ("column", "file"):
            return self.name(one) if reached.kind == "column" else [Piece("file "), *self.name(one)]
        number = "" if reached.value is None else f" = {value(reached.value)}"
        of = f" of {escaped(reached.of)}" if reached.of else ""
        return [
            Piece(f"{reached.kind} "),
            Piece(escaped(reached.name), "entity"),
            Piece(f"{of}{number}"),
            Piece(place, "dim"),
        ]


def _mark(edge: AnswerEdge | None) -> list[Piece]:
    if edge is None or edge.known == "observed":
        return []
    return [Piece(f"  ({edge.known})", "warn" if edge.known == "inferred" else "dim")]


def _all(nodes: dict[str, AnswerNode], edge: AnswerEdge) -> list[Piece]:
    """How an end is marked that is no column: which of the columns it is could not be told."""
    if nodes[edge.target].kind == COLUMN:
        return [] if edge.known != "declared" else [Piece("  (declared)", "dim")]
    return [Piece("  (which column is not known)", "warn")]
