"""One thing on a sheet: what, when, why, where, who and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from whence.model.kind import CELL, CONTENT
from whence.query.answer import AnswerEdge, AnswerNode
from whence.query.celled import place_in
from whence.query.outline.closing import gap_lines
from whence.query.outline.label import (
    STATUS_STYLE,
    command_of,
    label,
    lives_in_memory,
    shape_of,
    short_label,
)
from whence.query.outline.line import Line, Piece
from whence.query.outline.runs import names
from whence.query.sheet import Series, Sheet
from whence.query.spelling import count, duration, escaped, moment, short_id, size, value

WIDTH = 12
SHOWN = 12
_MOST_COLUMNS = 6
_TOLD = frozenset(
    {"status", "started_at", "ended_at", "duration_s", "command", "argv", "size", "shape", "cwd",
     "packages", "columns", "dtypes", "call", "file", "line", "function", "host", "pid",
     "executable", "feature_names", "n_features", "n_samples", "library", "lines",
     "span", "callers", "mono", "data", "given", "makes", "splits", "step", "params"}
)  # fmt: skip


def sheet_lines(sheet: Sheet, full: bool = False) -> Iterator[Line]:
    """The sheet of a run, a file, a digest or an agent. ``full`` shortens no list."""
    view = _View(sheet, None if full else SHOWN)
    if sheet.subject.type == "activity":
        yield from view.activity()
    elif sheet.subject.type == "entity":
        yield from view.entity()
    else:
        yield from view.agent()
    yield from gap_lines(sheet.completeness)


class _View:
    def __init__(self, sheet: Sheet, limit: int | None) -> None:
        self.sheet, self.subject, self.limit = sheet, sheet.subject, limit
        self.nodes = {node.id: node for node in sheet.nodes}

    def activity(self) -> Iterator[Line]:
        sheet, node = self.sheet, self.subject
        facts = node.attributes
        yield from _title(node, sheet.status or "")
        yield from _row("when", _when(facts))
        yield from _row("why", self._why())
        yield from _row("where", self._where())
        yield from _row("who", self._who())
        command = command_of(facts)
        yield from _row("how", f"$ {value(command, 400)}" if command else _call_site(facts))
        yield from self._listing("code", self._used("code"))
        yield from self._listing("environment", self._used("environment"))
        yield from _pairs("params", sheet.params, self.limit)
        yield from self._steps()
        yield from self._listing("runs in it", self._runs_inside())
        yield from _metrics(sheet.metrics)
        yield from _pairs("tags", sheet.tags, self.limit)
        yield from self._listing("in", self._used("data"))
        yield from self._listing("out", self._made())
        yield from _pairs("more", self._rest(), self.limit)

    def entity(self) -> Iterator[Line]:
        node = self.subject
        yield from _title(node, "")
        if node.kind == CONTENT:
            yield from self._listing("known as", self._others("specializationOf", up=False))
            return
        yield from _row("digest", node.digest or "not known")
        makers = self._others("wasGeneratedBy", up=True)
        yield from self._listing("made by", makers)
        if not makers:
            yield from _row("made by", "no run that was recorded")
        yield from _row("why", self._why())
        for place in node.places or [""]:
            yield from _row("where", escaped(place))
        yield from self._listing("who", self._others("wasAttributedTo", up=True))
        yield from _row("how", _call_site(node.attributes))
        yield from self._listing("from", self._others("wasDerivedFrom", up=True))
        yield from self._listing("revises", self._others("wasRevisionOf", up=True))
        yield from self._members()
        yield from self._listing("used by", self._others("used", up=False))
        yield from self._listing("gave", self._others("wasDerivedFrom", up=False, lasting=True))
        yield from _columns(node)
        yield from _pairs("tags", self.sheet.tags, self.limit)
        yield from _pairs("more", self._rest(), self.limit)

    def agent(self) -> Iterator[Line]:
        yield from _title(self.subject, "")
        yield from self._listing("did", self._others("wasAssociatedWith", up=False))
        yield from self._listing("made", self._others("wasAttributedTo", up=False))
        yield from _pairs("more", self._rest(), self.limit)

    def _why(self) -> str:
        """The reason someone gave, in a tag or attribute, and the activity that this is part of."""
        given = (
            source.get(key)
            for source in (self.sheet.tags, self.subject.attributes)
            for key in ("why", "reason", "description", "mlflow.note.content")
        )
        reasons = [value(one, 200) for one in given if one]
        wholes = [
            "part of " + "".join(piece.text for piece in short_label(self.nodes[e.target]))
            for e in self.sheet.edges
            if e.relation == "partOf" and e.source == self.subject.id and e.target in self.nodes
        ]
        return "; ".join(dict.fromkeys(reasons[:1] + wholes))

    def _where(self) -> str:
        owner, facts = self.sheet.owner, self.subject.attributes
        parts = [str(owner.get("host") or ""), str(facts.get("cwd") or owner.get("root") or "")]
        return escaped(":".join(part for part in parts if part))

    def _who(self) -> str:
        people = [
            escaped(self.nodes[e.target].name)
            for e in self.sheet.edges
            if e.relation == "wasAssociatedWith" and self.nodes[e.target].kind == "person"
        ]
        return ", ".join(dict.fromkeys(people)) or escaped(str(self.sheet.owner.get("user") or ""))

    def _used(self, group: str) -> list[list[Piece]]:
        from whence.query.outline.branch import group_of

        made = {edge.source for edge in self.sheet.edges if edge.relation == "wasGeneratedBy"}
        found = {
            edge.target: edge
            for edge in reversed(self.sheet.edges)
            if edge.relation == "used" and edge.target not in made
        }
        nodes = [
            (self.nodes[target], edge)
            for target, edge in found.items()
            if not lives_in_memory(self.nodes[target])
            and group_of(self.nodes[target], edge) == group
        ]
        return _labels(nodes)

    def _made(self) -> list[list[Piece]]:
        found = {
            edge.source: edge
            for edge in reversed(self.sheet.edges)
            if edge.relation == "wasGeneratedBy"
        }
        return _labels(
            (self.nodes[source], edge)
            for source, edge in found.items()
            if not lives_in_memory(self.nodes[source]) and source != self.subject.id
        )

    def _others(self, relation: str, up: bool, lasting: bool = False) -> list[list[Piece]]:
        """The other ends of the subject's edges of a relation; ``lasting`` without live objects."""
        ends = [
            (self.nodes[edge.target if up else edge.source], edge)
            for edge in self.sheet.edges
            if edge.relation == relation and (edge.source if up else edge.target) == self.subject.id
        ]
        unique = {
            node.id: (node, edge)
            for node, edge in ends
            if node.id != self.subject.id and not (lasting and lives_in_memory(node))
        }
        return _labels(unique.values())

    def _runs_inside(self) -> list[list[Piece]]:
        """The runs that `whence.run` began within this one."""
        inside = {e.source for e in self.sheet.edges if e.relation == "partOf"}
        runs = [n for n in self.sheet.nodes[1:] if n.kind == "run" and n.id in inside]
        runs.sort(key=lambda n: str(n.attributes.get("started_at") or ""))
        return [label(run) for run in runs]

    def _steps(self) -> Iterator[Line]:
        """The fits, scores, stages and processes of the run, in order of time.

        The folds of a search are listed on its own sheet, and only counted on that of the run.
        """
        parts = [n for n in self.sheet.nodes[1:] if n.type == "activity" and n.kind != "run"]
        wholes = {e.source: e.target for e in self.sheet.edges if e.relation == "partOf"}
        folds = {n.id for n in parts if "fold" in n.attributes}
        folded = Counter(wholes[one] for one in folds if wholes[one] != self.subject.id)
        parts = [
            n for n in parts if n.id in wholes and (n.id not in folds or wholes[n.id] not in folded)
        ]
        parts.sort(key=lambda n: str(n.attributes.get("started_at") or ""))
        for at, node in enumerate(parts[: self.limit]):
            yield (_word("steps" if at == 0 else ""), *_step(node, folded[node.id]))
            params = node.attributes.get("params")
            if params:
                given = ", ".join(f"{key} = {value(one)}" for key, one in params.items())
                yield (
                    _word(""),
                    Piece("  with " + value(given, 100 if self.limit else 10_000), "dim"),
                )
        yield from self._more(len(parts))

    def _members(self) -> Iterator[Line]:
        """The steps that a model is made of, with their parameters and columns."""
        members = {e.target for e in self.sheet.edges if e.relation == "hadMember"}
        nodes = [self.nodes[one] for one in sorted(members)]
        for at, node in enumerate(nodes[: self.limit]):
            facts = node.attributes
            name = escaped(str(facts.get("step") or node.name))
            words = _word("steps" if at == 0 else ""), Piece(f"{name} ")
            yield (*words, Piece(escaped(node.name), "entity"))
            params = facts.get("params") or {}
            given = ", ".join(f"{key} = {value(one)}" for key, one in params.items())
            if given:
                told = value("with " + given, 100 if self.limit else 10_000)
                yield (_word(""), Piece(f"  {told}", "dim"))
            for word, key in (("of", "given_columns"), ("gives", "feature_names_out")):
                columns = [str(one) for one in facts.get(key) or ()]
                if columns:
                    shown = names(columns, self.limit and _MOST_COLUMNS)
                    yield (_word(""), Piece(f"  {word} {shown}", "dim"))
        yield from self._more(len(nodes))

    def _listing(self, word: str, entries: list[list[Piece]]) -> Iterator[Line]:
        for at, entry in enumerate(entries[: self.limit]):
            yield (_word(word if at == 0 else ""), *entry)
        yield from self._more(len(entries))

    def _more(self, number: int) -> Iterator[Line]:
        """How many entries of a list were left out."""
        if self.limit is not None and number > self.limit:
            rest = number - self.limit
            yield (_word(""), Piece(f"… and {rest:,} more (--full lists all)", "dim"))

    def _rest(self) -> dict[str, Any]:
        told = _TOLD if self.subject.kind == CELL else _TOLD | {"cell"}
        return {k: v for k, v in self.subject.attributes.items() if k not in told}


