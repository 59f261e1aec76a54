"""PROV-JSON read and written: the public suites, the `prov` library beside us, and our limits."""

from __future__ import annotations

import copy
import io
import json
import random
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema
import prov.model
import pytest

from benchmarks import prov_json
from tests.support.corpus import of_prov_library
from tests.support.prov_documents import (
    changed,
    of_library,
    of_southampton,
    read,
    refusal,
    unordered,
    written,
)
from tests.support.prov_library import to_prov
from tests.support.scores import assert_score
from whence._base.errors import DocumentError
from whence.standards.prov.provjson import ProvJson
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    PROV,
    XSD,
    Document,
    Literal,
    Name,
    Statement,
)

FORMAT = ProvJson()
EX = "http://example.org/"

pytestmark = pytest.mark.usefixtures("quiet_library")


def test_every_file_of_the_library_comes_back_as_it_was() -> None:
    results = {name: changed(FORMAT, read(FORMAT, text)) for name, text in of_library("json", "")}
    assert {name: result for name, result in results.items() if result} == {}
    assert len(results) == 398
    assert_score("prov library, PROV-JSON: read, written, read again", 398, 398)


def test_every_case_of_southampton_comes_back_but_dictionaries() -> None:
    cases = of_southampton(".json")
    refused = {name: why for name, text in cases.items() if (why := refusal(FORMAT, text))}
    assert all("of PROV-Dictionary stands, which is not held here" in w for w in refused.values())
    assert set(refused) == {name for name in cases if "dict" in name.lower()} - {
        "dictionaryMembership1-M", "dictionaryMembership1-S",
    }  # fmt: skip
    assert len(refused) == 73
    results = {
        name: changed(FORMAT, read(FORMAT, text))
        for name, text in cases.items()
        if name not in refused
    }
    assert {name: result for name, result in results.items() if result} == {}
    assert len(results) == 405
    gaps = {"PROV-Dictionary, which is a Note of its own and not read": 73}
    assert_score("Southampton suite, PROV-JSON: read, written, read again", 405, 478, gaps)


def test_we_and_the_library_read_the_same_in_every_file() -> None:
    differing = []
    for name, text in of_library("json", ""):
        theirs = prov.model.ProvDocument.deserialize(content=text.decode(), format="json")
        if to_prov(read(FORMAT, text)) != theirs:
            differing.append(name)
    assert differing == []


def test_the_library_reads_what_we_write_as_what_we_read() -> None:
    differing = []
    for name, text in of_library("json", ""):
        theirs = prov.model.ProvDocument.deserialize(content=text.decode(), format="json")
        ours = written(FORMAT, read(FORMAT, text)).decode()
        if prov.model.ProvDocument.deserialize(content=ours, format="json") != theirs:
            differing.append(name)
    assert differing == []


NOT_IN_THE_SCHEMA = {
    "several records of one id": 28,
    "an argument that the schema requires is not given": 16,
}


def test_what_we_write_is_valid_but_for_what_the_schema_has_no_place_for() -> None:
    validator = _schema()
    found: Counter[str] = Counter()
    for _, text in of_library("json", ""):
        ours = json.loads(written(FORMAT, read(FORMAT, text)))
        found.update({_why_invalid(error) for error in validator.iter_errors(ours)} or {"valid"})
    assert found == {"valid": 354, **NOT_IN_THE_SCHEMA}
    gaps = {
        "the schema allows one record under an id": 28,
        "the document lacks an argument that the schema wants": 16,
    }
    assert_score(
        "PROV-JSON schema, of what we write for the prov library's documents", 354, 398, gaps
    )


def _why_invalid(error: Any) -> str:
    if error.validator == "required":
        return "an argument that the schema requires is not given"
    if error.validator == "type" and isinstance(error.instance, list):
        return "several records of one id"
    return str(error.message)


def _schema() -> Any:
    """The submission's schema, with wasEndedBy spelled right and the later mentionOf."""
    schema = json.loads((of_prov_library("schemas") / "prov-json.schema.json").read_text())
    for part in (schema, schema["definitions"]["bundle"]):
        part["properties"]["wasEndedBy"] = part["properties"].pop("wasEndedby")
        part["properties"]["mentionOf"] = {"type": "object"}
    return jsonschema.Draft4Validator(schema)


