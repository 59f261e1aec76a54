"""The metadata of a crate: the graph of all that it tells."""

from __future__ import annotations

from typing import NamedTuple

from whence._base.errors import DocumentError
from whence.model.kind import NodeType
from whence.standards.record.account import Account, Run
from whence.standards.record.literal import time_text
from whence.standards.record.media import base_name
from whence.standards.record.source import unchanged_bytes
from whence.standards.rocrate import term
from whence.standards.rocrate.action import agent, run_action, software
from whence.standards.rocrate.graph import Graph
from whence.standards.rocrate.notebook import pack_flow, rebuilt_notebook
from whence.standards.rocrate.term import Json, reference
from whence.standards.rocrate.workflow import tell_workflow

MOST_CODE = 16 * 1024 * 1024
"""How large a script may be to be packed."""

_README = b"""# Provenance of runs

`ro-crate-metadata.json` tells what was run, on what and with which results, as an RO-Crate.
`prov.json` tells the same and more as W3C PROV-JSON; `whence import` takes it in without loss.
Data is described by its place and SHA-256, and not packed.
"""

_NO_LICENCE = "#licence-not-recorded"


class Crate(NamedTuple):
    """The metadata, and the files to pack by their path in the crate."""

    metadata: Json
    files: dict[str, bytes]


class Carried(NamedTuple):
    """The crate's own `prov.json`."""

    size: int
    sha256: str


def crate_of(account: Account, carried: Carried) -> Crate:
    """The crate of an excerpt. Raises DocumentError where there is no run to tell of."""
    if not account.runs:
        raise DocumentError(
            "A run crate tells of runs, and there is none among what was asked for. Name a run, or "
            "a file that a run made"
        )
    graph, files = Graph(), {term.README: _README}
    profiles = [term.PROCESS]
    main = _main(account)
    script = None if main is None else _pack_script(graph, main, files)
    if main is not None:
        pack_flow(graph, main, files)
    for run in account.runs:
        action = run_action(graph, run, software(graph, run))
        if run is main and script is not None:
            tell_workflow(graph, account, run, script, action)
            profiles += [term.WORKFLOW, term.PROVENANCE, term.WORKFLOW_CRATE]
    for item in account.items.values():
        if item.node.type == NodeType.AGENT:
            agent(graph, item)
    _tell_carried(graph, carried)
    root = _root(account, graph, profiles, script)
    entities = [_without_lists_of_one(entity) for entity in (*root, *graph.entities.values())]
    return Crate({"@context": list(term.CONTEXT), "@graph": entities}, files)


def _without_lists_of_one(entity: Json) -> Json:
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in entity.items()
    }


def _main(account: Account) -> Run | None:
    """The run that was asked for, or that made what was asked for, or the only one."""
    for subject in account.subjects():
        for run in account.runs:
            if run.item is subject or subject.node.number in run.made:
                return run
    return account.runs[0] if len(account.runs) == 1 else None


def _pack_script(graph: Graph, run: Run, files: dict[str, bytes]) -> str | None:
    """Take the script into the crate; None where it changed since, or the run has no steps.

    A workflow's file has to lie in the crate, so without its bytes the run is a process.
    """
    if run.code is None or not run.parts:
        return None
    data = unchanged_bytes(run.account.excerpt, run.code, MOST_CODE)
    rebuilt: Json = {}
    if data is None and run.cells:
        data, rebuilt = rebuilt_notebook(run)
    if data is None:
        return None
    name = base_name(run.code.node.name).replace("\ufffd", "_").strip(". ") or "script.py"
    path = "code/" + "".join(char if char.isalnum() or char in "._-" else "_" for char in name)
    files[path] = data
    return graph.packed(run.code, path, data, **rebuilt)


def _tell_carried(graph: Graph, carried: Carried) -> None:
    graph.add(term.PROV_JSON_FORMAT, "CreativeWork", name="PROV-JSON")
    graph.add(
        term.PROV_JSON,
        "File",
        name="The same record as PROV-JSON, without loss",
        encodingFormat="application/json",
        conformsTo=reference(term.PROV_JSON_FORMAT),
        contentSize=str(carried.size),
        sha256=carried.sha256,
    )
    graph.parts.append(term.PROV_JSON)
    graph.add(term.README, "File", name="What this is", encodingFormat="text/markdown",
              about=reference("./"))  # fmt: skip
    graph.parts.append(term.README)


def _root(
    account: Account, graph: Graph, profiles: list[str], script: str | None
) -> tuple[Json, Json]:
    for profile in profiles:
        name, version = term.PROFILES[profile]
        graph.add(profile, "CreativeWork", name=name, version=version)
    graph.add(
        _NO_LICENCE,
        "CreativeWork",
        name="No licence stated",
        description="The record does not say under which licence this is. Ask who made it.",
    )
    subjects = account.subjects()
    named = dict.fromkeys(item.node.name for item in subjects)
    names = ", ".join(named) or f"{len(account.runs)} runs"
    root: Json = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Provenance of {names}",
        "description": "Runs, with what they read and made, as recorded by Whence. Data is "
        "described and not packed.",
        "datePublished": time_text(account.latest() or 0),
        "license": reference(_NO_LICENCE),
        "conformsTo": [reference(profile) for profile in profiles],
        "hasPart": [reference(part) for part in dict.fromkeys(graph.parts)],
        "mentions": [reference(one) for one in dict.fromkeys(graph.mentions)],
    }
    conforms: Json | list[Json] = reference(term.CRATE)
    if script is not None:
        root["mainEntity"] = reference(script)
        conforms = [reference(term.CRATE), reference(term.WORKFLOW_CRATE)]
    descriptor = {
        "@id": term.METADATA,
        "@type": "CreativeWork",
        "about": reference("./"),
        "conformsTo": conforms,
    }
    return descriptor, root
