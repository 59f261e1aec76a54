"""PROV-JSONLD read and written: the public suites, the `prov` library beside us, and our limits."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import jsonschema
import prov.model
import pyoxigraph
import pytest
from prov.serializers.provjsonld import load_vendored_context

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
from tests.support.scores import assert_score
from whence._base.errors import DocumentError
from whence.standards.prov.provjson import ProvJson
from whence.standards.prov.provjsonld import ProvJsonLd
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

FORMAT, JSON = ProvJsonLd(), ProvJson()
EX = "http://example.org/"

pytestmark = pytest.mark.usefixtures("quiet_library")

NOT_HELD = {
    "mention1": "mentionOf has no term",
    "mention2": "mentionOf has no term",
}


def documents() -> Iterator[tuple[str, bytes]]:
    """All that PROV-JSON holds of both suites."""
    for name, text in of_library("json", ""):
        yield name.removesuffix(".json"), text
    for name, text in of_southampton(".json").items():
        if not refusal(JSON, text):
            yield name, text


def test_every_document_of_the_suites_comes_back_but_mentions() -> None:
    changes, refused, count = {}, set(), 0
    for name, text in documents():
        count += 1
        document = read(JSON, text)
        if any(statement.kind == "mentionOf" for statement in document.statements):
            with pytest.raises(DocumentError, match="PROV-JSONLD can't hold mentionOf"):
                written(FORMAT, document)
            refused.add(name)
        elif difference := changed(FORMAT, document):
            changes[name] = difference
    assert changes == {}
    assert refused == set(NOT_HELD)
    gaps = {"PROV-JSONLD has no term for mentionOf": len(refused)}
    suite = "prov library and Southampton suite as PROV-JSONLD: written, read again"
    assert_score(suite, count - len(refused), count, gaps)


def test_what_we_write_is_valid_and_the_library_reads_it_as_we_meant() -> None:
    schema = json.loads((of_prov_library("schemas") / "prov-jsonld.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    invalid, differing = {}, []
    for at, (name, text) in enumerate(of_library("json", "")):
        if name.removesuffix(".json") in NOT_HELD:
            continue
        ours = written(FORMAT, read(JSON, text))
        theirs = prov.model.ProvDocument.deserialize(content=text.decode(), format="json")
        if prov.model.ProvDocument.deserialize(content=ours.decode(), format="jsonld") != theirs:
            differing.append(name)
        # The schema's many alternatives are slow to try: each fifth, and all but single attributes.
        if at % 5 == 0 or "_one_" not in name:
            error = jsonschema.exceptions.best_match(validator.iter_errors(json.loads(ours)))
            if error is not None:
                invalid[name] = error.message[:200]
    assert invalid == {}
    assert differing == []


def test_documents_of_other_tools_are_read() -> None:
    found = {name: read(FORMAT, text) for name, text in of_library("jsonld", ".jsonld")}
    ours, theirs = (
        unordered(found[name].statements)
        for name in ("submission-example-3.jsonld", "provtoolbox-mini-primer.jsonld")
    )
    # The toolbox's copy lost the text of Derek's mailbox.
    assert [key[1] for key in ours - theirs] == ["http://example/derek"]
    assert len(theirs - ours) == 1
    assert len(found) == 5
    assert [changed(FORMAT, document) for document in found.values()] == [""] * 5
    reference = found["provtoolbox-node-reference.jsonld"].statements
    assert list(reference)[1].attributes == (
        ("http://xmlns.com/foaf/0.1/pastProject", Name(EX + "shed")),
    )


STATEMENTS = [
    Statement("entity", EX + "e", (), (
        (PROV + "label", Literal("données", INTERNATIONALIZED, "fr")),
        (PROV + "label", Literal("7", XSD + "int")),
        (PROV + "type", Name(EX + "Model")),
        (PROV + "type", Literal("model")),
        (PROV + "value", Literal("0.10", XSD + "double")),
        (PROV + "role", Name(EX + "r")),
        (EX + "link", Name(EX + "x")),
    )),
    Statement("used", None, (EX + "a", EX + "e", None), ((PROV + "role", Name(EX + "r")),)),
    Statement("hadMember", None, (EX + "c", EX + "e"), (), EX + "b"),
]  # fmt: skip


def test_values_have_the_shape_of_the_submission() -> None:
    text = written(FORMAT, Document(STATEMENTS, {"ex": EX, "entity": "http://x/", "": EX}))
    tree = json.loads(text)
    assert tree["@graph"] == [
        {
            "@type": "Entity",
            "@id": "ex:e",
            "label": [{"@value": "données", "@language": "fr"}],
            "prov:label": [{"@value": "7", "@type": "xsd:int"}],
            "type": ["ex:Model", {"@value": "model"}],
            "value": [{"@value": "0.10", "@type": "xsd:double"}],
            "prov:role": [{"@id": "ex:r"}],
            "ex:link": [{"@id": "ex:x"}],
        },
        {"@type": "Usage", "activity": "ex:a", "entity": "ex:e", "role": ["ex:r"]},
        {
            "@type": "Bundle",
            "@id": "ex:b",
            "@context": [],
            "@graph": [{"@type": "Membership", "collection": "ex:c", "entity": "ex:e"}],
        },
    ]
    assert unordered(read(FORMAT, text).statements) == unordered(STATEMENTS)


def test_a_processor_of_json_ld_finds_the_terms_of_prov_o() -> None:
    tree = json.loads(written(FORMAT, Document(STATEMENTS[:2], {"ex": EX, "bad": "http://bad"})))
    tree["@context"][1] = load_vendored_context()
    quads = pyoxigraph.parse(json.dumps(tree).encode(), pyoxigraph.RdfFormat.JSON_LD)
    triples = {(str(q.predicate.value), str(getattr(q.object, "value", q.object))) for q in quads}
    assert (RDF + "type", PROV + "Entity") in triples
    assert (RDF + "type", EX + "Model") in triples
    assert (RDF + "type", PROV + "Usage") in triples
    assert (PROV + "entity", EX + "e") in triples
    assert (PROV + "hadRole", EX + "r") in triples
    assert (EX + "link", EX + "x") in triples
    assert any(predicate == PROV + "qualifiedUsage" for predicate, _ in triples)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{}", 'an array must stand at "@graph"'),
        ('{"@graph":[{"@type":"Mention"}]}', '$["@graph"][0]["@type"] expected a type'),
        ('{"@graph":[{"@type":"Entity"}]}', '$["@graph"][0]["@id"] expected a text, found null'),
        ('{"@graph":[{"@type":"Usage","entity":["prov:a"]}]}', '["entity"] expected a text'),
        ('{"@graph":[{"@type":"Usage","@context":{}}]}', "a keyword that a statement does not"),
        ('{"@graph":[{"@type":"Usage","prov:x":[{}]}]}', 'a value has neither "@value" nor "@id"'),
        ('{"@graph":[{"@type":"Bundle","@id":"prov:b","@graph":[1]}]}', '["@graph"][0]["@graph"]'),
        ('{"@graph":[{"@type":"Usage","@type":"Usage"}]}', "the key '@type' comes twice"),
        ('{"@graph":[{"@type":"Membership","entity":[]}]}', "expected at least one member"),
        (
            '{"@graph":[{"@type":"Usage","entity":"prov:a","prov:entity":"prov:a"}]}',
            '["prov:entity"] an argument is given twice',
        ),
        ('{"@graph":[' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_a_wrong_document_is_refused_with_the_place(text: str, reason: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read(FORMAT, text)
    assert reason in str(raised.value)


def test_a_mention_is_refused_before_anything_is_written() -> None:
    mention = Statement("mentionOf", None, (EX + "e", EX + "f", EX + "b"))
    out = io.BytesIO()
    with pytest.raises(DocumentError, match=r"can't hold mentionOf .*it has no term for it"):
        FORMAT.write(Document([*STATEMENTS, mention]), out)
    assert out.getvalue() == b""
