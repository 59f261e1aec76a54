"""Runs as workflows: how the components came to be."""

from __future__ import annotations

from typing import Any

from whence._base.ids import format_id
from whence.model import kind as kinds
from whence.standards.record.account import Account, Run
from whence.standards.record.excerpt import Item
from whence.standards.record.jsonvalue import value_text
from whence.standards.record.literal import time_text

Json = dict[str, Any]

_TASKS = {kinds.FIT: "build", kinds.SCORE: "test", kinds.READ: "copy", kinds.WRITE: "copy"}


def formula_of(account: Account) -> Json:
    """All runs as workflows of one formula."""
    return {"bom-ref": "formula", "workflows": [_workflow(run) for run in account.runs]}


def _workflow(run: Run) -> Json:
    item, facts = run.item, run.item.said.attributes
    made = [one for one in run.outputs() if one.node.kind != kinds.CONTENT]
    types = ["build" if one.node.kind == kinds.MODEL else "other" for one in made]
    found: Json = {
        "bom-ref": item.iri,
        "uid": format_id(item.node.uid),
        "name": item.node.name,
        "taskTypes": sorted(set(types)) or ["other"],
        **_times(item),
        "inputs": [*({"resource": {"ref": one.iri}} for one in run.inputs()), *_parameters(item)],
        "outputs": [{"type": "artifact", "resource": {"ref": one.iri}} for one in made],
        "tasks": [_task(part) for part in run.parts],
    }
    if run.code is not None:
        found["resourceReferences"] = [{"ref": run.code.iri}]
    environment, commit = run.facts(kinds.ENVIRONMENT), run.facts(kinds.COMMIT)
    told = {
        "status": item.node.status,
        "command": facts.get("command"),
        "error": facts.get("error"),
        "message": facts.get("message"),
        "commit": commit.get("commit"),
        "repository": commit.get("remote"),
        **{key: environment.get(key) for key in ("python", "os", "architecture", "cpu")},
    }
    found["properties"] = [
        *({"name": f"whence:{key}", "value": value_text(value)} for key, value in told.items()
          if value not in (None, "")),
        *({"name": "whence:agent", "value": agent.node.name} for agent in run.agents()),
        *({"name": f"whence:tag:{key}", "value": value_text(value)}
          for key, value in item.said.tags.items()),
    ]  # fmt: skip
    return found


def _task(part: Item) -> Json:
    found: Json = {
        "bom-ref": part.iri,
        "uid": format_id(part.node.uid),
        "name": part.node.name,
        "taskTypes": [_TASKS.get(part.node.kind, "other")],
        **_times(part),
        "properties": [{"name": "whence:kind", "value": part.node.kind}],
    }
    if inputs := _parameters(part):
        found["inputs"] = inputs
    return found


def _parameters(item: Item) -> list[Json]:
    params = [{"name": key, "value": value_text(value)} for key, value in item.said.params.items()]
    return [{"parameters": params}] if params else []


def _times(item: Item) -> Json:
    told = {"timeStart": item.node.started_at, "timeEnd": item.node.ended_at}
    return {key: time_text(at) for key, at in told.items() if at is not None}
