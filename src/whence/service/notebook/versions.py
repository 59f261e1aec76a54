"""The notebooks of a store: their sessions, their recorded versions, and the cells of each version.

A version is a digest of the notebook file, recorded when a session first used it. The file itself
is not kept. Its cells are read from disk where it still lies there unchanged; else they are those
that ran while it was the latest version, whose code is kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from whence._base.errors import AmbiguousError, DocumentError, NotKnownError
from whence._base.ids import CONTENT_PREFIX, format_id
from whence.model.criterion import Comparison, Field
from whence.model.kind import NOTEBOOK
from whence.model.relation import Relation
from whence.query.diff import Kept
from whence.query.disk import Disk
from whence.service.notebook.compare_cells import Cell, cells_of
from whence.service.notebook.record import SessionRecord
from whence.store.protocol import Edge, Node, Store

if TYPE_CHECKING:
    from whence.service.questions import Questions

SUFFIX = ".ipynb"
LARGEST = 256 << 20
"""Bytes of a notebook file that is read."""


class NotebookVersion(msgspec.Struct, frozen=True):
    """A version of a notebook file; ``uses`` are the sessions that used it, each with the time
    from which on it was the latest, in nanoseconds; ``name`` and ``digest`` are the file's."""

    name: str
    digest: bytes
    uses: list[tuple[Node, int]]
    places: tuple[bytes, ...] = ()


def is_notebook(text: str) -> bool:
    """Whether the text names a notebook file, maybe with a cell or a version behind it."""
    return split(text)[0].endswith(SUFFIX)


def split(text: str) -> tuple[str, str, str]:
    """``(path, mark, rest)`` of ``path#CELL`` and ``path@DIGEST``; a path alone has no mark."""
    at = text.rfind(SUFFIX)
    end = at + len(SUFFIX)
    if at < 0 or end == len(text) or text[end] not in "#@":
        return text, "", ""
    return text[:end], text[end], text[end + 1 :]


def sessions_of(store: Store, places: Sequence[bytes]) -> list[Node]:
    """The kernel sessions of the notebook at one of ``places``, newest first."""
    names = {os.path.basename(os.fsdecode(place)) for place in places}
    found = {
        node.number: node
        for name in names
        for node in store.runs(Comparison(Field("attributes", "name"), "=", (name,)))
    }
    told = store.attributes_of(list(found))
    paths = {os.fsdecode(place) for place in places}
    own = {
        number: node for number, node in found.items()
        if told.get(number, {}).get("session") == "kernel"
        and told.get(number, {}).get("notebook") in paths
    }  # fmt: skip
    versions = [v.number for place in places for v in store.versions_at(place)]
    users = _users(store, versions)
    own |= {node.number: node for node in users if node.number not in own}
    return sorted(own.values(), key=lambda one: (one.started_at or 0, one.number), reverse=True)


def sessions_meant(asked: Questions, text: str) -> list[Node]:
    """The sessions that ``notebook.ipynb`` names, newest first; of ``notebook.ipynb@DIGEST`` those
    that used that version. None where the text names no notebook with sessions.

    Raises NotKnownError and AmbiguousError where there is no such version.
    """
    path, mark, start = split(text)
    if not path.endswith(SUFFIX) or mark == "#":
        return []
    places = asked.disk.spellings(os.path.join(asked.cwd, os.fsencode(path)))
    found = sessions_of(asked.store, places)
    if mark != "@" or not found:
        return found
    version = version_named(versions_of(asked.store, found), start, path)
    used = {session.number for session, _ in version.uses}
    return [one for one in found if one.number in used]


def sessions_named(store: Store, name: str) -> list[Node]:
    """The kernel sessions of any notebook of that base name, newest first."""
    found = store.runs(Comparison(Field("attributes", "name"), "=", (name,)))
    told = store.attributes_of([node.number for node in found])
    return [node for node in found if told.get(node.number, {}).get("session") == "kernel"]


def _users(store: Store, files: Iterable[int]) -> list[Node]:
    """The sessions that used some files as their notebook."""
    ends = {
        edge.source for number in dict.fromkeys(files)
        for edge in store.edges_at(number, "down") if _is_notebook_use(edge)
    }  # fmt: skip
    told = store.attributes_of(sorted(ends))
    return [
        node for node in store.nodes(sorted(ends))
        if told.get(node.number, {}).get("session") == "kernel"
    ]  # fmt: skip


