"""PROV-XML read and written: the public suites, the `prov` library beside us, and our limits."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable

import prov.model
import pytest
from lxml import etree

from tests.support.corpus import of_prov_library
from tests.support.prov_documents import (
    Unordered,
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
from whence.standards.prov.provxml import ProvXml
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    PROV,
    RDF,
    XSD,
    Document,
    Literal,
    Name,
    Statement,
)

FORMAT, JSON = ProvXml(), ProvJson()
EX = "http://example.org/"

pytestmark = pytest.mark.usefixtures("quiet_library")

NOT_PROV_XML = dict.fromkeys(
    ("bundle-fail1.xml", "bundle-success1.xml", "bundle-success2.xml"),
    "a bundle stands in prov:bundle, which PROV-XML does not have",
)
SUITE_DISAGREES = {
    "alternate1": "its .provx has the two of alternateOf in the other order than its .json",
    "primer": "its .provx has the two of alternateOf in the other order than its .json",
    "entity100": "its .json keeps PROV-N's backslashes in names",
}
LIBRARY_DIFFERS = {"example_33.xml": "the library takes the first of several members only"}
LIBRARY_REFUSES = dict.fromkeys(
    (f"example_{at}.xml" for at in (11, 12, 17, 22, 23, 24, 25, 27, 28, 37, 38, 39)),
    "a value of type xsd:QName without a prefix, which we keep by its text",
)
NOT_IN_THE_SCHEMA = {
    "an argument that the schema requires is not given": 18,
    "a datatype that XML Schema 1.0 does not have": 29,
}


def test_every_file_of_the_library_comes_back_as_it_was() -> None:
    files = [*of_library("xml", ".xml"), *of_library("unification", ".xml")]
    refused = {name for name, text in files if refusal(FORMAT, text)}
    assert refused == set(NOT_PROV_XML)
    changes = {n: changed(FORMAT, read(FORMAT, text)) for n, text in files if n not in refused}
    assert {name: change for name, change in changes.items() if change} == {}
    assert len(files) == 197
    gaps = {"records nested in prov:bundle, which PROV-XML does not have": 3}
    assert_score("prov library, PROV-XML: read, written, read again", 194, 197, gaps)


def test_every_case_of_southampton_comes_back_but_dictionaries() -> None:
    cases = of_southampton(".provx")
    refused = {name: why for name, text in cases.items() if (why := refusal(FORMAT, text))}
    assert all("of PROV-Dictionary stands, which is not held here" in w for w in refused.values())
    assert len(refused) == 73
    changes = {
        name: changed(FORMAT, read(FORMAT, text))
        for name, text in cases.items()
        if name not in refused
    }
    assert {name: change for name, change in changes.items() if change} == {}
    assert len(changes) == 404
    gaps = {"PROV-Dictionary, which is a Note of its own and not read": 73}
    assert_score("Southampton suite, PROV-XML: read, written, read again", 404, 477, gaps)


def test_every_document_of_prov_json_comes_back() -> None:
    changes = {name: changed(FORMAT, read(JSON, text)) for name, text in of_library("json", "")}
    assert {name: change for name, change in changes.items() if change} == {}


def test_the_cases_of_southampton_say_the_same_in_xml_and_in_json() -> None:
    xml, differing = of_southampton(".provx"), set()
    for name, text in of_southampton(".json").items():
        if name not in xml or refusal(JSON, text):
            continue
        ours = _spelled(read(FORMAT, xml[name]), _unescaped)
        if ours != _spelled(read(JSON, text), str):
            differing.add(name)
    assert differing == set(SUITE_DISAGREES)


def _spelled(document: Document, spell: Callable[[str], str]) -> Unordered:
    """The statements, their names spelled so, and literals of XML without white space between."""

    def value(one: Literal | Name) -> Literal | Name:
        if isinstance(one, Name):
            return Name(spell(one.iri))
        if one.datatype == RDF + "XMLLiteral":
            return Literal(re.sub(r">\s+<", "><", one.text.strip()), one.datatype)
        return one

    return unordered(
        Statement(
            s.kind,
            s.id and spell(s.id),
            tuple(a and spell(a) for a in s.arguments),
            tuple((spell(name), value(one)) for name, one in s.attributes),
            s.bundle and spell(s.bundle),
        )
        for s in document.statements
    )


def _unescaped(iri: str) -> str:
    """Without the escapes that the suite's maker puts into names in XML."""
    base, local = re.fullmatch(r"(.*[/#:])?(.*)", iri).groups("")  # type: ignore[union-attr]
    if re.match(r"_(?![A-Za-z_]|[0-9A-F]{2}_)", local):
        local = local[1:]
    escaped = re.compile(r"_(_|[0-9A-F]{2})")
    return base + escaped.sub(lambda m: "_" if m[1] == "_" else chr(int(m[1], 16)), local)


