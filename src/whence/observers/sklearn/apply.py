"""Models at work: what ``predict`` and ``transform`` made of which data, a call each."""

from __future__ import annotations

from typing import Any

from whence.model import kind as kinds
from whence.observers.call import Call
from whence.observers.describe import is_a, is_array, is_frame
from whence.observers.given import data_arguments, used_data
from whence.observers.notes import Notes
from whence.observers.repeats import Repeats
from whence.observers.sklearn.parameters import class_path

PREDICTS = ("predict", "predict_proba", "predict_log_proba", "decision_function")
PREDICTION, TRANSFORMED = "prediction", "transformed"
"""The roles of what such calls give."""

MOST_CALLS = 300
"""So many calls from one place are recorded one by one; the rest is counted."""


class Applied:
    """Records what the user's code lets a fitted model make of data."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._repeats = Repeats(notes, MOST_CALLS)

    def predicted(self, call: Call) -> None:
        """Record predictions, with the model and the data they were made of."""
        self._applied(call, PREDICTION)

    def transformed(self, call: Call) -> None:
        """Record transformed data, with the transformer and the data they were made of."""
        self._applied(call, TRANSFORMED)

    def _applied(self, call: Call, role: str) -> None:
        model, result, notes = call.first, call.result, self._notes
        if call.error is not None or not is_a(model, "sklearn.base", "BaseEstimator"):
            return
        if not (is_frame(result) or is_array(result)):
            return
        call.name = f"{type(model).__name__}.{call.name.rpartition('.')[2]}"
        place = (call.name, call.site)
        if self._repeats.stand_in(place) is not None:
            return
        _, *given = call.arguments.items()
        used = [(entity, name) for name, entity in used_data(notes, given)]
        known = notes.live.last_entity_of(model)
        if known is not None:
            used.append((known, "model"))
        told: dict[str, Any] = {
            "class": class_path(model), "given": data_arguments(given), "makes": role,
            **notes.anchor(call),
        }  # fmt: skip
        if result is not call.arguments.get("X"):
            made = [(notes.thing(result, call.name), role)]
        else:
            made = []
        self._repeats.recorded(
            place, notes.activity(call, kinds.CALL, used=used, generated=made, **told)
        )
