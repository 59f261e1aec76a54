"""The flat list of entities that a crate's metadata is, and the ids in it."""

from __future__ import annotations

from typing import Any

from whence.model import kind as kinds
from whence.standards.record.account import sha256_of
from whence.standards.record.excerpt import Item
from whence.standards.record.media import base_name, file_url, media_type
from whence.standards.rocrate.term import Json, reference

_CONTENT_KINDS = frozenset(
    {kinds.FILE, kinds.DATASET, kinds.MODEL, kinds.CODE, kinds.FIGURE, kinds.NOTEBOOK, kinds.OUTPUT}
)


class Graph:
    """Entities by id. A thing keeps the id it got first; data entities become the root's parts."""

    def __init__(self) -> None:
        self.entities: dict[str, Json] = {}
        self.parts: list[str] = []
        self.mentions: list[str] = []
        self._ids: dict[int, str] = {}

    def add(self, id_: str, type_: str | list[str], **fields: Any) -> str:
        """Add an entity unless there is one of that id; give the id."""
        if id_ not in self.entities:
            told = {key: value for key, value in fields.items() if value not in (None, [], "")}
            self.entities[id_] = {"@id": id_, "@type": type_, **told}
        return id_

    def append(self, id_: str, key: str, target: str) -> None:
        """Add a reference to an entity's property, once."""
        listed = self.entities[id_].setdefault(key, [])
        if reference(target) not in listed:
            listed.append(reference(target))

    def thing(self, item: Item) -> str:
        """The entity of a thing of the record: a file or folder by its place, else by its IRI."""
        number = item.node.number
        if number not in self._ids:
            self._ids[number] = self._add_thing(item)
        return self._ids[number]

    def packed(self, item: Item, path: str, data: bytes, **fields: Any) -> str:
        """The entity of a file whose bytes lie in the crate at ``path``."""
        told = _file(item, path) | {"contentSize": str(len(data))} | fields
        self._ids[item.node.number] = self.add(path, "File", **told)
        self.parts.append(path)
        return path

    def _add_thing(self, item: Item) -> str:
        found = item.places
        if not found and item.node.digest is None:
            name = item.node.name or item.node.kind or "thing"
            return self.add(item.iri, "CreativeWork", name=name, identifier=item.iri,
                            additionalType=item.node.kind)  # fmt: skip
        id_ = self._free_id(item, found[0] if found else "")
        if item.node.kind == kinds.DIRECTORY:
            name = base_name(found[0]) if found else item.node.name
            self.add(id_, "Dataset", name=name or item.node.name, identifier=item.iri)
        else:
            self.add(id_, "File", **_file(item, found[0] if found else ""))
        self.parts.append(id_)
        return id_

    def _free_id(self, item: Item, place: str) -> str:
        """The place as a URL; where another version has it already, the IRI."""
        if not place.startswith("/"):
            return item.iri
        url = file_url(place) + ("/" if item.node.kind == kinds.DIRECTORY else "")
        return item.iri if url in self.entities else url


def _file(item: Item, place: str) -> Json:
    return {
        "name": item.node.name or base_name(place) or item.iri,
        "identifier": item.iri,
        "sha256": sha256_of(item),
        "contentSize": None if item.node.size is None else str(item.node.size),
        "encodingFormat": media_type(place),
        "additionalType": item.node.kind if item.node.kind in _CONTENT_KINDS else None,
    }
