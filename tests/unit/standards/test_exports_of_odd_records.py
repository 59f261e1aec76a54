"""What others say of a thing may be of any type: an export copes, or says what is wrong."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import pytest

from whence.journal.home import create_store
from whence.model.kind import NodeType
from whence.service.exporting import excerpt_of, whole
from whence.service.importing import import_document
from whence.service.index import open_store
from whence.standards.format import named
from whence.standards.prov.statement import PROV, Document, Literal, Name, Statement
from whence.standards.record.literal import literal
from whence.standards.record.names import ATTRIBUTE, key_iri
from whence.standards.vocabulary import terms

FORMATS = ("ro-crate", "openlineage", "cyclonedx", "croissant", "model-card", "prov-json")

ODD: tuple[Any, ...] = (
    7, -1.5, True, "text", "", [], [[]], [None, 1, {"a": []}], {}, {"x": {"y": 1}}, b"\xff", None,
    "\x00\x85|`<b>%20 \U0001f600", 2**200, float("nan"), "http://[", "//x",
)  # fmt: skip

KEYS = (
    "columns", "dtypes", "shape", "packages", "command", "remote", "commit", "python", "error",
    "message", "class", "library", "version", "feature_names", "places", "file", "line", "os",
    "env.X", "format",
)  # fmt: skip


def _thing(kind: str, type_: NodeType, said: dict[str, Any]) -> Statement:
    times = ("2026-01-01T00:00:00Z", None) if type_ is NodeType.ACTIVITY else ()
    attributes = (
        (PROV + "type", Name(terms.class_of(kind, type_))),
        (PROV + "label", literal(said["name"])),
        *((key_iri(ATTRIBUTE, key), literal(value)) for key, value in said.items()),
    )
    if kind == "dataset":
        attributes += (
            (terms.DIGEST, Literal("sha256:" + "0" * 64)),
            (terms.PATH, Literal("/data/odd name.csv")),
        )
    return Statement(type_.term, f"http://example.org/{kind}", times, attributes)


def _document(value: Any) -> Document:
    said = dict.fromkeys(KEYS, value) | {"name": value if isinstance(value, str) else "name"}
    base, entity = "http://example.org/", NodeType.ENTITY
    uses = ("file", "code", "commit", "environment")
    return Document(
        [
            _thing("run", NodeType.ACTIVITY, said),
            *(_thing(kind, entity, said) for kind in (*uses, "model", "dataset", "directory")),
            *(Statement("used", None, (base + "run", base + kind, None)) for kind in uses),
            *(
                Statement("wasGeneratedBy", None, (base + kind, base + "run", None))
                for kind in ("model", "dataset", "directory")
            ),
        ]
    )


@pytest.mark.parametrize("number", range(len(ODD)))
def test_no_value_of_an_attribute_breaks_an_export(number: int, tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    with open_store(store) as index:
        import_document(store, index, _document(ODD[number]))
    with open_store(store) as index:
        model = next(node for node in index.iterate() if node.kind == "model")
        for format, excerpt in itertools.product(FORMATS, (whole(index), excerpt_of(index, model))):
            if format != "croissant" or not excerpt.subjects:
                named(format).export(excerpt, io.BytesIO())
