"""Scores: the metric functions, ``score``, and cross-validation."""

from __future__ import annotations

from numbers import Real
from typing import Any

from whence.model import kind as kinds
from whence.observers.call import Call
from whence.observers.describe import is_a
from whence.observers.given import data_arguments, used_data
from whence.observers.learning import Learning
from whence.observers.notes import Notes
from whence.observers.sklearn.parameters import class_path, hyperparameters

DATA = ("X", "y", "groups", "sample_weight")
"""The parameters of a cross-validation that take data."""

_SETTINGS = ("average", "normalize", "squared", "labels", "pos_label", "multioutput", "multi_class",
             "beta", "k", "max_fpr", "adjusted", "zero_division")  # fmt: skip


class Scores:
    """Records each number that says how good a model is: a metric, and where it was computed."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._learning = Learning(notes)

    def computed(self, call: Call) -> None:
        """Record the result of a function of ``sklearn.metrics``, if it is a number."""
        if call.error is None and _is_number(call.result):
            settings = {
                name: value
                for name in _SETTINGS
                if (value := call.arguments.get(name)) is not None
                and isinstance(value, str | bool | int | float)
            }
            self._scored(call, call.name, settings, list(call.arguments.items()))

    def model_scored(self, call: Call) -> None:
        """Record the result of the ``score`` method of an estimator."""
        model = call.first
        if not is_a(model, "sklearn.base", "BaseEstimator") or call.error is not None:
            return
        if _is_number(call.result):
            call.name = f"{type(model).__name__}.score"
            _, *data = call.arguments.items()
            self._scored(call, "score", {}, [("model", model), *data])

    def validating(self, call: Call) -> None:
        """Record that a cross-validation began."""
        notes, estimator = self._notes, call.arguments.get("estimator")
        given = [(name, value) for name, value in call.arguments.items() if name in DATA]
        positions = {name: at for at, name in enumerate(call.arguments)}
        data = {name: positions[name] for name in data_arguments(given)}
        settings = {
            name: value if isinstance(value, str | int) else type(value).__name__
            for name in ("cv", "scoring")
            if (value := call.arguments.get(name)) is not None
        }
        self._learning.begin(
            call, kinds.SCORE, {"class": class_path(estimator), "data": data},
            used_data(notes, given), {**settings, **hyperparameters(estimator)},
        )  # fmt: skip

    def validated(self, call: Call) -> None:
        """Record the scores of a cross-validation, a point for each fold."""
        begun = self._learning.leave(call)
        if begun is None:
            return
        if call.error is None:
            for key, scores in _series(call):
                for score in scores:
                    self._notes.metric(key, score)
        self._learning.end(call, begun)

    def _scored(
        self, call: Call, key: str, settings: dict[str, Any], given: list[tuple[str, Any]]
    ) -> None:
        value = float(call.result)
        used = [(entity, role) for role, entity in self._known(given)]
        self._notes.activity(call, kinds.SCORE, settings, used, value=value)
        self._notes.metric(key, value)

    def _known(self, given: list[tuple[str, Any]]) -> list[tuple[str, bytes]]:
        found = ((role, self._notes.live.entity_of(value)) for role, value in given)
        return [(role, entity) for role, entity in found if entity is not None]


def _series(call: Call) -> list[tuple[str, list[float]]]:
    """The scores of each metric over the folds; none of a curve and of predictions."""
    result = call.result
    if call.name == "permutation_test_score":
        return [("score", [float(result[0])])]
    if call.name == "cross_val_score":
        return [(call.name, [float(score) for score in result])]
    if not isinstance(result, dict):
        return []
    return [
        (key, [float(score) for score in scores])
        for key, scores in result.items()
        if key.startswith(("test_", "train_"))
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
