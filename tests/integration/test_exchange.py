"""A store written in a format and taken into an empty store says the same there."""

from __future__ import annotations

import io
import json
from importlib import resources
from pathlib import Path

import jsonschema
import lxml.etree
import pyshacl
import pytest
import rdflib

from tests.support.corpus import of_prov_library
from tests.support.program import read_when_done, run_recorded, whence
from whence._base.errors import DocumentError
from whence.journal.home import create_store
from whence.service.exporting import whole
from whence.service.importing import Imported, import_document
from whence.service.index import open_store
from whence.standards.format import named
from whence.standards.prov.statement import Document, Statement
from whence.standards.record.outward import document_of
from whence.standards.vocabulary.terms import ONTOLOGIES, SHAPES, text_of

SCRIPT = """
import math
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
import whence

with whence.run("every value", params={
    "float": 0.1, "small": 5e-324, "nan": math.nan, "inf": -math.inf, "big": 2**70, "int": -3,
    "text": "line\\nbreak \\u2603 \\"quoted\\" 'single' \\\\ <tag> & %40", "empty": "",
    "none": None,
    "odd": "bell \\x07", "list": [1, [2.5, None], {"a": True}], "tuple": (1, "x"), "set": {1, 2},
    "decimal": Decimal("1.10"), "fraction": Fraction(1, 3), "bytes": b"\\x00\\xff",
    "when": datetime(2026, 1, 2, 3, 4, 5, 678901, timezone(timedelta(hours=2))),
    "path": Path("a/b"), "key with space/slash%": 1, "complex": 1 + 2j,
}) as run:
    Path("in.txt").write_text("i" * 100)
    run.use("in.txt", role="training")
    with run.stage("training"):
        for epoch in range(3):
            with run.section("epoch", epoch):
                run.log_metric("loss", 1 / (epoch + 1), step=epoch)
    for step in range(5):
        run.log_metric("accuracy", math.nan if step == 2 else step / 5, step=step)
    Path("model.bin").write_bytes(b"m" * 200)
    run.produce("model.bin", kind="model")
    run.set_tag("team/one", "red \\u2603")

try:
    with whence.run("fails"):
        raise ValueError("no")
except ValueError:
    pass
"""

pytestmark = pytest.mark.xdist_group("exchange")

WITHOUT_LOSS = ["prov-n", "prov-json", "prov-jsonld", "prov-xml", "turtle", "trig", "nquads"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exchange")
    (folder / "script.py").write_text(SCRIPT)
    outcome = run_recorded(folder, "script.py")
    assert outcome.code == 0, outcome.stderr
    read_when_done(folder / ".whence")
    return folder / ".whence"


def statements_of(store: Path) -> set[Statement]:
    with open_store(store) as index:
        return set(document_of(whole(index)).statements)


def exported(store: Path, format: str) -> bytes:
    out = io.BytesIO()
    with open_store(store) as index:
        named(format).export(whole(index), out)
    return out.getvalue()


def taken(store: Path, format: str, data: bytes) -> Imported:
    document = named(format).read(io.BytesIO(data))
    with open_store(store) as index:
        return import_document(store, index, document)


@pytest.mark.parametrize("format", WITHOUT_LOSS)
def test_a_store_comes_through_a_format_without_loss(
    format: str, recorded: Path, tmp_path: Path
) -> None:
    data = exported(recorded, format)
    other = create_store(tmp_path / ".whence")
    result = taken(other, format, data)
    assert (result.is_new, result.left_out) == (True, {})
    assert statements_of(other) == statements_of(recorded)
    assert not taken(other, format, data).is_new
    assert statements_of(other) == statements_of(recorded)


def test_our_exports_are_valid_by_the_schemas_of_their_formats(recorded: Path) -> None:
    schemas = of_prov_library("schemas")
    for format in ("prov-json", "prov-jsonld"):
        schema = json.loads((schemas / f"{format}.schema.json").read_text())
        jsonschema.validate(json.loads(exported(recorded, format)), schema)
    xsd = lxml.etree.XMLSchema(lxml.etree.XML(schema_of_all(schemas)))
    xsd.assertValid(lxml.etree.fromstring(exported(recorded, "prov-xml")))


def schema_of_all(schemas: Path) -> bytes:
    """PROV-XML's schema with those of the two datatypes that are not XML Schema's own."""
    ours = resources.files("whence.standards.vocabulary")
    places = {
        "http://www.w3.org/ns/prov#": schemas / "prov.xsd",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": ours / "rdf.xsd",
        "https://w3id.org/whence#": ours / "whence.xsd",
    }
    imports = "".join(
        f'<xs:import namespace="{name}" schemaLocation="{place}"/>'
        for name, place in places.items()
    )
    return f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'.encode()


def test_our_exports_keep_the_shapes_of_the_vocabulary(recorded: Path) -> None:
    graph = rdflib.Graph().parse(data=exported(recorded, "turtle"), format="turtle")
    shapes = rdflib.Graph().parse(data=text_of(SHAPES), format="turtle")
    ontology = rdflib.Graph()
    for file in ONTOLOGIES:
        ontology.parse(data=text_of(file), format="turtle")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes, ont_graph=ontology)
    assert conforms, report