def _labels(found: Iterable[tuple[AnswerNode, AnswerEdge]]) -> list[list[Piece]]:
    ordered = sorted(found, key=lambda pair: (pair[0].name, pair[0].id))
    return [label(node) for node, _ in ordered]


def _step(node: AnswerNode, folds: int) -> list[Piece]:
    facts = node.attributes
    status = str(facts.get("status") or "")
    pieces = [Piece(f"{escaped(node.kind)} "), Piece(escaped(node.name), "activity")]
    if status and status != "finished":
        pieces.append(Piece(f"  {status}", STATUS_STYLE.get(status, "")))
    site = "" if node.kind == CELL else _call_site(facts).removeprefix(escaped(node.name)).strip()
    if "value" in facts:
        pieces.append(Piece(f"  = {value(facts['value'])}"))
    took = facts.get("fit_time") if "fold" in facts else facts.get("duration_s")
    if isinstance(took, float | int):
        pieces.append(Piece(f"  {duration(took)}", "dim"))
    if folds:
        number = facts.get("n_folds")
        told = count(number if isinstance(number, int) else folds, "fold")
        pieces.append(Piece(f"  {told}", "dim"))
    if site:
        pieces.append(Piece(f"  {site}", "dim"))
    return pieces


def _call_site(facts: dict[str, Any]) -> str:
    """``joblib.dump at train.py:36 in main``, as far as it is known."""
    call = escaped(str(facts.get("call") or ""))
    place = escaped(place_in(facts))
    function = escaped(str(facts.get("function") or ""))
    parts = [call, f"at {place}" if place else "", f"in {function}" if function else ""]
    return " ".join(part for part in parts if part)


