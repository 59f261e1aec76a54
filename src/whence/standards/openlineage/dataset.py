"""Data sets and models as inputs and outputs of an event."""

from __future__ import annotations

from typing import Any

from whence._base.ids import format_id
from whence.model import kind as kinds
from whence.standards.openlineage.columns import column_lineage
from whence.standards.openlineage.facet import facet
from whence.standards.openlineage.name import dataset_name
from whence.standards.record.account import Run, columns_of, rows_of, sha256_of
from whence.standards.record.excerpt import Item
from whence.standards.record.jsonvalue import json_value
from whence.standards.record.media import file_url

Json = dict[str, Any]

_TYPES = {
    kinds.MODEL: "MODEL",
    kinds.TABLE: "TABLE",
    kinds.STREAM: "STREAM",
    kinds.FRAME: "TABLE",
    kinds.ARRAY: "TABLE",
}
_DESCRIBED = ("class", "library", "version", "feature_names", "n_features", "format")


def input_of(item: Item) -> Json:
    """A data set that a run read."""
    found = _dataset(item)
    if statistics := _statistics(item):
        found["inputFacets"] = {
            "inputStatistics": facet("InputStatisticsInputDatasetFacet", **statistics)
        }
    return found


def output_of(run: Run, item: Item) -> Json:
    """A data set or model that a run made."""
    found = _dataset(item)
    if columns := column_lineage(run, item):
        found["facets"]["columnLineage"] = facet("ColumnLineageDatasetFacet", fields=columns)
    if statistics := _statistics(item):
        found["outputFacets"] = {
            "outputStatistics": facet("OutputStatisticsOutputDatasetFacet", **statistics)
        }
    return found


def _dataset(item: Item) -> Json:
    namespace, name = dataset_name(item)
    return {"namespace": namespace, "name": name, "facets": _facets(item, namespace)}


def _facets(item: Item, namespace: str) -> Json:
    node, digest, found = item.node, sha256_of(item), item.places
    uri = file_url(found[0]) if found and found[0].startswith("/") else None
    facets: Json = {
        "dataSource": facet("DatasourceDatasetFacet", name=namespace, uri=uri or item.iri),
        "datasetType": facet(
            "DatasetTypeDatasetFacet",
            datasetType=_TYPES.get(node.kind, "FILE"),
            subType=node.kind.upper(),
        ),
        "documentation": facet(
            "DocumentationDatasetFacet", description=f"{node.kind} {node.name}", contentType=
            "text/plain",
        ),
        "whence_content": facet(
            "WhenceContentDatasetFacet",
            id=format_id(node.uid),
            iri=item.iri,
            kind=node.kind,
            sha256=digest,
            size=node.size,
            described=_described(item) or None,
        ),
    }  # fmt: skip
    if node.digest is not None:
        version = format_id(node.digest)
        facets["version"] = facet("DatasetVersionDatasetFacet", datasetVersion=version)
    if columns := columns_of(item):
        fields = [
            {"name": name, "type": dtype, "ordinal_position": place}
            if dtype
            else {"name": name, "ordinal_position": place}
            for place, (name, dtype) in enumerate(columns, 1)
        ]
        facets["schema"] = facet("SchemaDatasetFacet", fields=fields)
    return facets


def _described(item: Item) -> Json:
    facts = item.said.attributes
    return {key: json_value(facts[key]) for key in _DESCRIBED if key in facts}


def _statistics(item: Item) -> Json:
    told = {"rowCount": rows_of(item), "size": item.node.size}
    return {key: value for key, value in told.items() if value is not None}
