"""Whatever the bytes, a reader gives a document or says what is wrong with it; nothing else."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.prov_documents import of_library, unordered
from whence._base.errors import DocumentError
from whence.standards.prov.format import ProvFormat
from whence.standards.prov.provjson import ProvJson
from whence.standards.prov.provjsonld import ProvJsonLd
from whence.standards.prov.provxml import ProvXml
from whence.standards.prov.signature import SIGNATURES
from whence.standards.prov.statement import PROV, Document

FORMATS: list[ProvFormat] = [ProvJson(), ProvJsonLd(), ProvXml()]
JSONS = FORMATS[:2]

WORDS = st.sampled_from(
    ["prefix", "default", "bundle", "entity", "used", "wasDerivedFrom", "hadMember", "_:b", "e:x"]
    + [f"prov:{name}" for name in ("entity", "activity", "time", "generation", "label")]
    + ["$", "type", "lang", "xsd:int", "xsd:QName", "http://x/", "", "label", "time"]
    + [f"@{key}" for key in ("graph", "type", "id", "context", "value", "language", "vocab")]
    + ["Entity", "Usage", "Bundle", "Membership"]
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)
LEAVES = st.none() | st.booleans() | st.floats() | WORDS
VALUES = (
    LEAVES
    | st.lists(LEAVES, max_size=3)
    | st.fixed_dictionaries(
        {}, optional={"$": LEAVES, "type": WORDS, "lang": WORDS, "@value": LEAVES, "@id": WORDS}
    )
)
RECORDS = st.dictionaries(WORDS | st.just("e:n"), VALUES, max_size=4)
GROUPS = st.dictionaries(
    st.sampled_from(sorted(SIGNATURES)),
    st.dictionaries(WORDS, RECORDS | st.lists(RECORDS, max_size=2), max_size=3),
    max_size=4,
)


def outcome(prov_format: ProvFormat, text: bytes) -> Document | str:
    """The document, or the sentence of the error."""
    try:
        return prov_format.read(io.BytesIO(text))
    except DocumentError as error:
        said = str(error)
    assert said.startswith(("Not PROV", "PROV"))
    assert len(said) < 700
    return said


def survives(prov_format: ProvFormat, text: bytes) -> None:
    """What is read can be written, where the format holds it, and read again as the same."""
    document = outcome(prov_format, text)
    if isinstance(document, str):
        return
    out = io.BytesIO()
    try:
        prov_format.write(document, out)
    except DocumentError:
        return
    again = prov_format.read(io.BytesIO(out.getvalue()))
    assert unordered(again.statements) == unordered(document.statements)


@pytest.mark.parametrize("prov_format", FORMATS, ids=lambda f: f.name)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes(prov_format: ProvFormat, text: bytes) -> None:
    outcome(prov_format, text)


@pytest.mark.parametrize("prov_format", JSONS, ids=lambda f: f.name)
@settings(max_examples=300)
@given(TREES)
def test_any_json(prov_format: ProvFormat, tree: Any) -> None:
    survives(prov_format, json.dumps(tree).encode())


@settings(max_examples=400)
@given(GROUPS, st.dictionaries(WORDS, GROUPS, max_size=1))
@example({"used": {"_:b": {"prov:time": "\ud800"}}}, {})
def test_documents_almost_as_they_should_be(groups: dict[str, Any], bundles: Any) -> None:
    tree = {"prefix": {"e": "http://e/", "default": "http://d/"}, "bundle": bundles, **groups}
    survives(ProvJson(), json.dumps(tree).encode())


@settings(max_examples=300)
@given(
    st.lists(
        st.builds(
            lambda kind, id_, record: {**record, "@type": kind, "@id": id_},
            st.sampled_from(["Entity", "Usage", "prov:Derivation", "Membership", "Start"]),
            WORDS,
            RECORDS,
        ),
        max_size=4,
    )
)
def test_graphs_almost_as_they_should_be(graph: list[Any]) -> None:
    tree = {"@context": [{"e": "http://e/", "@vocab": "http://d/"}], "@graph": graph}
    survives(ProvJsonLd(), json.dumps(tree).encode())


@pytest.mark.parametrize("prov_format", FORMATS, ids=lambda f: f.name)
def test_deep_nesting_is_refused(prov_format: ProvFormat) -> None:
    deep = 200_000
    start = f'<p:document xmlns:p="{PROV}">'
    for text in (
        "[" * deep,
        '{"entity":' * deep,
        '{"@graph":[' * deep,
        '{"entity":{"prov:a":{"prov:b":' + "[" * deep + "]" * deep + "}}}",
        start + "<p:bundleContent p:id='p:b'>" * deep,
        start + "<p:entity p:id='p:e'><p:label>" + "<x>" * deep,
    ):
        assert isinstance(outcome(prov_format, text.encode()), str)


@pytest.mark.parametrize("prov_format", FORMATS, ids=lambda f: f.name)
def test_a_document_cut_short_anywhere_is_refused(prov_format: ProvFormat) -> None:
    whole = dict(of_library("json", ".json"))["bundle4.json"]
    out = io.BytesIO()
    prov_format.write(ProvJson().read(io.BytesIO(whole)), out)
    text = out.getvalue().rstrip()
    said = Counter(type(outcome(prov_format, text[:length])) for length in range(len(text)))
    assert said == {str: len(text)}


def test_entities_of_xml_do_not_grow() -> None:
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    text = f'<!DOCTYPE d [{entities}]><p:document xmlns:p="{PROV}">&j;</p:document>'
    assert outcome(ProvXml(), text.encode()) == (
        "Not PROV-XML: at line 1 a DTD stands, which is not read here; remove the DOCTYPE."
    )
