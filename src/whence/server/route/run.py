"""Runs: their list, and what is known of one."""

from __future__ import annotations

from typing import Annotated

import msgspec

from whence.server.operation import Call, NoQuery, Operation
from whence.server.parameter import Cursor, Filter, Limit, Offset, OrderBy
from whence.service.code import Code, code_of
from whence.service.paging import RunPage, run_page
from whence.service.reply import Sheet
from whence.service.timeline import Timeline, timeline_of


class RunsQuery(msgspec.Struct, frozen=True):
    filter: Filter = None
    order_by: OrderBy = None
    limit: Limit = 50
    cursor: Cursor = None
    offset: Offset = 0
    whole: Annotated[
        bool, msgspec.Meta(description="With the parameters, metrics and tags of each")
    ] = True
    total: Annotated[bool, msgspec.Meta(description="With how many runs fit in all")] = False


class TimelineQuery(msgspec.Struct, frozen=True):
    limit: Annotated[int, msgspec.Meta(description="How many parts at most", ge=1, le=100_000)] = (
        1000
    )


class FieldNames(msgspec.Struct, frozen=True):
    """What filters and columns can name."""

    params: list[str]
    metrics: list[str]
    tags: list[str]
    attributes: list[str]


def runs(call: Call[RunsQuery]) -> RunPage:
    """A page of the runs that fit, newest first unless ordered.

    Attributes of each: status, times, `short_id`, command, commit, inputs, outputs, params,
    metrics (the last values) and tags.
    """
    query = call.query
    with call.questions() as asked:
        return run_page(
            asked.store,
            query.filter,
            query.order_by,
            query.limit,
            query.cursor,
            offset=query.offset,
            whole=query.whole,
            total=query.total,
        )


def run_fields(call: Call[NoQuery]) -> FieldNames:
    """The names of the parameters, metrics, tags and attributes that runs have."""
    return FieldNames(**call.project.field_names())


def run(call: Call[NoQuery]) -> Sheet:
    """What is known of a run."""
    with call.questions() as asked:
        return asked.show(call.path["id"])


def timeline(call: Call[TimelineQuery]) -> Timeline:
    """The stages, epochs, calls and processes of a run, with when each began and ended."""
    with call.questions() as asked:
        return timeline_of(asked.store, asked.run_of(call.path["id"]), call.query.limit)


def run_code(call: Call[NoQuery]) -> Code:
    """The commit, what was not committed, and the scripts that were kept."""
    with call.questions() as asked:
        return code_of(asked.store, asked.run_of(call.path["id"]), asked.kept)


AT = "/projects/{project}/runs"
OPERATIONS = (
    Operation("GET", AT, runs, "List runs", RunsQuery, RunPage),
    Operation("GET", AT + "/fields", run_fields, "What filters can name", answer=FieldNames),
    Operation("GET", AT + "/{id}", run, "What is known of a run", answer=Sheet),
    Operation("GET", AT + "/{id}/timeline", timeline, "A run's course", TimelineQuery, Timeline),
    Operation("GET", AT + "/{id}/code", run_code, "A run's code", answer=Code),
)
