"""What LightGBM and XGBoost have in common: data sets of their own, and a function that trains."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import ModuleType
from typing import Any, NamedTuple

from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.given import data_arguments
from whence.observers.learning import Learning
from whence.observers.notes import Notes
from whence.observers.objects import ObjectFiles
from whence.observers.openings import Target, opening, target_of
from whence.observers.sources import Brought, Sources
from whence.observers.watch import Watcher

_NO_SETTINGS = ("params", "callbacks", "verbose_eval", "evals_result")
_OPTIONS = re.compile(r"[?#]format=.*|#.*$")
"""What may follow the path of a file of XGBoost's."""


class Names(NamedTuple):
    """What things are called in a library.

    ``train_set`` and ``valid_sets`` are parameters of the function that trains; ``data`` those of
    a data set that take data, the first of them also a file's name; ``goes_on_from`` the parameter
    for an earlier model; ``saved_to`` and ``loaded_from`` those for the file of a model.
    """

    library: str
    train_set: str
    valid_sets: str
    data: tuple[str, ...]
    goes_on_from: str
    saved_to: str
    loaded_from: str


class Boosting:
    """Records the data sets, the training and the models of one library."""

    def __init__(self, session: Session, watcher: Watcher, names: Names) -> None:
        self._session, self._watcher, self._names = session, watcher, names
        self._notes = Notes(session)
        self._sources = Sources(self._notes)
        self._learning = Learning(self._notes)
        self._models = ObjectFiles(session, "self", names.saved_to, names.loaded_from)

    def watch_data(self, owners: Iterable[type]) -> None:
        """Watch the making of data sets."""
        for owner in owners:
            made = self._watcher.watch(
                f"{self._names.library}.{owner.__name__}", group="dataset", when="outermost",
                called=self._making, returned=self._made,
            )  # fmt: skip
            self._watcher.method(owner, "__init__", made)

    def watch_training(self, module: ModuleType) -> None:
        """Watch ``train`` and ``cv``."""
        name, watch = self._names.library, self._watcher.watch
        trained = watch(
            f"{name}.train", group="learn", called=self._training, returned=self._trained
        )
        self._watcher.function(module, "train", trained)
        validated = watch(
            f"{name}.cv", group="learn", called=self._validating, returned=self._validated
        )
        self._watcher.function(module, "cv", validated)

    def watch_models(self, booster: type, loader: str) -> None:
        """Watch the saving of models, and their loading by the method ``loader``."""
        name, watch, models = f"{self._names.library}.Booster", self._watcher.watch, self._models
        saved = watch(
            f"{name}.save_model", group="io", called=models.dumping, returned=models.dumped
        )
        self._watcher.method(booster, "save_model", saved)
        loaded = watch(
            name if loader == "__init__" else f"{name}.{loader}", group="io", when="outermost",
            called=models.loading, returned=self._loaded,
        )  # fmt: skip
        self._watcher.method(booster, loader, loaded)

    def watch_estimators(self, owner: type) -> None:
        """Watch the saving and loading of the models of a class for scikit-learn."""
        watch, models = self._watcher.watch, self._models
        for name, called, returned in (
            ("save_model", models.dumping, models.dumped),
            ("load_model", models.loading, self._loaded),
        ):
            watched = watch(
                f"{self._names.library}.{owner.__name__}.{name}",
                group="io", called=called, returned=returned,
            )  # fmt: skip
            self._watcher.method(owner, name, watched)

    def _making(self, call: Call) -> None:
        source = call.arguments.get(self._names.data[0])
        if isinstance(source, str):
            source = _OPTIONS.sub("", source)
        elif isinstance(source, bytes | bytearray) or hasattr(source, "shape"):
            return
        call.note = target_of(self._session.files, source, "r")

    def _made(self, call: Call) -> None:
        if call.error is not None:
            return
        dataset, notes = call.first, self._notes
        name = type(dataset).__name__
        if isinstance(call.note, Target):
            file = opening(self._session.files, call.note, "r")
            self._sources.read(call, [Brought(dataset, name)], file)
            return
        given = [(key, call.arguments.get(key)) for key in self._names.data]
        entity = notes.thing(dataset, name, **notes.site(call))
        for key in data_arguments(given):
            source = notes.known_or_new(call.arguments[key], key, call)
            notes.relate(entity, Relation.WAS_DERIVED_FROM, source, key)

    def _training(self, call: Call) -> None:
        before = self._notes.live.last_entity_of(call.arguments.get(self._names.goes_on_from))
        self._begin(call, kinds.FIT, "Booster", before)

    def _trained(self, call: Call) -> None:
        begun = self._learning.leave(call)
        if begun is None:
            return
        outcome = {}
        if call.error is None:
            self._learning.made(call.result, begun)
            best = getattr(call.result, "best_iteration", None)
            if isinstance(best, int) and best > 0:
                outcome["best_iteration"] = best
        self._learning.end(call, begun, outcome)

    def _validating(self, call: Call) -> None:
        self._begin(call, kinds.SCORE, "", None)

    def _validated(self, call: Call) -> None:
        begun = self._learning.leave(call)
        if begun is not None:
            if call.error is None:
                for key, scores in _series(call.result):
                    for score in scores:
                        self._notes.metric(key, score)
            self._learning.end(call, begun)

    def _begin(self, call: Call, kind: str, shared_as: str, before: bytes | None) -> None:
        """Begin the activity; a validation set of several is told by its place among them."""
        names, given = self._names, call.arguments
        train_set, valid_sets = given.get(names.train_set), given.get(names.valid_sets)
        positions = {key: at for at, key in enumerate(given)}
        attributes: dict[str, Any] = {
            "class": f"{names.library}.Booster",
            "library": names.library,
            "role": "train",
            "data": {
                key: positions[key]
                for key, value in ((names.train_set, train_set), (names.valid_sets, valid_sets))
                if value is not None
            },
        }
        sets = [(names.train_set, train_set)]
        for at, one in enumerate(valid_sets if isinstance(valid_sets, list | tuple) else ()):
            data = one[0] if isinstance(one, tuple) else one
            sets.append((f"{names.valid_sets}[{at}]", data))
        live = self._notes.live
        used = [(role, entity) for role, data in sets if (entity := live.entity_of(data))]
        self._learning.begin(
            call, kind, attributes, used, self._settings(call), shared_as=shared_as, before=before
        )

    def _settings(self, call: Call) -> dict[str, Any]:
        """The parameters of the model, and the plain settings of the call."""
        params = call.arguments.get("params")
        found = dict(params) if isinstance(params, dict | list | tuple) else {}
        for key, value in call.arguments.items():
            if key not in _NO_SETTINGS and isinstance(value, bool | int | float | str):
                found.setdefault(key, value)
        return {str(key): value for key, value in found.items()}

    def _loaded(self, call: Call) -> None:
        self._models.loaded_as(call, call.first)


def _series(result: Any) -> list[tuple[str, list[float]]]:
    """The means over the folds, for each round, of what a cross-validation gave."""
    if not isinstance(result, dict):
        columns = getattr(result, "columns", None)
        result = {} if columns is None else {key: result[key] for key in columns}
    return [
        (str(key), [float(score) for score in scores])
        for key, scores in result.items()
        if str(key).endswith("-mean")
    ]
