"""Runs and their parts as actions."""

from __future__ import annotations

from typing import Any

from whence.model import kind as kinds
from whence.model.kind import NodeType
from whence.model.relation import Relation
from whence.model.status import FAILED, FINISHED, INTERRUPTED
from whence.standards.record.account import Account, Run
from whence.standards.record.excerpt import Item
from whence.standards.record.jsonvalue import json_value, value_text
from whence.standards.record.literal import time_text
from whence.standards.record.names import METRIC, PARAM, below
from whence.standards.rocrate import term
from whence.standards.rocrate.graph import Graph
from whence.standards.rocrate.term import Json, reference

_STATUS: dict[str, str] = {
    FINISHED: term.COMPLETED,
    FAILED: term.FAILED,
    INTERRUPTED: term.FAILED,
}


def run_action(graph: Graph, run: Run, instrument: str) -> str:
    """The action of a run: what it was made with, read and made, by whom and when."""
    objects = [graph.thing(item) for item in run.inputs()] + _params(graph, run.item)
    results = [graph.thing(item) for item in run.outputs() if item.node.kind != kinds.CONTENT]
    agents = [agent(graph, item) for item in run.agents()]
    command = run.item.said.attributes.get("command")
    words = " ".join(map(value_text, command)) if isinstance(command, list) else ""
    id_ = _action(graph, run.item, instrument, objects, results + _metrics(graph, run.item))
    entity = graph.entities[id_]
    entity["description"] = f"Ran: {words}" if words else f"Recorded by Whence: {entity['name']}"
    if agents:
        entity["agent"] = [reference(one) for one in agents]
    if variables := _variables(graph, run):
        entity["environment"] = [reference(one) for one in variables]
    graph.mentions.append(id_)
    return id_


def part_action(graph: Graph, account: Account, run: Run, part: Item, instrument: str) -> str:
    """The action of a part of a run, such as a call."""
    used = account.sources(part, Relation.USED)
    objects = [graph.thing(item) for item in used if item.node.kind not in kinds.SURROUNDINGS]
    results = [graph.thing(item) for item in account.made_by(part)]
    id_ = _action(
        graph, part, instrument, objects + _params(graph, part), results + _metrics(graph, part)
    )
    if agents := [agent(graph, item) for item in run.agents()]:
        graph.entities[id_]["agent"] = [reference(one) for one in agents]
    facts = part.said.attributes
    where = f" at {facts['file']}:{facts.get('line', '')}" if "file" in facts else ""
    told = f"{part.node.kind} {part.node.name}{where}"
    if part.node.kind == kinds.CELL:
        told = f"Cell {facts.get('cell') or facts.get('count', '')} as {part.node.name}"
    graph.entities[id_]["description"] = told
    return id_


def _action(
    graph: Graph, item: Item, instrument: str, objects: list[str], results: list[str]
) -> str:
    node, facts = item.node, item.said.attributes
    told: dict[str, Any] = {
        "name": node.name or item.iri,
        "identifier": item.iri,
        "instrument": reference(instrument),
        "startTime": _time(node.started_at),
        "endTime": _time(node.ended_at),
        "actionStatus": _STATUS.get(node.status),
        "object": [reference(one) for one in dict.fromkeys(objects)],
        "result": [reference(one) for one in dict.fromkeys(results)],
    }
    if node.status in (FAILED, INTERRUPTED):
        error = f"{facts.get('error', node.status)}: {facts.get('message', '')}"
        told["error"] = error.removesuffix(": ")
    return graph.add(item.iri, "CreateAction", **told)


def _time(at: int | None) -> str | None:
    """To the millisecond and with an offset, as the profile's checks want it."""
    if at is None:
        return None
    seconds, nanoseconds = divmod(at, 10**9)
    return f"{time_text(seconds * 10**9)[:-1]}.{nanoseconds // 10**6:03d}+00:00"


def agent(graph: Graph, item: Item) -> str:
    """The entity of a person or a piece of software."""
    is_person = item.node.kind != kinds.SOFTWARE and item.node.type == NodeType.AGENT
    type_ = "Person" if is_person else "SoftwareApplication"
    return graph.add(item.iri, type_, name=item.node.name or item.iri, identifier=item.iri)


def _params(graph: Graph, item: Item) -> list[str]:
    return [
        _property(graph, below(item.iri, PARAM, key), key, value)
        for key, value in item.said.params.items()
    ]


def _metrics(graph: Graph, item: Item) -> list[str]:
    return [
        _property(graph, below(item.iri, METRIC, metric.key), metric.key, metric.last)
        for metric in item.metrics
    ]


def _variables(graph: Graph, run: Run) -> list[str]:
    return [
        _property(graph, below(run.item.iri, "environment", key), key.removeprefix("env."), value)
        for key, value in run.facts(kinds.ENVIRONMENT).items()
        if key.startswith("env.")
    ]


def _property(graph: Graph, id_: str, name: str, value: object) -> str:
    told = json_value(value)
    plain = told if isinstance(told, (bool, int, float, str)) else value_text(value)
    graph.add(id_, "PropertyValue", name=name)
    graph.entities[id_]["value"] = plain
    return id_


def software(graph: Graph, run: Run) -> str:
    """What a run is an execution of: its script, else the program that it started."""
    for version in run.notebooks:
        graph.thing(version)
    if run.code is not None:
        id_ = graph.thing(run.code)
        entity = graph.entities[id_]
        entity["@type"] = ["File", "SoftwareSourceCode"]
        _tell_code(graph, entity, run)
        return id_
    command = run.item.said.attributes.get("command")
    words = command if isinstance(command, list) and command else [run.item.node.name]
    return graph.add(f"{run.item.iri}/program", "SoftwareApplication", name=value_text(words[0]))


def _tell_code(graph: Graph, entity: Json, run: Run) -> None:
    commit = run.facts(kinds.COMMIT)
    entity["programmingLanguage"] = reference(python_language(graph))
    if isinstance(commit.get("commit"), str):
        entity["version"] = commit["commit"]
    elif "sha256" in entity:
        entity["version"] = f"sha256:{entity['sha256']}"
    if isinstance(remote := commit.get("remote"), str) and "://" in remote:
        entity["codeRepository"] = remote
        entity["url"] = remote
    engine = python_engine(graph, run)
    entity["softwareRequirements"] = reference(engine)


def python_language(graph: Graph) -> str:
    """Python as a language."""
    url = "https://www.python.org/"
    return graph.add("#python", "ComputerLanguage", name="Python", url=url, alternateName="Python")


def python_engine(graph: Graph, run: Run) -> str:
    """Python as the program that ran the script."""
    version = run.facts(kinds.ENVIRONMENT).get("python")
    version = version or run.item.said.attributes.get("python") or "unknown"
    return graph.add(
        f"https://www.python.org/#{version}", "SoftwareApplication", name=f"Python {version}",
        url="https://www.python.org/", softwareVersion=str(version),
    )  # fmt: skip
