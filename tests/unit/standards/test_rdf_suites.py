"""The public suites in Turtle, TriG and N-Quads: read, written and read again, nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from tests.support.corpus import archived, of_prov_library
from tests.support.rdf import FORMATS, Format, read, told, written
from tests.support.scores import assert_score
from whence._base.errors import DocumentError
from whence.standards.prov.provjson import ProvJson
from whence.standards.prov.rdf import Trig, Turtle
from whence.standards.prov.statement import Document


def rounds(document: Document, forms: tuple[Format, ...]) -> str:
    """Why the document does not come back from a format as it was; empty where it does."""
    document.statements = list(document.statements)
    for form in forms:
        try:
            if told(read(written(document, form), form)) != told(document):
                return f"changed in {form.name}"
        except DocumentError as error:
            return f"{form.name}: {error}"
    return ""


def failures(cases: Iterator[tuple[str, Format, bytes]]) -> tuple[int, dict[str, str]]:
    """How many files there are, and why any is not read, written and read again as it was."""
    count, wrong = 0, {}
    for count, (name, form, data) in enumerate(cases, 1):  # noqa: B007
        try:
            document = read(data, form)
        except DocumentError as error:
            wrong[name] = str(error)
            continue
        reason = rounds(document, FORMATS if form.name == "turtle" else FORMATS[1:])
        if reason:
            wrong[name] = reason
    return count, wrong


def test_the_prov_librarys_turtle_and_trig_are_read_written_and_read_again_equal() -> None:
    files = sorted(of_prov_library("rdf").iterdir())
    cases = ((path.name, form_of(path.name), path.read_bytes()) for path in files)
    assert failures(cases) == (402, {})
    assert_score("prov library, PROV-O: read, written, read again", 402, 402)


def test_the_southampton_suite_is_read_written_and_read_again_equal() -> None:
    names = [name for name in archived("prov-suite.tar.gz") if name.endswith((".ttl", ".trig"))]
    cases = ((Path(n).name, form_of(n), archived("prov-suite.tar.gz")[n]) for n in names)
    count, wrong = failures(cases)
    dictionary = {name for name, why in wrong.items() if "PROV-Dictionary is not read" in why}
    assert all("ictionary" in name or "attr_dict" in name for name in dictionary), dictionary
    assert (count, len(dictionary)) == (951, 146)
    rest = {name: why for name, why in wrong.items() if name not in dictionary}
    assert set(rest) == {
        f"entity{number}.{suffix}" for number in (100, 101) for suffix in ("ttl", "trig")
    }
    assert all("Invalid IRI code point '['" in why for why in rest.values()), "no IRIs by RFC 3987"
    gaps = {
        "PROV-Dictionary, which is a Note of its own and not read": 146,
        "no IRI by RFC 3987": 4,
    }
    assert_score("Southampton suite, PROV-O: read, written, read again", 801, 951, gaps)


def test_what_json_says_comes_back_from_turtle_trig_and_nquads() -> None:
    wrong = {}
    files = sorted(of_prov_library("json").iterdir())
    for path in files:
        document = ProvJson().read(io.BytesIO(path.read_bytes()))
        document.statements = list(document.statements)
        bundled = document.bundles or any(each.bundle for each in document.statements)
        if reason := rounds(document, FORMATS[1:] if bundled else FORMATS):
            wrong[path.name] = reason
    assert (len(files), wrong) == (398, {})


MIXED = {
    f"scruffy-{case}-{which}"
    for case in (
        *("generation2", "usage2", "invalidation2"),
        *("start2", "start3", "start4", "end2", "end3", "end4"),
    )
    for which in "MS"
}
"""Two relations with one id, more than one argument and attribute apart: one node in the RDF of
others, which can't say which value belongs to which."""


def test_the_turtle_of_the_corpus_says_what_its_json_says() -> None:
    folder = of_prov_library("rdf")
    wrong = set()
    for path in sorted(of_prov_library("json").iterdir()):
        bundled = (folder / f"{path.stem}.trig").exists()
        form: Format = Trig() if bundled else Turtle()
        rdf = read((folder / f"{path.stem}{form.suffixes[0]}").read_bytes(), form)
        if told(rdf) != told(ProvJson().read(io.BytesIO(path.read_bytes()))):
            wrong.add(path.stem)
    assert wrong == MIXED
    gaps = {"two relations of one id are one node in others' RDF": len(MIXED)}
    assert_score("prov library, its PROV-O against its PROV-JSON", 398 - len(MIXED), 398, gaps)


def form_of(name: str) -> Format:
    return Turtle() if name.endswith(".ttl") else Trig()
