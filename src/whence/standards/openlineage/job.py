"""The job of a run: what was run, from where in which repository, and what fed what."""

from __future__ import annotations

import os
from typing import Any

from whence.model import kind as kinds
from whence.standards.openlineage.facet import facet
from whence.standards.openlineage.name import dataset_name, job_name
from whence.standards.record.account import Run
from whence.standards.record.jsonvalue import value_text
from whence.standards.record.media import file_url
from whence.standards.record.origin import origin_of
from whence.standards.record.source import unchanged_bytes

Json = dict[str, Any]

MOST_CODE = 256 * 1024
"""How many bytes of a script are sent along."""

_STEP_BY_STEP = {"type": "DIRECT"}
_SAME_RUN = {
    "type": "INDIRECT",
    "description": "The same run read it; the steps from it to this are not recorded in full.",
}


def job_of(run: Run, *, with_lineage: bool) -> Json:
    """The job with its facets; what fed what is known once the run has ended."""
    namespace, name = job_name(run)
    facets: Json = {
        "jobType": facet(
            "JobTypeJobFacet", processingType="BATCH", integration="WHENCE",
            jobType=run.item.node.kind.upper() or "RUN",
        ),
        "documentation": facet("DocumentationJobFacet", description=_description(run)),
    }  # fmt: skip
    if agents := run.agents():
        owners = [{"name": f"user:{agent.node.name}", "type": "EXECUTOR"} for agent in agents]
        facets["ownership"] = facet("OwnershipJobFacet", owners=owners)
    facets |= _code(run)
    if with_lineage and (entries := _lineage(run)):
        facets["lineage"] = facet("LineageJobFacet", entries=entries)
    return {"namespace": namespace, "name": name, "facets": facets}


def _description(run: Run) -> str:
    command = run.item.said.attributes.get("command")
    words = " ".join(map(value_text, command)) if isinstance(command, list) else ""
    return f"{run.item.node.name}: {words}" if words else run.item.node.name


def _code(run: Run) -> Json:
    facets: Json = {}
    code, commit = run.code, run.facts(kinds.COMMIT)
    data = None if code is None else unchanged_bytes(run.account.excerpt, code, MOST_CODE)
    if data is not None:
        facets["sourceCode"] = facet(
            "SourceCodeJobFacet", language="python", sourceCode=data.decode("utf-8", "replace")
        )
    if isinstance(version := commit.get("commit"), str):
        remote = commit.get("remote")
        facets["sourceCodeLocation"] = facet(
            "SourceCodeLocationJobFacet",
            type="git",
            url=_repository_url(run, remote),
            repoUrl=remote if isinstance(remote, str) else None,
            path=code.node.name if code is not None else None,
            version=version,
        )
    return facets


def _repository_url(run: Run, remote: object) -> str:
    """The remote as a URL, ``git@host:path`` too; else the folder in which the run took place."""
    if isinstance(remote, str) and "://" in remote:
        return remote
    if isinstance(remote, str) and "@" in remote and ":" in remote:
        host, _, path = remote.partition(":")
        return f"ssh://{host}/{path}"
    root = run.item.owner.get("root")
    return file_url(os.fsdecode(root)) if isinstance(root, bytes) else run.item.iri


def _lineage(run: Run) -> list[Json]:
    entries = []
    for output in run.outputs():
        sources, rest = origin_of(run, output)
        inputs = [
            {**dataset_name(source)._asdict(), "type": "DATASET", "transformations": [how]}
            for some, how in ((sources, _STEP_BY_STEP), (rest, _SAME_RUN))
            for source in some
        ]
        entries.append({**dataset_name(output)._asdict(), "type": "DATASET", "inputs": inputs})
    return entries