def _is_notebook_use(edge: Edge) -> bool:
    return edge.relation == Relation.USED and edge.role == NOTEBOOK


def notebook_uses(store: Store, session: Node) -> list[tuple[Node, int]]:
    """The versions of its notebook that a session used, each with the time of it, in order."""
    edges = [one for one in store.edges_at(session.number, "up") if _is_notebook_use(one)]
    nodes = {node.number: node for node in store.nodes([one.target for one in edges])}
    found = [(nodes[one.target], one.at or 0) for one in edges if one.target in nodes]
    return sorted(found, key=lambda one: one[1])


def versions_of(store: Store, sessions: Sequence[Node]) -> list[NotebookVersion]:
    """The versions that some sessions used, those first that came first."""
    found: dict[bytes, NotebookVersion] = {}
    for session in sorted(sessions, key=lambda one: (one.started_at or 0, one.number)):
        for node, at in notebook_uses(store, session):
            if node.digest is None:
                continue
            known = found.setdefault(
                node.digest, NotebookVersion(node.name, node.digest, [], node.places)
            )
            known.uses.append((session, at))
    return list(found.values())


def version_named(versions: Sequence[NotebookVersion], start: str, path: str) -> NotebookVersion:
    """The version whose digest starts so. Raises NotKnownError and AmbiguousError."""
    digits = start.removeprefix(CONTENT_PREFIX).lower()
    fitting = [one for one in versions if digits and one.digest.hex().startswith(digits)]
    if not fitting:
        known = ", ".join(one.digest.hex()[:10] for one in versions[-8:]) or "none"
        raise NotKnownError(f"{path} has no recorded version {start!r}; recorded are: {known}")
    if len(fitting) > 1:
        raise AmbiguousError(f"Several versions of {path} start with {start!r}; give more digits")
    return fitting[0]


def version_cells(
    store: Store, version: NotebookVersion, kept: Kept, disk: Disk
) -> tuple[list[Cell], bool]:
    """The cells of a version, and whether they were read from the file itself."""
    for place in version.places:
        if disk.is_here and disk.digest(place) == version.digest:
            return file_cells(os.fsdecode(place)), True
    executions = []
    for session, since in version.uses:
        record = SessionRecord(session)
        record.refresh(store, session)
        later = [at for _, at in notebook_uses(store, session) if at > since]
        until = min(later, default=None)
        executions += [
            one for one in record.executions
            if one.started_at >= since and (until is None or one.started_at < until)
        ]  # fmt: skip
    return cells_of(executions, kept), False


def file_cells(path: str) -> list[Cell]:
    """The cells of a notebook file, in its order.

    Raises NotKnownError when there is none, DocumentError when it holds no notebook.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, IsADirectoryError, ValueError) as error:
        raise NotKnownError(f"There is no notebook {path}") from error
    if len(data) > LARGEST:
        raise DocumentError(f"{path} is larger than {LARGEST >> 20} MiB; it is not read")
    return cells_in(data, path)


def cells_in(data: bytes, path: str) -> list[Cell]:
    """The cells of a notebook by its bytes. Raises DocumentError as `file_cells` does."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path} is no notebook: it is no JSON ({error})") from error
    listed = _listed(document)
    if listed is None:
        raise DocumentError(f"{path} is no notebook: it has no list of cells")
    return [
        Cell(str(one.get("id") or ""), _source(one), place, kind=str(one.get("cell_type", "code")))
        for place, one in enumerate(listed, 1)
        if isinstance(one, dict)
    ]


def _listed(document: Any) -> list[Any] | None:
    """The cells of a document of format 4, or of 3, which has them in sheets."""
    if not isinstance(document, dict):
        return None
    sheets = document.get("worksheets")
    if isinstance(sheets, list):
        document = {"cells": [
            cell for sheet in sheets if isinstance(sheet, dict)
            for cell in sheet.get("cells") or []
        ]}  # fmt: skip
    cells = document.get("cells")
    return cells if isinstance(cells, list) else None


def _source(cell: dict[str, Any]) -> str:
    text = cell.get("source", cell.get("input", ""))
    if isinstance(text, list):
        return "".join(str(line) for line in text)
    return str(text)


def version_name(path: str, version: NotebookVersion) -> str:
    """How a version is named: ``path@digest``."""
    return f"{path}@{format_id(version.digest).removeprefix(CONTENT_PREFIX)[:10]}"