def test_every_malformed_document_is_refused_with_the_place() -> None:
    refused = {name: refusal(FORMAT, text) for name, text in of_library("malformed", ".json")}
    assert refused == {
        "bad_bundle_shape.json": 'Not PROV-JSON: at $["bundle"] expected an object, found a text.',
        "bad_prefix_map.json": 'Not PROV-JSON: at $["prefix"] expected an object, found a text.',
        "bad_record_content.json": (
            'Not PROV-JSON: at $["entity"]["ex:e1"] the prefix of \'ex:e1\' is not declared.'
        ),
        "bad_record_shape.json": 'Not PROV-JSON: at $["entity"] expected an object, found a text.',
        "bad_typed_literal.json": (
            'Not PROV-JSON: at $["entity"]["ex:e1"]["ex:attr"] a value has no "$".'
        ),
        "empty.json": "Not PROV-JSON: line 1, column 1 is not JSON (Expecting value).",
        "not_json.json": (
            "Not PROV-JSON: line 1, column 2 is not JSON "
            "(Expecting property name enclosed in double quotes)."
        ),
        "top_level_list.json": "Not PROV-JSON: at $ expected an object, found an array.",
        "top_level_scalar.json": "Not PROV-JSON: at $ expected an object, found the number 5.",
        "unknown_record_type.json": (
            'Not PROV-JSON: at $["notarealtype"] expected a kind of PROV statement, such as '
            "entity or wasGeneratedBy."
        ),
    }


STATEMENTS = [
    Statement("wasGeneratedBy", EX + "g", (EX + "e", EX + "a", "2026-01-01T00:00:00.120Z")),
    Statement("entity", EX + "e", (), (
        (EX + "loss", Literal("0.10000000000000000555", XSD + "double")),
        (EX + "loss", Literal("0.1", XSD + "double")),
        (PROV + "label", Literal("données", INTERNATIONALIZED, "fr")),
        (PROV + "type", Name("http://other.org/ns#Model")),
        (PROV + "type", Literal("text \x00 \ud800 \"'", XSD + "string")),
    )),
    Statement("entity", EX + "e", (), ((EX + "again", Literal("1", XSD + "long")),), EX + "b"),
    Statement("entity", EX + "e", (), ((EX + "again", Literal("1", XSD + "long")),), EX + "b"),
    Statement("entity", EX + "e", (), ((EX + "other", Literal("x")),), EX + "b"),
    Statement("used", None, (EX + "a", EX + "e", None)),
    Statement("used", None, (EX + "a", EX + "e", None)),
    Statement("wasDerivedFrom", None, (EX + "e", EX + "d", None, "_:g1", None)),
    Statement("wasGeneratedBy", "_:g1", (EX + "e", None, None)),
]  # fmt: skip


def test_statements_in_any_order_come_back_by_kind_and_bundle() -> None:
    document = Document(iter(STATEMENTS), {"ex": EX, "": "http://other.org/ns#"}, [EX + "empty"])
    text = written(FORMAT, document)
    again = read(FORMAT, text)
    assert unordered(again.statements) == unordered(STATEMENTS)
    assert again.bundles == (EX + "empty",)
    assert again.namespaces == {"ex": EX, "": "http://other.org/ns#"}
    tree = json.loads(text)
    assert tree["bundle"]["ex:b"] == {
        "entity": {
            "ex:e": [
                {"ex:again": {"$": "1", "type": "xsd:long"}},
                {"ex:again": {"$": "1", "type": "xsd:long"}},
                {"ex:other": "x"},
            ]
        }
    }
    assert tree["entity"]["ex:e"]["prov:type"] == [
        {"$": "Model", "type": "xsd:QName"},
        "text \x00 \ud800 \"'",
    ]


def test_numbers_of_json_get_their_datatype_and_keep_their_text() -> None:
    numbers = "[1, -2147483649, 9223372036854775808, 1.10, 2E400, true, " + "7" * 5000 + "]"
    start = '{"prefix":{"x":"http://x/"},"entity":{"x:e":{"x:n":'
    document = read(FORMAT, start + numbers + "}}}")
    (entity,) = document.statements
    assert [value for _, value in entity.attributes] == [
        Literal("1", XSD + "int"),
        Literal("-2147483649", XSD + "long"),
        Literal("9223372036854775808", XSD + "integer"),
        Literal("1.10", XSD + "double"),
        Literal("2E400", XSD + "double"),
        Literal("true", XSD + "boolean"),
        Literal("7" * 5000, XSD + "integer"),
    ]


