"""The events of runs, in order of time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whence._base.errors import DocumentError
from whence._base.ids import format_id
from whence.model.status import FAILED, FINISHED, INTERRUPTED, RUNNING
from whence.standards.openlineage.dataset import input_of, output_of
from whence.standards.openlineage.facet import EVENT_SCHEMA, PRODUCER
from whence.standards.openlineage.job import job_of
from whence.standards.openlineage.run import run_facets
from whence.standards.record.account import Account, Run
from whence.standards.record.literal import time_text

Json = dict[str, Any]

_ENDS: dict[str, str] = {
    FINISHED: "COMPLETE",
    FAILED: "FAIL",
    INTERRUPTED: "ABORT",
    RUNNING: "RUNNING",
}


def events_of(account: Account) -> Iterator[Json]:
    """Two events for each run, as the specification asks: its start and its end.

    A run that goes on has RUNNING for its second, one whose status is not known has OTHER.
    """
    timed: list[tuple[int, int, Json]] = []
    for run in account.runs:
        for event_type, at in _moments(run):
            event = _event(account, run, event_type, at)
            timed.append((at, len(timed), event))
    yield from (event for _, _, event in sorted(timed, key=lambda one: one[:2]))


def _moments(run: Run) -> Iterator[tuple[str, int]]:
    node = run.item.node
    told = (node.started_at, node.ended_at, *(edge.at for edge in run.item.edges))
    times = [at for at in told if at is not None]
    if not times:
        raise DocumentError(
            f"OpenLineage needs a time for each event, and none is known of {run.item.iri} "
            f"({node.name}). Leave it out by exporting a run or file"
        )
    start = node.started_at if node.started_at is not None else min(times)
    yield "START", start
    end = node.ended_at if node.ended_at is not None else max(times)
    status = node.status or (FINISHED if node.ended_at is not None else "")
    yield _ENDS.get(status, "OTHER"), max(start, end)


def _event(account: Account, run: Run, event_type: str, at: int) -> Json:
    is_start = event_type == "START"
    event: Json = {
        "eventType": event_type,
        "eventTime": time_text(at),
        "producer": PRODUCER,
        "schemaURL": EVENT_SCHEMA,
        "run": {
            "runId": format_id(run.item.node.uid),
            "facets": run_facets(account, run, is_start=is_start),
        },
        "job": job_of(run, with_lineage=not is_start),
    }
    event["inputs"] = [input_of(item) for item in run.inputs()]
    event["outputs"] = [] if is_start else [output_of(run, item) for item in run.outputs()]
    return event
