"""The addresses that a crate names: contexts, profiles and formats."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

METADATA = "ro-crate-metadata.json"
PROV_JSON = "prov.json"
README = "README.md"

CRATE = "https://w3id.org/ro/crate/1.1"
CONTEXT = (f"{CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context")
PROV_JSON_FORMAT = "https://www.w3.org/submissions/prov-json/"

PROCESS = "https://w3id.org/ro/wfrun/process/0.5"
WORKFLOW = "https://w3id.org/ro/wfrun/workflow/0.5"
PROVENANCE = "https://w3id.org/ro/wfrun/provenance/0.5"
WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
COMPUTATIONAL_WORKFLOW = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
FORMAL_PARAMETER = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"

PROFILES = {
    PROCESS: ("Process Run Crate", "0.5"),
    WORKFLOW: ("Workflow Run Crate", "0.5"),
    PROVENANCE: ("Provenance Run Crate", "0.5"),
    WORKFLOW_CRATE: ("Workflow RO-Crate", "1.0"),
}

COMPLETED = "http://schema.org/CompletedActionStatus"
FAILED = "http://schema.org/FailedActionStatus"
ACTIVE = "http://schema.org/ActiveActionStatus"
ACTIONS = ("CreateAction", "ActivateAction", "UpdateAction")


def reference(id_: str) -> Json:
    """What points to an entity."""
    return {"@id": id_}
