"""The models of an excerpt, how each was trained, and which figures are certainly its own."""

from __future__ import annotations

from typing import Any, NamedTuple

from whence.model import kind as kinds
from whence.model.kind import NodeType
from whence.model.relation import Relation
from whence.standards.record.account import Account, Run
from whence.standards.record.excerpt import Item
from whence.store.protocol import Node, Store, Summary

_SAME = frozenset({Relation.WAS_DERIVED_FROM, Relation.SPECIALIZATION_OF})
_ENOUGH = 10_000
"""How many versions of one model are followed."""


class Figures(NamedTuple):
    """Metrics of one run. ``certain``: they belong to the model, as no other was at hand."""

    run: Node
    metrics: list[Summary]
    certain: bool


def models_of(account: Account) -> list[Item]:
    """The models: the one asked for, else those made here, kept ones before those in memory."""
    models = account.things(kinds.MODEL)
    asked = [item for item in account.subjects() if item.node.type == NodeType.ENTITY]
    if asked:
        return [item for item in asked if item.node.kind == kinds.MODEL]
    made = {number for run in account.runs for number in run.made}
    kept = [model for model in models if not model.is_live]
    return [model for model in kept if model.node.number in made] or kept or models


def fits_of(account: Account, model: Item) -> list[Item]:
    """The fits that made a model or what it was derived from, the first first."""
    found: dict[int, Item] = {}
    open_, seen = [model], {model.node.number}
    for one in open_:
        for source in account.sources(one, Relation.WAS_DERIVED_FROM, Relation.WAS_GENERATED_BY):
            number, kind = source.node.number, source.node.kind
            if kind == kinds.FIT:
                found[number] = source
            elif kind == kinds.MODEL and number not in seen:
                seen.add(number)
                open_.append(source)
    return sorted(found.values(), key=lambda item: item.node.started_at or 0)


def parameters_of(account: Account, model: Item) -> dict[str, Any]:
    """What a model was made with: its fits' parameters, else those of the run that made it."""
    found: dict[str, Any] = {}
    for fit in fits_of(account, model):
        found |= fit.said.params
    maker = account.maker(model)
    if maker is not None:
        found = maker.item.said.params | found
    return found


def figures_of(account: Account, model: Item) -> list[Figures]:
    """The metrics of the runs that made or later used a model, also of those outside.

    Where a run had several models at hand, nothing recorded says whose its metrics are.
    """
    store = account.excerpt.store
    versions = _versions(account, model)
    ends = {
        edge.target if edge.relation == Relation.WAS_GENERATED_BY else edge.source
        for number in versions
        for direction in ("up", "down")
        for edge in store.edges_at(number, direction)
        if edge.relation in (Relation.WAS_GENERATED_BY, Relation.USED)
    }
    runs = _runs_around(store, ends - versions)
    summaries = store.summaries(sorted(runs))
    found = [
        Figures(node, summaries[number], _models_at(account, number) <= versions)
        for number, node in runs.items()
        if summaries.get(number)
    ]
    return sorted(found, key=lambda one: (one.run.started_at or 0, one.run.number))


def _versions(account: Account, model: Item) -> set[int]:
    """The model with the objects it was saved from or loaded into, and its equals by content."""
    store = account.excerpt.store
    seen, open_ = {model.node.number}, [model.node.number]
    for number in open_:
        if len(seen) > _ENOUGH:
            break
        ends = {
            edge.target if direction == "up" else edge.source
            for direction in ("up", "down")
            for edge in store.edges_at(number, direction)
            if edge.relation in _SAME
        }
        for node in store.nodes(sorted(ends - seen)):
            if node.kind in (kinds.MODEL, kinds.CONTENT):
                seen.add(node.number)
                open_.append(node.number)
    return seen


def _runs_around(store: Store, activities: set[int]) -> dict[int, Node]:
    """The activities with what they are part of."""
    wholes = {whole for _, whole in store.wholes(sorted(activities))}
    return {
        node.number: node for node in store.nodes(sorted(wholes)) if node.type == NodeType.ACTIVITY
    }


def _models_at(account: Account, activity: int) -> set[int]:
    """The models that an activity and its parts used or made."""
    store = account.excerpt.store
    seen, open_ = {activity}, [activity]
    ends: set[int] = set()
    for number in open_:
        for edge in store.edges_at(number, "up"):
            if edge.relation == Relation.USED:
                ends.add(edge.target)
            elif edge.relation == Relation.HAS_PART and edge.target not in seen:
                seen.add(edge.target)
                open_.append(edge.target)
        down = store.edges_at(number, "down")
        ends.update(e.source for e in down if e.relation == Relation.WAS_GENERATED_BY)
    return {node.number for node in store.nodes(sorted(ends)) if node.kind == kinds.MODEL}


def task_of(account: Account, model: Item) -> str:
    """What the model does, where its class says so: classification or regression; else empty."""
    names = [str(model.said.attributes.get("class", ""))]
    for fit in fits_of(account, model):
        names.append(str(fit.said.attributes.get("class", "")))
        steps = fit.said.params.get("steps")
        if isinstance(steps, list) and steps:
            names.append(str(fit.said.params.get(str(steps[-1]), "")))
    for ending, task in _TASKS.items():
        if any(name.endswith(ending) for name in names):
            return task
    return ""


_TASKS = {
    "Classifier": "tabular-classification",
    "LogisticRegression": "tabular-classification",
    "Regressor": "tabular-regression",
    "LinearRegression": "tabular-regression",
}


def is_supervised(account: Account, model: Item) -> bool:
    """Whether a fit of it was given what to predict."""
    return any(
        edge.role == "y"
        for fit in fits_of(account, model)
        for edge in fit.edges
        if edge.relation == Relation.USED
    )


def data_of(account: Account, model: Item) -> list[Item]:
    """The data that the run which made the model read."""
    maker: Run | None = account.maker(model)
    return [] if maker is None else [i for i in maker.inputs() if i.node.kind != kinds.MODEL]
