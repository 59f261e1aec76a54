"""Whether what a notebook rested on is the same here: its data, its modules, its packages.

That holds too for a notebook that came from elsewhere, whose record was imported: its files are
looked for beside the notebook where they lay beside it there, else at their recorded places.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from whence._base.errors import NotKnownError
from whence._base.ids import format_id
from whence.model.kind import CODE, DIRECTORY, ENVIRONMENT, NOTEBOOK, SURROUNDINGS, is_live
from whence.model.relation import Relation
from whence.query.plain import clean
from whence.service.disk import LocalDisk
from whence.service.notebook.packages import normal, packages_of_notebook
from whence.service.notebook.versions import sessions_named, sessions_of
from whence.store.protocol import Edge, Node, Store

Kind = Literal["data", "module", "package"]
_PLACES = "places"
"""Where an imported thing lay."""


class SameItem(msgspec.Struct, frozen=True):
    """One thing: ``recorded`` and ``here`` are digests of files and versions of packages, None
    where there is none. ``place`` is the file here, ``note`` says why ``here`` is None."""

    name: str
    kind: Kind
    recorded: str | None
    here: str | None
    same: bool
    place: str = ""
    note: str = ""


class Sameness(msgspec.Struct, frozen=True):
    """The items, those first that are not the same; ``session`` is the recorded session that the
    notebook is compared with, the newest, and ``notes`` what could not be compared."""

    items: list[SameItem]
    session: str
    notebook: str
    notes: list[str] = []

    @property
    def is_same(self) -> bool:
        """Whether all of it is the same."""
        return all(item.same for item in self.items)


class _Recorded(NamedTuple):
    """A session, and the folders from which its files were named there."""

    session: Node
    attributes: dict[str, Any]
    is_from_here: bool

    @property
    def folders(self) -> list[str]:
        notebook = str(self.attributes.get("notebook") or "")
        folders = [os.path.dirname(notebook), str(self.attributes.get("cwd") or "")]
        return [one for one in dict.fromkeys(folders) if os.path.isabs(one)]


def same_here(store: Store, folder: Path, notebook: Path) -> Sameness:
    """What the newest session of ``notebook`` used, compared with what is here.

    ``folder`` is the store's. Where no session of this very file is recorded, it is the newest of
    a notebook with the same bytes, else of one with the same name: one that was imported.

    Raises NotKnownError where there is none.
    """
    recorded = _recorded(store, notebook)
    found = _used(store, recorded.session)
    nodes = {node.number: node for node in store.nodes(list(found))}
    told = store.attributes_of(list(nodes))
    disk, notes = LocalDisk(), []
    items: dict[tuple[str, str], SameItem] = {}
    for number, edge in found.items():
        node = nodes.get(number)
        kind = None if node is None else _kind(node, edge)
        if node is None or kind is None:
            continue
        places = _places(node, told.get(number, {}))
        if places:
            items[kind, places[0]] = _file(node, kind, places, recorded, notebook, disk)
        elif kind == "data":
            notes.append(f"{clean(node.name)} has no place as a file; it was not compared")
    packages, note = _packages(store, nodes, told, folder, notebook)
    ordered = sorted([*items.values(), *packages], key=lambda one: (one.same, _ORDER[one.kind]))
    notes = [*dict.fromkeys(notes), *([note] if note else [])]
    return Sameness(ordered, format_id(recorded.session.uid), clean(os.fspath(notebook)), notes)


_ORDER = {"data": 0, "module": 1, "package": 2}


def _recorded(store: Store, notebook: Path) -> _Recorded:
    places = [os.fsencode(one) for one in (os.path.realpath(notebook), os.path.abspath(notebook))]
    own = sessions_of(store, list(dict.fromkeys(places)))
    others = [] if own else _elsewhere(store, notebook)
    if not own and not others:
        raise NotKnownError(
            f"No session of {notebook} is recorded. Take in its crate (whence import CRATE.zip), "
            f"or record one: whence run {notebook}"
        )
    session = (own or others)[0]
    attributes = store.attributes(session.number)
    there = str(attributes.get("notebook") or "")
    return _Recorded(session, attributes, os.fsencode(there) in places)


def _elsewhere(store: Store, notebook: Path) -> list[Node]:
    """The sessions of a notebook with the same bytes at another place, else of the same name."""
    digest = LocalDisk().digest(os.fsencode(notebook))
    if digest is not None:
        files = {version.number for version in store.versions_of(digest)}
        content = store.number_of(digest)
        if content is not None:
            files |= {e.source for e in store.edges_at(content, "down")
                      if e.relation == Relation.SPECIALIZATION_OF}  # fmt: skip
        users = {
            edge.source for number in files for edge in store.edges_at(number, "down")
            if edge.relation == Relation.USED and edge.role == NOTEBOOK
        }  # fmt: skip
        nodes = store.nodes(sorted(users))
        if nodes:
            return sorted(nodes, key=lambda one: one.started_at or 0, reverse=True)
    return sessions_named(store, notebook.name)


def _used(store: Store, session: Node) -> dict[int, Edge]:
    """What the session and its parts used and did not make, each with its last use."""
    parts = [part for _, part in store.outlines([session.number])]
    made = {end for _, end in store.linked(parts, int(Relation.WAS_GENERATED_BY), "down")}
    edges = [one for one in store.edges_from(parts) if one.relation == Relation.USED]
    found: dict[int, Edge] = {}
    for edge in sorted(edges, key=lambda one: one.at or 0):
        if edge.target not in made:
            found.pop(edge.target, None)
            found[edge.target] = edge
    return found


def _kind(node: Node, edge: Edge) -> Kind | None:
    if node.kind == NOTEBOOK or edge.role == NOTEBOOK or node.kind == DIRECTORY:
        return None
    if node.kind == CODE or edge.role == CODE:
        return "module"
    if node.kind in SURROUNDINGS or is_live(node.kind, bool(node.places), node.digest is not None):
        return None
    return "data"


def _places(node: Node, told: dict[str, Any]) -> list[str]:
    own = [os.fsdecode(place) for place in node.places]
    kept = told.get(_PLACES)
    if own or not isinstance(kept, list):
        return own
    return [one for one in kept if isinstance(one, str) and os.path.isabs(one)]


def _file(
    node: Node, kind: Kind, places: list[str], recorded: _Recorded, notebook: Path, disk: LocalDisk
) -> SameItem:
    wanted = format_id(node.digest) if node.digest else None
    name, note, last = clean(node.name), "not found here", ""
    for place in _candidates(places, recorded, notebook):
        raw = os.fsencode(place)
        if not disk.exists(raw):
            continue
        digest = disk.digest(raw)
        here = format_id(digest) if digest else None
        last = clean(place)
        note = "" if here else "it can't be read, or is too large to hash for a question"
        if wanted is None:
            note = "no digest was recorded"
        return SameItem(name, kind, wanted, here, here is not None and here == wanted, last, note)
    return SameItem(name, kind, wanted, None, False, last, note)


def _candidates(places: list[str], recorded: _Recorded, notebook: Path) -> Iterator[str]:
    """Where a file may lie here: its place, and where it lies seen from the notebook."""
    if recorded.is_from_here:
        yield from places
        return
    folder = os.path.dirname(os.path.abspath(notebook))
    for place in places:
        for there in recorded.folders:
            way = os.path.relpath(place, there)
            if not way.startswith(os.pardir + os.sep):
                yield os.path.join(folder, way)
    yield from places


def _packages(
    store: Store,
    nodes: dict[int, Node],
    told: dict[int, dict[str, Any]],
    folder: Path,
    notebook: Path,
) -> tuple[list[SameItem], str]:
    """The packages that were installed there, each with its version here."""
    facts = [told.get(n, {}) for n, node in nodes.items() if node.kind == ENVIRONMENT]
    if not facts:
        return [], "no environment was recorded, so packages are not compared"
    there = dict(facts[-1].get("packages") or {})
    here, python, note = packages_of_notebook(folder, notebook)
    if here is None:
        return [], note
    by_name = {normal(name): version for name, version in here.items()}
    items = [
        _package(name, str(version), by_name.get(normal(str(name))))
        for name, version in there.items()
    ]
    if facts[-1].get("python"):
        items.insert(0, _package("Python", str(facts[-1]["python"]), python))
    return items, note


def _package(name: str, recorded: str, here: str | None) -> SameItem:
    note = "" if here is not None else "not installed here"
    return SameItem(clean(name), "package", recorded, here, here == recorded, "", note)
