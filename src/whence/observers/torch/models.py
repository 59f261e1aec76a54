"""The models of a torch program: known by their weights in memory, each state an entity.

A state dict shares the memory of the weights that it was asked of, so what is saved is known to be
a model's without any watching of modules. That weights changed is told by the counter that torch
keeps for each tensor.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import Any

from whence.capture.guard import asked
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import attributes_of, is_a, is_state_dict
from whence.observers.notes import Notes
from whence.observers.repeats import Repeats

MOST_LOADS = 100
"""So many calls of ``load_state_dict`` from one place are recorded; a loop may make very many."""

_MOST_TENSORS = 100
_WRAPPED_AS = ("_orig_mod", "module")
"""Where ``torch.compile`` and the parallel modules hold the module that they wrap."""
_WRAPPERS = ("OptimizedModule", "DataParallel", "DistributedDataParallel")


class Model:
    """A module, or bare parameters, that is trained or loaded. It is not kept alive.

    ``entity`` is the state that was recorded last, ``version`` its weights' counter; ``fits`` are
    the trainings that have changed it.
    """

    def __init__(self, module: Any, weights: list[Any], owner: str) -> None:
        self._module = None if module is None else weakref.ref(module)
        self._weights = [weakref.ref(weight) for weight in weights]
        self.name = owner if module is None else type(module).__name__
        self.attributes: dict[str, Any] = (
            {"class": owner, "library": "torch"} if module is None else attributes_of(module)
        )
        self.entity: bytes | None = None
        self.version: int | None = None
        self.fits: dict[bytes, None] = {}

    @property
    def module(self) -> Any:
        """The module while it lives, else None."""
        return None if self._module is None else self._module()

    def weights(self) -> Iterator[Any]:
        """The weights that live."""
        return (weight for ref in self._weights if (weight := ref()) is not None)

    def version_now(self) -> int | None:
        """What is another number after every change of the weights, None where torch can't say."""
        return version_of(self.weights())

    @property
    def class_path(self) -> str:
        return str(self.attributes.get("class", self.name))


class Models:
    """The models of one session."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._models: list[Model] = []
        self._loads = Repeats(notes, MOST_LOADS)
        notes.live.finders.append(self.entity_of)

    def close(self) -> None:
        """Find no more objects."""
        self._models = []
        if self.entity_of in self._notes.live.finders:
            self._notes.live.finders.remove(self.entity_of)

    def known(self, module: Any, weights: list[Any], owner: str) -> Model:
        """The model that a module is; without one that these weights are, called ``owner``."""
        module = unwrapped(module)
        found = self._of_module(module) if module is not None else self._of_weights(weights)
        if found is not None:
            return found
        if module is not None:
            weights = weights_of(module) or weights
        self._models = [one for one in self._models if next(one.weights(), None) is not None]
        model = Model(module, weights, owner)
        if module is not None:
            model.entity = self._notes.live.last_entity_of(module)
            model.version = model.version_now()
        self._models.append(model)
        return model

    def state(self, model: Model) -> bytes | None:
        """The entity that the model is now, None for one that is neither trained nor loaded."""
        version = model.version_now()
        if model.entity is not None and (version is None or version == model.version):
            return model.entity
        if model.entity is None and not model.fits:
            return None
        return self._changed(model, version, {}, model.fits)

    def loaded(self, call: Call) -> None:
        """Record that a module took over weights, if it is known what they are of."""
        if call.error is not None or self._loads.stand_in((call.name, call.site)) is not None:
            return
        sources = self._sources(call.arguments.get("state_dict"))
        if not sources:
            return
        model = self.known(call.first, [], "")
        entity = self._changed(model, model.version_now(), self._notes.site(call), ())
        for source in sources:
            self._notes.relate(entity, Relation.WAS_REVISION_OF, source, call.name)
        self._loads.recorded((call.name, call.site), entity)

    def entity_of(self, thing: Any) -> bytes | None:
        """The model's state that a module, state dict or tensor is; None for all else."""
        if not self._models:
            return None
        if is_a(thing, "torch.nn", "Module"):
            model = self._of_module(unwrapped(thing))
            found = [model] if model is not None else self._holding(weights_of(thing))
        elif is_a(thing, "torch", "Tensor"):
            found = self._holding([thing])
        elif is_state_dict(thing):
            found = self._holding(thing.values())
        else:
            return None
        states = [state for model in found if (state := self.state(model)) is not None]
        return states[0] if len(states) < 2 and states else self._of_several(thing, states)

    def _of_several(self, thing: Any, states: list[bytes]) -> bytes | None:
        """What holds several models: an entity of its own, derived from them all."""
        if not states:
            return None
        notes, name = self._notes, type(thing).__name__
        entity = notes.entity(kinds.MODEL, name, attributes_of(thing))
        for state in states:
            notes.relate(entity, Relation.WAS_DERIVED_FROM, state)
        return entity

    def _changed(
        self, model: Model, version: int | None, told: dict[str, Any], fits: Iterable[bytes]
    ) -> bytes:
        notes, before, module = self._notes, model.entity, model.module
        entity = notes.entity(kinds.MODEL, model.name, {**model.attributes, **told})
        if module is not None:
            notes.live.remember(module, entity, kinds.MODEL, model.name)
        for fit in fits:
            notes.relate(entity, Relation.WAS_GENERATED_BY, fit)
        if before is not None:
            notes.relate(entity, Relation.WAS_REVISION_OF, before)
        model.entity, model.version = entity, version
        return entity

    def _sources(self, state: Any) -> list[bytes]:
        """The entities that a state dict, or else its tensors, are."""
        live = self._notes.live
        own = live.entity_of(state)
        if own is not None:
            return [own]
        tensors: list[Any] = asked(lambda: list(state.values())[:_MOST_TENSORS], [])
        found = (live.entity_of(tensor) for tensor in tensors)
        return list(dict.fromkeys(entity for entity in found if entity is not None))

    def _of_module(self, module: Any) -> Model | None:
        return next((one for one in self._models if one.module is module), None)

    def _of_weights(self, weights: list[Any]) -> Model | None:
        first = weights[0] if weights else None
        return next(
            (one for one in self._models if any(weight is first for weight in one.weights())), None
        )

    def _holding(self, tensors: Iterable[Any]) -> list[Model]:
        """The models with whose weights some of the tensors share their memory."""
        asked_for = {place for tensor in tensors if (place := place_of(tensor))}
        return [
            model
            for model in self._models
            if any(place_of(weight) in asked_for for weight in model.weights())
        ]


def unwrapped(module: Any) -> Any:
    """The module that a compiled or parallel one wraps, else itself."""
    for _ in range(4):
        if type(module).__name__ not in _WRAPPERS:
            break
        inner: dict[str, Any] = asked(lambda: vars(module)["_modules"], {})  # noqa: B023 - asked at once
        module = next((inner[name] for name in _WRAPPED_AS if name in inner), module)
    return module


def weights_of(module: Any) -> list[Any]:
    """The parameters of a module, also where its class has odd ideas of its own."""
    return asked(lambda: list(module.parameters()), [])


def version_of(weights: Iterable[Any]) -> int | None:
    """The sum of the counters that torch keeps of the changes of tensors; None without any."""
    counters: list[int] = asked(lambda: [int(weight._version) for weight in weights], [])
    return sum(counters) if counters else None


def place_of(tensor: Any) -> int:
    """The address of a tensor's data; 0 where there are none (sparse, on the meta device)."""
    return asked(lambda: int(tensor.data_ptr()), 0)
