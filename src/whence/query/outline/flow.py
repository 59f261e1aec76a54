"""The flow of a run or a script, by sink: what learned, and from which reads its data came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import UNSET

from whence.query.cells import in_words, place_of
from whence.query.flow import Evaluation, Flow, FlowEdge, SinkCall
from whence.query.outline.closing import ended
from whence.query.outline.line import Line, Piece
from whence.query.outline.runs import MOST_COLUMNS, names
from whence.query.spelling import count, escaped
from whence.query.spelling import value as spelled

MOST_STATEMENTS = 12
MOST_EVALUATIONS = 12


def flow_lines(flow: Flow, full: bool = False) -> Iterator[Line]:
    """One block for each sink; what is missing and how much there is comes last."""
    shown = None if full else MOST_COLUMNS
    for sink, edges in groupby(flow.edges, key=lambda edge: edge.sink):
        yield from _block(sink, list(edges), shown)
        yield ()
    yield from _evaluations(flow.evaluations, full)
    sinks = len({edge.sink for edge in flow.edges})
    text = f"{count(len(flow.edges), 'edge')} into {count(sinks, 'call')} that learned"
    yield from ended(flow.completeness, text)


def _evaluations(told: Sequence[Evaluation], full: bool) -> Iterator[Line]:
    """A line for each call that evaluated: what, where, on what data, and the score."""
    calls: dict[tuple[SinkCall, str | None], list[Evaluation]] = {}
    for one in told:
        calls.setdefault((one.call, one.role), []).append(one)
    shown = list(calls.items()) if full else list(calls.items())[:MOST_EVALUATIONS]
    for at, ((call, role), found) in enumerate(shown):
        value = found[-1].value
        yield (
            Piece("evaluated  " if at == 0 else "           ", "dim"),
            Piece(_call(call), "activity"),
            *([] if value is None else [Piece(f" = {spelled(value)}")]),
            Piece(f"  {escaped(place_of(call))}", "dim"),
            Piece(f"  on {role} data" if role else "  on data", "" if role else "dim"),
            Piece(_read_by(found), "dim"),
            *([Piece("  (inferred)", "warn")] if found[-1].known == "inferred" else []),
        )
    if len(shown) < len(calls):
        rest = count(len(calls) - len(shown), "more evaluation")
        yield (Piece(f"           … and {rest} (--full lists all)", "dim"),)
    if calls:
        yield ()


def _read_by(found: Sequence[Evaluation]) -> str:
    sources = [one.source for one in found if one.source is not None]
    named = dict.fromkeys(escaped(one.origin or one.call) for one in sources)
    return f" of {', '.join(named)}" if named else ""


def _call(call: SinkCall) -> str:
    return ".".join(escaped(part) for part in (call.class_, call.call) if part)


def _block(sink: SinkCall, edges: Sequence[FlowEdge], shown: int | None) -> Iterator[Line]:
    yield (
        Piece(_call(sink), "activity"),
        Piece(f"  {escaped(place_of(sink))}", "dim"),
        *([] if edges[0].role == "train" else [Piece(f"  {edges[0].role}")]),
    )
    for at, edge in enumerate(edges):
        last = at == len(edges) - 1
        yield (Piece("└─ " if last else "├─ ", "guide"), *_source(edge))
        inner = "   " if last else "│  "
        for word, columns in _columns(edge):
            yield (
                Piece(inner, "guide"), Piece(f"  {word} ", "dim"), Piece(names(columns, shown)),
            )  # fmt: skip
        if edge.through:
            yield (
                Piece(inner, "guide"), Piece("  inferred from ", "warn"),
                Piece(_through(edge, MOST_STATEMENTS if shown else None), "dim"),
            )  # fmt: skip


def _through(edge: FlowEdge, most: int | None) -> str:
    """The statements from the source to the sink, those of one file together."""
    shown = edge.through[::-1][:most]
    files: dict[str, list[str]] = {}
    for one in shown:
        file, line = in_words(one.file, one.line, one.cell).rsplit(":", 1)
        files.setdefault(file, []).append(line)
    own = edge.sink.file if edge.sink.cell is UNSET else ""
    texts = [
        f"{'line' if len(lines) == 1 else 'lines'} {', '.join(lines)}"
        + ("" if file == own else f" of {escaped(file)}")
        for file, lines in files.items()
    ]
    more = len(edge.through) - len(shown)
    return "; ".join(texts) + (f" +{more}" if more else "")


def _source(edge: FlowEdge) -> Iterator[Piece]:
    source = edge.source
    yield Piece(", ".join(escaped(one) for one in edge.arguments) + " from ", "dim")
    yield Piece(escaped(source.origin or source.call), "entity")
    if source.origin and source.origin != source.call:
        yield Piece(f"  {escaped(source.call)}")
    yield Piece(f"  {escaped(place_of(source))}", "dim")
    if source.synthetic:
        yield Piece("  synthetic", "dim")


def _columns(edge: FlowEdge) -> Iterator[tuple[str, list[str]]]:
    columns = edge.columns
    for word in ("features", "derived", "labels", "unused"):
        found = getattr(columns, word)
        if found:
            yield word, found
