"""The bill of materials as a whole."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from whence._base.ids import derived_id, format_id
from whence.model import kind as kinds
from whence.model.kind import NodeType
from whence.standards.cyclonedx.component import (
    code_component,
    data_component,
    libraries,
    package_url,
)
from whence.standards.cyclonedx.formulation import formula_of
from whence.standards.cyclonedx.model import model_component
from whence.standards.record.account import Account, Run
from whence.standards.record.evaluation import models_of
from whence.standards.record.excerpt import Item
from whence.standards.record.literal import time_text

Json = dict[str, Any]

_NO_DATA = kinds.SURROUNDINGS | {kinds.MODEL, kinds.CONTENT, kinds.PLAN}


def bom_of(account: Account) -> Json:
    """The document. Its serial number follows from the ids of what it holds."""
    models = models_of(account)
    others = [
        item for item in account.things(kinds.MODEL) if not item.is_live and item not in models
    ]
    packages = libraries(account)
    data = [item for item in _entities(account) if item.node.kind not in _NO_DATA]
    codes = account.things(kinds.CODE)
    ids = sorted(item.node.uid for item in account.items.values())
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{format_id(derived_id(b'cyclonedx', *ids))}",
        "version": 1,
        "metadata": _metadata(account, models),
        "components": [
            *(model_component(account, model) for model in (*models, *others)),
            *map(data_component, data),
            *map(code_component, codes),
            *packages.values(),
        ],
        "dependencies": _dependencies(account, [*models, *others], data, codes, list(packages)),
        "formulation": [formula_of(account)] if account.runs else [],
        "compositions": [{"aggregate": "incomplete" if account.gaps else "unknown"}],
    }


def _entities(account: Account) -> list[Item]:
    return [
        item
        for item in account.items.values()
        if item.node.type == NodeType.ENTITY and not item.is_live
    ]


def _metadata(account: Account, models: list[Item]) -> Json:
    found: Json = {
        "tools": {
            "components": [{"type": "application", "name": "whence", "version": _our_version()}]
        },
        "properties": [
            {"name": "whence:gap", "value": f"{gap.code}: {gap.count}"} for gap in account.gaps
        ],
    }
    if (latest := account.latest()) is not None:
        found["timestamp"] = time_text(latest)
    if len(models) == 1:
        name = models[0].node.name or models[0].iri
        found["component"] = {
            "type": "machine-learning-model",
            "bom-ref": f"{models[0].iri}#subject",
            "name": name,
        }
    return found


def _our_version() -> str:
    try:
        return version("whence")
    except PackageNotFoundError:
        return "0"


def _dependencies(
    account: Account, models: list[Item], data: list[Item], codes: list[Item], packages: list[str]
) -> list[Json]:
    """What each model and data file was made from, with which code and libraries."""
    listed = {item.node.number for item in (*models, *data)}
    scripts = {item.node.number for item in codes}
    found = []
    for item in (*models, *data):
        run = account.maker(item)
        ends: dict[str, None] = {}
        if run is not None:
            ends |= dict.fromkeys(i.iri for i in run.inputs() if i.node.number in listed)
            if run.code is not None and run.code.node.number in scripts:
                ends[run.code.iri] = None
            if item.node.kind == kinds.MODEL:
                ends |= dict.fromkeys(ref for ref in _packages(run) if ref in packages)
        ends.pop(item.iri, None)
        found.append({"ref": item.iri, "dependsOn": list(ends)})
    return found


def _packages(run: Run) -> list[str]:
    installed = run.facts(kinds.ENVIRONMENT).get("packages")
    if not isinstance(installed, dict):
        return []
    return [package_url(str(name), str(found)) for name, found in installed.items()]