def test_the_commands_write_take_in_and_check(recorded: Path, tmp_path: Path) -> None:
    source = recorded.parent
    out = tmp_path / "model.provn"
    done = whence(
        source, "export", "model.bin", "--format", "prov-n", "--with-upstream", "-o", str(out)
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(f"Wrote {out}: ")
    checked = whence(tmp_path, "check", str(out))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert " valid by PROV-CONSTRAINTS (" in checked.stdout
    imported = whence(tmp_path, "import", "model.provn")
    assert imported.returncode == 0
    assert imported.stdout.startswith("Imported model.provn: ")
    assert whence(tmp_path, "import", "model.provn").stdout == (
        "model.provn was imported before; nothing changed\n"
    )
    answer = json.loads(whence(tmp_path, "trace", "model.bin", "--json").stdout)
    assert "every value" in {node["name"] for node in answer["nodes"]}


def test_a_store_is_checked_with_its_lints(recorded: Path) -> None:
    done = whence(recorded.parent, "check", "--json")
    checked = json.loads(done.stdout)
    assert (done.returncode, checked["valid"], checked["faults"]) == (0, True, [])
    assert {slip["lint"] for slip in checked["slips"]} <= {"commit-missing", "commit-dirty"}
    assert whence(recorded.parent, "check", "--strict").returncode == bool(checked["slips"])


def test_a_document_that_breaks_a_rule_is_named_with_its_statements(tmp_path: Path) -> None:
    (tmp_path / "bad.provn").write_text(
        "document\n  prefix ex <http://example.org/>\n  entity(ex:thing)\n  activity(ex:thing)\n"
        "endDocument\n"
    )
    done = whence(tmp_path, "check", "bad.provn")
    assert done.returncode == 1
    assert "Constraint 55 (entity-activity-disjoint)" in done.stdout
    assert "    activity(ex:thing" in done.stdout


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("torn.provn", b"document\n entity(ex:a\n"),
        ("torn.provn", b"\xff\xfe\x00"),
        ("torn.json", b'{"entity": {"a": '),
        ("torn.ttl", b"<a> <b> ."),
    ],
)
def test_what_does_not_read_is_one_error_and_nothing_is_taken(
    name: str, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    for command in ("import", "check"):
        done = whence(tmp_path, command, name)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("whence: ")
        assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_document_that_contradicts_itself_is_not_taken(tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    both = [
        Statement("entity", "http://e.org/x"),
        Statement("activity", "http://e.org/x", (None,) * 2),
    ]
    with open_store(store) as index, pytest.raises(DocumentError, match="constraint 55"):
        import_document(store, index, Document(both))
    assert statements_of(store) == set()
