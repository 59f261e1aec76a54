"""The main run as a workflow with steps, as the Provenance Run Crate profile has it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from whence.model.kind import CELL
from whence.standards.record.account import Account, Run
from whence.standards.record.excerpt import Item
from whence.standards.rocrate import term
from whence.standards.rocrate.action import part_action, python_engine
from whence.standards.rocrate.graph import Graph
from whence.standards.rocrate.notebook import cell_name, cell_tool
from whence.standards.rocrate.term import reference


def tell_workflow(graph: Graph, account: Account, run: Run, script: str, action: str) -> None:
    """Make the script a workflow: its tools, its steps and how each step went."""
    entity = graph.entities[script]
    entity["@type"] = ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"]
    entity["conformsTo"] = reference(term.COMPUTATIONAL_WORKFLOW)
    controls = []
    for position, part in enumerate(run.parts, 1):
        tool, step = _tool(graph, account, part), _step(graph, script, part, position)
        graph.append(script, "hasPart", tool)
        graph.append(script, "step", step)
        graph.append(step, "workExample", tool)
        part_id = part_action(graph, account, run, part, tool)
        controls.append(
            graph.add(f"{part.iri}/control", "ControlAction", name=f"Step {part.node.name}",
                      instrument=reference(step), object=reference(part_id))
        )  # fmt: skip
        graph.mentions.append(part_id)
    _parameters(graph, script, action)
    _organize(graph, run, action, controls)


def _tool(graph: Graph, account: Account, part: Item) -> str:
    facts = part.said.attributes
    if part.node.kind == CELL:
        return cell_tool(graph, account, part)
    name = part.node.name or part.node.kind
    library, version = facts.get("library"), facts.get("version")
    return graph.add(
        f"#tool/{quote(f'{library or part.node.kind}/{name}', safe='/')}",
        "SoftwareApplication",
        name=name,
        softwareVersion=None if version is None else str(version),
        description=None if library is None else f"{name} of {library}",
    )


def _step(graph: Graph, script: str, part: Item, position: int) -> str:
    """One step for each place in the code: calls of a loop are one step, as is a cell."""
    facts = part.said.attributes
    place = f"{facts.get('file', '')}:{facts.get('line', '')}:{part.node.name}"
    name = part.node.name
    if part.node.kind == CELL:
        name = cell_name(part)
        place = f"cell:{name}"
    elif "line" not in facts:
        place = part.iri
    return graph.add(
        f"#step/{quote(place, safe='')}", "HowToStep", name=name, position=str(position)
    )


def _organize(graph: Graph, run: Run, action: str, controls: list[str]) -> None:
    told: dict[str, Any] = {
        key: graph.entities[action][key]
        for key in ("startTime", "endTime", "agent", "actionStatus", "error")
        if key in graph.entities[action]
    }
    graph.add(
        f"{action}/organized",
        "OrganizeAction",
        name=f"Python ran {run.item.node.name}",
        instrument=reference(python_engine(graph, run)),
        object=[reference(one) for one in controls],
        result=reference(action),
        **told,
    )
    graph.mentions.append(f"{action}/organized")


def _parameters(graph: Graph, script: str, action: str) -> None:
    """What the workflow takes and gives, each with what this run had for it."""
    for role, key in (("input", "object"), ("output", "result")):
        for listed in graph.entities[action].get(key, []):
            example = graph.entities[listed["@id"]]
            type_ = example["@type"]
            class_ = type_ if isinstance(type_, str) else type_[0]
            parameter = f"#{role}/{class_}/{quote(str(example['name']), safe='')}"
            graph.add(
                parameter,
                "FormalParameter",
                name=example["name"],
                conformsTo=reference(term.FORMAL_PARAMETER),
                additionalType=class_,
            )
            if type_ != "CreativeWork":
                graph.append(parameter, "workExample", example["@id"])
            graph.append(script, role, parameter)
            graph.append(example["@id"], "exampleOfWork", parameter)
