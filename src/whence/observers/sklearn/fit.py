"""Fits: an activity each, begun in the record before it begins, with the model that it makes."""

from __future__ import annotations

from typing import Any, NamedTuple

from whence.capture.guard import asked
from whence.capture.session import enter_activity, leave_activity
from whence.model import kind as kinds
from whence.model.event import ActivityEnded, ActivityStarted
from whence.model.relation import Relation
from whence.model.value import typed
from whence.observers.call import Call
from whence.observers.describe import attributes_of, is_a, is_array, is_frame, library_of, shape_of
from whence.observers.notes import Notes, clocks, failure, status_of
from whence.observers.sklearn.given import data_arguments, used_data
from whence.observers.sklearn.parameters import class_path, hyperparameters
from whence.observers.sklearn.shared import SharedParameters


class _Fit(NamedTuple):
    activity: bytes
    token: object
    before: bytes | None


class Fits:
    """Records the fits that the user's code makes."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._shared = SharedParameters()

    def started(self, call: Call) -> None:
        """Record that a fit began: what, where, with which hyperparameters, on what."""
        estimator = call.first
        if not is_a(estimator, "sklearn.base", "BaseEstimator"):
            return
        notes, fit = self._notes, self._notes.new_id()
        method = call.name.rpartition(".")[2]
        call.name = f"{type(estimator).__name__}.{method}"
        used = used_data(notes, list(call.arguments.items())[1:])
        notes.record(
            ActivityStarted(
                fit, kinds.FIT, call.name, notes.session.activity(), call.started_at, call.mono,
                {
                    **notes.site(call), **_about(estimator), **_data(call), **notes.anchor(call),
                    "role": _role(estimator, method),
                    "data": data_arguments(list(call.arguments.items())[1:]),
                },
            )
        )  # fmt: skip
        parameters = hyperparameters(estimator)
        notes.params(fit, parameters)
        self._shared.share(notes, estimator, parameters)
        for role, entity in used:
            notes.relate(fit, Relation.USED, entity, role)
        before = notes.live.last_entity_of(estimator) if _goes_on(estimator, method) else None
        call.note = _Fit(fit, enter_activity(fit), before)

    def ended(self, call: Call) -> None:
        """Record how the fit ended and the model in its new state."""
        note = call.note
        if not isinstance(note, _Fit):
            return
        asked(lambda: leave_activity(note.token), None)
        if call.error is None:
            self._model(call, note)
        at, mono = clocks()
        self._notes.record(ActivityEnded(note.activity, status_of(call), at, mono, _outcome(call)))

    def _model(self, call: Call, note: _Fit) -> None:
        notes, estimator = self._notes, call.first
        model = notes.thing(estimator, type(estimator).__name__)
        notes.relate(model, Relation.WAS_GENERATED_BY, note.activity)
        if note.before is not None:
            notes.relate(model, Relation.WAS_REVISION_OF, note.before)
        best = _own(estimator, "best_estimator_")
        if best is not None:
            entity = notes.thing(best, type(best).__name__)
            notes.relate(entity, Relation.WAS_GENERATED_BY, note.activity, "best_estimator_")
            score = asked(lambda: float(estimator.best_score_), None)
            if score is not None:
                notes.metric("best_score", score)
        result = call.result
        if result is not estimator and (is_frame(result) or is_array(result)):
            output = notes.thing(result, call.name)
            notes.relate(output, Relation.WAS_GENERATED_BY, note.activity, "output")


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
    found = failure(call)
    parameters = _own(call.first, "best_params_")
    if call.error is None and isinstance(parameters, dict):
        found["best_params"] = typed({key: str(value) if callable(value) else value
                                      for key, value in parameters.items()})  # fmt: skip
    return found


def _own(estimator: object, name: str) -> Any:
    """What a fit stored in the estimator under ``name``; no property is asked."""
    return asked(lambda: vars(estimator).get(name), None)


def _goes_on(estimator: Any, method: str) -> bool:
    """Whether this fit starts from what an earlier one left."""
    return method == "partial_fit" or bool(
        asked(lambda: getattr(estimator, "warm_start", False), False)
    )
