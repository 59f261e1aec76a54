"""Watches the Trainer of Hugging Face's transformers: what it was made with, and ``train``."""

from __future__ import annotations

import weakref
from types import ModuleType
from typing import Any, ClassVar

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.observers.call import Call
from whence.observers.fitting import Argument, Fitting, member_of, settings_of
from whence.observers.imports import ImportWatch
from whence.observers.notes import Notes
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

DATA = {"train_dataset": "train", "eval_dataset": "validation"}
SETTINGS = (
    "learning_rate", "num_train_epochs", "max_steps", "per_device_train_batch_size",
    "gradient_accumulation_steps", "weight_decay", "warmup_steps", "seed",
)  # fmt: skip


class TransformersObserver:
    """Records on what a model is trained by a Trainer, with its settings."""

    library: ClassVar[str] = "transformers"
    tested: ClassVar[str] = ">=4.40,<6"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._notes = Notes(session)
        self._fitting = Fitting(self._notes)
        self._watcher = Watcher(session, "transformers")
        self._imports = ImportWatch()
        self._made_at: weakref.WeakKeyDictionary[Any, dict[str, Any]] = weakref.WeakKeyDictionary()
        self._imports.when_imported("transformers.trainer", self._watch)

    def detach(self) -> None:
        self._imports.stop()
        self._watcher.detach()

    def _watch(self, module: ModuleType) -> None:
        watch = self._watcher
        made = watch.watch("Trainer", group="trainer", returned=self._made)
        watch.method(module.Trainer, "__init__", made)
        train = watch.watch(
            "Trainer.train", group="learn", called=self._trains, returned=self._trained
        )
        watch.method(module.Trainer, "train", train)

    def _made(self, call: Call) -> None:
        """Keep where a trainer got its data: in the call that made it."""
        if call.error is not None:
            return
        notes, positions = self._notes, {name: at - 1 for at, name in enumerate(call.arguments)}
        place = {**notes.site(call), **notes.anchor(call)}
        self._made_at[call.first] = {
            name: {**place, "argument": name, "position": positions[name]}
            for name in DATA
            if name in positions
        }

    def _trains(self, call: Call) -> None:
        trainer: Any = call.first
        call.name = f"{type(trainer).__name__}.train"
        places = self._made_at.get(trainer, {})
        arguments = [
            Argument(name, member_of(trainer, name), 0, role, places.get(name))
            for name, role in DATA.items()
        ]
        settings = settings_of(member_of(trainer, "args"), SETTINGS)
        self._fitting.begin(call, member_of(trainer, "model"), arguments, settings)

    def _trained(self, call: Call) -> None:
        steps = asked(lambda: int(call.first.state.global_step), None)
        self._fitting.end(call, {} if steps is None else {"steps": steps})
