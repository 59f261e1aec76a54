"""Data loaders: what they load, where they were made, and what the data are to a training.

A training goes on while a loader is iterated, and validation is an iteration in which no weight
changes. Both are seen from where an iteration begins and ends; the batches are never watched.
"""

from __future__ import annotations

import weakref
from collections.abc import Sized
from typing import Any, Protocol

from whence.capture.guard import asked, guarded
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.notes import Notes
from whence.observers.torch.holding import held_by

_SETTINGS = ("batch_size", "shuffle", "num_workers", "drop_last")
_guard = guarded("observer-failed", "torch: a data loader")


class Loader:
    """A data loader: its entity, and the call in the user's code that its data came by.

    ``is_whole``: all that its data set holds is known, so its data can be told from the objects.
    """

    def __init__(self, entity: bytes, given: dict[str, Any], is_whole: bool) -> None:
        self.entity, self.given, self.is_whole = entity, given, is_whole
        self.iterator: weakref.ref[Any] | None = None


class Observer(Protocol):
    """Who is told of iterations."""

    def settle(self, loaders: list[Loader]) -> bool:
        """Weights may have changed while those loaders were iterated; true when some have."""

    def evaluated(self, loader: Loader) -> None:
        """A loader was iterated and no weight has changed."""


class Loaders:
    """The data loaders of one session."""

    def __init__(self, notes: Notes, observer: Observer) -> None:
        self._notes, self._observer = notes, observer
        self._loaders: dict[int, tuple[weakref.ref[Any], Loader]] = {}
        self._iterating: dict[int, Loader] = {}

    def at_work(self) -> list[Loader]:
        """The loaders that are being iterated now."""
        return list(self._iterating.values())

    def made(self, call: Call) -> None:
        """Record a data loader, with what it was made from."""
        if call.error is not None:
            return
        notes, dataset = self._notes, call.arguments.get("dataset")
        name, site = type(dataset).__name__, notes.site(call)
        entity = notes.entity(kinds.DATASET, name, {**site, **_about(dataset, call)})
        notes.live.remember(call.first, entity, kinds.DATASET, name)
        notes.relate(notes.session.activity(), Relation.USED, entity, "DataLoader")
        held = held_by(dataset)
        is_whole = held.is_all
        for role, thing in held.things:
            source = notes.live.entity_of(thing)
            if source is not None:
                notes.relate(entity, Relation.WAS_DERIVED_FROM, source, role)
            is_whole = is_whole and source is not None
        given = {**site, **notes.anchor(call), "argument": "dataset", "position": 0}
        self._know(call.first, Loader(entity, given, is_whole))

    def iterated(self, call: Call) -> None:
        """See the beginning of an iteration, and its end when the iterator is gone."""
        loader = self._loader(call.first)
        if call.error is not None or loader is None:
            return
        key = id(loader)
        if key in self._iterating:
            self._ended(loader)
        self._observer.settle(self.at_work())
        try:
            loader.iterator = weakref.ref(call.result, lambda ref: self._dropped(loader, ref))
        except TypeError:
            return
        self._iterating[key] = loader

    def _know(self, thing: Any, loader: Loader) -> None:
        key = id(thing)
        try:
            alive = weakref.ref(thing, lambda ref: self._forget(key, ref))
        except TypeError:
            return
        self._loaders[key] = (alive, loader)

    def _forget(self, key: int, ref: weakref.ref[Any]) -> None:
        known = self._loaders.get(key)
        if known is not None and known[0] is ref:
            self._loaders.pop(key, None)

    def _loader(self, thing: Any) -> Loader | None:
        known = self._loaders.get(id(thing))
        return known[1] if known is not None and known[0]() is thing else None

    def _dropped(self, loader: Loader, ref: weakref.ref[Any]) -> None:
        with _guard:
            if loader.iterator is ref:
                self._ended(loader)

    def _ended(self, loader: Loader) -> None:
        loader.iterator = None
        has_learned = self._observer.settle(self.at_work())
        self._iterating.pop(id(loader), None)
        if not has_learned:
            self._observer.evaluated(loader)


def _about(dataset: Any, call: Call) -> dict[str, Any]:
    settings = {name: call.arguments.get(name) for name in _SETTINGS}
    found = {
        "class": f"{type(dataset).__module__}.{type(dataset).__qualname__}",
        **{name: value for name, value in settings.items() if _is_setting(value)},
    }
    length = asked(lambda: len(dataset), None) if isinstance(dataset, Sized) else None
    if length is not None:
        found["n_samples"] = length
    return found


def _is_setting(value: object) -> bool:
    return value is None or isinstance(value, bool | int | str)
