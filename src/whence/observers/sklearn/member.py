"""What a fitted model is made of: the steps of a pipeline, the branches of a column transformer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from whence.capture.guard import asked
from whence.model.relation import Relation
from whence.model.value import typed
from whence.observers.describe import is_a, is_model
from whence.observers.notes import Notes
from whence.observers.sklearn.parameters import own_parameters

MOST_MEMBERS = 50
MOST_NAMES = 200
"""A transformer that gives more columns is not asked for their names."""

_LISTS = ("steps", "transformers_", "transformer_list")
_ONE = ("best_estimator_", "final_estimator_", "regressor_", "transformer_", "_Booster")
"""Attributes that hold one part; the last in the classes of LightGBM and XGBoost."""

_DEEPEST = 4
_COLUMNS = 50


class Member(NamedTuple):
    """A part of a model: its name there, the fitted estimator, and the columns that it is given."""

    name: str
    estimator: Any
    columns: list[Any] | None = None

    @property
    def step(self) -> str:
        """The name as scikit-learn spells it in those of parameters."""
        return self.name.strip("_")


def record_members(notes: Notes, model: Any, entity: bytes, fit: bytes) -> None:
    """Record the members of the model that is ``entity``, which the activity ``fit`` made."""
    waiting = [(one, entity, one.step, 1) for one in reversed(list(members_of(model)))]
    for _ in range(MOST_MEMBERS):
        if not waiting:
            return
        member, collection, step, depth = waiting.pop()
        name = type(member.estimator).__name__
        made = notes.thing(member.estimator, name, **_told(member, step))
        notes.relate(collection, Relation.HAD_MEMBER, made, member.name)
        notes.relate(made, Relation.WAS_GENERATED_BY, fit, member.name)
        if depth < _DEEPEST:
            inner = reversed(list(members_of(member.estimator)))
            waiting += [(one, made, f"{step}__{one.step}", depth + 1) for one in inner]


def members_of(model: Any) -> Iterator[Member]:
    """The parts of a model that learnt with it; no property of it is asked."""
    own = asked(lambda: dict(vars(model)), _NOTHING)
    for name in _LISTS:
        if isinstance(own.get(name), list):
            yield from _named(own[name])
            break
    else:
        named = own.get("named_estimators_")
        if isinstance(named, dict):
            yield from _named(list(named.items()))
    for name in _ONE:
        if is_model(own.get(name)):
            yield Member(name, own[name])


_NOTHING: dict[str, Any] = {}


def _named(parts: list[Any]) -> Iterator[Member]:
    for part in parts:
        if isinstance(part, tuple) and len(part) >= 2 and _is_estimator(part[1]):
            columns = part[2] if len(part) > 2 and isinstance(part[2], list) else None
            yield Member(str(part[0]), part[1], columns)


def _is_estimator(thing: object) -> bool:
    return is_a(thing, "sklearn.base", "BaseEstimator")


def _told(member: Member, step: str) -> dict[str, Any]:
    estimator = member.estimator
    parameters = own_parameters(estimator)
    told: dict[str, Any] = {"step": step, **({"params": parameters} if parameters else {})}
    if member.columns is not None:
        told["given_columns"] = typed(member.columns[:_COLUMNS])
    names = _names_out(estimator)
    if names is not None:
        told["feature_names_out"] = names
    return told


def _names_out(estimator: Any) -> list[str] | None:
    """The names of the columns that a transformer gives.

    Only one of scikit-learn's own is asked, since the user's code is not to run more often than it
    does, and only one that knows the names of its input and gives few columns.
    """
    own = asked(lambda: dict(vars(estimator)), _NOTHING)
    if not type(estimator).__module__.startswith("sklearn.") or "feature_names_in_" not in own:
        return None
    width = asked(lambda: _width(estimator, own), None)
    if width is None or width > MOST_NAMES:
        return None
    return asked(lambda: [str(name) for name in estimator.get_feature_names_out()], None)


def _width(estimator: Any, own: dict[str, Any]) -> int | None:
    """How many columns a transformer gives at most, None where that is not known at no cost."""
    if "categories_" in own:
        return sum(len(one) for one in own["categories_"])
    if is_a(estimator, "sklearn.base", "OneToOneFeatureMixin"):
        return int(own["n_features_in_"])
    if is_a(estimator, "sklearn.feature_selection._base", "SelectorMixin"):
        return int(own["n_features_in_"])
    return None
