"""Hostile names, literals and files: RDF gives back what it was given, or a DocumentError."""

from __future__ import annotations

import io
import tracemalloc

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.rdf import FORMATS, written
from whence._base.errors import DocumentError
from whence.standards.prov.rdf import NQuads, Turtle
from whence.standards.prov.rdf.iri import is_iri
from whence.standards.prov.rdf.vocabulary import (
    ATTRIBUTE_OF,
    CLASS_OF,
    DICTIONARY,
    ELEMENT_CLASS,
    FORMAL,
    INFLUENCE_CLASS,
    PLAIN,
    QUALIFIED,
    SUBCLASS,
)
from whence.standards.prov.signature import SIGNATURES, TIME
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    PROV,
    RDF,
    XSD,
    XSD_STRING,
    Document,
    Literal,
    Name,
    Statement,
    Value,
)

EX = "http://example.org/"

pieces = st.one_of(
    st.sampled_from(
        [
            *' \t\r\n\0"\\<>{}|^`.;,#@%?[]():/_-é中',
            *("> <x:y> <x:z> .\n", '" .\n<x:a> <x:b> "', "\\u003e", "%20", "%zz", '"""', "\ud800"),
            *("a", "Z", "9", "\U0001f600", "\ue000", "\ufffe", "\u2028", "\x7f", "\x85"),
        ]
    ),
    st.characters(),
)
texts = st.lists(pieces, max_size=6).map("".join)
names = st.one_of(
    st.sampled_from(
        [EX + "a", EX + "b", EX + "c", "urn:x:y", "_:b", "_:q-1", "_:q-q-2", "", "a:b"]
    ),
    st.builds(
        "".join, st.tuples(st.sampled_from([EX, "urn:", "http://", "_:", "", "file:///"]), texts)
    ),
)
prov_names = st.sampled_from(
    sorted(
        {PROV + name for name in ("type", "label", "location", "role", "value", "generatedAtTime")}
        | {RDF + "first", *PLAIN, *QUALIFIED, *DICTIONARY, *ATTRIBUTE_OF}.union(*FORMAL.values())
        | {PROV + "startedAtTime", PROV + "asInBundle"}
    )
)
datatypes = st.one_of(
    st.sampled_from([XSD + "int", XSD + "double", XSD + "dateTime", RDF + "langString"]), names
)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(Literal, st.one_of(texts, st.sampled_from(["INF", "nan", "inf"])), datatypes),
    st.builds(
        Literal,
        texts,
        st.just(INTERNATIONALIZED),
        st.one_of(st.sampled_from(["en", "en-GB", "x-y", "e--n", "zh-Hant-TW", "en-"]), texts),
    ),
)
classes = st.sampled_from(
    sorted(set(INFLUENCE_CLASS) | set(SUBCLASS) | {PROV + "Insertion", PROV + "Location"})
).map(Name)
values: st.SearchStrategy[Value] = st.one_of(literals, st.builds(Name, names), classes)


@st.composite
def statements(draw: st.DrawFn, bundles: st.SearchStrategy[str]) -> Statement:
    """A statement of any kind, each of its parts plain or hostile."""
    kind = draw(st.sampled_from(sorted(SIGNATURES)))
    named = st.one_of(st.none(), st.sampled_from([EX + "a", EX + "b", EX + "c"]), names)
    timed = st.one_of(st.none(), texts)
    arguments = [timed if each.names == TIME else named for each in SIGNATURES[kind].arguments]
    return Statement(
        kind,
        draw(named),
        draw(st.tuples(*arguments)) if arguments else (),
        tuple(draw(st.lists(st.tuples(st.one_of(prov_names, names), values), max_size=3))),
        draw(bundles),
    )


def plain(statement: Statement) -> object:
    """The statement without what RDF by its rules takes to be the same.

    A language's letters are of one case, INF and NaN have one spelling, PROV-O's name of an
    attribute is PROV-DM's, the class of its own kind says nothing more, and a relation without a
    node that others refer to has no blank node for its id.
    """

    def value(given: Value) -> Value:
        if isinstance(given, Name):
            return given
        if given.language:
            return Literal(given.text, INTERNATIONALIZED, given.language.lower())
        if given.datatype in (XSD + "double", XSD + "float"):
            spelled = {"inf": "INF", "nan": "NaN"}
            return Literal(spelled.get(given.text, given.text), given.datatype)
        return given

    own = CLASS_OF.get(statement.kind)
    attributes = {(ATTRIBUTE_OF.get(key, key), value(each)) for key, each in statement.attributes}
    attributes.discard((PROV + "type", Name(own or "")))
    if statement.id == statement.bundle:
        attributes.discard((PROV + "type", Name(PROV + "Bundle")))
    blank = (statement.id or "_:").startswith("_:") and statement.kind not in ("entity", "agent")
    return (
        statement.kind,
        None if blank and statement.kind != "activity" else statement.id,
        statement.arguments,
        frozenset(attributes),
        statement.bundle,
    )


@given(statements(st.one_of(st.just(""), st.just(EX + "b"), names)))
@example(Statement("entity", EX + "a> <x:y> <x:z"))
@example(Statement("entity", EX + "a", (), ((EX + "p", Literal('" .\n<x:a> <x:b> "\\')),)))
@example(Statement("activity", EX + "a", ('"^^<x:y> .', None)))
@example(Statement("used", "_:q-1", (EX + "a", EX + "b", None)))
def test_a_hostile_statement_is_written_and_read_again_equal_or_refused(
    statement: Statement,
) -> None:
    for form in FORMATS:
        document = Document([statement], {"e>x": EX, "ex": EX})
        try:
            data = written(document, form)
        except DocumentError:
            continue
        back = list(form.read(io.BytesIO(data)).statements)
        assert [plain(each) for each in back] == [plain(statement)]


