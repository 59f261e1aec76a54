"""Backward: from a model or a range to the data and the parameters that its training set came from.

Q1, Q2 and Q6 of Souza et al.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from whence.model.relation import Relation
from whence.query.ask.answer import Asked, Preparation, SourceData
from whence.query.ask.generating import generated_for, learned_from
from whence.query.ask.making import (
    MADE,
    Things,
    data_used,
    makings,
    only_data,
    outlines,
    parameters,
    said_of,
    same_as,
)
from whence.query.completeness import completeness
from whence.query.lineage import closure_of
from whence.store.protocol import Store

_DERIVED = int(Relation.WAS_DERIVED_FROM)


def q1(store: Store, model: int, attributes: Collection[str] | None = None) -> Asked[SourceData]:
    """Given a trained model, what is said of the raw data in the past of its training set?

    Raw is data that nothing recorded has made. ``attributes`` names those that are wanted; all if
    None. In the papers these are where a survey was taken and how large it is.
    """
    return _sources(store, training_sets(store, model), attributes, [model])


def q2(store: Store, model: int) -> Asked[Preparation]:
    """Given a trained model, with which parameters was its training set prepared?

    In the papers these are how it was cut, what was left out, and which ranges were selected.
    """
    sets = training_sets(store, model)
    found = outlines(store, makings(store, sets))
    concerned = {a for one in found for a in one.activities}
    given = store.params_of(sorted(concerned))
    things = Things(store, [n for one in found for n in (one.made.thing, one.made.run)])
    rows = [
        Preparation(things[one.made.thing], things[one.made.run], parameters(one, given))
        for one in found
    ]
    return Asked({}, rows, completeness(store, [model, *sets, *concerned]))


def q6(
    store: Store, given: Mapping[str, Any], attributes: Collection[str] | None = None
) -> Asked[SourceData]:
    """Which raw data are the training sets from that were generated for ``given``, and what is
    said of them?

    ``given`` are attributes of a training set or parameters of its preparation. In the papers that
    is the range that was selected.
    """
    used = learned_from(store, generated_for(store, given))
    sets = sorted({one for _, some in used for one in some})
    return _sources(store, sets, attributes, [])


def training_sets(store: Store, model: int) -> list[int]:
    """The data that was used by the run that made the model, in order of arrival."""
    return data_used(store, outlines(store, makings(store, same_as(store, model))))


def _sources(
    store: Store, sets: Sequence[int], attributes: Collection[str] | None, asked: Sequence[int]
) -> Asked[SourceData]:
    """The raw data upstream of each set."""
    past: dict[int, list[int]] = {}
    concerned, inferred = dict.fromkeys(asked), []
    for one in sets:
        closure = closure_of(store, [one], "up")
        inferred += closure.inferred
        concerned.update(dict.fromkeys(closure.numbers))
        copies = {edge.source for edge in closure.inferred}
        past[one] = [number for number in closure.numbers if number not in copies]
    raw = _raw(store, {number for numbers in past.values() for number in numbers})
    said = store.attributes_of(sorted(raw))
    things = Things(store, [*sets, *raw])
    rows = [
        SourceData(things[one], things[number], said_of(said.get(number, {}), attributes))
        for one in sets
        for number in past[one]
        if number in raw
    ]
    return Asked({}, rows, completeness(store, list(concerned), (), inferred))


def _raw(store: Store, numbers: Iterable[int]) -> set[int]:
    """Those that are data and were neither made nor derived, as far as is known."""
    data = only_data(store, numbers)
    made = {one for relation in (MADE, _DERIVED) for one, _ in store.linked(data, relation, "up")}
    return set(data) - made