def test_prefixes_may_come_after_their_names_and_bundles_have_their_own() -> None:
    document = read(
        FORMAT,
        '{"bundle":{"b:x":{"entity":{"y:e":{}},"prefix":{"b":"http://b/"}}},'
        '"prefix":{"y":"http://y/"}}',
    )
    assert document.statements == [Statement("entity", "http://y/e", bundle="http://b/x")]
    assert document.namespaces == {"y": "http://y/", "b": "http://b/"}


def test_a_collection_with_several_members_is_one_statement_for_each() -> None:
    document = read(
        FORMAT,
        '{"prefix":{"default":"http://d/"},'
        '"hadMember":{"_:m":{"prov:entity":["a","b"],"prov:collection":"c"}}}',
    )
    assert document.statements == [
        Statement("hadMember", None, ("http://d/c", "http://d/a")),
        Statement("hadMember", None, ("http://d/c", "http://d/b")),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"entity":{"prov:a":{},"prov:a":{}}}', "the key 'prov:a' comes twice"),
        ('{"used":{"_:u":{"prov:entity":["prov:a","prov:b"]}}}', "expected one value, found 2"),
        (
            '{"prefix":{"p":"http://www.w3.org/ns/prov#"},'
            '"used":{"_:u":{"prov:entity":"prov:a","p:entity":"prov:b"}}}',
            '$["used"]["_:u"]["p:entity"] an argument is given twice',
        ),
        ('{"entity":{"nothing":{}}}', "has no prefix and there is no default namespace"),
        ('{"entity":{"prov:a":{"prov:b":null}}}', '$["entity"]["prov:a"]["prov:b"] expected a val'),
        ('{"entity":{"prov:a":{"prov:b":{"$":"x","kind":1}}}}', "the unknown key 'kind'"),
        ('{"bundle":{"prov:b":{"bundle":{}}}}', '$["bundle"]["prov:b"]["bundle"] a bundle stands'),
        ('{"entity":{"prov:a":[{},3]}}', '$["entity"]["prov:a"][1] expected an object'),
        ("[" * 100_000, "nested too deeply"),
        ('{"entity":{"prov:a":{"prov:b":' + "[" * 500 + "]" * 500 + "}}}", "found an array"),
        ("\udcff", "byte 0 is not UTF-8"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_refused_with_the_place(text: str, reason: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read(FORMAT, text.encode("utf-8", "surrogateescape"))
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (Statement("entity"), "An element of kind entity has no id; give it one."),
        (Statement("hasFriend", None, (EX,)), "'hasFriend' is no kind of PROV statement."),
        (Statement("agent", EX, (EX,)), "A agent takes at most 0 arguments."),
        (Statement("entity", "no-iri"), "The name 'no-iri' is no whole IRI"),
        (
            Statement("used", None, (EX, EX, None), ((PROV + "entity", Name(EX)),)),
            "which PROV-JSON can't tell from its argument of that name",
        ),
    ],
)
def test_a_statement_that_does_not_fit_is_refused_before_anything_is_written(
    statement: Statement, reason: str
) -> None:
    out = io.BytesIO()
    with pytest.raises(DocumentError) as raised:
        FORMAT.write(Document([STATEMENTS[0], statement]), out)
    assert reason in str(raised.value)
    assert out.getvalue() == b""


def test_writing_needs_little_memory_however_long_the_document() -> None:
    class Counting(io.RawIOBase):
        length = 0

        def write(self, data: Any) -> int:
            self.length += len(data)
            return len(data)

    out = Counting()
    tracemalloc.start()
    try:
        FORMAT.write(Document(_many(50_000), {"ex": EX}), out)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert out.length > 20_000_000
    assert peak < 16_000_000


def _many(count: int) -> Iterator[Statement]:
    note = "n" * 400
    for number in range(count):
        yield Statement("entity", f"{EX}{number}", (), ((EX + "note", Literal(note)),))


def test_ids_that_repeat_across_what_was_put_by_become_lists() -> None:
    numbers = [random.Random(7).randrange(20_000) for _ in range(30_000)]
    statements = [
        Statement("entity", f"{EX}{n}", (), ((EX + "at", Literal(str(at) + "x" * 400)),))
        for at, n in enumerate(numbers)
    ]
    again = read(FORMAT, written(FORMAT, Document(copy.copy(statements), {"ex": EX})))
    assert Counter(again.statements) == Counter(statements)


def test_the_benchmark_compares_the_same_document() -> None:
    ours, theirs = (
        prov.model.ProvDocument.deserialize(content=make(800).decode(), format="json")
        for make in (prov_json.ours, prov_json.theirs)
    )
    assert len(ours.get_records()) == 800
    assert ours == theirs
