"""Data, code and libraries as components."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from whence.model import kind as kinds
from whence.standards.record.account import Account, columns_of, sha256_of
from whence.standards.record.excerpt import Item
from whence.standards.record.jsonvalue import value_text
from whence.standards.record.media import UNKNOWN, file_url, media_type

Json = dict[str, Any]


def base_component(item: Item, type_: str) -> Json:
    """What every component says: type, reference, name, digest and place."""
    found: Json = {"type": type_, "bom-ref": item.iri, "name": item.node.name or item.iri}
    if (digest := sha256_of(item)) is not None:
        found["version"] = f"sha256:{digest}"
        found["hashes"] = [{"alg": "SHA-256", "content": digest}]
    if found_at := item.places:
        url = (
            file_url(found_at[0])
            if found_at[0].startswith("/")
            else quote(found_at[0], "/:?&=#", errors="replace")
        )
        found["externalReferences"] = [{"type": "distribution", "url": url}]
        if (mime := media_type(found_at[0])) != UNKNOWN:
            found["mime-type"] = mime
    return found


def data_component(item: Item) -> Json:
    """A data set as a component of the type data."""
    found = base_component(item, "data")
    references = found.get("externalReferences", [])
    contents = {"url": references[0]["url"]} if references else None
    data: Json = {"type": "dataset", "name": item.node.name or item.iri}
    if contents is not None:
        data["contents"] = contents
    found["data"] = [data]
    found["properties"] = [
        *properties(item, "shape", "format", "class", "library"),
        *({"name": f"whence:column:{name}", "value": dtype} for name, dtype in columns_of(item)),
        {"name": "whence:kind", "value": item.node.kind},
    ]
    if item.node.size is not None:
        found["properties"].append({"name": "whence:size", "value": str(item.node.size)})
    return found


def code_component(item: Item) -> Json:
    """A script as a component of the type file."""
    return base_component(item, "file")


def properties(item: Item, *keys: str) -> list[Json]:
    """Some attributes of a thing, those that it has, as properties."""
    facts = item.said.attributes
    return [
        {"name": f"whence:{key}", "value": value_text(facts[key])} for key in keys if key in facts
    ]


def libraries(account: Account) -> dict[str, Json]:
    """The installed libraries of all environments, each by its package URL."""
    found: dict[str, Json] = {}
    for environment in account.things(kinds.ENVIRONMENT):
        packages = environment.said.attributes.get("packages")
        if not isinstance(packages, dict):
            continue
        for name, version in packages.items():
            reference = package_url(str(name), str(version))
            found[reference] = {
                "type": "library",
                "bom-ref": reference,
                "name": str(name),
                "version": str(version),
                "purl": reference,
            }
    return found


def package_url(name: str, version: str) -> str:
    """The package URL of a library from PyPI."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    return f"pkg:pypi/{quote(plain, safe='')}@{quote(version, safe='')}"
