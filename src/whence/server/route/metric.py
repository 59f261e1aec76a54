"""Metric series of runs, for charts."""

from __future__ import annotations

from typing import Annotated

import msgspec

from whence._base.errors import UsageError
from whence.server.operation import Call, Operation
from whence.service.series import MetricSeries, series_of

RUNS_AT_ONCE, SERIES_AT_ONCE = 100, 2000


class MetricQuery(msgspec.Struct, frozen=True):
    run: Annotated[
        list[str], msgspec.Meta(description="A run, by id or name; give one for each", min_length=1)
    ]
    key: Annotated[
        list[str], msgspec.Meta(description="A metric; give one for each; all without")
    ] = []
    points: Annotated[
        int, msgspec.Meta(description="How many points of a series at most", ge=4, le=100_000)
    ] = 1000


class SeriesList(msgspec.Struct, frozen=True):
    series: list[MetricSeries]


def metrics(call: Call[MetricQuery]) -> SeriesList:
    """The series of some runs; long ones are sampled so that every peak stays."""
    if len(call.query.run) > RUNS_AT_ONCE:
        raise UsageError(
            f"At most {RUNS_AT_ONCE} runs can be asked at once, not {len(call.query.run)}"
        )
    with call.questions() as asked:
        runs = [asked.run_of(name) for name in dict.fromkeys(call.query.run)]
        return SeriesList(series_of(asked.store, runs, call.query.key, call.query.points))


OPERATIONS = (
    Operation(
        "GET",
        "/projects/{project}/metrics",
        metrics,
        "Metric series of runs",
        MetricQuery,
        SeriesList,
    ),
)
