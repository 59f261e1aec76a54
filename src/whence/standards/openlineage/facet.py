"""What every facet carries: who made it and where its schema is."""

from __future__ import annotations

from typing import Any

SPEC = "https://openlineage.io/spec"
PRODUCER = "https://w3id.org/whence"
EVENT_SCHEMA = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
OURS = "https://w3id.org/whence/openlineage"

_VERSIONS = {
    "ColumnLineageDatasetFacet": "1-2-0",
    "DatasetTypeDatasetFacet": "1-0-1",
    "DatasetVersionDatasetFacet": "1-0-1",
    "DatasourceDatasetFacet": "1-0-1",
    "DocumentationDatasetFacet": "1-1-0",
    "DocumentationJobFacet": "1-1-0",
    "EnvironmentVariablesRunFacet": "1-0-0",
    "ErrorMessageRunFacet": "1-0-1",
    "ExecutionParametersRunFacet": "1-0-0",
    "InputStatisticsInputDatasetFacet": "1-0-0",
    "JobTypeJobFacet": "2-0-4",
    "LineageJobFacet": "1-0-0",
    "OutputStatisticsOutputDatasetFacet": "1-0-2",
    "OwnershipJobFacet": "1-0-1",
    "ParentRunFacet": "1-2-0",
    "ProcessingEngineRunFacet": "1-1-1",
    "SchemaDatasetFacet": "1-2-0",
    "SourceCodeJobFacet": "1-0-1",
    "SourceCodeLocationJobFacet": "1-1-0",
    "TagsRunFacet": "1-0-0",
}
"""The version of each facet's schema, as of spec 2-0-2."""

_FILES = {"LineageJobFacet": "LineageFacet"}

_OURS = {
    "WhenceMlTrainingRunFacet": "1-0-0",
    "WhenceContentDatasetFacet": "1-0-0",
    "WhenceGapsRunFacet": "1-0-0",
}


def facet(name: str, /, **fields: Any) -> dict[str, Any]:
    """A facet of a schema's name with its fields; those that are None are left out."""
    if name in _OURS:
        schema = f"{OURS}/{_OURS[name]}/{name}.json#/$defs/{name}"
    else:
        schema = f"{SPEC}/facets/{_VERSIONS[name]}/{_FILES.get(name, name)}.json#/$defs/{name}"
    told = {key: value for key, value in fields.items() if value is not None}
    return {"_producer": PRODUCER, "_schemaURL": schema, **told}
