"""The list of runs, each with what a person wants to see beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from whence._base.ids import format_id
from whence.model.criterion import Criterion, Order
from whence.model.kind import COMMIT
from whence.query.answer import AnswerNode, Truncation
from whence.query.completeness import completeness
from whence.query.describe import answer_nodes
from whence.query.plain import clean, plain, plain_float
from whence.query.profile import Profile, surrounding_run
from whence.query.search import find_runs, shortest_starts
from whence.query.touched import touched
from whence.service.reply import Runs
from whence.store.protocol import Described, Node, Store


def list_runs(
    store: Store,
    filter: str | None = None,
    order_by: str | Sequence[str] | None = None,
    limit: int | None = None,
    fields: Sequence[str] = (),
    whole: bool = False,
) -> Runs:
    """The runs that fit the filter text; see `Runs` for what ``whole`` adds. Raises FilterError."""
    wanted = order_by if isinstance(order_by, str) else ", ".join(order_by or ())
    criterion, order = parsed(filter, wanted)
    page = find_runs(store, criterion, order, limit)
    truncated = [Truncation("limit", limit or 0, [])] if page.more else []
    around = touched(store, page.runs)
    parts = list(dict.fromkeys(part for one in around for part in one.parts))
    return Runs(
        query={"question": "runs", "filter": filter, "order_by": wanted or None, "limit": limit},
        nodes=described_runs(store, around, fields, whole),
        edges=[],
        completeness=completeness(store, parts, truncated),
    )


def parsed(filter: str | None, wanted: str) -> tuple[Criterion | None, Sequence[Order]]:
    """The filter and the order; their parser is loaded only where there is something to parse."""
    if filter is None and not wanted:
        return None, ()
    from whence.query.filter import parse_filter, parse_orders

    return (
        None if filter is None else parse_filter(filter),
        parse_orders(wanted) if wanted else (),
    )


def described_runs(
    store: Store, profiles: Sequence[Profile], fields: Sequence[str], whole: bool
) -> list[AnswerNode]:
    """The runs as `Runs` has them."""
    runs = [around.run for around in profiles]
    starts = shortest_starts(store, runs)
    values = _values(store, runs) if whole else {}
    described = []
    for around, node in zip(profiles, answer_nodes(store, runs), strict=True):
        run = around.run
        extra: dict[str, Any] = {"short_id": starts[run.number]}
        outer = surrounding_run(store, around)
        if outer is not None:
            extra |= {"part_of": format_id(outer.uid), "part_of_name": clean(outer.name)}
        commit = _commit(around)
        if commit:
            extra["commit"] = commit
        extra["inputs"] = _names(found for found, _ in around.inputs())
        extra["outputs"] = _names(found for found, _ in around.outputs())
        extra |= values.get(run.number, {})
        if fields:
            extra["fields"] = _fields(store, run, fields)
        described.append(msgspec.structs.replace(node, attributes=node.attributes | extra))
    return described


def _names(nodes: Any) -> list[str]:
    return list(dict.fromkeys(clean(node.name) for node in nodes))


def _commit(whole: Profile) -> str:
    commits = whole.of_kind(COMMIT)
    return commits[0].name if commits else ""


def _values(store: Store, runs: Sequence[Node]) -> dict[int, dict[str, Any]]:
    """The parameters, last metrics and tags of each run, by its number."""
    numbers = [run.number for run in runs]
    said, metrics = store.described(numbers), store.summaries(numbers)
    nothing = Described()
    return {
        number: {
            "params": plain(said.get(number, nothing).params),
            "metrics": {one.key: plain_float(one.last) for one in metrics.get(number, ())},
            "tags": plain(said.get(number, nothing).tags),
        }
        for number in numbers
    }


def _fields(store: Store, run: Node, fields: Sequence[str]) -> dict[str, Any]:
    from whence.query.filter import parse_orders

    params, tags, attributes = store.params(run.number), store.tags(run.number), None
    metrics = {one.key: one.last for one in store.summaries([run.number]).get(run.number, [])}
    values: dict[str, Any] = {}
    for name in fields:
        (order,) = parse_orders(name)
        if order.field.space == "attributes" and attributes is None:
            attributes = store.attributes(run.number)
        source = {"params": params, "tags": tags, "metrics": metrics}.get(
            order.field.space, attributes or {}
        )
        if order.field.key in source:
            values[name] = plain(source[order.field.key])
    return values
