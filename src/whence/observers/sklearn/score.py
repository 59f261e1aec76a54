"""Scores: the metric functions, ``score``, and cross-validation."""

from __future__ import annotations

from numbers import Real
from typing import Any

from whence.model import kind as kinds
from whence.observers.call import Call
from whence.observers.describe import is_a
from whence.observers.given import Given, data_arguments, known_data, used_data
from whence.observers.learning import Learning
from whence.observers.notes import Notes
from whence.observers.repeats import Repeats
from whence.observers.sklearn.folds import of_validation
from whence.observers.sklearn.parameters import class_path, hyperparameters

DATA = ("X", "y", "groups", "sample_weight")
"""The parameters of a cross-validation that take data."""

MOST_SCORES = 300
"""So many scores from one place are recorded one by one; the rest is counted."""

_SETTINGS = ("average", "normalize", "squared", "labels", "pos_label", "multioutput", "multi_class",
             "beta", "k", "max_fpr", "adjusted", "zero_division")  # fmt: skip


class Scores:
    """Records each number that says how good a model is: a metric, and where it was computed."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._learning = Learning(notes)
        self._repeats = Repeats(notes, MOST_SCORES)

    def computed(self, call: Call) -> None:
        """Record the result of a function of ``sklearn.metrics``, if it is a number."""
        if call.error is None and _is_number(call.result):
            settings = {
                name: value
                for name in _SETTINGS
                if (value := call.arguments.get(name)) is not None
                and isinstance(value, str | bool | int | float)
            }
            self._scored(call, call.name, settings, [], list(call.arguments.items()))

    def model_scored(self, call: Call) -> None:
        """Record the result of the ``score`` method of an estimator."""
        model = call.first
        if not is_a(model, "sklearn.base", "BaseEstimator") or call.error is not None:
            return
        if _is_number(call.result):
            call.name = f"{type(model).__name__}.score"
            _, *data = call.arguments.items()
            told = {"class": class_path(model)}
            self._scored(call, "score", {}, [("model", model)], data, **told)

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
        outcome: dict[str, Any] = {}
        if call.error is None:
            for key, scores in _series(call):
                for score in scores:
                    self._notes.metric(key, score)
            outcome = of_validation(self._notes, call, begun.activity)
        self._learning.end(call, begun, outcome)

    def _scored(
        self,
        call: Call,
        key: str,
        settings: dict[str, Any],
        by: Given,
        given: Given,
        **told: Any,
    ) -> None:
        """Record a score of the data ``given``, computed ``by`` a model or by a function."""
        notes, value, place = self._notes, float(call.result), (call.name, call.site)
        if self._repeats.stand_in(place) is None:
            used = [(entity, role) for role, entity in known_data(notes, (*by, *given))]
            told = {**told, **notes.anchor(call), "given": data_arguments(given), "value": value}
            self._repeats.recorded(place, notes.activity(call, kinds.SCORE, settings, used, **told))
        notes.metric(key, value)


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
