"""The YAML that stands before a model card. Every value is JSON, which YAML reads as it is."""

from __future__ import annotations

import json
import math
from typing import Any

from whence.standards.record.account import Account
from whence.standards.record.evaluation import Figures, figures_of, task_of
from whence.standards.record.excerpt import Item
from whence.standards.record.media import base_name

_LIBRARIES = {"torch": "pytorch"}
"""What the Hub calls a library, where that is not its own name."""

_NO_TASK = "other"


def front_matter(account: Account, model: Item) -> str:
    """The front matter with its two lines of dashes."""
    library = model.said.attributes.get("library")
    task = task_of(account, model)
    fields: dict[str, Any] = {}
    if isinstance(library, str) and library:
        fields["library_name"] = _LIBRARIES.get(library, library)
    if task:
        fields["pipeline_tag"] = task
    fields["tags"] = ["whence"]
    results = [
        {
            "task": {"type": task or _NO_TASK},
            "dataset": _dataset(account, one),
            "metrics": [
                {"type": metric.key, "name": metric.key, "value": metric.last}
                for metric in one.metrics
                if math.isfinite(metric.last)
            ],
            "source": {"name": f"whence run {one.run.name}"},
        }
        for one in figures_of(account, model)
        if one.certain and any(math.isfinite(metric.last) for metric in one.metrics)
    ]
    if results:
        found = model.places
        name = base_name(found[0]) if found else model.node.name
        fields["model-index"] = [{"name": name, "results": results}]
    body = "\n".join(f"{key}: {_yaml(value)}" for key, value in fields.items())
    return f"---\n{body}\n---"


def _yaml(value: Any) -> str:
    """The value as JSON in the characters that YAML takes; others by their number."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in text)


def _dataset(account: Account, one: Figures) -> dict[str, str]:
    """The data that the run of the figures read; several have their names joined."""
    run = next((r for r in account.runs if r.item.node.number == one.run.number), None)
    inputs = [] if run is None else [i for i in run.inputs() if i.node.kind != "model"]
    names = [base_name(item.places[0]) if item.places else item.node.name for item in inputs]
    name = ", ".join(names) or "not recorded"
    return {"name": name, "type": name}
