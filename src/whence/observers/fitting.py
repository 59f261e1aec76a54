"""What the trainers of libraries have in common: one call in which a model learns.

The loops inside belong to the library; of what happens there only the making of data loaders by
the user's code is seen, since that is how Lightning is given its data.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from whence.capture.guard import asked
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import attributes_of, is_a, is_array, is_frame, library_of
from whence.observers.learning import Begun, Learning
from whence.observers.notes import Notes
from whence.observers.torch.distributed import rank
from whence.observers.torch.known import torch_of
from whence.observers.torch.loading import Loader

ROLES = {"train_dataloader": "train", "val_dataloader": "validation"}
"""The roles of the data of a loader by the name of the user's method that makes it."""

_DATA_CLASSES = (
    ("torch.utils.data", "Dataset"), ("torch.utils.data", "IterableDataset"),
    ("datasets", "Dataset"), ("datasets", "IterableDataset"),
)  # fmt: skip


class Argument(NamedTuple):
    """Data that a training was given. ``given_at``: the call they stand in, if another's."""

    name: str
    value: Any
    position: int
    role: str = "train"
    given_at: dict[str, Any] | None = None


class _Fit(NamedTuple):
    """A training at work, with the loaders that are made meanwhile."""

    begun: Begun
    model: Any
    arguments: list[Argument]
    loaders: list[Loader]


def settings_of(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    """The attributes of those names that are neither missing nor None."""
    found = {name: member_of(thing, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def member_of(thing: Any, name: str) -> Any:
    """An attribute, which may be a property with ideas of its own; None where it fails."""
    return asked(lambda: getattr(thing, name), None)


class Fitting:
    """Records the calls of one library in which a model learns."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._learning = Learning(notes)
        self._torch = torch_of(notes.session)

    def begin(
        self, call: Call, model: Any, arguments: list[Argument], parameters: dict[str, Any]
    ) -> None:
        """Record that ``call`` begins to train ``model`` on those data."""
        library, version = library_of(call.first)
        given = [one for one in arguments if one.value is not None]
        attributes = {
            "class": str(attributes_of(model).get("class", type(model).__name__)),
            "library": library, "version": version, "role": "train",
            **_anchors(given), **rank(),
        }  # fmt: skip
        before = self._before(model)
        used = [
            (one.name, entity)
            for one in given
            if (entity := self._entity_of(one.value, call)) is not None
        ]
        if before is not None:
            used.append(("model", before))
        self._learning.begin(call, kinds.FIT, attributes, used, parameters, before=before)
        loaders = self._torch.loaders.collect()
        call.note = _Fit(call.note, model, given, loaders)

    def end(self, call: Call, outcome: dict[str, Any] | None = None) -> None:
        """Record how the call ended, and the model that it made."""
        fit = call.note
        if not isinstance(fit, _Fit):
            return
        self._torch.loaders.collected(fit.loaders)
        call.note = fit.begun
        self._learning.leave(call)
        made = self._made_meanwhile(fit)
        if call.error is None:
            self._model(fit)
        # What gives loaders is no data itself.
        given = [one for one in fit.arguments if one.name != "datamodule"] if made else []
        told = {**(outcome or {}), **(_anchors([*given, *made]) if made else {})}
        self._learning.end(call, fit.begun, told)

    def _made_meanwhile(self, fit: _Fit) -> list[Argument]:
        """The data of the loaders that the user's code made for the training."""
        found: list[Argument] = []
        for loader in fit.loaders:
            method = str(loader.given.get("function", "")).rpartition(".")[2]
            if method not in ROLES:
                continue
            count = sum(one.name.startswith(method) for one in found)
            name = f"{method}_{count + 1}" if count else method
            found.append(Argument(name, loader, 0, ROLES[method], loader.given))
            self._notes.relate(fit.begun.activity, Relation.USED, loader.entity, name)
        return found

    def _before(self, model: Any) -> bytes | None:
        if not is_a(model, "torch.nn", "Module"):
            return self._notes.live.last_entity_of(model)
        return self._torch.models.state(self._torch.models.known(model, [], ""))

    def _model(self, fit: _Fit) -> None:
        if not is_a(fit.model, "torch.nn", "Module"):
            self._learning.made(fit.model, fit.begun)
            return
        model = self._torch.models.known(fit.model, [], "")
        model.fits[fit.begun.activity] = None
        self._torch.models.state(model)

    def _entity_of(self, value: Any, call: Call) -> bytes | None:
        known = self._notes.live.entity_of(value)
        if known is not None:
            return known
        if any(is_a(value, module, name) for module, name in _DATA_CLASSES):
            return self._torch.loaders.entity_of(value, call)
        if is_frame(value) or is_array(value):
            return self._notes.known_or_new(value, type(value).__name__, call)
        return None


def _anchors(arguments: list[Argument]) -> dict[str, Any]:
    """The attributes by which the data are found in the code (`whence.service.flow.giving`)."""
    return {
        "data": {one.name: one.position for one in arguments},
        "roles": {one.name: one.role for one in arguments},
        "given_at": {one.name: one.given_at for one in arguments if one.given_at is not None},
    }