def test_the_library_reads_what_we_write_as_what_was_meant() -> None:
    differing = []
    for name, text in of_library("json", ""):
        theirs = prov.model.ProvDocument.deserialize(content=text.decode(), format="json")
        ours = written(FORMAT, read(JSON, text)).decode()
        if prov.model.ProvDocument.deserialize(content=ours, format="xml") != theirs:
            differing.append(name)
    assert differing == []


def test_we_and_the_library_read_the_same_in_its_files() -> None:
    differing, refused = set(), set()
    for name, text in [*of_library("xml", ".xml"), *of_library("unification", ".xml")]:
        if name in NOT_PROV_XML:
            continue
        try:
            theirs = prov.model.ProvDocument.deserialize(content=text, format="xml")
        except prov.Error:
            refused.add(name)
            continue
        if to_prov(read(FORMAT, text)) != theirs:
            differing.add(name)
    assert differing == set(LIBRARY_DIFFERS)
    assert refused == set(LIBRARY_REFUSES)


def test_what_we_write_is_valid_but_for_what_the_schema_has_no_place_for() -> None:
    schema = etree.XMLSchema(etree.parse(of_prov_library("schemas") / "prov.xsd"))
    found: Counter[str] = Counter()
    for _, text in of_library("json", ""):
        valid = schema.validate(etree.fromstring(written(FORMAT, read(JSON, text))))
        found.update({"valid"} if valid else {_why_invalid(e.message) for e in schema.error_log})
    assert found == {"valid": 398 - sum(NOT_IN_THE_SCHEMA.values()), **NOT_IN_THE_SCHEMA}
    gaps = {
        "datatypes that XML Schema 1.0 does not have": 29,
        "the document lacks an argument that the schema wants": 18,
    }
    assert_score(
        "PROV-XML schema, of what we write for the prov library's documents", 351, 398, gaps
    )


def _why_invalid(message: str) -> str:
    if re.search("(yearMonthDuration|dayTimeDuration|XMLLiteral).* does not resolve", message):
        return "a datatype that XML Schema 1.0 does not have"
    if message.endswith("The type definition is absent."):
        return "a datatype that XML Schema 1.0 does not have"
    if "Missing child element" in message or "This element is not expected" in message:
        return "an argument that the schema requires is not given"
    return message


STATEMENTS = [
    Statement("entity", EX + "e", (), (
        (EX + "1st (&)", Literal(" a\r\n\t<b> ]]> ")),
        (PROV + "value", Literal("0.10", XSD + "double")),
        (PROV + "type", Name(PROV + "Person")),
        (PROV + "label", Literal("données", INTERNATIONALIZED, "fr")),
        (PROV + "label", Literal("", INTERNATIONALIZED)),
        (EX + "_x0041_", Literal("yes", XSD + "boolean")),
        (EX + "same", Literal("s")),
        (EX + "same", Literal("s")),
    )),
    Statement("activity", EX + "a", ("2026-01-01T00:00:00.000Z", None), (), EX + "b"),
    Statement("wasGeneratedBy", None, (EX + "e?q=1&r=\"'", EX + "a", None), (), EX + "b"),
    Statement("mentionOf", None, (EX + "e", EX + "f", EX + "b")),
]  # fmt: skip


