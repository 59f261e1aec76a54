"""Watches skl2onnx: which fitted model a model in the ONNX format was converted from."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from whence.capture.session import Session
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.notes import Notes
from whence.observers.onnx import onnx_models
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

CONVERTERS = ("convert_sklearn", "to_onnx")


class Skl2onnxObserver:
    """Records conversions of the models of scikit-learn."""

    library: ClassVar[str] = "skl2onnx"
    tested: ClassVar[str] = ">=1.16,<2"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._notes, self._models = Notes(session), onnx_models(session)
        self._watcher = watch = Watcher(session, "skl2onnx")
        for name in CONVERTERS:
            converted = watch.watch(f"skl2onnx.{name}", returned=self._converted)
            watch.function(module, name, converted)

    def detach(self) -> None:
        self._watcher.detach()

    def _converted(self, call: Call) -> None:
        """Some conversions give the model together with what it was made through."""
        result = call.result[0] if isinstance(call.result, tuple) else call.result
        if call.error is not None or not hasattr(result, "SerializeToString"):
            return
        model, notes = call.arguments.get("model"), self._notes
        source = notes.known_or_new(model, type(model).__name__, call)
        made = self._models.made(result, type(result).__name__, **notes.site(call))
        notes.relate(made, Relation.WAS_DERIVED_FROM, source, call.name)
