"""The observer of scikit-learn, and how it comes to know every estimator class.

Each subclass of ``BaseEstimator``, of a library or of the user's own, calls the
``__init_subclass__`` of a base when it is defined; that call is watched like any other. So a class
is met the moment it exists, no metaclass and no instance is touched, and on Python 3.12 and later
nothing is patched at all. (Walking ``__subclasses__`` alone would miss classes defined later.)
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, ClassVar

from whence.capture.session import Session
from whence.observers.call import Call, Watched
from whence.observers.imports import ImportWatch
from whence.observers.notes import Notes
from whence.observers.sklearn.apply import PREDICTS, Applied
from whence.observers.sklearn.data import Datasets, Splits
from whence.observers.sklearn.fit import Fits
from whence.observers.sklearn.score import Scores
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

FITS = ("fit", "fit_transform", "fit_predict", "partial_fit", "fit_resample")
CROSS_VALIDATIONS = (
    "cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "validation_curve",
    "permutation_test_score",
)  # fmt: skip
NO_METRICS = ("make_scorer", "check_scoring", "get_scorer", "get_scorer_names")
"""Public functions of ``sklearn.metrics`` that compute nothing."""


class SklearnObserver:
    """Records fits, scores, splits and the data sets that come with scikit-learn."""

    library: ClassVar[str] = "sklearn"
    tested: ClassVar[str] = ">=1.3,<2"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        notes = Notes(session)
        self._watcher = Watcher(session, "sklearn")
        self._imports = ImportWatch()
        self._scores = Scores(notes)
        self._datasets, self._splits = Datasets(notes), Splits(notes)
        self._methods = self._watch_methods(Fits(notes), Applied(notes))
        self._imports.when_imported("sklearn.base", self._watch_classes)
        self._imports.when_imported("sklearn.metrics", self._watch_metrics)
        self._imports.when_imported("sklearn.model_selection", self._watch_selection)
        self._imports.when_imported("sklearn.datasets", self._watch_datasets)

    def detach(self) -> None:
        self._imports.stop()
        self._watcher.detach()

    def _watch_methods(self, fits: Fits, applied: Applied) -> dict[str, Watched]:
        watch = self._watcher.watch
        methods = {
            name: watch(name, group="learn", called=fits.started, returned=fits.ended)
            for name in FITS
        }
        scores = self._scores
        methods["score"] = watch("score", group="learn", returned=scores.model_scored)
        methods["transform"] = watch("transform", group="learn", returned=applied.transformed)
        for name in PREDICTS:
            methods[name] = watch(name, group="learn", returned=applied.predicted)
        return methods

    def _watch_classes(self, base: ModuleType) -> None:
        defined = self._watcher.watch("class", when="always", returned=self._class_defined)
        for owner in _hook_owners(base):
            self._watcher.method(owner, "__init_subclass__", defined)
        for cls in _subclasses(base.BaseEstimator):
            self._meet(cls)

    def _class_defined(self, call: Call) -> None:
        cls = call.arguments.get("cls", call.first)
        if isinstance(cls, type) and call.error is None:
            self._meet(cls)

    def _meet(self, cls: type) -> None:
        base = sys.modules["sklearn.base"].BaseEstimator
        if issubclass(cls, base):
            for owner in cls.__mro__[:-1]:
                for name, watched in self._methods.items():
                    self._watcher.method(owner, name, watched)

    def _watch_metrics(self, module: ModuleType) -> None:
        for name in module.__all__:
            if name not in NO_METRICS and not isinstance(getattr(module, name), type):
                watched = self._watcher.watch(name, group="learn", returned=self._scores.computed)
                self._watcher.function(module, name, watched)

    def _watch_selection(self, module: ModuleType) -> None:
        scores, watch = self._scores, self._watcher
        for name in CROSS_VALIDATIONS:
            watched = watch.watch(
                name, group="learn", called=scores.validating, returned=scores.validated
            )
            watch.function(module, name, watched)
        split = watch.watch("train_test_split", group="split", returned=self._splits.split)
        watch.function(module, "train_test_split", split)
        folded = watch.watch("split", group="split", returned=self._splits.folded)
        for owner in _splitters(module):
            watch.method(owner, "split", folded)

    def _watch_datasets(self, module: ModuleType) -> None:
        for name in module.__all__:
            if name.startswith(("load_", "fetch_", "make_")):
                watched = self._watcher.watch(
                    name, group="io", when="outermost",
                    called=self._datasets.loading, returned=self._datasets.loaded,
                )  # fmt: skip
                self._watcher.function(module, name, watched)


def _hook_owners(base: ModuleType) -> list[type]:
    """The classes whose ``__init_subclass__`` is called for every estimator class."""
    mixin = getattr(sys.modules.get("sklearn.utils._set_output"), "_SetOutputMixin", None)
    owners = [*base.BaseEstimator.__mro__[:-1], *([mixin] if mixin else [])]
    return [owner for owner in owners if "__init_subclass__" in vars(owner)]


def _splitters(module: ModuleType) -> dict[type, None]:
    """The classes of ``sklearn.model_selection`` that define how data are split into folds."""
    classes = list(vars(module).values())
    owners = (owner for cls in classes if isinstance(cls, type) for owner in cls.__mro__[:-1])
    return dict.fromkeys(
        owner
        for owner in owners
        if "split" in vars(owner) and owner.__module__ == "sklearn.model_selection._split"
    )


def _subclasses(cls: Any) -> set[type]:
    found, waiting = {cls}, [cls]
    while waiting:
        for subclass in waiting.pop().__subclasses__():
            if subclass not in found:
                found.add(subclass)
                waiting.append(subclass)
    return found
