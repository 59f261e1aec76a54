"""How jobs and data sets are named, by the naming rules of OpenLineage."""

from __future__ import annotations

import os
from typing import NamedTuple
from urllib.parse import urlsplit

from whence.standards.record.account import Run
from whence.standards.record.excerpt import Item
from whence.standards.record.media import file_url

HERE = "whence"
"""The namespace of what has no place of its own."""


class Named(NamedTuple):
    namespace: str
    name: str


def dataset_name(item: Item) -> Named:
    """A file by its path, a resource by its URL, all else by its name."""
    found = item.places
    if found and found[0].startswith("/"):
        return Named("file", found[0])
    url = urlsplit(_url(found[0] if found else item.node.name))
    if url.scheme and url.netloc:
        return Named(f"{url.scheme}://{url.netloc.rpartition('@')[2]}", url.path.lstrip("/") or "/")
    return Named(HERE, item.node.name or item.iri)


def _url(text: str) -> str:
    """The text, or nothing where it is no URL."""
    try:
        urlsplit(text)
    except ValueError:
        return ""
    return text


def job_name(run: Run) -> Named:
    """A job is the script, in the folder it was run in; what has none has the run's name."""
    name = run.code.node.name if run.code is not None else run.item.node.name
    return Named(_namespace(run), name or run.item.iri)


def _namespace(run: Run) -> str:
    root = run.item.owner.get("root")
    host = run.item.owner.get("host")
    if isinstance(root, bytes) and isinstance(host, str) and root:
        return f"file://{host}{file_url(os.fsdecode(root))[len('file://') :]}"
    return HERE
