"""What the executions of cells read, made, learned and showed: what a comparison of them needs.

All of it is asked for many executions at once, since a session may have thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from whence._base.ids import format_id
from whence.model.kind import CELL, CODE, MODEL, OUTPUT, SCORE, SURROUNDINGS, NodeType, is_live
from whence.model.relation import Relation
from whence.model.value import encode
from whence.query.diff.tables import Table
from whence.query.plain import plain_float
from whence.service.notebook.record import Execution
from whence.store.protocol import Node, Store

_USED, _MADE = int(Relation.USED), int(Relation.WAS_GENERATED_BY)


class Shown(msgspec.Struct, frozen=True):
    """An output that a cell displayed."""

    digest: bytes | None
    mime: str


class Facts(msgspec.Struct):
    """What is compared of one execution, by name.

    ``inputs`` and ``outputs`` are files and the like with their digests, ``models`` those in
    memory with what is told of them, ``tables`` what reads gave, ``shown`` what was displayed.
    """

    inputs: dict[str, str | None] = {}
    outputs: dict[str, str | None] = {}
    models: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    metrics: dict[str, Any] = {}
    tables: dict[str, Table] = {}
    shown: dict[str, Shown] = {}
    parts: set[int] = set()


def facts_of_executions(store: Store, executions: Sequence[Execution]) -> dict[int, Facts]:
    """What is compared of each, by its ordinal."""
    owners = {one.number: one.n for one in executions}
    parts = {part: owners[root] for root, part in store.outlines(list(owners))}
    found = {one.n: Facts() for one in executions}
    for part, n in parts.items():
        found[n].parts.add(part)
    numbers = sorted(parts)
    _said(store, numbers, parts, found)
    _data(store, numbers, parts, found)
    return found


def _said(store: Store, numbers: list[int], parts: dict[int, int], found: dict[int, Facts]) -> None:
    """The parameters and metrics of the parts."""
    params, summaries = store.params_of(numbers), store.summaries(numbers)
    attributes = store.attributes_of(numbers)
    nodes = store.nodes(numbers)
    # The parameters of a call stand at its cell too, so that they are found there.
    repeated: dict[int, set[tuple[str, bytes]]] = defaultdict(set)
    for node in nodes:
        if node.kind != CELL:
            own = params.get(node.number, {})
            repeated[parts[node.number]].update((k, encode(v)) for k, v in own.items())
    for node in nodes:
        facts, number = found[parts[node.number]], node.number
        given = params.get(number)
        if given and node.kind == CELL:
            told = repeated[parts[number]]
            facts.parameters |= {k: v for k, v in given.items() if (k, encode(v)) not in told}
        elif given:
            facts.parameters[_free(node.name, facts.parameters)] = given
        for one in summaries.get(number, ()):
            key = one.key if node.kind == CELL else f"{node.name}.{one.key}"
            facts.metrics[_free(key, facts.metrics)] = plain_float(one.last)
        value = attributes.get(number, {}).get("value")
        if node.kind == SCORE and isinstance(value, float) and not summaries.get(number):
            facts.metrics[_free(node.name, facts.metrics)] = plain_float(value)


def _data(store: Store, numbers: list[int], parts: dict[int, int], found: dict[int, Facts]) -> None:
    """What the parts used and made."""
    used, made = store.linked(numbers, _USED, "up"), store.linked(numbers, _MADE, "down")
    ends = sorted({end for _, end in (*used, *made)})
    nodes = {node.number: node for node in store.nodes(ends)}
    attributes = store.attributes_of(ends)
    made_by: dict[int, set[int]] = defaultdict(set)
    for part, end in made:
        made_by[parts[part]].add(end)
    for n, end, is_made in _each(used, made, parts):
        node = nodes.get(end)
        if node is None or node.type != NodeType.ENTITY:
            continue
        told = attributes.get(end, {})
        if is_made:
            _made_one(found[n], node, told)
        elif end not in made_by[n]:
            _used_one(found[n], node)


def _each(
    used: list[tuple[int, int]], made: list[tuple[int, int]], parts: dict[int, int]
) -> Iterable[tuple[int, int, bool]]:
    """Each thing of each execution once, in order of its recording."""
    things = {(parts[part], end, False): None for part, end in used}
    things |= {(parts[part], end, True): None for part, end in made}
    return sorted(things, key=lambda one: (one[0], one[1]))


def _used_one(facts: Facts, node: Node) -> None:
    if node.kind in SURROUNDINGS or node.kind == CODE or _lives(node):
        return
    facts.inputs[_free(node.name, facts.inputs)] = _digest(node)


def _made_one(facts: Facts, node: Node, told: dict[str, Any]) -> None:
    if node.kind == OUTPUT:
        key = f"{told.get('output', 'output')} {told.get('mime', '')}".strip()
        shown = Shown(node.digest, str(told.get("mime", "")))
        facts.shown[_free(key, facts.shown)] = shown
        return
    table = Table.of(told)
    if table is not None:
        facts.tables[_free(node.name, facts.tables)] = table
    if node.kind == MODEL and _lives(node):
        facts.models[_free(node.name, facts.models)] = told.get("class") or node.name
    elif not _lives(node):
        facts.outputs[_free(node.name, facts.outputs)] = _digest(node)


def _digest(node: Node) -> str | None:
    return format_id(node.digest) if node.digest else None


def _lives(node: Node) -> bool:
    return is_live(node.kind, bool(node.places), node.digest is not None)


def _free(name: str, taken: dict[str, Any]) -> str:
    """The name, numbered where it is taken."""
    at, key = 1, name
    while key in taken:
        at += 1
        key = f"{name} #{at}"
    return key
