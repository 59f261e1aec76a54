"""Data loaders: what they load, where they were made, and what the data are to a training.

A training goes on while a loader is iterated, and validation is an iteration in which no weight
changes. Both are seen from where an iteration begins and ends; the batches are never watched.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Sized
from types import FrameType
from typing import Any, Protocol

from whence.capture.guard import asked, guarded
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call, thread
from whence.observers.callsite import site_of, user_frame
from whence.observers.notes import Notes
from whence.observers.torch.holding import held_by

_SETTINGS = ("batch_size", "shuffle", "num_workers", "drop_last")

LEARN = "learn"
"""The group of calls that learn."""

METHODS = ("train_dataloader", "val_dataloader", "test_dataloader")
"""The methods by which the user's code gives loaders to a library that trains."""

OFTEN = 64
"""Of a loader that was iterated so often only one iteration in so many is looked at."""

_guard = guarded("observer-failed", "torch: a data loader")


class Loader:
    """A data loader: its entity, and the call in the user's code that its data came by."""

    def __init__(self, entity: bytes, given: dict[str, Any]) -> None:
        self.entity, self.given = entity, given
        self.count = 0
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
        self._making: list[list[Loader]] = []

    def at_work(self) -> list[Loader]:
        """The loaders that are being iterated now."""
        return list(self._iterating.values())

    def made(self, call: Call) -> None:
        """Record a data loader that the user's code made, with what it was made from."""
        frame = user_frame(sys._getframe(1))
        if call.error is not None or frame is None or not _is_users(frame):
            return
        call.site = site_of(frame)
        notes, dataset = self._notes, call.arguments.get("dataset")
        name, site = type(dataset).__name__, notes.site(call)
        entity = notes.entity(kinds.DATASET, name, {**site, **_about(dataset, call)})
        notes.live.remember(call.first, entity, kinds.DATASET, name)
        notes.relate(notes.session.activity(), Relation.USED, entity, "DataLoader")
        for role, source in self._sources(dataset, call):
            notes.relate(entity, Relation.WAS_DERIVED_FROM, source, role)
        given = {**site, **notes.anchor(call), "argument": "dataset", "position": 0}
        loader = Loader(entity, given)
        self._know(call.first, loader)
        for making in self._making:
            making.append(loader)

    def collect(self) -> list[Loader]:
        """A list that gets the loaders that are made from now on, until `collected`."""
        making: list[Loader] = []
        self._making.append(making)
        return making

    def collected(self, making: list[Loader]) -> None:
        self._making = [one for one in self._making if one is not making]

    def entity_of(self, dataset: Any, call: Call) -> bytes:
        """The entity of a data set, which is recorded with what it was made from if it is new."""
        known = self._notes.live.entity_of(dataset)
        if known is not None:
            return known
        name = type(dataset).__name__
        entity = self._notes.thing(dataset, name, **self._notes.site(call))
        for role, source in self._sources(dataset, call, is_new=True):
            self._notes.relate(entity, Relation.WAS_DERIVED_FROM, source, role)
        return entity

    def _sources(self, dataset: Any, call: Call, is_new: bool = False) -> list[tuple[str, bytes]]:
        """What a data set was made from; itself where it may hold more than can be told."""
        notes, held = self._notes, held_by(dataset)
        known = notes.live.entity_of(dataset)
        if known is not None and not is_new:
            return [("dataset", known)]
        found = [(role, notes.known_or_new(thing, role, call)) for role, thing in held.things]
        if not held.is_all:
            rest = {"class": f"{type(dataset).__module__}.{type(dataset).__qualname__}"}
            found.append(("dataset", notes.entity(kinds.DATASET, type(dataset).__name__, rest)))
        return found

    def iterated(self, call: Call) -> None:
        """See the beginning of an iteration, and its end when the iterator is gone.

        Where an epoch is very short this is called often: what a loader is for is known by then.
        """
        loader = self._loader(call.first)
        if loader is None or call.error is not None:
            return
        loader.count += 1
        if (loader.count > OFTEN and loader.count % OFTEN) or is_learning():
            return
        if id(loader) in self._iterating:
            self._ended(loader)
        self._place(loader)
        self._observer.settle(self.at_work())
        try:
            loader.iterator = weakref.ref(call.result, lambda ref: self._dropped(loader, ref))
        except TypeError:
            return
        self._iterating[id(loader)] = loader

    def _place(self, loader: Loader) -> None:
        """Know where the user's code iterates a loader first."""
        frame = None if "iterated_at" in loader.given else user_frame(sys._getframe(2))
        if frame is not None:
            site = site_of(frame)
            file = self._notes.file_name(site.file)
            loader.given["iterated_at"] = {"file": file, "line": site.line}

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


def _is_users(frame: FrameType) -> bool:
    """Whether the user's code makes a loader in that frame, and not a library in a call of its.

    A library that trains has methods of the user give it loaders (and may wrap their making).
    """
    return not is_learning() or frame.f_code.co_name in METHODS


def is_learning() -> bool:
    """Whether a call that learns is at work in this thread."""
    return any(
        entry.watched is not None and entry.watched.group == LEARN and entry.call is not None
        for entry in thread.stack
    )


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
