"""Watches LightGBM: its data sets, ``train`` and ``cv``, and the models that it saves.

Its classes for scikit-learn are seen by the observer of scikit-learn. ``Booster.update``, the loop
that one may write oneself, is not watched.
"""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from whence.capture.session import Session
from whence.observers.boosting import Boosting, Names
from whence.observers.call import Call
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

NAMES = Names(
    library="lightgbm",
    train_set="train_set",
    valid_sets="valid_sets",
    data=("data", "label", "weight", "group", "init_score", "position"),
    goes_on_from="init_model",
    saved_to="filename",
    loaded_from="model_file",
)


class LightgbmObserver:
    """Records what is trained with LightGBM's own functions, and on what."""

    library: ClassVar[str] = "lightgbm"
    tested: ClassVar[str] = ">=4.3,<5"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._watcher = Watcher(session, "lightgbm")
        boosting = Boosting(session, self._watcher, NAMES)
        boosting.watch_data([module.Dataset])
        boosting.watch_training(module)
        boosting.watch_models(module.Booster, "__init__")
        self._session = session
        appended = self._watcher.watch(
            "append", when="always", called=self._appending, returned=self._appended
        )
        self._watcher.function(module.basic, "_dump_pandas_categorical", appended)

    def detach(self) -> None:
        self._watcher.detach()

    def _appending(self, call: Call) -> None:
        """A model's file is written in C and then appended to in Python: tell of the first too."""
        path = call.arguments.get("file_name")
        call.note = None if path is None else self._session.files.opened(path, "w")

    def _appended(self, call: Call) -> None:
        """Only now is the writing over: nobody is to ask for the bytes that lay there before."""
        if call.note is not None:
            self._session.files.closed(call.note)
