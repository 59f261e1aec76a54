"""Watches Keras 3: ``Model.fit``, and the models that it saves and loads."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.observers.call import Call
from whence.observers.fitting import Argument, Fitting
from whence.observers.imports import ImportWatch
from whence.observers.notes import Notes
from whence.observers.objects import ObjectFiles
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

SETTINGS = ("batch_size", "epochs", "validation_split", "shuffle")


class KerasObserver:
    """Records on what a model is trained, with its settings, and the files of models."""

    library: ClassVar[str] = "keras"
    tested: ClassVar[str] = ">=3,<4"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._fitting = Fitting(Notes(session))
        # Keras' layers run under the same decorators as its models' methods.
        self._watcher = watch = Watcher(session, "keras", undecorated=True)
        self._imports = ImportWatch()
        files = ObjectFiles(session, "self", "filepath", "filepath")
        fit = watch.watch("fit", group="learn", called=self._fits, returned=self._fitted)
        saved = watch.watch(
            "keras.Model.save", group="io", called=files.dumping, returned=files.dumped
        )
        for owner in module.Model.__mro__:
            if owner.__module__.startswith("keras."):
                watch.method(owner, "fit", fit)
                for name in ("save", "save_weights"):
                    watch.method(owner, name, saved)
        loaded = watch.watch(
            "keras.models.load_model", group="io", called=files.loading, returned=files.loaded
        )
        self._imports.when_imported(
            "keras.src.saving.saving_api", lambda api: _watch(watch, api, loaded)
        )

    def detach(self) -> None:
        self._imports.stop()
        self._watcher.detach()

    def _fits(self, call: Call) -> None:
        model, given = call.first, call.arguments
        call.name = f"{type(model).__name__}.fit"
        names = ("x", "y", "validation_data", "sample_weight")
        positions = {name: at for at, name in enumerate(given)}
        arguments = [
            Argument(
                name, given.get(name), positions.get(name, 1) - 1,
                "validation" if name == "validation_data" else "train",
            )
            for name in names
        ]  # fmt: skip
        settings = {name: given[name] for name in SETTINGS if given.get(name) is not None}
        optimizer = asked(lambda: model.optimizer, None)
        if optimizer is not None:
            settings["optimizer"] = type(optimizer).__name__
            rate = asked(lambda: float(optimizer.learning_rate), None)
            settings.update({} if rate is None else {"learning_rate": rate})
        self._fitting.begin(call, model, arguments, settings)

    def _fitted(self, call: Call) -> None:
        steps: Any = asked(lambda: int(call.first.optimizer.iterations), None)
        self._fitting.end(call, {} if steps is None else {"steps": steps})


def _watch(watcher: Watcher, api: ModuleType, loaded: Any) -> None:
    watcher.function(api, "load_model", loaded)
