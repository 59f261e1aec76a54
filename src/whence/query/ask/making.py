"""How things were made: the run behind each, what belongs to it, and the data that it used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from whence._base.ids import format_id
from whence.model.kind import DATABASE, DATASET, DIRECTORY, FILE, RUN, STREAM, TABLE, URL
from whence.model.relation import Relation
from whence.query.ask.answer import Measure, Named
from whence.query.plain import clean, plain, plain_float
from whence.store.protocol import Node, Store

DATA = frozenset({FILE, DIRECTORY, DATASET, DATABASE, TABLE, URL, STREAM})
"""The kinds of what lies outside of a program and may be learned from."""

USED, MADE = int(Relation.USED), int(Relation.WAS_GENERATED_BY)


class Making(msgspec.Struct, frozen=True):
    """A thing, the run that made it, and what that run is part of, nearest first."""

    thing: int
    run: int
    around: tuple[int, ...] = ()


class Outline(msgspec.Struct, frozen=True):
    """What belongs to a making.

    ``parts`` are the run's outline (see `StudyStore.outlines`), itself included. What these and
    ``around`` used, and were given as parameters, went into the thing.
    """

    made: Making
    parts: Sequence[int]

    @property
    def activities(self) -> list[int]:
        return [*self.made.around, *self.parts]


def makings(store: Store, things: Iterable[int]) -> list[Making]:
    """How each thing was made that a run made, by thing and run."""
    made = store.linked(list(things), MADE, "up")
    runs = nearest_runs(store, {maker for _, maker in made})
    pairs = sorted({(thing, runs[maker][0]) for thing, maker in made if maker in runs})
    around = {run: rest for run, *rest in runs.values()}
    return [Making(thing, run, tuple(around[run])) for thing, run in pairs]


def nearest_runs(store: Store, activities: Iterable[int]) -> dict[int, list[int]]:
    """For each activity the innermost run that it is or is part of, and what that is part of."""
    pairs = store.wholes(list(activities))
    runs = {n.number for n in store.nodes(list({whole for _, whole in pairs})) if n.kind == RUN}
    nearest: dict[int, list[int]] = {}
    for activity, whole in pairs:
        if activity in nearest:
            nearest[activity].append(whole)
        elif whole in runs:
            nearest[activity] = [whole]
    return nearest


def outlines(store: Store, found: Sequence[Making]) -> list[Outline]:
    """The makings with what belongs to each."""
    parts = parts_of(store, {one.run for one in found})
    return [Outline(one, parts[one.run]) for one in found]


def parts_of(store: Store, runs: Iterable[int]) -> dict[int, list[int]]:
    """The outline of each run."""
    found: dict[int, list[int]] = defaultdict(list)
    for run, part in store.outlines(list(runs)):
        found[run].append(part)
    return found


def data_used(store: Store, found: Sequence[Outline]) -> list[int]:
    """The data that went into these things at first hand, in order of arrival."""
    activities = {activity for one in found for activity in one.activities}
    return only_data(store, {end for _, end in store.linked(list(activities), USED, "up")})


def only_data(store: Store, numbers: Iterable[int]) -> list[int]:
    """Those that are data, in order of arrival."""
    return [node.number for node in store.nodes(sorted(numbers)) if node.kind in DATA]


def same_as(store: Store, thing: int) -> set[int]:
    """The thing, and what is known as the same by its bytes: a copy, or what it is a copy of."""
    up, down = store.by_content([thing], "up"), store.by_content([thing], "down")
    return {thing, *(edge.target for edge in up), *(edge.source for edge in down)}


def parameters(found: Outline, given: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """The parameters of a making; of equal names that of the innermost activity stands."""
    merged: dict[str, Any] = {}
    for activity in [*reversed(found.made.around), *found.parts]:
        merged.update(given.get(activity, {}))
    return {clean(key): plain(value) for key, value in merged.items()}


UNSAID = frozenset({"uri", "version", "places", "iri"})
"""Attributes that Whence itself gives to name a thing."""


def said_of(attributes: Mapping[str, Any], wanted: Collection[str] | None = None) -> dict[str, Any]:
    """What was said of a thing, or the part of it that is wanted."""
    return {
        clean(key): plain(value)
        for key, value in attributes.items()
        if (key not in UNSAID if wanted is None else key in wanted)
    }


class Things:
    """What nodes of one answer are called, read once for all of them."""

    def __init__(self, store: Store, numbers: Iterable[int]) -> None:
        self._nodes: dict[int, Node] = {n.number: n for n in store.nodes(list(numbers))}

    def __getitem__(self, number: int) -> Named:
        node = self._nodes[number]
        return Named(clean(node.name), format_id(node.uid), node.kind)

    def id(self, number: int) -> str:
        return format_id(self._nodes[number].uid)


class Measured:
    """The metrics of the parts of some runs, read once for all of them."""

    def __init__(self, store: Store, parts: Iterable[int]) -> None:
        self._summaries = store.summaries(list(parts))
        self._names = Things(store, self._summaries)

    def of(self, parts: Iterable[int]) -> list[Measure]:
        """What was measured in these activities, by name."""
        found = [
            Measure(
                clean(one.key), plain_float(one.last), plain_float(one.min), plain_float(one.max),
                one.count, self._names.id(part),
            )
            for part in parts
            for one in self._summaries.get(part, ())
        ]  # fmt: skip
        return sorted(found, key=lambda one: (one.name, one.activity))

    def least(self, parts: Iterable[int], metric: str) -> float | None:
        """The least value that the metric had in any of these; None where it was not measured."""
        return min(
            (
                one.min
                for part in parts
                for one in self._summaries.get(part, ())
                if one.key == metric and one.min == one.min
            ),
            default=None,
        )