def _title(node: AnswerNode, status: str) -> Iterator[Line]:
    name = escaped(node.name) or short_id(node.id)
    pieces = [Piece(f"{escaped(node.kind)} "), Piece(name, "strong")]
    if status:
        pieces.append(Piece(f"  {status}", STATUS_STYLE.get(status, "")))
    if isinstance(node.attributes.get("size"), int):
        pieces.append(Piece("  " + size(node.attributes["size"])))
    if shape := shape_of(node.attributes):
        pieces.append(Piece("  " + shape))
    yield tuple(pieces)
    yield from _row("id", node.id)


def _row(word: str, text: str) -> Iterator[Line]:
    if text:
        yield (_word(word), Piece(text))


def _word(word: str) -> Piece:
    return Piece(f"  {word:<{WIDTH}} ", "dim")


def _when(facts: dict[str, Any]) -> str:
    start = moment(facts.get("started_at"))
    seconds = facts.get("duration_s")
    return start + (f", took {duration(seconds)}" if isinstance(seconds, float | int) else "")


def _pairs(word: str, pairs: dict[str, Any], limit: int | None) -> Iterator[Line]:
    shown = list(pairs.items())[:limit]
    for at, (key, one) in enumerate(shown):
        yield (_word(word if at == 0 else ""), Piece(f"{escaped(key)} = "), Piece(value(one, 100)))
    if len(pairs) > len(shown):
        rest = len(pairs) - len(shown)
        yield (_word(""), Piece(f"… and {rest:,} more (--full lists all)", "dim"))


def _metrics(metrics: dict[str, Series]) -> Iterator[Line]:
    for at, (key, one) in enumerate(metrics.items()):
        span = ""
        if one.count > 1:
            span = f"  {count(one.count, 'point')}, {value(one.min)} to {value(one.max)}"
        yield (
            _word("metrics" if at == 0 else ""),
            Piece(f"{escaped(key)} = {value(one.last)}"),
            Piece(span, "dim"),
        )


def _columns(node: AnswerNode) -> Iterator[Line]:
    columns = node.attributes.get("columns") or node.attributes.get("feature_names")
    if isinstance(columns, list) and columns:
        yield from _row("columns", value(", ".join(str(column) for column in columns), 200))