def test_texts_names_and_types_come_back_to_the_letter() -> None:
    document = Document(iter(STATEMENTS), {"ex": EX, "": "http://d/", "xml1": "http://x/"}, [EX])
    again = read(FORMAT, written(FORMAT, document))
    assert unordered(again.statements) == unordered(STATEMENTS)
    assert again.bundles == (EX,)
    assert again.namespaces == {"ex": EX}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE d [<!ENTITY x 'y'>]><d>&x;</d>", "at line 1 a DTD stands"),
        ("", "line 1, column 1 is not XML (no element found)"),
        ("<d/>", "at line 1 the element 'd' stands, expected prov:document"),
        ("<p:document xmlns:p='{}'>\n<p:agent/></p:document>", "line 2 a prov:agent has no"),
        ("<p:document xmlns:p='{}'><p:x/></p:document>", "prov:x stands, which is no element of"),
        ("<p:document xmlns:p='{}'>text</p:document>", "the text 'text' stands between elements"),
        ("<p:document xmlns:p='{}'><x/></p:document>", "'x' stands, expected one of PROV's"),
        (
            "<p:document xmlns:p='{}'><p:used><p:entity p:ref='x:y'/></p:used></p:document>",
            "the prefix of 'x:y' is not declared",
        ),
        (
            "<p:document xmlns:p='{}'><p:entity p:id='p:e'><p:label><b/></p:label></p:entity>"
            "</p:document>",
            "the element 'b' stands in a value",
        ),
        (
            "<p:document xmlns:p='{}'><p:used><p:time>1</p:time><p:time>2</p:time></p:used>"
            "</p:document>",
            "has one of its arguments twice",
        ),
        ("<?xml version='1.0' encoding='nonsense'?><d/>", "unknown encoding"),
        ("<p:document xmlns:p='{}'>" + "<p:other>" * 100_000, "not XML (no element found)"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_refused_with_the_line(text: str, reason: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read(FORMAT, text.replace("{}", PROV))
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (Statement("entity", "_:e"), "PROV-XML can't hold the blank node _:e"),
        (Statement("entity", EX, (), ((EX + "a", Literal("\x00")),)), "the character U+0000"),
        (Statement("entity", EX + "e", (), ((EX, Literal("x")),)), "ends with its namespace"),
        (Statement("entity"), "has no id"),
        (Statement("hasFriend"), "is no kind of PROV statement"),
    ],
)
def test_what_xml_has_no_place_for_is_refused_before_anything_is_written(
    statement: Statement, reason: str
) -> None:
    out = io.BytesIO()
    with pytest.raises(DocumentError) as raised:
        FORMAT.write(Document([*STATEMENTS, statement], {"ex": EX}), out)
    assert reason in str(raised.value)
    assert out.getvalue() == b""


def test_elements_that_say_a_type_and_literals_of_xml_are_read() -> None:
    document = read(
        FORMAT,
        f"""<document xmlns="{PROV}" xmlns:prov="{PROV}" xmlns:x="{EX}" xmlns:rdf="{RDF}"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <plan prov:id="x:p"><x:m xsi:type="rdf:XMLLiteral"><x:a b="&lt;"><c/>&amp;</x:a></x:m>
        </plan>
        <wasRevisionOf><generatedEntity prov:ref="x:q"/><usedEntity prov:ref="x:p"/></wasRevisionOf>
        <hadMember><collection prov:ref="x:c"/><entity prov:ref="x:1"/><entity prov:ref="x:2"/>
        </hadMember><other><anything><at all="1"/></anything></other></document>""",
    )
    assert document.statements == [
        Statement("entity", EX + "p", (), (
            (PROV + "type", Name(PROV + "Plan")),
            (EX + "m", Literal('<x:a b="&lt;"><c/>&amp;</x:a>', RDF + "XMLLiteral")),
        )),
        Statement(
            "wasDerivedFrom", None, (EX + "q", EX + "p", None, None, None),
            ((PROV + "type", Name(PROV + "Revision")),),
        ),
        Statement("hadMember", None, (EX + "c", EX + "1")),
        Statement("hadMember", None, (EX + "c", EX + "2")),
    ]  # fmt: skip
