"""Watches Lightning: ``Trainer.fit``, under both names that the library is installed by."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import attributes_of
from whence.observers.fitting import Argument, Fitting, settings_of
from whence.observers.notes import Notes
from whence.observers.openings import Target, opening, target_of
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

DATA = {"train_dataloaders": "train", "val_dataloaders": "validation", "datamodule": "train"}
SETTINGS = ("max_epochs", "max_steps", "gradient_clip_val", "accumulate_grad_batches")


class PytorchLightningObserver:
    """Records on what a module is trained, with its settings, and its checkpoints."""

    library: ClassVar[str] = "pytorch_lightning"
    tested: ClassVar[str] = ">=2,<3"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session, self._notes = session, Notes(session)
        self._fitting = Fitting(self._notes)
        self._watcher = watch = Watcher(session, self.library)
        trainer = self._trainer(module)
        fit = watch.watch("Trainer.fit", group="learn", called=self._fits, returned=self._fitted)
        watch.method(trainer, "fit", fit)
        saved = watch.watch(
            "Trainer.save_checkpoint", group="io", called=self._saving, returned=self._saved
        )
        watch.method(trainer, "save_checkpoint", saved)

    def detach(self) -> None:
        self._watcher.detach()

    def _trainer(self, module: Any) -> type:
        return module.Trainer  # type: ignore[no-any-return]  # the library's class

    def _fits(self, call: Call) -> None:
        trainer, given = call.first, call.arguments
        positions = {name: at - 1 for at, name in enumerate(given)}
        arguments = [
            Argument(name, given.get(name), positions.get(name, 0), role)
            for name, role in DATA.items()
        ]
        model: Any = given.get("model")
        settings = settings_of(trainer, SETTINGS)
        settings.update(asked(lambda: dict(model.hparams), {}))
        self._fitting.begin(call, model, arguments, settings)

    def _fitted(self, call: Call) -> None:
        steps = asked(lambda: int(call.first.global_step), None)
        self._fitting.end(call, {} if steps is None else {"steps": steps})

    def _saving(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.arguments.get("filepath"), None)

    def _saved(self, call: Call) -> None:
        if call.error is not None or not isinstance(call.note, Target):
            return
        file = opening(self._session.files, call.note, "w")
        model = asked(lambda: call.first.lightning_module, None)
        if file is None or model is None:
            return
        notes = self._notes
        told = {**attributes_of(model), **notes.site(call)}
        notes.entity(kinds.MODEL, notes.file_name(call.note.path), told, file)
        source = notes.known_or_new(model, type(model).__name__, call)
        notes.relate(file, Relation.WAS_DERIVED_FROM, source, "", **notes.site(call))


class LightningObserver(PytorchLightningObserver):
    """The same library, installed as ``lightning``."""

    library: ClassVar[str] = "lightning"

    def _trainer(self, module: Any) -> type:
        return module.pytorch.Trainer  # type: ignore[no-any-return]  # the library's class
