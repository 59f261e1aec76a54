"""PROV-O in Turtle, TriG and N-Quads: what is written, what is read, and what is refused."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator

import pyoxigraph
import pytest

from tests.support.rdf import FORMATS, Format, read, told, written
from whence._base.errors import DocumentError, MissingExtraError
from whence.standards.prov.rdf import NQuads, Trig, Turtle, project
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    PROV,
    RDFS,
    XSD,
    Document,
    Literal,
    Name,
    Statement,
    Value,
)

EX = "http://example.org/"
NAMESPACES = {"ex": EX}
TIME = "2026-11-20T10:00:00.000Z"


def turtle(*statements: Statement) -> str:
    """The statements in Turtle, after the prefixes."""
    text = written(Document(statements, NAMESPACES), Turtle()).decode()
    return text.partition("\n\n")[2]


def read_turtle(text: str) -> list[Statement]:
    prefixes = f"@prefix ex: <{EX}> . @prefix prov: <{PROV}> . @prefix xsd: <{XSD}> .\n"
    return list(read(prefixes + text, Turtle()).statements)


def a(kind: str, *arguments: str | None, id: str | None = None, **attributes: Value) -> Statement:
    return Statement(
        kind,
        id and EX + id,
        tuple(each and (each if each == TIME else EX + each) for each in arguments),
        tuple((PROV + name, value) for name, value in attributes.items()),
    )


def test_an_element_is_typed_and_its_attributes_are_prov_os() -> None:
    statement = a(
        "activity", TIME, None, id="a", label=Literal("run"), type=Name(EX + "Training"),
        location=Name(EX + "lab"), value=Literal("1", XSD + "int"),
    )  # fmt: skip
    assert turtle(statement) == (
        "ex:a a prov:Activity ;\n"
        f'    prov:startedAtTime "{TIME}"^^xsd:dateTime ;\n'
        '    rdfs:label "run" ;\n'
        "    a ex:Training ;\n"
        "    prov:atLocation ex:lab ;\n"
        '    prov:value "1"^^xsd:int .\n'
    )


def test_a_relation_that_says_no_more_is_the_plain_property() -> None:
    assert turtle(a("used", "a", "e", None)) == "ex:a prov:used ex:e .\n"
    assert turtle(a("mentionOf", "s", "g", "b")) == (
        "ex:s prov:mentionOf ex:g ;\n    prov:asInBundle ex:b .\n"
    )


def test_a_relation_that_says_more_has_a_node_beside_the_plain_property() -> None:
    assert turtle(a("used", "a", "e", TIME, id="u", role=Literal("train"))) == (
        "ex:a prov:used ex:e ;\n    prov:qualifiedUsage ex:u .\n"
        "ex:u a prov:Usage ;\n    prov:entity ex:e ;\n"
        f'    prov:atTime "{TIME}"^^xsd:dateTime ;\n    prov:hadRole "train" .\n'
    )
    assert turtle(a("wasAssociatedWith", "a", None, "p")) == (
        "ex:a prov:qualifiedAssociation _:q-1 .\n"
        "_:q-1 a prov:Association ;\n    prov:hadPlan ex:p .\n"
    )


def test_a_revision_has_its_own_properties_beside_those_of_every_derivation() -> None:
    assert turtle(a("wasDerivedFrom", "n", "o", type=Name(PROV + "Revision"))) == (
        "ex:n prov:wasDerivedFrom ex:o ;\n    prov:qualifiedDerivation _:q-1 ;\n"
        "    prov:qualifiedRevision _:q-1 ;\n    prov:wasRevisionOf ex:o .\n"
        "_:q-1 a prov:Derivation ;\n    prov:entity ex:o ;\n    a prov:Revision .\n"
    )


def test_a_bundle_is_a_named_graph_that_says_it_is_a_bundle() -> None:
    document = Document([Statement("entity", EX + "e", bundle=EX + "b")], NAMESPACES, [EX + "c"])
    text = written(document, Trig()).decode().partition("\n\n")[2]
    assert text == (
        "\nex:b {\nex:b a prov:Bundle .\nex:e a prov:Entity .\n}\n"
        "\nex:c {\nex:c a prov:Bundle .\n}\n"
    )
    for form in FORMATS[1:]:
        assert told(read(written(document, form), form)) == told(document)


def test_turtle_refuses_bundles_and_names_the_formats_that_hold_them() -> None:
    for document in (
        Document([Statement("entity", EX + "e", bundle=EX + "b")]),
        Document([], bundles=[EX + "b"]),
    ):
        with pytest.raises(DocumentError, match=r"bundle http://example.org/b. Write TriG, or"):
            written(document, Turtle())


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (a("alternateOf", "x", "y", id="i"), "no id and no attributes"),
        (a("hadMember", "x", None), "lacks one of the two things"),
        (Statement("entity", EX + "a b"), "no absolute IRI"),
        (Statement("entity", "e"), "no absolute IRI"),
        (Statement("entity"), "it has no id"),
        (Statement("entity", "_:a b"), "no blank node"),
        (Statement("insertedInto", EX + "e"), "PROV-O has no 'insertedInto'"),
        (a("entity", id="e", used=Name(EX + "x")), "prov:used=http://example.org/x would read"),
        (a("entity", id="e", type=Name(PROV + "Usage")), "prov:type=prov:Usage would read"),
        (a("used", "x", "y", None, atTime=Literal(TIME, XSD + "dateTime")), "prov:atTime would"),
        (a("entity", id="e", label=Literal("\ud800")), "half of a character"),
        (a("entity", id="e", label=Literal("x", INTERNATIONALIZED, "e n")), "no language"),
    ],
)
def test_what_rdf_cant_hold_is_refused_with_the_reason(statement: Statement, reason: str) -> None:
    for form in FORMATS:
        with pytest.raises(DocumentError) as caught:
            written(Document([statement]), form)
        assert reason in str(caught.value)
        assert "can't be written as RDF" in str(caught.value)


def test_doubles_are_spelled_as_xsd_wants() -> None:
    values = [Literal(text, XSD + "double") for text in ("inf", "-inf", "nan", "1e400", "INF")]
    statement = Statement("entity", EX + "e", (), tuple((EX + "v", value) for value in values))
    (back,) = read_turtle(turtle(statement))
    texts = [value.text for _, value in back.attributes if isinstance(value, Literal)]
    assert texts == ["INF", "-INF", "NaN", "1e400"]


def test_a_prefix_that_turtle_cant_hold_or_that_hides_prov_is_worked_around() -> None:
    namespaces = {"a b": "http://x/", "ok": "not an iri", "prov": "http://other/", "": EX}
    document = Document([Statement("entity", EX + "e")], namespaces)
    assert written(document, Turtle()).decode().splitlines()[-1] == f":e a <{PROV}Entity> ."
    assert told(read(written(document, Turtle()), Turtle())) == told(document)


def test_prefixes_are_kept() -> None:
    document = Document([Statement("entity", EX + "e")], NAMESPACES)
    assert read(written(document, Turtle()), Turtle()).namespaces == {
        "prov": PROV, "xsd": XSD, "rdfs": RDFS, "ex": EX,
    }  # fmt: skip


def test_the_first_statements_are_out_before_the_last_are_asked_for() -> None:
    class Out(io.BytesIO):
        asked_at_first_write = 0

        def write(self, data: object) -> int:
            self.asked_at_first_write = self.asked_at_first_write or asked
            return 0

    asked = 0

    def many() -> Iterator[Statement]:
        nonlocal asked
        for asked in range(20_000):
            yield Statement("entity", f"{EX}{asked}")

    for form in FORMATS:
        asked, out = 0, Out()
        form.write(Document(many()), out)
        assert 0 < out.asked_at_first_write < 2_000


def test_a_store_answers_over_what_is_projected() -> None:
    statements = [
        a("used", "train", "data", TIME, id="u", role=Literal("in")),
        a("wasGeneratedBy", "model", "train", None),
        Statement("entity", EX + "model", bundle=EX + "b"),
    ]
    store = pyoxigraph.Store()
    store.bulk_load(b"".join(project(statements)), format=pyoxigraph.RdfFormat.N_QUADS)
    found = store.query(
        f"PREFIX prov: <{PROV}> SELECT ?m ?d ?r ?b {{ ?m prov:wasGeneratedBy/prov:used ?d ."
        " ?a prov:qualifiedUsage [prov:hadRole ?r] . GRAPH ?b { ?m a prov:Entity } }"
    )
    assert isinstance(found, pyoxigraph.QuerySolutions)
    rows = [[getattr(term, "value", None) for term in row] for row in found]
    assert rows == [[EX + "model", EX + "data", "in", EX + "b"]]


# --- reading


def test_a_plain_property_beside_a_node_is_the_same_relation() -> None:
    text = "ex:a prov:used ex:e ; prov:qualifiedUsage [ a prov:Usage ; prov:entity ex:e ] ."
    assert read_turtle(text) == [a("used", "a", "e", None)]


def test_two_relations_of_which_one_says_more_are_both_kept() -> None:
    both = [a("used", "a", "e", TIME), a("used", "a", "e", None)]
    for form in FORMATS:
        assert read(written(Document(both), form), form).statements == both


def test_properties_of_prov_o_beyond_those_written_are_read() -> None:
    assert read_turtle("ex:n prov:wasRevisionOf ex:o ; prov:wasDerivedFrom ex:o .") == [
        a("wasDerivedFrom", "n", "o", None, None, None, type=Name(PROV + "Revision"))
    ]
    assert read_turtle("ex:n prov:qualifiedQuotation [ prov:entity ex:o ] .") == [
        a("wasDerivedFrom", "n", "o", None, None, None, type=Name(PROV + "Quotation"))
    ]
    assert read_turtle("ex:a prov:generated ex:e .") == [a("wasGeneratedBy", "e", "a", None)]
    generic = "ex:e prov:qualifiedInfluence [ a prov:Generation ; prov:activity ex:a ] ."
    assert read_turtle(generic) == [a("wasGeneratedBy", "e", "a", None)]


def test_a_class_below_says_what_a_thing_is_where_nothing_else_does() -> None:
    assert read_turtle("ex:p a prov:Person . ex:q a prov:Agent , prov:Plan .") == [
        a("agent", id="p", type=Name(PROV + "Person")),
        a("agent", id="q", type=Name(PROV + "Plan")),
    ]


def test_what_is_said_of_a_thing_without_a_class_is_kept_by_its_use_or_else_as_an_entity() -> None:
    text = 'ex:a prov:used ex:e ; prov:label "x" . ex:t prov:startedAtTime "now"^^xsd:dateTime .'
    assert read_turtle(text + 'ex:o prov:value "y" .') == [
        Statement("activity", EX + "t", ("now", None)),
        a("used", "a", "e", None),
        a("activity", None, None, id="a", label=Literal("x")),
        a("entity", id="o", value=Literal("y")),
    ]


def test_a_relation_keeps_its_blank_node_where_something_refers_to_it() -> None:
    text = (
        "ex:e prov:qualifiedGeneration _:g . _:g prov:activity ex:a .\n"
        "ex:e prov:qualifiedDerivation [ prov:entity ex:o ; prov:hadGeneration _:g ] ."
    )
    statements = read_turtle(text)
    assert [(each.kind, each.id, each.arguments[:4]) for each in statements] == [
        ("wasGeneratedBy", "_:g", (EX + "e", EX + "a", None)),
        ("wasDerivedFrom", None, (EX + "e", EX + "o", None, "_:g")),
    ]
    for form in FORMATS:
        assert told(read(written(Document(statements), form), form)) == told(Document(statements))


def test_blank_nodes_without_a_label_get_the_same_in_each_reading() -> None:
    text = "[] a prov:Entity . _:b1 a prov:Agent . _:q-1 a prov:Activity ."
    first = read_turtle(text)
    assert [each.id for each in first] == ["_:b2", "_:b1", "_:q-1"]
    assert read_turtle(text) == first
    again = read(written(Document(first), NQuads()), NQuads())
    assert told(again) == told(Document(first))


def test_a_node_with_several_values_for_an_argument_is_several_relations() -> None:
    text = (
        'ex:a prov:qualifiedUsage ex:u . ex:u prov:atTime "1"^^xsd:dateTime , "2"^^xsd:dateTime .'
    )
    assert [each.arguments for each in read_turtle(text)] == [
        (EX + "a", None, "1"),
        (EX + "a", None, "2"),
    ]
    many = " , ".join(f'"{number}"^^xsd:dateTime' for number in range(40))
    entities = " , ".join(f"ex:e{number}" for number in range(40))
    with pytest.raises(DocumentError, match=r"over 1000 statements wasStartedBy"):
        read_turtle(f"ex:s a prov:Start ; prov:atTime {many} ; prov:entity {entities} .")


def test_prov_dictionary_is_refused_by_name() -> None:
    with pytest.raises(DocumentError, match="PROV-Dictionary is not read here"):
        read_turtle("ex:d prov:hadDictionaryMember [ prov:pairKey 1 ] .")


@pytest.mark.parametrize(
    ("form", "text", "reason"),
    [
        (Turtle(), "<x:a> <x:b> <x:c> .\n<x:a> oops", "The file is no Turtle: line 2 "),
        (Trig(), "<x:g> {\n\n<x:a> <x:b> }", "The file is no TriG: line 3 "),
        (NQuads(), "<x:a> <x:b> <x:c> .\n<x:a> 1\n", "The file is no N-Quads: line 2 "),
        (Turtle(), "<a> <b> <c> .", "The file is no Turtle: line 1 "),
        (Turtle(), "<x:a> <x:b> <<( <x:a> <x:b> <x:c> )>> .", "a triple within a triple"),
        (Turtle(), '<x:a> <x:b> "t"@en--ltr .', "has a direction"),
    ],
)
def test_a_file_that_is_none_says_where(form: Format, text: str, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text, form)
    assert reason in str(caught.value)


# --- pyoxigraph


def test_reading_without_pyoxigraph_names_the_install_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyoxigraph", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'whence\[rdf\]'"):
        read("", Turtle())
    assert turtle(a("used", "a", "e", None)) == "ex:a prov:used ex:e .\n"


def test_pyoxigraph_is_loaded_at_the_first_reading_only() -> None:
    program = "import sys, whence.standards.prov.rdf; print('pyoxigraph' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
