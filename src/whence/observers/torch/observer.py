"""Watches torch: checkpoints, data loaders, optimizers and seeds.

``Module.__call__``, ``forward`` and the methods of tensors are never watched.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from whence.capture.session import Session
from whence.observers.call import Call
from whence.observers.imports import ImportWatch
from whence.observers.notes import Notes
from whence.observers.objects import ObjectFiles
from whence.observers.torch.known import torch_of
from whence.observers.version import note_untested
from whence.observers.watch import Watcher


class TorchObserver:
    """Records checkpoints with what they hold, and the settings of a training."""

    library: ClassVar[str] = "torch"
    tested: ClassVar[str] = ">=2.1,<3"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session, self._notes = session, Notes(session)
        self._watcher = watch = Watcher(session, "torch")
        self._imports = ImportWatch()
        self._count = 0
        torch = torch_of(session)
        self._models, self._optimizers = torch.models, torch.optimizers
        session.at_end.append(self._optimizers.end)
        files = ObjectFiles(session, "obj", "f", "f")
        watch.function(
            module,
            "save",
            watch.watch("torch.save", group="io", called=files.dumping, returned=files.dumped),
        )
        watch.function(
            module,
            "load",
            watch.watch("torch.load", group="io", called=files.loading, returned=files.loaded),
        )
        watch.function(
            module,
            "manual_seed",
            watch.watch("torch.manual_seed", group="seed", returned=self._seeded),
        )
        self._imports.when_imported("torch.nn", self._watch_modules)
        self._imports.when_imported("torch.optim", self._watch_optimizers)
        self._imports.when_imported("torch.utils.data", self._watch_loaders)

    def detach(self) -> None:
        self._optimizers.end()
        self._models.close()
        self._imports.stop()
        self._watcher.detach()

    def _watch_modules(self, module: ModuleType) -> None:
        loaded = self._watcher.watch(
            "load_state_dict", group="weights", when="outermost", returned=self._models.loaded
        )
        self._watcher.method(module.Module, "load_state_dict", loaded)

    def _watch_optimizers(self, module: ModuleType) -> None:
        made = self._watcher.watch(
            "torch.optim", group="optimizer", when="outermost",
            called=self._optimizers.making, returned=self._optimizer_made,
        )  # fmt: skip
        self._watcher.method(module.Optimizer, "__init__", made)

    def _watch_loaders(self, module: ModuleType) -> None:
        made = self._watcher.watch(
            "torch.utils.data.DataLoader", group="loader", when="always",
            returned=self._optimizers.loaders.made,
        )  # fmt: skip
        self._watcher.method(module.DataLoader, "__init__", made)
        iterated = self._watcher.watch(
            "torch.utils.data.DataLoader", group="iteration", when="always",
            returned=self._optimizers.loaders.iterated,
        )  # fmt: skip
        self._watcher.method(module.DataLoader, "__iter__", iterated)

    def _seeded(self, call: Call) -> None:
        if call.error is None:
            self._notes.params(self._session.activity(), {"seed.torch": call.first})

    def _optimizer_made(self, call: Call) -> None:
        defaults = call.arguments.get("defaults")
        if call.error is not None or not isinstance(defaults, dict):
            return
        self._count += 1
        key = "optimizer" if self._count == 1 else f"optimizer_{self._count}"
        params: dict[str, Any] = {key: type(call.first).__name__}
        params.update({f"{key}.{name}": value for name, value in defaults.items()})
        self._notes.params(self._session.activity(), params)
        self._optimizers.made(call)
