"""The facets of a run: how it went, with what, in which environment, what it learned."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from whence._base.ids import format_id
from whence.model import kind as kinds
from whence.standards.openlineage.facet import facet
from whence.standards.openlineage.name import job_name
from whence.standards.record.account import Account, Run
from whence.standards.record.excerpt import Item
from whence.standards.record.jsonvalue import json_value, value_text
from whence.store.protocol import Summary

Json = dict[str, Any]

_VARIABLE = "env."


def run_facets(account: Account, run: Run, *, is_start: bool) -> Json:
    """The facets of a run's event; what only its end tells is left out at the start."""
    facets = _surroundings(run) | _parent(account, run)
    if params := run.item.said.params:
        facets["executionParameters"] = facet(
            "ExecutionParametersRunFacet",
            parameters=[
                {"key": key, "name": key, "value": value_text(value)}
                for key, value in params.items()
            ],
        )
    if tags := run.item.said.tags:
        facets["tags"] = facet(
            "TagsRunFacet",
            tags=[
                {"key": key, "value": value_text(value), "source": "WHENCE"}
                for key, value in tags.items()
            ],
        )
    if not is_start:
        facets |= _outcome(account, run)
    return facets


def _surroundings(run: Run) -> Json:
    facets: Json = {}
    environment = run.facts(kinds.ENVIRONMENT)
    if python := environment.get("python") or run.item.said.attributes.get("python"):
        facets["processing_engine"] = facet(
            "ProcessingEngineRunFacet", name="Python", version=str(python)
        )
    variables = [
        {"name": key[len(_VARIABLE) :], "value": value_text(value)}
        for key, value in environment.items()
        if key.startswith(_VARIABLE)
    ]
    if variables:
        facets["environmentVariables"] = facet(
            "EnvironmentVariablesRunFacet", environmentVariables=variables
        )
    return facets


def _parent(account: Account, run: Run) -> Json:
    """The run within which this one took place, and the outermost one."""
    runs = {one.item.node.number: one for one in account.runs}
    chain, seen = [run], {run.item.node.number}
    while (parent := runs.get(chain[-1].parent or -1)) and parent.item.node.number not in seen:
        seen.add(parent.item.node.number)
        chain.append(parent)
    if len(chain) == 1:
        return {}
    root = _reference(chain[-1])
    return {"parent": facet("ParentRunFacet", **_reference(chain[1]), root=root)}


def _reference(run: Run) -> Json:
    return {
        "run": {"runId": format_id(run.item.node.uid)},
        "job": job_name(run)._asdict(),
    }


def _outcome(account: Account, run: Run) -> Json:
    facets: Json = {}
    facts = run.item.said.attributes
    if error := facts.get("error"):
        message = f"{error}: {facts.get('message', '')}".removesuffix(": ")
        facets["errorMessage"] = facet(
            "ErrorMessageRunFacet", message=message, programmingLanguage="python"
        )
    if training := _training(run):
        facets["whence_mlTraining"] = facet("WhenceMlTrainingRunFacet", **training)
    ours = {run.item.node.number, *(part.node.number for part in run.parts)}
    gaps = [
        {"code": gap.code, "count": gap.count, "detail": gap.detail}
        for gap in account.gaps
        if gap.activity in ours
    ]
    if gaps:
        facets["whence_gaps"] = facet("WhenceGapsRunFacet", gaps=gaps)
    return facets


def _training(run: Run) -> Json:
    """Parameters, metrics, calls and models, where the run has any of them."""
    activities = (run.item, *run.parts)
    calls = itertools.chain(run.parts_of_kind(kinds.FIT), run.parts_of_kind(kinds.SCORE))
    found: Json = {
        "params": {key: json_value(value) for key, value in run.item.said.params.items()},
        "metrics": [_metric(one, metric) for one in activities for metric in one.metrics],
        "calls": [_call(call) for call in calls],
        "models": list(_models(run)),
    }
    return found if any(found.values()) else {}


def _metric(activity: Item, metric: Summary) -> Json:
    told = {
        "name": metric.key,
        "value": metric.last,
        "step": metric.last_step,
        "count": metric.count,
        "min": metric.min,
        "max": metric.max,
        "activity": activity.node.name,
    }
    return {key: json_value(value) for key, value in told.items()}


def _call(call: Item) -> Json:
    facts = call.said.attributes
    told = {key: facts.get(key) for key in ("class", "library", "version", "n_samples", "value")}
    found = {key: json_value(value) for key, value in told.items() if value is not None}
    params = {key: json_value(value) for key, value in call.said.params.items()}
    return {"id": call.iri, "kind": call.node.kind, "name": call.node.name, **found,
            "params": params}  # fmt: skip


def _models(run: Run) -> Iterator[Json]:
    for item in (run.account.items[number] for number in run.made):
        if item.node.kind != kinds.MODEL:
            continue
        facts = item.said.attributes
        told = {key: facts[key] for key in ("class", "library", "version") if key in facts}
        yield {
            "id": item.iri,
            "name": item.node.name,
            "inMemory": item.is_live,
            **{key: json_value(value) for key, value in told.items()},
        }
