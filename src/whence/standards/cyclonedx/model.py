"""Models as components with a model card."""

from __future__ import annotations

from typing import Any

from whence.standards.cyclonedx.component import base_component, properties
from whence.standards.record.account import Account
from whence.standards.record.evaluation import (
    data_of,
    figures_of,
    is_supervised,
    parameters_of,
    task_of,
)
from whence.standards.record.excerpt import Item
from whence.standards.record.jsonvalue import value_text

Json = dict[str, Any]


def model_component(account: Account, model: Item) -> Json:
    """A model with what is known of how it was made and how good it is."""
    found = base_component(model, "machine-learning-model")
    facts = model.said.attributes
    if facts.get("library"):
        found["group"] = str(facts["library"])
    found["modelCard"] = _card(account, model)
    found["properties"] = properties(model, "class", "library", "version", "feature_names")
    return found


def _card(account: Account, model: Item) -> Json:
    card: Json = {"modelParameters": _parameters(account, model)}
    figures = figures_of(account, model)
    metrics = [
        {"type": metric.key, "value": value_text(metric.last)}
        for one in figures
        if one.certain
        for metric in one.metrics
    ]
    if metrics:
        card["quantitativeAnalysis"] = {"performanceMetrics": metrics}
    runs = [(metric.key, one.run.name) for one in figures if one.certain for metric in one.metrics]
    unclear = sorted({one.run.name for one in figures if not one.certain})
    card["properties"] = [
        *(
            {"name": f"whence:param:{key}", "value": value_text(value)}
            for key, value in parameters_of(account, model).items()
        ),
        *({"name": f"whence:run-of-metric:{key}", "value": name} for key, name in runs),
        *({"name": "whence:metrics-of-several-models", "value": name} for name in unclear),
    ]
    return card


def _parameters(account: Account, model: Item) -> Json:
    facts = model.said.attributes
    found: Json = {}
    if is_supervised(account, model):
        found["approach"] = {"type": "supervised"}
    if task := task_of(account, model):
        found["task"] = task
    if facts.get("class"):
        found["modelArchitecture"] = str(facts["class"])
    data = [item for item in data_of(account, model) if not item.is_live]
    if data:
        found["datasets"] = [{"ref": item.iri} for item in data]
    names = facts.get("feature_names")
    if isinstance(names, list) and names:
        found["inputs"] = [{"format": f"column {name}"} for name in names]
    return found
