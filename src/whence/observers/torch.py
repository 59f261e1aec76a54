"""Watches torch: checkpoints, data loaders, optimizers and seeds.

``Module.__call__``, ``forward`` and the methods of tensors are never watched.
"""

from __future__ import annotations

from collections.abc import Sized
from types import ModuleType
from typing import Any, ClassVar

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import is_array
from whence.observers.imports import ImportWatch
from whence.observers.notes import Notes
from whence.observers.objects import ObjectFiles
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

_LOADER_SETTINGS = ("batch_size", "shuffle", "num_workers", "drop_last")


class TorchObserver:
    """Records checkpoints with what they hold, and the settings of a training."""

    library: ClassVar[str] = "torch"
    tested: ClassVar[str] = ">=2.1,<3"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session, self._notes = session, Notes(session)
        self._watcher = watch = Watcher(session, "torch")
        self._imports = ImportWatch()
        self._optimizers = 0
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
        self._imports.when_imported("torch.optim", self._watch_optimizers)
        self._imports.when_imported("torch.utils.data", self._watch_loaders)

    def detach(self) -> None:
        self._imports.stop()
        self._watcher.detach()

    def _watch_optimizers(self, module: ModuleType) -> None:
        made = self._watcher.watch(
            "torch.optim", group="optimizer", when="outermost", returned=self._optimizer_made
        )
        self._watcher.method(module.Optimizer, "__init__", made)

    def _watch_loaders(self, module: ModuleType) -> None:
        made = self._watcher.watch(
            "torch.utils.data.DataLoader", group="loader", when="outermost",
            returned=self._loader_made,
        )  # fmt: skip
        self._watcher.method(module.DataLoader, "__init__", made)

    def _seeded(self, call: Call) -> None:
        if call.error is None:
            self._notes.params(self._session.activity(), {"seed.torch": call.first})

    def _optimizer_made(self, call: Call) -> None:
        defaults = call.arguments.get("defaults")
        if call.error is not None or not isinstance(defaults, dict):
            return
        self._optimizers += 1
        key = "optimizer" if self._optimizers == 1 else f"optimizer_{self._optimizers}"
        params: dict[str, Any] = {key: type(call.first).__name__}
        params.update({f"{key}.{name}": value for name, value in defaults.items()})
        self._notes.params(self._session.activity(), params)

    def _loader_made(self, call: Call) -> None:
        if call.error is not None:
            return
        notes, dataset = self._notes, call.arguments.get("dataset")
        settings = {name: call.arguments.get(name) for name in _LOADER_SETTINGS}
        attributes = {
            **notes.site(call),
            "class": f"{type(dataset).__module__}.{type(dataset).__qualname__}",
            **{name: value for name, value in settings.items() if _is_setting(value)},
        }
        length = asked(lambda: len(dataset), None) if isinstance(dataset, Sized) else None
        if length is not None:
            attributes["n_samples"] = length
        loader = notes.entity(kinds.DATASET, type(dataset).__name__, attributes)
        notes.live.remember(call.first, loader, kinds.DATASET, type(dataset).__name__)
        notes.relate(self._session.activity(), Relation.USED, loader, "DataLoader")
        for role, source in self._sources(dataset):
            notes.relate(loader, Relation.WAS_DERIVED_FROM, source, role)

    def _sources(self, dataset: Any) -> list[tuple[str, bytes]]:
        """The known tensors and arrays that a data set holds."""
        held: dict[str, Any] = dict(getattr(dataset, "__dict__", {}))
        tensors = held.pop("tensors", ())
        pairs = [*held.items(), *((f"tensor {n}", tensor) for n, tensor in enumerate(tensors))]
        found = [
            (name, self._notes.live.entity_of(value)) for name, value in pairs if is_array(value)
        ]
        return [(name, entity) for name, entity in found if entity is not None]


def _is_setting(value: object) -> bool:
    return value is None or isinstance(value, bool | int | str)
