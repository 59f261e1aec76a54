"""Which columns of a run's inputs reached each column of an output, where that is recorded."""

from __future__ import annotations

from typing import Any

from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.standards.openlineage.name import dataset_name
from whence.standards.record.account import Run
from whence.standards.record.excerpt import Item

Json = dict[str, Any]


def column_lineage(run: Run, output: Item) -> Json:
    """The fields of a column lineage facet; empty where no column's past is recorded."""
    owners = {
        column.node.number: (source, column)
        for source in run.inputs()
        for column in _columns(run, source)
    }
    fields: Json = {}
    for column in _columns(run, output):
        if reached := _reached(run, column, owners):
            fields[column.node.name] = {
                "inputFields": [
                    {
                        "namespace": dataset_name(source).namespace,
                        "name": dataset_name(source).name,
                        "field": one.node.name,
                        "transformations": [{"type": "DIRECT"}],
                    }
                    for source, one in reached
                ]
            }
    return fields


def _columns(run: Run, item: Item) -> list[Item]:
    members = run.account.sources(item, Relation.HAD_MEMBER)
    return [member for member in members if member.node.kind == kinds.COLUMN]


def _reached(
    run: Run, column: Item, owners: dict[int, tuple[Item, Item]]
) -> list[tuple[Item, Item]]:
    found: list[tuple[Item, Item]] = []
    open_, seen = [column], {column.node.number}
    for one in open_:
        for source in run.account.sources(one, Relation.WAS_DERIVED_FROM):
            number = source.node.number
            if number in seen:
                continue
            seen.add(number)
            if number in owners:
                found.append(owners[number])
            else:
                open_.append(source)
    return found
