"""RO-Crates: valid by the profiles they name with no check left out, and read back without loss."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.corpus import ROOT, shared
from tests.support.exported import Study, node_named
from tests.support.program import environment
from tests.support.scores import assert_score
from whence._base.errors import DocumentError
from whence._base.ids import format_id
from whence.journal.home import create_store
from whence.service.disk import NoDisk
from whence.service.exchange import Exchange
from whence.service.exporting import excerpt_of, whole
from whence.service.importing import import_document
from whence.service.index import open_store
from whence.service.questions import open_questions
from whence.standards.format import format_of_file, named
from whence.standards.prov.statement import Statement
from whence.standards.record.outward import document_of
from whence.standards.rocrate import reading
from whence.standards.rocrate.term import METADATA

pytestmark = pytest.mark.xdist_group("exported")

PYTHON = ROOT / "build" / "validators" / "bin" / "python"
SCRIPT = ROOT / "tests" / "support" / "crate_validator.py"

Json = dict[str, Any]


def validated(folder: Path, *crates: tuple[str, bytes]) -> list[Json]:
    assert PYTHON.exists(), f"{PYTHON} is not there; run: make validators"
    words: list[str] = []
    for number, (profile, data) in enumerate(crates):
        file = folder / f"{number}.zip"
        file.write_bytes(data)
        words += [profile, str(file)]
    done = subprocess.run(
        [PYTHON, SCRIPT, folder / "cache", shared("ro-crate"), *words],
        cwd=folder, capture_output=True, text=True, timeout=300, check=True,
        env=environment(HOME=str(folder), XDG_CACHE_HOME=str(folder / "xdg")),
    )  # fmt: skip
    found: list[Json] = json.loads(done.stdout.splitlines()[-1])
    return found


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def graph(data: bytes) -> dict[str, Json]:
    document = json.loads(unpacked(data)[METADATA])
    return {entity["@id"]: entity for entity in document["@graph"]}


def read(data: bytes) -> list[Statement]:
    return list(named("ro-crate").read(io.BytesIO(data)).statements)


def of_type(entities: dict[str, Json], type_: str) -> list[Json]:
    return [one for one in entities.values() if type_ in (one["@type"], *one["@type"])]


def test_crates_pass_every_required_check_of_their_profiles(study: Study, tmp_path: Path) -> None:
    run, failed = (
        study.exported("ro-crate", "run train.py"),
        study.exported("ro-crate", "run fail.py"),
    )
    model, all_ = study.exported("ro-crate", "model.joblib"), study.exported("ro-crate")
    found = validated(
        tmp_path,
        ("provenance-run-crate", run),
        ("process-run-crate", run),
        ("process-run-crate", failed),
        ("process-run-crate", model),
        ("process-run-crate", all_),
        ("process-run-crate", _without(run, "instrument")),
    )
    assert [one.pop("checks") for one in found] == [85, 42, 42, 42, 42, 42]
    *good, bad = found
    assert good == [{"passed": True, "skipped": 0, "issues": []}] * 5
    assert_score("RO-Crate validator, checks of Provenance Run Crate, none skipped", 85, 85)
    assert_score("RO-Crate validator, checks of Process Run Crate, none skipped", 42, 42)
    assert not bad["passed"], "the validator can fail"


def _without(data: bytes, key: str) -> bytes:
    files = unpacked(data)
    document = json.loads(files[METADATA])
    for entity in document["@graph"]:
        entity.pop(key, None)
    return packed(**files | {METADATA: json.dumps(document).encode()})


def test_a_run_with_steps_is_a_workflow(study: Study) -> None:
    data = study.exported("ro-crate", "run train.py")
    found, files = graph(data), unpacked(data)
    assert list(files) == ["prov.json", "README.md", "code/train.py", METADATA]
    assert files["code/train.py"] == (study.folder / "train.py").read_bytes()
    assert found["./"]["mainEntity"] == {"@id": "code/train.py"}
    assert [one["@id"].split("/")[-2] for one in found["./"]["conformsTo"]] == [
        "process", "workflow", "provenance", "workflow-ro-crate",
    ]  # fmt: skip
    script = found["code/train.py"]
    assert (script["version"], script["sha256"]) == (
        study.commit, hashlib.sha256(files["code/train.py"]).hexdigest(),
    )  # fmt: skip
    [run] = [one for one in of_type(found, "CreateAction") if one["name"] == "train.py"]
    model = found[run["result"][0]["@id"]]
    assert model["@id"] == (study.folder / "model.joblib").as_uri()
    assert (
        model["sha256"] == hashlib.sha256((study.folder / "model.joblib").read_bytes()).hexdigest()
    )
    assert run["actionStatus"] == "http://schema.org/CompletedActionStatus"
    fit = next(one for one in of_type(found, "CreateAction") if one["name"].endswith(".fit"))
    inputs = [found[one["@id"]] for one in fit["object"]]
    assert {"C": 0.5}.items() <= {
        one["name"]: one["value"] for one in inputs if one["@type"] == "PropertyValue"
    }.items()
    assert [one["position"] for one in of_type(found, "HowToStep")] == ["1", "2", "3"]
    assert len(of_type(found, "ControlAction")) == len(of_type(found, "HowToStep"))


def test_a_failure_keeps_its_error(study: Study) -> None:
    found = graph(study.exported("ro-crate", "run fail.py"))
    failed = [one for one in of_type(found, "CreateAction") if "error" in one]
    assert {one["error"] for one in failed} == {"ValueError: it went <wrong>"}
    assert {one["actionStatus"] for one in failed} == {"http://schema.org/FailedActionStatus"}


def test_a_script_that_changed_is_not_packed(study: Study, tmp_path: Path) -> None:
    script = study.folder / "train.py"
    before = script.read_bytes()
    try:
        script.write_bytes(before + b"# changed\n")
        data = study.exported("ro-crate", "run train.py")
    finally:
        script.write_bytes(before)
    assert list(unpacked(data)) == ["prov.json", "README.md", METADATA]
    assert graph(data)["./"]["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}


def test_without_a_disk_the_script_is_the_one_that_the_store_kept(study: Study) -> None:
    whole = study.exported("ro-crate", "run train.py")
    script = study.folder / "train.py"
    before = script.read_bytes()
    with open_questions(study.store, "/", disk=NoDisk()) as asked:
        run = format_id(node_named(asked.store, "run train.py").uid)
        kept = io.BytesIO()
        try:
            script.write_bytes(before + b"# changed\n")
            Exchange(asked).export(kept, run, "ro-crate")
        finally:
            script.write_bytes(before)
        nothing = excerpt_of(asked.store, asked.node_of(run), kept=lambda digest: None)
        bare = io.BytesIO()
        named("ro-crate").export(nothing, bare)
    assert unpacked(kept.getvalue()) == unpacked(whole)
    assert list(unpacked(bare.getvalue())) == ["prov.json", "README.md", METADATA]


def test_a_crate_comes_back_without_loss_and_bytes_are_the_same(
    study: Study, tmp_path: Path
) -> None:
    data = study.exported("ro-crate")
    assert data == study.exported("ro-crate")
    with study.excerpt() as excerpt:
        told = set(document_of(excerpt).statements)
    assert set(read(data)) == told
    store = create_store(tmp_path / ".whence")
    with open_store(store) as index:
        assert import_document(store, index, named("ro-crate").read(io.BytesIO(data))).is_new
    with open_store(store) as index:
        assert set(document_of(whole(index)).statements) == told
    assert format_of_file(Path("crate.zip")).name == "ro-crate"


def test_a_crate_without_our_document_is_read_from_its_metadata(
    study: Study, tmp_path: Path
) -> None:
    files = unpacked(study.exported("ro-crate", "run train.py"))
    del files["prov.json"]
    document = named("ro-crate").read(io.BytesIO(packed(**files)))
    store = create_store(tmp_path / ".whence")
    with open_store(store) as index:
        result = import_document(store, index, document)
    assert result.left_out == {}
    with open_store(store) as index:
        [run] = [node for node in index.iterate() if node.name == "train.py" and node.kind == "run"]
        [metric] = index.summaries([run.number])[run.number]
        fit = next(node for node in index.iterate() if node.name.endswith(".fit"))
        model = next(node for node in index.iterate() if node.name == "model.joblib")
        params = index.params(fit.number)
    with open_store(study.store) as index:
        [own] = [node for node in index.runs() if node.name == "train.py"]
        known = next(node for node in index.iterate() if node.name == "model.joblib")
    assert (run.uid, run.status, metric.key) == (own.uid, "finished", "score")
    assert (model.uid, model.digest) == (known.uid, known.digest)
    assert params["C"] == 0.5


FOREIGN = {
    "@context": "https://w3id.org/ro/crate/1.1/context",
    "@graph": [
        {"@id": METADATA, "@type": "CreativeWork", "about": {"@id": "./"}},
        {"@id": "./", "@type": "Dataset", "name": "photos"},
        {"@id": "a b.jpg", "@type": "File", "sha256": "0" * 64, "contentSize": "12"},
        {"@id": "https://example.org/magick", "@type": "SoftwareApplication", "name": "magick"},
        {"@id": "https://orcid.org/0000-0001", "@type": "Person", "name": "Ann"},
        {
            "@id": "#sepia",
            "@type": "CreateAction",
            "instrument": {"@id": "https://example.org/magick"},
            "object": {"@id": "a b.jpg"},
            "result": [{"@id": "out.jpg"}],
            "agent": {"@id": "https://orcid.org/0000-0001"},
            "endTime": "2024-05-17T01:04:52+01:00",
            "startTime": "soon",
        },
    ],
}


def test_a_crate_of_another_tool_gives_its_provenance() -> None:
    found = read(packed(**{METADATA: json.dumps(FOREIGN).encode()}))
    base = "urn:ro-crate:photos:"
    relations = [(one.kind, one.arguments[:2]) for one in found if one.id is None]
    assert relations == [
        ("used", (f"{base}%23sepia", f"{base}a%20b.jpg")),
        ("wasAssociatedWith", (f"{base}%23sepia", "https://example.org/magick")),
        ("wasGeneratedBy", (f"{base}out.jpg", f"{base}%23sepia")),
        ("wasAssociatedWith", (f"{base}%23sepia", "https://orcid.org/0000-0001")),
    ]
    times = [one.arguments for one in found if one.kind == "activity"]
    assert times == [(None, "2024-05-17T01:04:52+01:00")]


def _twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(METADATA, b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(METADATA, b"{}")
    return out.getvalue()


def _encrypted() -> bytes:
    data = bytearray(packed(**{METADATA: b"{}"}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    return bytes(data)


def _torn() -> bytes:
    data = bytearray(packed(**{METADATA: json.dumps(FOREIGN).encode()}))
    data[60:70] = b"\xff" * 10
    return bytes(data)


def _entity(**said: Any) -> bytes:
    action = {"@id": "#a", "@type": "CreateAction", **said}
    return packed(**{METADATA: json.dumps({"@graph": [action]}).encode()})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the zip can't be read"),
        (b"PK\x03\x04" + b"\0" * 100, "the zip can't be read"),
        (packed(other=b"x"), "has no ro-crate-metadata.json at its top"),
        (packed(**{"../ro-crate-metadata.json": b"{}"}), "a file outside of itself"),
        (packed(**{METADATA: b"{}", "/etc/passwd": b""}), "a file outside of itself"),
        (packed(**{METADATA: b"{}", "a/..\\..\\b": b""}), "a file outside of itself"),
        (packed(**{METADATA: b"\xff"}), "is no JSON"),
        (packed(**{METADATA: b"[" * 200_000}), "is no JSON"),
        (packed(**{METADATA: b"[]"}), 'has no list "@graph"'),
        (packed(**{METADATA: b'{"@graph": [1, {"@id": 2}, null]}'}), "tells of no action"),
        (_twice(), "twice"),
        (_encrypted(), "the zip can't be read"),
        (_torn(), "the zip can't be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_safe_crate_is_one_clear_error(data: bytes, said: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read(data)
    assert said in str(raised.value)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SURELY_FINE", 1024**2)
    bomb = packed(**{METADATA: b" " * (64 * 1024**2)})
    assert len(bomb) < 100_000
    with pytest.raises(DocumentError, match=r"unpacks to over [\d,]+ bytes; refused"):
        read(bomb)


@pytest.mark.parametrize(
    "said",
    [
        {"object": [None, 1, {"@id": 3}, {"@id": "x"}]}, {"result": {"@id": "\ud800"}},
        {"name": ["a", {}], "error": {"@value": 1}}, {"startTime": "9" * 5000},
        {"endTime": 10**400}, {"identifier": "javascript:\ud800 x"}, {"agent": "somebody"},
    ],
)  # fmt: skip
def test_odd_properties_do_no_harm(said: Json, tmp_path: Path) -> None:
    document = named("ro-crate").read(io.BytesIO(_entity(**said)))
    store = create_store(tmp_path / ".whence")
    with open_store(store) as index:
        import_document(store, index, document)
