"""The flow of two runs side by side, as text: what moved and why, then each call that differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from whence.query.cells import place_of
from whence.query.diff.aspect import FlowDifference
from whence.query.diff.flow import (
    Cause,
    FlowDiff,
    MetricReach,
    SinkDiff,
    SourceDiff,
    source_name,
)
from whence.query.diff.tables import ColumnDiff, Rows, TableDiff
from whence.query.flow import SinkCall, SourceCall
from whence.query.outline.line import Line, Piece, Style
from whence.query.outline.runs import names
from whence.query.spelling import count, escaped, value

MOST, MOST_OF_CALL = 12, 4
MOST_COLUMNS = 6
MOST_ROWS = 4
_HOW = {"added": "only in b", "removed": "only in a"}


def reach_lines(flow: FlowDiff, full: bool) -> Iterator[Line]:
    """For each metric that moved what may be the reason, and what is not."""
    for metric in flow.metrics:
        if not metric.known and not full:
            continue
        yield from _metric(metric, full)
        yield ()
    unknown = [one for one in flow.metrics if not one.known]
    if unknown and not full and len(unknown) < len(flow.metrics):
        named = names([one.metric for one in unknown], MOST_COLUMNS)
        yield (Piece(f"not followed: {named} (--full says why)", "dim"),)
        yield ()


def _metric(metric: MetricReach, full: bool) -> Iterator[Line]:
    yield (
        Piece(escaped(metric.metric), "strong"),
        Piece(f"  {value(metric.left)}", "bad"), Piece(" → "), Piece(value(metric.right), "good"),
        *([] if metric.call is None else [Piece(f"  {_place(metric.call)}", "dim")]),
    )  # fmt: skip
    if not metric.known:
        reason = escaped(metric.reason)
        yield (Piece(f"  the way to it is not known: {reason}; any difference may matter", "warn"),)
        return
    if not metric.may:
        yield (Piece("  no difference that was recorded can reach it", "dim"),)
    yield from _causes("may be due to", metric.may, "", full)
    yield from _causes("not due to", metric.cannot, "dim", full)


def _causes(word: str, causes: Sequence[Cause], style: Style, full: bool) -> Iterator[Line]:
    first = True
    for section, group in groupby(causes, key=lambda one: one.section):
        for key, detail in _told(section, list(group), full):
            yield (
                Piece(f"  {word if first else '':<14}", "dim"), Piece(f"{section} ", "dim"),
                Piece(escaped(key), style),
                *([Piece(f"  {escaped(detail)}", "dim")] if detail else []),
            )  # fmt: skip
            first = False


def _told(section: str, causes: Sequence[Cause], full: bool) -> list[tuple[str, str]]:
    """The causes of one section: their keys and details; of many of one kind their number."""
    if full or len(causes) == 1:
        return [(one.key, one.detail) for one in causes]
    if section in ("packages", "machine"):
        return [(count(len(causes), "difference"), "")]
    groups: dict[str, list[Cause]] = {}
    for one in causes:
        owner = one.key.rpartition(".")[0] if section == "parameters" else one.key
        groups.setdefault(owner, []).append(one)
    lines = []
    for owner, several in groups.items():
        if len(several) > MOST_OF_CALL:
            lines.append((owner, f"{len(several):,} of its parameters"))
        else:
            lines += [(one.key, one.detail) for one in several]
    more = len(lines) - MOST
    return lines[:MOST] + ([(f"… and {more:,} more (--full lists all)", "")] if more > 0 else [])


def flow_diff_lines(flow: FlowDiff, full: bool) -> Iterator[Line]:
    """The calls that differ; of the others how many there are."""
    sources = [one for one in flow.sources if one.change != "same" or _is_partial(one)]
    sinks = [one for one in flow.sinks if one.change != "same"]
    alike = len(flow.sources) + len(flow.sinks) - len(sources) - len(sinks)
    differing = len(sources) + len(sinks)
    told = f"  {count(differing, 'call')} with differences" if differing else "  the same"
    yield (Piece("flow", "strong"), Piece(f"{told}, {count(alike, 'call')} the same", "dim"))
    limit = None if full else MOST
    for source in sources[:limit]:
        yield from _source(source, full)
    for sink in sinks[:limit]:
        yield from _sink(sink, full)
    left_out = sum(max(len(several) - MOST, 0) for several in (sources, sinks))
    if left_out and not full:
        yield (Piece(f"  … and {left_out:,} more (--full lists all)", "dim"),)


def _is_partial(source: SourceDiff) -> bool:
    return any(table.not_compared or table.unrecorded for table in source.tables)


def _source(source: SourceDiff, full: bool) -> Iterator[Line]:
    call = source.left or source.right
    if call is None:
        return
    yield (
        Piece("  "), Piece(escaped(source_name(call)), "entity"),
        Piece(f"  {escaped(call.call)}  {_moved(source.left, source.right)}", "dim"),
        *([Piece(f"  {_HOW[source.change]}", "dim")] if source.change in _HOW else []),
    )  # fmt: skip
    for one in source.differences:
        yield from _difference(one)
    for table in source.tables:
        yield from _table(table, full)


def _sink(sink: SinkDiff, full: bool) -> Iterator[Line]:
    call = sink.left or sink.right
    if call is None:
        return
    yield (
        Piece("  "), Piece(_named(call), "activity"),
        Piece(f"  {_moved(sink.left, sink.right)}", "dim"),
        *([Piece(f"  {_HOW[sink.change]}", "dim")] if sink.change in _HOW else []),
    )  # fmt: skip
    shown = sink.differences if full else sink.differences[:MOST]
    for one in shown:
        yield from _difference(one)
    if rest := len(sink.differences) - len(shown):
        yield (Piece(f"    … and {rest:,} more (--full lists all)", "dim"),)


def _difference(one: FlowDifference) -> Iterator[Line]:
    if one.aspect == "content":
        how = "other content" if one.change == "changed" else "not known whether it is the same"
        yield (Piece("    "), Piece(escaped(one.key)), Piece(f"  {how}", "warn"))
        return
    if one.change == "moved":
        text = f"{escaped(str(one.left))} → {escaped(str(one.right))}, the same bytes"
        yield (Piece(f"    {one.aspect} "), Piece(text, "dim"))
        return
    key = f" {escaped(one.key)}" if one.aspect in ("parameter", "step") else ""
    if one.change in _HOW:
        side = one.left if one.change == "removed" else one.right
        style: Style = "bad" if one.change == "removed" else "good"
        yield (
            Piece(f"    {one.aspect}{key} "), Piece(value(side), style),
            Piece(f"  {_HOW[one.change]}", "dim"),
        )  # fmt: skip
        return
    yield (
        Piece(f"    {one.aspect}{key} "),
        Piece(value(one.left), "bad"), Piece(" → "), Piece(value(one.right), "good"),
    )  # fmt: skip


def _table(table: TableDiff, full: bool) -> Iterator[Line]:
    limit = None if full else MOST_COLUMNS
    if table.added:
        yield (Piece("    columns more  ", "good"), Piece(names(table.added, limit)))
    if table.removed:
        yield (Piece("    columns less  ", "bad"), Piece(names(table.removed, limit)))
    for one in table.changed if full else table.changed[:MOST]:
        yield _column(one, full)
    if not full and len(table.changed) > MOST:
        rest = len(table.changed) - MOST
        yield (Piece(f"    … and {count(rest, 'more column')} (--full lists all)", "dim"),)
    yield (Piece("    "), Piece("; ".join(_rest(table)), "dim"))


def _column(one: ColumnDiff, full: bool) -> Line:
    where = f"column {escaped(one.column)}: " if one.column else ""
    if one.left_type != one.right_type:
        types = f"{escaped(one.left_type)} → {escaped(one.right_type)}"
        return (Piece(f"    {where}another type, {types}"),)
    return (Piece(f"    {where}{rows_text(one.rows, None if full else MOST_ROWS)} differ"),)


def rows_text(rows: Sequence[Rows], most: int | None = MOST_ROWS) -> str:
    """``rows 0-1023, 4096-5119``: the first of them."""
    shown = rows[:most]
    text = ", ".join(f"{one.first:,}-{one.last:,}" for one in shown)
    more = len(rows) - len(shown)
    return f"rows {text}" + (f" and {more} more places" if more else "")


def _rest(table: TableDiff) -> Iterator[str]:
    """What else is to be said of a table: how much is the same, and what was not compared."""
    if table.same:
        yield f"{count(table.same, 'other column' if table.changed else 'column')} the same"
    more = table.right_rows - table.left_rows
    if more:
        yield f"{count(abs(more), 'row')} {'more' if more > 0 else 'less'}"
        if table.compared_rows:
            yield f"compared up to row {table.compared_rows - 1:,}"
    for reason, number in table.not_compared.items():
        yield f"{count(number, 'column')} not compared ({reason})"
    if table.unrecorded:
        yield f"{table.unrecorded:,} more columns are not recorded"


def _moved(left: SourceCall | SinkCall | None, right: SourceCall | SinkCall | None) -> str:
    """The place in the code; both where they differ."""
    places = [_place(call) for call in (left, right) if call is not None]
    return " → ".join(dict.fromkeys(places))


def _place(call: SourceCall | SinkCall) -> str:
    return escaped(place_of(call))


def _named(call: SinkCall) -> str:
    return ".".join(escaped(part) for part in (call.class_, call.call) if part)
