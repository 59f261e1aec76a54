"""Watches XGBoost: its data sets, ``train`` and ``cv``, and the models that it saves.

Its classes for scikit-learn are seen by the observer of scikit-learn. ``Booster.update``, the loop
that one may write oneself, is not watched.
"""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from whence.capture.session import Session
from whence.observers.boosting import Boosting, Names
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

NAMES = Names(
    library="xgboost",
    train_set="dtrain",
    valid_sets="evals",
    data=(
        "data", "label", "weight", "base_margin", "group", "qid", "label_lower_bound",
        "label_upper_bound", "feature_weights",
    ),
    goes_on_from="xgb_model",
    saved_to="fname",
    loaded_from="fname",
)  # fmt: skip


class XgboostObserver:
    """Records what is trained with XGBoost's own functions, and on what."""

    library: ClassVar[str] = "xgboost"
    tested: ClassVar[str] = ">=2.0,<4"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._watcher = Watcher(session, "xgboost", undecorated=True)
        boosting = Boosting(session, self._watcher, NAMES)
        boosting.watch_data([module.DMatrix, module.QuantileDMatrix])
        boosting.watch_training(module)
        boosting.watch_models(module.Booster, "load_model")
        boosting.watch_estimators(module.XGBModel)

    def detach(self) -> None:
        self._watcher.detach()
