"""What a crate has of a notebook: its cells as tools, a copy of it, and what fed what."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import quote

from whence.standards.record.account import Account, Run
from whence.standards.record.excerpt import Item
from whence.standards.rocrate.graph import Graph
from whence.standards.rocrate.term import Json, reference

FLOW = "flow.json"
_CELL = "#cell/"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What the format of notebooks takes for the id of a cell."""


def cell_name(part: Item) -> str:
    """What a cell is called: its id, else the count of its execution."""
    facts = part.said.attributes
    return str(facts.get("cell") or f"[{facts.get('count', '')}]")


def cell_tool(graph: Graph, account: Account, part: Item) -> str:
    """The code of a cell, as it ran, as a tool: a cell that was edited is another tool."""
    digest = str(part.said.attributes.get("code") or "")
    name = cell_name(part)
    return graph.add(
        f"{_CELL}{quote(name, safe='')}/{digest[:16]}",
        "SoftwareApplication",
        name=f"Cell {name}",
        description="The code of a cell of the notebook",
        softwareVersion=f"sha256:{digest}" if digest else None,
        text=_text(account, digest),
    )


def cell_texts(graph: dict[str, Json]) -> dict[bytes, bytes]:
    """The code of the cells in a crate by its digest: that which has the digest it is said to.

    Where a secret was masked it has not, and any other text under that digest would be a forgery.
    """
    found: dict[bytes, bytes] = {}
    for id_, entity in graph.items():
        text = entity.get("text")
        if not id_.startswith(_CELL) or not isinstance(text, str):
            continue
        data = text.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data)
        if entity.get("softwareVersion") == f"sha256:{digest.hexdigest()}":
            found[digest.digest()] = data
    return found


def rebuilt_notebook(run: Run) -> tuple[bytes | None, Json]:
    """A notebook of the cells that ran, each as it ran last, in the order in which they first
    ran; and what the crate says of it. For where the file is no longer as it was recorded."""
    latest: dict[str, Item] = {}
    for part in run.cells:
        latest[cell_name(part)] = part
    cells = [cell for n, part in enumerate(latest.values(), 1) if (cell := _cell(run, part, n))]
    if not cells or run.code is None:
        return None, {}
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "whence": {"session": run.item.iri, "rebuilt": True},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    data = json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    return data, {
        "identifier": None,
        "sha256": hashlib.sha256(data).hexdigest(),
        "description": "Made from the record: the cells that ran, each as it ran last, in the "
        "order in which they first ran. The notebook's file was changed since.",
    }


def _cell(run: Run, part: Item, number: int) -> Json | None:
    facts = part.said.attributes
    text = next(
        (
            found
            for key in ("raw", "code")
            if (found := _text(run.account, str(facts.get(key) or ""))) is not None
        ),
        None,
    )
    if text is None:
        return None
    id_ = str(facts.get("cell") or "")
    count = facts.get("count")
    return {
        "cell_type": "code",
        "id": id_ if _ID.fullmatch(id_) else f"cell-{number}",
        "metadata": {},
        "execution_count": count if type(count) is int else None,
        "outputs": [],
        "source": text,
    }


def _text(account: Account, digest: str) -> str | None:
    """The code with that digest, as it was kept: secrets are masked there."""
    texts = account.excerpt.texts
    if texts is None or len(digest) != 64:
        return None
    try:
        found = texts(bytes.fromhex(digest))
    except ValueError:
        return None
    return None if found is None else found.decode("utf-8", "replace")


def pack_flow(graph: Graph, run: Run, files: dict[str, bytes]) -> None:
    """Take in which data fed which model, as it is worked out from the record and the code."""
    flow = run.account.excerpt.flow
    data = None if flow is None or not run.cells else flow(run.item.node)
    if data is None:
        return
    files[FLOW] = data
    told: dict[str, Any] = {
        "name": "Which data fed which model",
        "description": "The calls that brought data in and those that learned from it, with the "
        "columns, as whence flow tells them",
        "encodingFormat": "application/json",
        "contentSize": str(len(data)),
        "sha256": hashlib.sha256(data).hexdigest(),
        "about": reference(run.item.iri),
    }
    graph.add(FLOW, "File", **told)
    graph.parts.append(FLOW)
