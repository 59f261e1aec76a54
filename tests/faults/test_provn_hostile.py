"""Whatever bytes come as PROV-N: a document, or one error that names the line. Nothing else."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from whence._base.errors import DocumentError
from whence.standards.prov.provn import ProvN
from whence.standards.prov.statement import Document

WHOLE = b"""document
prefix ex <http://example.org/>
default <http://d/>
entity(ex:e, [prov:type='ex:T', ex:k="v\\n" %% xsd:string, ex:l="x"@en, ex:n=3, ex:q=\"\"\"z\"\"\"])
activity(ex:a, 2026-01-01T00:00:00Z, -) // comment
used(ex:u; ex:a, ex:e, -) /* more */
bundle ex:b
  wasDerivedFrom(ex:x, ex:y)
endBundle
endDocument
"""
PIECES = st.sampled_from(
    [b"(", b")", b"[", b"]", b"'", b'"', b'"""', b"<", b">", b"%%", b"%", b"\\", b"/*", b"*/",
     b"//", b";", b",", b"=", b"-", b"@en", b":", b"\x00", b"\xff", b"\xed\xa0\x80", b"\n", b"ex:",
     b"bundle ex:c ", b"endBundle", b"document", b"endDocument", b"prefix", b"default", b"entity(",
     b"used("]
)  # fmt: skip


def attempt(content: bytes) -> Document | str:
    try:
        return ProvN().read(io.BytesIO(content))
    except DocumentError as error:
        return str(error)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Line 1 is no PROV-N: a document begins with the word 'document'."),
        (b"\xef\xbb\xbf", "Line 1 is no PROV-N: a document begins with the word 'document'."),
        (
            b"document\n\xff\nendDocument",
            "Line 2 is no PROV-N: it is not UTF-8. Save the file as UTF-8.",
        ),
        (b"document\n", "Line 2 is no PROV-N: a statement or 'endDocument' is missing."),
        (
            b'document\nprefix ex <http://e/>\nentity(ex:a, [ex:k="v])\nendDocument',
            "Line 3 is no PROV-N: a string is not closed.",
        ),
        (b"document\n/* entity", "Line 2 is no PROV-N: a comment is not closed."),
        (
            b"document\nprefix ex <http://e/\n",
            "Line 2 is no PROV-N: an IRI is not closed or holds a character that IRIs do not have.",
        ),
        (b"document\nentity(ex:a)", "Line 2 is no PROV-N: the prefix 'ex' is not declared."),
        (
            b"document\nentity(a)",
            "Line 2 is no PROV-N: 'a' has no prefix and there is no default namespace.",
        ),
        (
            b"document prefix e <http://e/>\nentity(e:a:b)",
            "Line 2 is no PROV-N: 'e:a:b' is no qualified name.",
        ),
        (
            b"document default <http://e/>\nused(a,b,c,d)",
            "Line 2 is no PROV-N: used has 1 to 3 arguments, not 4.",
        ),
        (
            b"document default <http://e/>\nused(a,b,soon)",
            "Line 2 is no PROV-N: 'soon' is no time; write it as 2026-01-31T12:00:00Z.",
        ),
        (
            b"document default <http://e/>\nhadMember(i; a, b)",
            "Line 2 is no PROV-N: hadMember has no id in PROV.",
        ),
        (
            b'document default <http://e/>\nentity(a, [k="\\ud800"])',
            "Line 2 is no PROV-N: a string has an escape that PROV-N does not know.",
        ),
        (
            b"document\nprov:hadDictionaryMember(a)",
            "Line 2 is no PROV-N: 'prov:hadDictionaryMember' is of PROV-DICTIONARY, "
            "which is not read here.",
        ),
        (
            b"document endDocument\nentity",
            "Line 2 is no PROV-N: nothing may follow 'endDocument'.",
        ),
        (
            b"document default <http://e/>\nbundle a\n" + b"bundle a\n" * 100_000,
            "Line 3 is no PROV-N: a bundle stands inside a bundle; PROV has one level of them.",
        ),
    ],
)
def test_one_error_names_the_line_and_the_reason(content: bytes, message: str) -> None:
    assert attempt(content) == message


@pytest.mark.parametrize(
    "piece",
    [b"(", b"[", b"<", b"'", b'"', b'"""', b"/*", b"//", b"-", b".", b":", b"a.", b"%", b"%%",
     b"\\", b"entity(", b"entity(a,[", b"*/", b"/**", b"\\(", b"a:", b"\n", b'\\"', b"'\\'"],
)  # fmt: skip
@pytest.mark.timeout(60)
def test_a_million_of_anything_ends(piece: bytes) -> None:
    long = piece * (1_000_000 // len(piece))
    for before in (b"", b"document ", b"document default <http://e/> entity(", b'document "'):
        assert isinstance(attempt(before + long), str)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
@example(b"document\x00")
def test_any_bytes_are_a_document_or_an_error(content: bytes) -> None:
    assert isinstance(attempt(content), Document | str)
    assert isinstance(attempt(b"document " + content), Document | str)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_damaged_document_is_a_document_or_an_error(data: st.DataObject) -> None:
    content = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 8))
        content = content[:at] + data.draw(PIECES | st.binary(max_size=3)) + content[at + cut :]
    found = attempt(content)
    assert isinstance(found, Document) or found.startswith("Line ")
