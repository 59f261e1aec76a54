"""The rows of an answer as flat records, for tables and data frames: one value in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch
from types import MappingProxyType
from typing import Any

from whence.query.ask.answer import (
    Measure,
    ModelTimes,
    Preparation,
    RankedModel,
    SectionTimes,
    SourceData,
    TrainedModel,
)

Record = dict[str, Any]


@singledispatch
def records(row: object) -> Iterator[Record]:
    """The records of one row; all rows of a question have the same fields."""
    raise TypeError(f"{type(row).__name__} is no row of an answer")


@records.register
def _source(row: SourceData) -> Iterator[Record]:
    whole = {"training set": row.training_set.name, "data": row.data.name}
    for key, value in row.attributes.items() or (("", None),):
        yield whole | {"attribute": key, "value": value}


@records.register
def _preparation(row: Preparation) -> Iterator[Record]:
    whole = {"training set": row.training_set.name, "run": row.run.name}
    for key, value in row.parameters.items():
        yield whole | {"parameter": key, "value": value}


@records.register
def _trained(row: TrainedModel) -> Iterator[Record]:
    for said in _said(row.hyperparameters, row.measures, row.attributes):
        yield {"model": row.model.name, "run": row.run.name} | said


@records.register
def _times(row: SectionTimes) -> Iterator[Record]:
    yield {
        "run": row.run.name, "section": row.section, "count": row.count, "mean s": row.mean_s,
        "least s": row.least_s, "greatest s": row.greatest_s,
    }  # fmt: skip


@records.register
def _model_times(row: ModelTimes) -> Iterator[Record]:
    whole = {"model": row.model.name}
    for one in row.times:
        said = {"what": "mean s", "name": one.section, "value": one.mean_s}
        yield whole | said | {"least": one.least_s, "greatest": one.greatest_s}
    for said in _said({}, row.measures):
        yield whole | said


@records.register
def _ranked(row: RankedModel) -> Iterator[Record]:
    whole = {"model": row.model.name, "best": row.least}
    for said in _said(row.hyperparameters, row.measures, row.attributes):
        yield whole | {"stage": "learning", "run": row.run.name} | said
    for one in row.validations:
        for said in _said(one.hyperparameters, one.measures):
            yield whole | {"stage": "validation", "run": one.run.name} | said


def _said(
    hyperparameters: Mapping[str, Any],
    measures: Iterable[Measure],
    attributes: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Record]:
    nothing = {"least": None, "greatest": None}
    for what, values in (("hyperparameter", hyperparameters), ("attribute", attributes)):
        for key, value in values.items():
            yield {"what": what, "name": key, "value": value, **nothing}
    for one in measures:
        yield {
            "what": "measure", "name": one.name, "value": one.last, "least": one.least,
            "greatest": one.greatest,
        }  # fmt: skip