@given(st.lists(statements(st.sampled_from(["", EX + "b"])), max_size=6))
def test_several_statements_of_the_same_things_change_no_more_once_they_were_read(
    many: list[Statement],
) -> None:
    for form in FORMATS[1:]:
        try:
            once = form.read(io.BytesIO(written(Document(many), form)))
            twice = form.read(io.BytesIO(written(once, form)))
        except DocumentError:
            continue
        assert {plain(each) for each in twice.statements} == {plain(e) for e in once.statements}


@given(texts, st.dictionaries(texts, names, max_size=3))
def test_hostile_prefixes_break_no_file(prefix: str, namespaces: dict[str, str]) -> None:
    statement = Statement("entity", EX + "a", (), ((EX + "p", Literal("x")),))
    for form in FORMATS:
        data = written(Document([statement], {prefix: EX, **namespaces}), form)
        assert list(form.read(io.BytesIO(data)).statements) == [statement]


@given(st.one_of(st.binary(max_size=200), texts.map(lambda text: text.encode("utf-8", "replace"))))
@example(b"[" * 100_000)
@example(b"<x:a> <x:b> " + b"[ <x:b> " * 100_000)
@example(b"<x:a> <x:b> " + b"( " * 100_000)
@example(b"\xff\xfe")
def test_any_bytes_give_a_document_or_a_document_error(data: bytes) -> None:
    for form in FORMATS:
        try:
            document = form.read(io.BytesIO(data))
        except DocumentError:
            continue
        assert isinstance(document, Document)


nodes = st.sampled_from(["<x:a>", "<x:b>", "<x:c>", "_:d", "_:q-1", "_:" + "0" * 32, "_:q-q-1"])
terms = st.one_of(prov_names, st.just(RDF + "type")).map(lambda name: f"<{name}>")
targets = st.one_of(
    nodes,
    st.sampled_from(
        [f"<{name}>" for name in sorted({*ELEMENT_CLASS, *INFLUENCE_CLASS, *SUBCLASS})]
        + ['"x"', f'"t"^^<{XSD}dateTime>', '"x"@en', f'"{XSD_STRING}"']
    ),
)
lines = st.tuples(nodes, terms, targets, st.sampled_from(["", "<x:a>", "<x:g>"]))


@given(st.lists(lines, max_size=12))
def test_any_graph_of_prov_terms_reads_as_a_document_that_says_no_less(
    quads: list[tuple[str, str, str, str]],
) -> None:
    """Every triple's things are still there, and what is read stays the same when written."""
    data = "".join(" ".join(quad) + " .\n" for quad in quads).encode()
    try:
        document = NQuads().read(io.BytesIO(data))
        again = NQuads().read(io.BytesIO(written(document, NQuads())))
    except DocumentError:
        return
    assert {plain(each) for each in again.statements} == {plain(e) for e in document.statements}
    said = str([(each.id, each.arguments, each.attributes) for each in document.statements])
    for subject, _, target, bundle in quads:
        if "<x:" in target and "<x:" in subject and bundle not in (subject, target):
            assert subject[1:-1] in said
            assert target[1:-1] in said


@given(names)
@example("http://[::1]:80/a")
@example("http://[1.2]/a")
def test_a_name_is_let_through_only_where_the_parser_takes_it(name: str) -> None:
    if is_iri(name):
        assert pyoxigraph.NamedNode(name).value == name


@pytest.mark.parametrize(
    "text",
    [
        "<x:u> a p:Usage .\n" * 20_000 + "<x:a> p:qualifiedUsage <x:u> .\n" * 20_001,
        "<x:u> a p:Usage .\n" * 20_000
        + "".join(f"<x:{n}> p:qualifiedUsage <x:u> .\n" for n in range(999)),
        "".join(f"<x:{n}> p:qualifiedRevision <x:u> .\n" for n in range(20_000)),
        "".join(f"<x:u> p:mentionOf <x:{n}> ; p:asInBundle <x:{n}> .\n" for n in range(20_000)),
    ],
    ids=["one link, many classes", "many of both", "many links", "many mentions"],
)
def test_lines_that_multiply_take_no_more_time_and_memory_than_others(text: str) -> None:
    tracemalloc.start()
    try:
        Turtle().read(io.BytesIO(f"@prefix p: <{PROV}> .\n{text}".encode()))
    except DocumentError as error:
        assert "Give each statement an id of its own" in str(error)  # noqa: PT017
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 100_000_000


def test_a_value_of_300_000_characters_to_escape_is_held() -> None:
    statement = Statement("entity", EX + "a", (), ((EX + "p", Literal('"\\\n' * 100_000)),))
    for form in FORMATS:
        data = written(Document([statement]), form)
        assert list(form.read(io.BytesIO(data)).statements) == [statement]


def test_a_name_that_rdf_cant_hold_is_shown_in_ascii_and_cut_short() -> None:
    with pytest.raises(DocumentError) as caught:
        written(Document([Statement("entity", "\u202e\n" * 500)]), NQuads())
    assert str(caught.value).isascii()
    assert len(str(caught.value)) < 2_000
