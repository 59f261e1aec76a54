"""What the questions about learning give: rows, and how complete they are."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from whence.query.answer import Completeness

Row = TypeVar("Row")


class Asked(msgspec.Struct, Generic[Row], frozen=True):
    """The rows of one question. ``query`` repeats the question with its arguments."""

    query: dict[str, Any]
    rows: list[Row]
    completeness: Completeness


class Named(msgspec.Struct, frozen=True, order=True):
    """A thing or an activity by its id, and what it is called."""

    name: str
    id: str
    kind: str


class Measure(msgspec.Struct, frozen=True):
    """A metric of an activity: its last value, and the least and greatest of its points."""

    name: str
    last: float | str
    least: float | str
    greatest: float | str
    points: int
    activity: str


class SourceData(msgspec.Struct, frozen=True):
    """Data that nothing recorded has made, in the past of a training set; what is said of it."""

    training_set: Named
    data: Named
    attributes: dict[str, Any]


class Preparation(msgspec.Struct, frozen=True):
    """The run that made a training set, and its parameters."""

    training_set: Named
    run: Named
    parameters: dict[str, Any]


class TrainedModel(msgspec.Struct, frozen=True):
    """A model with what it was trained with; ``least`` is of the metric asked for.

    ``attributes`` are what was said of the model itself, such as the epoch it is of.
    """

    model: Named
    run: Named
    least: float
    attributes: dict[str, Any]
    hyperparameters: dict[str, Any]
    measures: list[Measure]


class SectionTimes(msgspec.Struct, frozen=True):
    """How long each of ``count`` iterations within a section of a run took, in seconds."""

    run: Named
    section: str
    count: int
    mean_s: float
    least_s: float
    greatest_s: float


class ModelTimes(msgspec.Struct, frozen=True):
    """A model, the time of its iterations section by section, and its evaluation."""

    model: Named
    training_sets: list[Named]
    times: list[SectionTimes]
    measures: list[Measure]


class Validation(msgspec.Struct, frozen=True):
    """A run that validated a model: with which parameters, and how good it was."""

    run: Named
    hyperparameters: dict[str, Any]
    measures: list[Measure]


class RankedModel(msgspec.Struct, frozen=True):
    """A model by the least value of a metric, with its learning and its validation side by side."""

    model: Named
    run: Named
    training_sets: list[Named]
    least: float
    attributes: dict[str, Any]
    hyperparameters: dict[str, Any]
    measures: list[Measure]
    validations: list[Validation]
