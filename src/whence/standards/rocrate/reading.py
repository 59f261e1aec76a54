"""A crate from anyone, read into PROV statements. Nothing of it is written to disk."""

from __future__ import annotations

import json
import zlib
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from whence._base.errors import DocumentError
from whence.standards.prov.provjson import ProvJson
from whence.standards.prov.statement import Document
from whence.standards.rocrate.inward import document_of_graph
from whence.standards.rocrate.notebook import cell_texts
from whence.standards.rocrate.term import METADATA, PROV_JSON, PROV_JSON_FORMAT

MOST_PROV = 2 * 1024**3
MOST_METADATA = 256 * 1024**2
MOST_MEMBERS = 1_000_000
MOST_TIMES = 200
"""How many times its packed size a member may have where it is over ``SURELY_FINE``."""
SURELY_FINE = 64 * 1024**2

_BROKEN = (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
           RuntimeError, OverflowError)  # fmt: skip


def read(source: BinaryIO) -> Document:
    """The statements of a crate. Raises DocumentError when it is none, or not a safe one."""
    try:
        with ZipFile(source) as archive:
            return _read(archive)
    except DocumentError:
        raise
    except _BROKEN as error:
        raise DocumentError(
            f"Not an RO-Crate: the zip can't be read ({error}). Fetch or export it again."
        ) from None
    except MemoryError:
        raise DocumentError("The RO-Crate is too large for this machine's memory.") from None


def _read(archive: ZipFile) -> Document:
    members = _members(archive)
    path = _metadata_path(members)
    graph = _graph(_bytes(archive, members[path], MOST_METADATA))
    folder = path[: -len(METADATA)]
    carried = members.get(folder + PROV_JSON)
    if carried is not None and _is_prov_json(graph):
        document = ProvJson().read(BytesIO(_bytes(archive, carried, MOST_PROV)))
        document.texts = cell_texts(graph)
        return document
    return document_of_graph(graph)


def _members(archive: ZipFile) -> dict[str, ZipInfo]:
    """The files of the archive by their paths, each once and each within it."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise DocumentError(f"Not an RO-Crate: over {MOST_MEMBERS:,} files in the zip.")
    found: dict[str, ZipInfo] = {}
    for info in infos:
        name = info.filename
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            raise DocumentError(f"The zip has a file outside of itself, {name[:80]!r}; refused.")
        if name in found:
            raise DocumentError(f"The zip has the file {name[:80]!r} twice; refused.")
        found[name] = info
    return found


def _metadata_path(members: dict[str, ZipInfo]) -> str:
    """Where the metadata lies: at the top, or in the one folder that the zip has."""
    if METADATA in members:
        return METADATA
    found = [name for name in members if name.count("/") == 1 and name.endswith("/" + METADATA)]
    if len(found) == 1:
        return found[0]
    raise DocumentError(f"Not an RO-Crate: the zip has no {METADATA} at its top.")


def _bytes(archive: ZipFile, info: ZipInfo, limit: int) -> bytes:
    """A member's bytes, no more than ``limit`` whatever its header says."""
    allowed = min(limit, max(SURELY_FINE, info.compress_size * MOST_TIMES))
    with archive.open(info) as member:
        data = member.read(allowed + 1)
    if len(data) > allowed or info.file_size > allowed:
        raise DocumentError(
            f"The RO-Crate's {info.filename!r} unpacks to over {allowed:,} bytes; refused. Import "
            "the PROV document by itself if it is meant to be that large."
        )
    return data


def _graph(data: bytes) -> dict[str, dict[str, Any]]:
    """The entities of the metadata by their ids."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise DocumentError(f"Not an RO-Crate: {METADATA} is no JSON ({reason}).") from None
    graph = document.get("@graph") if isinstance(document, dict) else None
    if not isinstance(graph, list):
        raise DocumentError(f'Not an RO-Crate: {METADATA} has no list "@graph".')
    return {
        entity["@id"]: entity
        for entity in graph
        if isinstance(entity, dict) and isinstance(entity.get("@id"), str)
    }


def _is_prov_json(graph: dict[str, dict[str, Any]]) -> bool:
    """Whether the metadata says that the file of that name is PROV-JSON."""
    conforms = graph.get(PROV_JSON, {}).get("conformsTo")
    listed = conforms if isinstance(conforms, list) else [conforms]
    return {"@id": PROV_JSON_FORMAT} in listed
