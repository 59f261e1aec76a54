"""Which data were generated for something, and which models learned from data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from whence.query.ask.making import (
    DATA,
    MADE,
    USED,
    Making,
    makings,
    nearest_runs,
    only_data,
    parts_of,
    same_as,
)
from whence.query.plain import plain
from whence.store.protocol import Store


def generated_for(store: Store, given: Mapping[str, Any]) -> list[int]:
    """The data for which all of ``given`` hold, in order of arrival: each as an attribute, or as a
    parameter of the run that made the data."""
    found: set[int] | None = None
    for key, value in given.items():
        wanted = plain(value)
        holds = _with_attribute(store, key, wanted) | _with_parameter(store, key, wanted)
        found = holds if found is None else found & holds
    return sorted(found or ())


def _with_attribute(store: Store, key: str, value: Any) -> set[int]:
    said = store.attributes_of(store.with_attribute(key, DATA))
    return {entity for entity, values in said.items() if _is(values, key, value)}


def _with_parameter(store: Store, key: str, value: Any) -> set[int]:
    """What was made by the runs of which a part has the parameter."""
    given = store.params_of(store.with_param(key))
    having = {activity for activity, values in given.items() if _is(values, key, value)}
    runs = nearest_runs(store, having)
    parts = parts_of(store, {run for run, *_ in runs.values()})
    makers = {part for a, (run, *_) in runs.items() if a in parts[run] for part in parts[run]}
    return set(only_data(store, {end for _, end in store.linked(list(makers), MADE, "down")}))


def _is(values: Mapping[str, Any], key: str, value: Any) -> bool:
    return key in values and plain(values[key]) == value


def learned_from(store: Store, data: Iterable[int]) -> list[tuple[Making, list[int]]]:
    """The models that runs made which used any of the data, or are part of what used it; and which
    of the data that was, in order of arrival."""
    users = users_of(store, data)
    runs: dict[int, set[int]] = {}
    nearest = nearest_runs(store, users)
    for user, used in users.items():
        for activity in (user, *nearest.get(user, ())[:1]):
            runs.setdefault(activity, set()).update(used)
    found = []
    for one in makings(store, store.models()):
        used = runs.get(one.run, set()).union(*(users.get(whole, ()) for whole in one.around))
        if used:
            found.append((one, sorted(used)))
    return found


def users_of(store: Store, things: Iterable[int]) -> dict[int, set[int]]:
    """The activities that used any of these things or the same bytes, and which of them."""
    known_as: dict[int, int] = {}
    for thing in things:
        known_as |= dict.fromkeys(same_as(store, thing) - known_as.keys(), thing)
        known_as[thing] = thing
    users: dict[int, set[int]] = {}
    for used, user in store.linked(list(known_as), USED, "down"):
        users.setdefault(user, set()).add(known_as[used])
    return users


def runs_using(store: Store, things: Collection[int]) -> dict[int, set[int]]:
    """The runs that used any of these things, themselves or by a part, and which of them."""
    users = users_of(store, things)
    found: dict[int, set[int]] = {}
    for user, (run, *_) in nearest_runs(store, users).items():
        found.setdefault(run, set()).update(users[user])
    return found
