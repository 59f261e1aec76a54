"""Data sets of the record as one Croissant data set."""

from __future__ import annotations

from typing import Any

from whence.model import kind as kinds
from whence.model.kind import NodeType
from whence.model.relation import Relation
from whence.standards.croissant.terms import CONFORMS_TO, CONTEXT, data_type
from whence.standards.record.account import Account, Run, columns_of, sha256_of
from whence.standards.record.excerpt import Item
from whence.standards.record.literal import time_text
from whence.standards.record.media import base_name, file_url, media_type
from whence.standards.record.names import iri_of
from whence.standards.record.origin import origin_of

_DATA = (kinds.DATASET, kinds.FILE, kinds.TABLE, kinds.FRAME, kinds.ARRAY)
_BY_COLUMN = ("text/csv", "text/tab-separated-values", "application/vnd.apache.parquet")
"""Formats from which a reader takes a column by its name."""

Json = dict[str, Any]


def datasets_of(account: Account) -> list[Item]:
    """The data file that was asked for, else all data sets that are files."""
    asked = [item for item in account.subjects() if item.node.type == NodeType.ENTITY]
    if asked:
        return [item for item in asked if item.node.kind in _DATA and _is_file(item)]
    return [
        item
        for item in account.things(*_DATA)
        if _is_file(item) and (item.node.kind == kinds.DATASET or columns_of(item))
    ]


def _is_file(item: Item) -> bool:
    return bool(item.places) and sha256_of(item) is not None


def dataset_of(account: Account, data: list[Item]) -> Json:
    """The document that describes the data sets."""
    names = _names(data)
    files = [_file_object(account, item, names[item.node.number]) for item in data]
    records = [_record_set(item, names[item.node.number]) for item in data if columns_of(item)]
    title = names[data[0].node.number] if len(data) == 1 else f"{len(data)} data sets"
    document: Json = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": title,
        "description": _description(account, data),
        "conformsTo": CONFORMS_TO,
        "url": data[0].iri if len(data) == 1 else _subject_iri(account, data),
        "distribution": files,
    }
    if (latest := account.latest()) is not None:
        document["datePublished"] = time_text(latest)[:10]
    if records:
        document["recordSet"] = records
    for item in data:
        for key, value in _provenance(account, item).items():
            document.setdefault(key, []).extend(one for one in value if one not in document[key])
    return document


def _subject_iri(account: Account, data: list[Item]) -> str:
    subjects = account.subjects()
    return subjects[0].iri if subjects else data[0].iri


def _description(account: Account, data: list[Item]) -> str:
    found = [account.maker(item) for item in data]
    makers = dict.fromkeys(maker.item.node.name for maker in found if maker is not None)
    made = f", written by {', '.join(makers)}" if makers else ""
    return f"Recorded by Whence: {', '.join(item.node.name for item in data)}{made}."


def _names(data: list[Item]) -> dict[int, str]:
    """A name for each that no other has."""
    taken: set[str] = set()
    return {item.node.number: _unique(_word(base_name(item.places[0])), taken) for item in data}


def _word(text: str) -> str:
    """The text without white space and percent signs, which ids of Croissant do not take."""
    return "_".join(text.replace("%", "_").split()) or "unnamed"


def _unique(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    taken.add(name)
    return name


def _file_object(account: Account, item: Item, name: str) -> Json:
    place = item.places[0]
    found: Json = {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": _content_url(place),
        "encodingFormat": media_type(place),
        "sha256": sha256_of(item),
        "sameAs": item.iri,
    }
    if item.node.size is not None:
        found["contentSize"] = f"{item.node.size} B"
    return found | _provenance(account, item)


def _content_url(place: str) -> str:
    """The path itself, since readers know no ``file:`` URLs; one where the path is no text."""
    try:
        place.encode()
    except UnicodeEncodeError:
        return file_url(place)
    return place


def _record_set(item: Item, name: str) -> Json:
    encoding = media_type(item.places[0])
    taken: set[str] = set()
    fields: list[Json] = []
    for column, dtype in columns_of(item):
        field: Json = {
            "@type": "cr:Field",
            "@id": _unique(f"{name}#records/{_word(column)}", taken),
            "name": column,
            "source": {"fileObject": {"@id": name}},
        }
        if encoding in _BY_COLUMN:
            field["source"]["extract"] = {"column": column}
        if (known := data_type(dtype)) is not None:
            field["dataType"] = known
        fields.append(field)
    return {
        "@type": "cr:RecordSet",
        "@id": f"{name}#records",
        "name": f"{name} records",
        "field": fields,
    }


def _provenance(account: Account, item: Item) -> Json:
    run = account.maker(item)
    found: Json = {}
    sources = origin_of(run, item).sources if run else _named_sources(account, item)
    if sources:
        found["prov:wasDerivedFrom"] = [_entity(source) for source in sources]
    if run is not None:
        found["prov:wasGeneratedBy"] = [_activity(run)]
    return found


def _named_sources(account: Account, item: Item) -> list[Item]:
    return account.sources(item, Relation.WAS_DERIVED_FROM)


def _entity(item: Item) -> Json:
    found: Json = {"@type": "prov:Entity", "@id": item.iri, "prov:label": item.node.name}
    if (digest := sha256_of(item)) is not None:
        found["sha256"] = digest
        found["prov:specializationOf"] = {"@id": iri_of(bytes.fromhex(digest))}
    return found


def _activity(run: Run) -> Json:
    node = run.item.node
    found: Json = {"@type": "prov:Activity", "@id": run.item.iri, "prov:label": node.name}
    if node.started_at is not None:
        found["prov:startedAtTime"] = time_text(node.started_at)
    if node.ended_at is not None:
        found["prov:endedAtTime"] = time_text(node.ended_at)
    code = [run.code] if run.code is not None else []
    if used := [_entity(one) for one in (*run.inputs(), *code)]:
        found["prov:used"] = used
    if agents := run.agents():
        found["prov:wasAssociatedWith"] = [
            {"@type": "prov:Agent", "@id": one.iri, "prov:label": one.node.name} for one in agents
        ]
    if commit := run.facts(kinds.COMMIT).get("commit"):
        found["whence:commit"] = str(commit)
    return found
