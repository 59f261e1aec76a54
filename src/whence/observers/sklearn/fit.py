"""Fits: an activity each, begun in the record before it begins, with the model that it makes."""

from __future__ import annotations

from typing import Any, NamedTuple

from whence.capture.guard import asked
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import attributes_of, is_a, is_array, is_frame, library_of, shape_of
from whence.observers.given import data_arguments, used_data
from whence.observers.learning import Begun, Learning
from whence.observers.notes import Notes
from whence.observers.repeats import Repeats
from whence.observers.sklearn.folds import of_search
from whence.observers.sklearn.member import record_members
from whence.observers.sklearn.parameters import (
    class_path,
    hyperparameters,
    plain_parameters,
)

MOST_FITS = 300
"""So many fits of a class from one place are recorded one by one; the rest is counted."""


class Counted(NamedTuple):
    """A fit that is only counted; ``stand_in`` is the last activity recorded from its place."""

    stand_in: bytes


class Fits:
    """Records the fits that the user's code makes."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._learning = Learning(notes)
        self._repeats = Repeats(notes, MOST_FITS)

    def started(self, call: Call) -> None:
        """Record that a fit began: what, where, with which hyperparameters, on what."""
        estimator = call.first
        if not is_a(estimator, "sklearn.base", "BaseEstimator"):
            return
        notes, method = self._notes, call.name.rpartition(".")[2]
        call.name = f"{type(estimator).__name__}.{method}"
        place = (type(estimator), call.name, call.site)
        stand_in = self._repeats.stand_in(place)
        if stand_in is not None:
            call.note = Counted(stand_in)
            return
        given = list(call.arguments.items())[1:]
        attributes = {
            **_about(estimator), **_data(call), "role": _role(estimator, method),
            "data": data_arguments(given),
        }  # fmt: skip
        # Transformers keep their parameters to themselves.
        is_model = hasattr(type(estimator), "predict")
        before = notes.live.last_entity_of(estimator) if _goes_on(estimator, method) else None
        self._learning.begin(
            call, kinds.FIT, attributes, used_data(notes, given), hyperparameters(estimator),
            shared_as=type(estimator).__name__ if is_model else "", before=before,
        )  # fmt: skip
        self._repeats.recorded(place, call.note.activity)

    def ended(self, call: Call) -> None:
        """Record how the fit ended and the model in its new state."""
        if isinstance(call.note, Counted):
            self._model_of_many(call, call.note)
        begun = self._learning.leave(call)
        if begun is not None:
            outcome: dict[str, Any] = {}
            if call.error is None:
                self._model(call, begun)
                outcome = _outcome(call) | of_search(self._notes, call.first, call, begun.activity)
            self._learning.end(call, begun, outcome)

    def _model_of_many(self, call: Call, counted: Counted) -> None:
        """A model that is not known yet is one of those that the counted fits made."""
        notes, model = self._notes, call.first
        if call.error is None and notes.live.last_entity_of(model) is None:
            entity = notes.thing(model, type(model).__name__)
            notes.relate(entity, Relation.WAS_GENERATED_BY, counted.stand_in)

    def _model(self, call: Call, begun: Begun) -> None:
        notes, estimator = self._notes, call.first
        record_members(notes, estimator, self._learning.made(estimator, begun), begun.activity)
        if _own(estimator, "best_estimator_") is not None:
            score = asked(lambda: float(estimator.best_score_), None)
            if score is not None:
                notes.metric("best_score", score)
        # A resampler gives the data and their labels.
        for part in call.result if isinstance(call.result, tuple) else (call.result,):
            if part is not estimator and (is_frame(part) or is_array(part)):
                output = notes.thing(part, call.name)
                notes.relate(output, Relation.WAS_GENERATED_BY, begun.activity, "output")


def _about(estimator: Any) -> dict[str, Any]:
    library, version = library_of(estimator)
    return {"class": class_path(estimator), "library": library, "version": version}


def _role(estimator: object, method: str) -> str:
    """What the data are to the estimator: what it is trained on, transforms or resamples."""
    if method == "fit_resample":
        return "resample"
    predicts = any(hasattr(type(estimator), name) for name in ("predict", "fit_predict"))
    transforms = any(hasattr(type(estimator), name) for name in ("transform", "fit_transform"))
    return "transform" if transforms and not predicts else "train"


def _data(call: Call) -> dict[str, Any]:
    """What the fit was given, as far as it can be told without reading it."""
    given = list(call.arguments.values())
    data = given[1] if len(given) > 1 else None
    shape = shape_of(data)
    found: dict[str, Any] = {}
    if shape:
        found["n_samples"] = shape[0]
        if len(shape) > 1:
            found["n_features"] = shape[1]
    if is_frame(data):
        found["columns"] = attributes_of(data).get("columns")
    return found


def _outcome(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = {}
    parameters = _own(call.first, "best_params_")
    if isinstance(parameters, dict):
        found["best_params"] = plain_parameters(parameters)
    return found


def _own(estimator: object, name: str) -> Any:
    """What a fit stored in the estimator under ``name``; no property is asked."""
    return asked(lambda: vars(estimator).get(name), None)


def _goes_on(estimator: Any, method: str) -> bool:
    """Whether this fit starts from what an earlier one left."""
    return method == "partial_fit" or bool(
        asked(lambda: getattr(estimator, "warm_start", False), False)
    )
