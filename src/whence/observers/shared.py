"""The hyperparameters of models, also on the activity that fits them.

A fit has its hyperparameters itself. People ask for runs by them (``params.C > 1``), as they know
from MLflow, so the run (or stage) has those of its models too: under the plain name for the first
model, under ``Class.name`` where a later model has another value. What collides even then stays
with its fit alone. Transformers keep theirs to themselves.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from whence.observers.notes import Notes

_MAX_ACTIVITIES = 64
_MAX_NAMES = 500


class SharedParameters:
    """Which parameters each enclosing activity has been given, so that none is given twice."""

    def __init__(self) -> None:
        self._given: OrderedDict[bytes, dict[str, Any]] = OrderedDict()

    def share(self, notes: Notes, owner: str, parameters: dict[str, Any]) -> None:
        """Give the current activity the parameters of a model that is about to be fitted."""
        activity = notes.session.activity()
        given = self._given.setdefault(activity, {})
        fresh = _fresh(given, owner, parameters)
        given.update(fresh)
        if fresh:
            notes.params(activity, fresh)
        while len(self._given) > _MAX_ACTIVITIES:
            self._given.popitem(last=False)


def _fresh(given: dict[str, Any], owner: str, parameters: dict[str, Any]) -> dict[str, Any]:
    fresh: dict[str, Any] = {}
    for key, value in parameters.items():
        if len(given) + len(fresh) >= _MAX_NAMES:
            break
        if key not in given:
            fresh[key] = value
        elif given[key] != value and f"{owner}.{key}" not in given:
            fresh[f"{owner}.{key}"] = value
    return fresh
