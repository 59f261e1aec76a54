"""PROV-N is read as the W3C wrote it down, and what we write reads back equal."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.corpus import archived, of_prov_library, shared
from tests.support.scores import assert_score
from whence._base.errors import DocumentError
from whence.standards.prov.provn import ProvN, lines
from whence.standards.prov.signature import ELEMENTS, RELATIONS, TIME, UNIDENTIFIED
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    PROV,
    XSD,
    XSD_STRING,
    Document,
    Literal,
    Name,
    Statement,
)

EX = "http://example.org/"

# What of the corpus is no PROV-N of PROV-DM's statements, and why. Strict: one that reads fails.
REFUSED = {
    "spec/prov-n/prov-n-example-16.provn": "a name stands where a time belongs",
    "spec/prov-n/prov-n-example-52.provn": "literals alone, no statement",
    "spec/prov-n/prov-n-example-53.provn": "literals alone, no statement",
    "spec/prov-n/prov-n-example-54.provn": "literals alone, no statement",
    "spec/prov-n/prov-n-example-55.provn": "literals alone, no statement",
    "spec/prov-n/prov-n-example-56.provn": "literals alone, no statement",
    "spec/prov-n/prov-n-example-59.provn": "'...' stands for what is left out",
    "spec/prov-n/prov-n-example-61.provn": "a name without prefix, and no default namespace",
    "spec/prov-n/prov-n-example-63.provn": "PROV-DICTIONARY, in an early form",
    "spec/prov-n/prov-n-example-64.provn": "PROV-DICTIONARY, in an early form",
    "spec/prov-dm/prov-dm-example-05.provn": "'...' stands for what is left out",
    "spec/prov-dm/prov-dm-example-06.provn": "'...' stands for what is left out",
    "spec/prov-dm/prov-dm-example-19.provn": "the closing ']' is missing",
    "spec/prov-dm/prov-dm-example-57.provn": "literals alone, no statement",
    "spec/prov-dm/prov-dm-example-58.provn": "literals alone, no statement",
    "spec/prov-dm/prov-dm-example-59.provn": "literals alone, no statement",
    "provtoolbox/container0.provn": "names without prefix, and no default namespace",
    "provtoolbox/container1.provn": "strings in an early form of PROV-N, and PROV-DICTIONARY",
    "provtoolbox/container2.provn": "a datatype that is an IRI, not a name",
    "provtoolbox/prov-family.provn": "PROV-DICTIONARY",
    "provtoolbox/prov-family-graphics.provn": "PROV-DICTIONARY",
}
DICTIONARY = re.compile(rb"hadDictionaryMember|derivedBy(Insertion|Removal)From")


def read(text: str | bytes) -> Document:
    return ProvN().read(io.BytesIO(text.encode() if isinstance(text, str) else text))


def write(document: Document) -> str:
    out = io.BytesIO()
    ProvN().write(document, out)
    return out.getvalue().decode()


def statements(body: str) -> list[Statement]:
    return list(read(f"document\nprefix ex <{EX}>\n{body}\nendDocument").statements)


def held(document: Document) -> tuple[list[Statement], set[str]]:
    """What a document says; PROV-N puts the statements of a bundle together, after the others."""
    return sorted(document.statements, key=lambda each: each.bundle), set(document.bundles)


def failures(files: dict[str, bytes]) -> dict[str, str]:
    """The files that do not read, or that do not read back equal, with the reason."""
    failed = {}
    for name, content in files.items():
        try:
            document = read(content)
            if held(read(write(document))) != held(document):
                failed[name] = "reads back otherwise"
        except DocumentError as error:
            failed[name] = str(error)
    return failed


def test_the_corpus_of_the_prov_library_is_read_and_reads_back_equal() -> None:
    folder = of_prov_library("provn")
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.provn")}
    assert len(files) == 388 + 9 + 64 + 63
    failed = failures(files)
    assert failed.keys() == REFUSED.keys(), failed
    gaps = {"fragments, slips of the text and PROV-Dictionary, each named in the test": len(failed)}
    count = len(files) - len(failed)
    assert_score("prov library, PROV-N: read, written, read again", count, len(files), gaps)


def test_the_southampton_suite_is_read_except_its_dictionaries() -> None:
    files = {
        name: content
        for name, content in archived("prov-suite.tar.gz").items()
        if name.endswith(".provn")
    }
    assert len(files) == 478
    dictionaries = {name for name, content in files.items() if DICTIONARY.search(content)}
    assert len(dictionaries) == 73
    failed = failures(files)
    assert failed.keys() == dictionaries, failed
    assert all("PROV-DICTIONARY" in reason for reason in failed.values())
    gaps = {"PROV-Dictionary, which is a Note of its own and not read": 73}
    assert_score("Southampton suite, PROV-N: read, written, read again", 405, 478, gaps)


def test_the_cases_of_prov_constraints_read_back_equal() -> None:
    files = {file.name: file.read_bytes() for file in shared("prov-constraints").glob("*.provn")}
    assert (len(files), failures(files)) == (99, {})


def test_each_part_of_a_statement_is_read() -> None:
    assert statements(
        "wasStartedBy(ex:s; ex:a, -, ex:b, 2026-01-31T12:00:00.5+01:00, "
        '[ex:text="a \\"b\\"\\n\\u00e9", ex:long = """two\n"lines" """, ex:n=-4,'
        'ex:typed="1.5"%%xsd:double, ex:said="chat"@fr-CH, prov:type=\'ex:T\'])'
    ) == [
        Statement(
            "wasStartedBy",
            EX + "s",
            (EX + "a", None, EX + "b", "2026-01-31T12:00:00.5+01:00"),
            (
                (EX + "text", Literal('a "b"\né')),
                (EX + "long", Literal('two\n"lines" ')),
                (EX + "n", Literal("-4", XSD + "int")),
                (EX + "typed", Literal("1.5", XSD + "double")),
                (EX + "said", Literal("chat", INTERNATIONALIZED, "fr-CH")),
                (PROV + "type", Name(EX + "T")),
            ),
        )
    ]


def test_arguments_left_out_and_marked_absent_are_none_at_full_length() -> None:
    expected = [
        Statement("wasDerivedFrom", None, (EX + "b", EX + "a", None, None, None)),
        Statement("wasDerivedFrom", None, (EX + "b", EX + "a", None, None, None)),
        Statement("used", None, (EX + "a", EX + "e", None)),
        Statement("activity", EX + "a", (None, None)),
        Statement("wasAttributedTo", None, (EX + "e", None)),
    ]
    assert (
        statements(
            "wasDerivedFrom(ex:b, ex:a) wasDerivedFrom(-; ex:b, ex:a, -, -, -)"
            "used(ex:a, ex:e) activity(ex:a) wasAttributedTo(ex:e, -)"
        )
        == expected
    )


def test_names_are_resolved_where_they_stand() -> None:
    document = read(
        """document
        default <http://d/>
        prefix ex <http://e/>
        entity(plain) entity(ex:) entity(ex:a\\=b\\,c\\.) entity(ex:%20/x@y) entity(42)
        bundle ex:b
          prefix ex <http://inner/>
          prefix only <http://only/>
          entity(ex:x) entity(only:y)
        endBundle
        bundle ex:empty endBundle
        entity(ex:after)
        endDocument // done"""
    )
    assert [(each.id, each.bundle) for each in document.statements] == [
        ("http://d/plain", ""),
        ("http://e/", ""),
        ("http://e/a=b,c.", ""),
        ("http://e/%20/x@y", ""),
        ("http://d/42", ""),
        ("http://inner/x", "http://inner/b"),
        ("http://only/y", "http://inner/b"),
        ("http://e/after", ""),
    ]
    assert document.bundles == ("http://e/empty",)
    assert document.namespaces == {"": "http://d/", "ex": "http://e/", "only": "http://only/"}


def test_comments_stand_anywhere_but_in_names_and_strings() -> None:
    assert statements(
        '/* a * comment */ entity( /*b*/ ex:a//b , [ex:k = "// no /* comment"]) // entity(ex:c)'
    ) == [Statement("entity", EX + "a//b", (), ((EX + "k", Literal("// no /* comment")),))]


def test_a_name_as_value_keeps_its_text_where_its_prefix_is_unknown() -> None:
    body = "entity(ex:a, [prov:type='no:such', ex:k=\"ex:b\" %% prov:QUALIFIED_NAME])"
    (statement,) = statements(body)
    assert [value for _, value in statement.attributes] == [
        Literal("no:such", PROV + "QUALIFIED_NAME"),
        Name(EX + "b"),
    ]
    assert list(read(write(Document([statement]))).statements) == [statement]


def test_shorthands_of_earlier_drafts_are_the_derivations_they_mean() -> None:
    assert [
        (each.kind, each.id, each.attributes)
        for each in statements(
            "wasRevisionOf(ex:r; ex:b, ex:a) prov:wasQuotedFrom(ex:b, ex:a) "
            "hadPrimarySource(ex:b, ex:a, -, -, -) prov:mentionOf(ex:b, ex:a, ex:c)"
        )
    ] == [
        ("wasDerivedFrom", EX + "r", ((PROV + "type", Name(PROV + "Revision")),)),
        ("wasDerivedFrom", None, ((PROV + "type", Name(PROV + "Quotation")),)),
        ("wasDerivedFrom", None, ((PROV + "type", Name(PROV + "PrimarySource")),)),
        ("mentionOf", None, ()),
    ]


def test_a_document_is_written_line_by_line_with_its_prefixes_first() -> None:
    document = Document(
        (
            each
            for each in (
                Statement("entity", EX + "a", (), ((PROV + "type", Name(PROV + "Plan")),)),
                Statement("activity", EX + "run", (), bundle=EX + "b"),
                Statement("used", "urn:u:1", (EX + "run", EX + "a", "2026-01-01T00:00:00Z")),
                Statement("used", None, (EX + "run", None, None), bundle=EX + "b"),
            )
        ),
        {"ex": EX},
        (EX + "none",),
    )
    assert write(document) == (
        "document\n"
        "  prefix ex <http://example.org/>\n"
        "  prefix ns1 <urn:u:>\n"
        "  entity(ex:a, [prov:type='prov:Plan'])\n"
        "  used(ns1:1; ex:run, ex:a, 2026-01-01T00:00:00Z)\n"
        "  bundle ex:b\n"
        "    activity(ex:run)\n"
        "    used(ex:run)\n"
        "  endBundle\n"
        "  bundle ex:none\n"
        "  endBundle\n"
        "endDocument\n"
    )


def test_statements_are_spelled_alone_as_they_stand_in_a_document() -> None:
    used = Statement("used", None, (EX + "run", "http://other.org/x", None), bundle=EX + "b")
    made = Statement("entity", EX + "e", (), ((EX + "said", Literal('a "word"\n')),))
    alone = lines([used, made], {"ex": EX})
    assert alone == [
        "used(ex:run, ns1:x, -)",
        'entity(ex:e, [ex:said="a \\"word\\"\\n"])',
    ]
    out = io.BytesIO()
    ProvN().write(Document([used, made], {"ex": EX}), out)
    assert set(alone) <= {line.strip() for line in out.getvalue().decode().splitlines()}


def test_prefixes_that_are_none_in_prov_n_are_replaced() -> None:
    document = Document([Statement("entity", "http://e/x")], {"a b": "http://e/", "_": "http://f/"})
    assert "prefix ns1 <http://e/>\n  entity(ns1:x)\n" in write(document)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (Statement("hadMember", EX + "id", (EX + "c", EX + "e")), "an id or attributes"),
        (Statement("entity"), "without its id"),
        (Statement("used", None, (EX + "a", EX + "e", "yesterday")), "'yesterday' as a time"),
        (Statement("wasRunBy", None, ()), "no statement of PROV"),
        (Statement("entity", "\ud800"), "surrogate"),
        (
            Statement("entity", EX, (), ((EX, Literal("x", INTERNATIONALIZED, "no tag")),)),
            "language",
        ),
    ],
)
def test_what_prov_n_cannot_hold_is_refused(statement: Statement, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        write(Document([statement]))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
IRIS = (
    st.sampled_from([XSD, XSD[:-1]])
    | TEXTS
    | TEXTS.map(EX.__add__)
    | st.sampled_from([EX + "a", EX + "-a.", PROV + "Plan"])
)
TIMES = st.sampled_from(["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.25+01:00"])
VALUES = (
    st.builds(Literal, TEXTS)
    | st.builds(Literal, TEXTS, IRIS.filter(lambda iri: iri != PROV + "QUALIFIED_NAME"))
    | st.builds(Literal, TEXTS, st.just(INTERNATIONALIZED), st.sampled_from(["en", "de-CH"]))
    | st.builds(Name, IRIS)
)


@st.composite
def any_statement(draw: st.DrawFn) -> Statement:
    kind = draw(st.sampled_from(sorted(ELEMENTS | RELATIONS)))
    named = IRIS if kind in ELEMENTS else st.none() if kind in UNIDENTIFIED else st.none() | IRIS
    arguments = [
        draw(st.none() | (TIMES if argument.names == TIME else IRIS))
        for argument in (ELEMENTS | RELATIONS)[kind].arguments
    ]
    attributes = st.lists(st.tuples(IRIS, VALUES), max_size=2)
    return Statement(
        kind,
        draw(named),
        tuple(arguments),
        () if kind in UNIDENTIFIED else tuple(draw(attributes)),
        draw(st.just("") | IRIS),
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(any_statement(), max_size=6),
    st.dictionaries(st.sampled_from(["", "ex", "xsd", "prov", "ns1", "é"]), IRIS, max_size=3),
)
def test_any_statements_read_back_equal(
    given_statements: list[Statement], prefixes: dict[str, str]
) -> None:
    document = Document(given_statements, prefixes)
    assert held(read(write(document))) == held(document)


def test_a_hundred_thousand_statements_are_read() -> None:
    lines = [
        f'used(ex:u{i};ex:run{i},ex:data{i},2026-01-01T10:00:00Z,[ex:n={i}, ex:k="v" %% xsd:token])'
        for i in range(100_000)
    ]
    text = f"document prefix ex <{EX}>\n" + "\n".join(lines) + "\nendDocument"
    assert len(list(read(text).statements)) == 100_000


def test_strings_are_of_the_type_string() -> None:
    plain, typed = statements('entity(ex:a,[ex:k="x"]) entity(ex:a,[ex:k="x" %% xsd:string])')
    assert (
        plain == typed == Statement("entity", EX + "a", (), ((EX + "k", Literal("x", XSD_STRING)),))
    )
